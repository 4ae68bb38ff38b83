"""Spec, vocabularies and parameters as one thing; saved and loaded.

The file is in safetensors format, a header and raw arrays: other tools can read it, and loading it runs nothing.
Its one metadata entry, ``rnntag``, is a JSON document.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from math import inf
from typing import Any

import numpy as np
import safetensors.numpy

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Array
from rnntag.data.bio import SCHEMES, Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import ModelError, SpecError
from rnntag.features.lexicon import Lexicon
from rnntag.features.vocabulary import Vocabulary
from rnntag.files.whole import write_whole
from rnntag.model.file import DAMAGED, FORMAT, _foreign, _Other, _tensor, _tensors
from rnntag.model.record import Temperatures
from rnntag.network.decoders import Legal
from rnntag.network.network import Network
from rnntag.network.spec import Spec, from_dict
from rnntag.punctuation.marks import Marks, puts_marks
from rnntag.punctuation.task import PUNCTUATION, Task


class Model:
    """A tagger's knowledge.

    spec        what the network is made of
    scheme      what the tags mean
    tags        the tags, by id
    intents     what utterances may be about, by id; empty if the network does not tell
    lexicon     words to feature ids
    network     the architecture over these vocabularies
    members     the weights; of several trained under other seeds, each one's, and their scores are averaged
    temperatures  how far the scores are to be trusted
    record      how it was trained: seed, corpora, scores; what JSON can hold
    """

    def __init__(
        self,
        spec: Spec,
        scheme: Scheme,
        tags: list[str],
        vocabularies: dict[str, Vocabulary],
        intents: Sequence[str] = (),
        members: Sequence[Parameters] = (),
        record: dict[str, Any] | None = None,
    ) -> None:
        self.spec, self.scheme, self.tags, self.intents = spec, scheme, tags, list(intents)
        self.lexicon = Lexicon(vocabularies)
        moves, begin, end = scheme.legal(tags)
        sizes = {name: len(vocabulary) for name, vocabulary in vocabularies.items()}
        legal = Legal(np.array(moves, bool), np.array([begin, end], bool))
        self.network = Network(spec, sizes, len(tags), legal, len(self.intents))
        self.members = list(members) or [Parameters(self.network.shapes())]
        self.record = record if record is not None else {}
        self.temperatures = Temperatures()

    @property
    def parameters(self) -> Parameters:
        """The weights of the first member."""
        return self.members[0]

    @property
    def characters(self) -> bool:
        """Whether raw text is cut into characters too (`rnntag.data.tokenisation`), as that of the training was."""
        return bool(self.record.get("characters", False))

    @property
    def lower(self) -> bool:
        """Whether it knows small letters only: whatever it is shown is put into them."""
        return bool(self.record.get("lower", False))

    def keys(self, sentence: Sentence) -> list[str]:
        """What the tokens of a sentence show. Raises CorpusError where a column is missing."""
        return self.lexicon.shown.keys(sentence, self.lower)

    @property
    def capitals(self) -> bool:
        """Whether text gets a capital where a sentence begins, rather than by its tags, or not at all."""
        return puts_marks(self.tags, self.marks) and not (self.task and self.task.case)

    @property
    def english(self) -> bool:
        """Whether it has learned English: that language has words of its own in plenty."""
        from rnntag.punctuation.restorer import ENGLISH  # of use to those who write text alone

        words = self.lexicon.vocabularies.get("word")
        return words is not None and all(word in words.ids for word in ENGLISH if word.isalpha())

    @property
    def task(self) -> Task | None:
        """What ordinary text taught it, if that is what it learned from."""
        stored = self.record.get("task")
        return Task.from_dict(stored) if stored else None

    @property
    def marks(self) -> Marks | None:
        """What its tags mean, where the names of marks are somebody's own."""
        return self.task.marks if self.task else None

    @property
    def reads(self) -> Task | None:
        """How raw text is cut for it, where that is not as `characters` says: it is to put marks, and takes none in."""
        return self.task or (Task(PUNCTUATION) if puts_marks(self.tags) else None)

    @property
    def running(self) -> bool:
        """Whether it was trained on running text, so that what it tags goes on from sentence to sentence."""
        return bool(self.record.get("recipe", {}).get("bptt", 0))

    @property
    def context(self) -> int:
        """Tokens it looks at on each side of those it tags; 0 where a sentence is all there is to see."""
        return int(self.record["recipe"].get("context", 0)) if self.running else 0

    def fingerprint(self) -> str:
        """First eight hex digits of the SHA-256 of what tells sentences' tags: the same network, the same digits."""
        strings = {name: known.strings for name, known in self.lexicon.vocabularies.items()}
        digest = hashlib.sha256(
            json.dumps([asdict(self.spec), self.scheme.name, self.tags, self.intents, strings]).encode()
        )
        for member in self.members:
            digest.update(member.flat.data)
        return digest.hexdigest()[:8]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file whole or not at all. Raises RnntagError where it cannot be written."""
        from rnntag.version import __version__

        document = {
            "format": FORMAT,
            "version": __version__,
            "spec": asdict(self.spec),
            "fingerprint": self.fingerprint(),
            "scheme": self.scheme.name,
            "tags": self.tags,
            "intents": self.intents,
            "members": len(self.members),
            "temperatures": self.temperatures._asdict(),
            "vocabularies": {name: known.strings[1:] for name, known in self.lexicon.vocabularies.items()},
            "record": self.record,
        }
        metadata = {"rnntag": json.dumps(document, ensure_ascii=False)}
        write_whole(path, safetensors.numpy.save(_tensors(self.members), metadata))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Model:
        """Read a model file. Raises ModelError for one that is missing, damaged, foreign or from a later version."""
        where = os.fspath(path)
        if os.path.isdir(where):
            raise ModelError("is a folder", where=where)
        if os.path.exists(where) and not os.path.isfile(where):
            raise _foreign(where)
        try:
            with safetensors.safe_open(where, "numpy") as file:
                metadata = file.metadata() or {}
                if "rnntag" not in metadata:
                    raise ModelError("is a safetensors file, but not one of rnntag's", where=where)
                return cls._of(json.loads(metadata["rnntag"]), {name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
        except FileNotFoundError:
            hint = "train one with: rnntag train train.conll -o " + where
            raise ModelError("no such model", where=where, hint=hint) from None
        except OSError as error:
            raise ModelError(f"cannot be read: {error.strerror or error}", where=where) from None
        except safetensors.SafetensorError:
            raise _foreign(where) from None
        except _Other as other:
            age, version = other.args
            fact = f"was written by rnntag {version}, in {age} format than this one reads"
            hint = "pip install --upgrade rnntag" if age == "a later" else "train it again"
            raise ModelError(fact, where=where, hint=hint) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError, SpecError) as error:
            reason = str(error).partition("\n")[0]  # without the hint of a SpecError
            fact = f"its parts do not fit together ({type(error).__name__}: {reason})"
            raise ModelError(fact, where=where, hint=DAMAGED) from None

    @classmethod
    def _of(cls, document: dict[str, Any], tensors: dict[str, Array]) -> Model:
        """The model of a file's document and arrays; any of several exceptions where they do not fit."""
        if document["format"] != FORMAT:
            raise _Other("a later" if document["format"] > FORMAT else "an earlier", document["version"])
        if not isinstance(document["record"], dict):
            raise TypeError("the record is none")
        if not isinstance(document["record"].get("recipe", {}), dict):
            raise TypeError("the recipe in the record is none")
        if not isinstance(document["record"].get("seeds", []), list):
            raise TypeError("the seeds in the record are none")
        model = cls(
            from_dict(Spec, document["spec"]),
            SCHEMES[document["scheme"]],
            document["tags"],
            {name: Vocabulary(strings, frozen=True) for name, strings in document["vocabularies"].items()},
            document["intents"],
            members=[Parameters({})],
            record=document["record"],
        )
        model.temperatures = Temperatures(**document["temperatures"])
        if not all(isinstance(each, float) and 0.0 < each < inf for each in model.temperatures):
            raise ValueError("the temperatures are none")
        if document["members"] not in range(1, 1001):
            raise ValueError("the number of members is none")
        one = model.network.shapes()
        shapes = {_tensor(name, member): shape for member in range(document["members"]) for name, shape in one.items()}
        for name in shapes.keys() | tensors.keys():  # before memory is taken: a damaged spec may ask for any amount
            if shapes.get(name) != tensors[name].shape or tensors[name].dtype != np.float32:
                raise ValueError(f"{name} is not the array expected")
        model.members = [Parameters(one) for _ in range(document["members"])]
        for member, parameters in enumerate(model.members):
            for name, view in parameters:
                view[:] = tensors[_tensor(name, member)]
        if not all(np.isfinite(member.flat).all() for member in model.members):
            raise ValueError("some weights are no numbers")
        if document["fingerprint"] != model.fingerprint():
            raise ValueError("words, tags or weights are not those that were saved")
        return model
