"""A model as a file in safetensors format: a header and raw arrays, which other tools can read too.

Loading runs nothing that the file brings. Its one metadata entry, ``rnntag``, is a JSON document.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Array
from rnntag.data.bio import SCHEMES
from rnntag.data.tokeniser import Tokeniser
from rnntag.errors import ModelError, SpecError
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.table import gazetteer
from rnntag.features.vocabulary import Vocabulary
from rnntag.files.whole import write_whole
from rnntag.model.model import Model
from rnntag.model.record import Record, Temperatures
from rnntag.network.spec import Spec, from_dict
from rnntag.version import __version__

FORMAT = 4  # of what the file says; one higher wherever an older version would read it wrongly
DAMAGED = "it is cut short, damaged or some other file; train it again, or fetch it again"
MEMBERS = range(1, 1001)
TOKENISER = "tokeniser"  # the array of its weights


def save_model(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model's file whole or not at all. Raises RnntagError where it cannot be written."""
    write_whole(path, model_bytes(model))


def model_bytes(model: Model) -> bytes:
    """The bytes of a model's file."""
    document = {
        "format": FORMAT,
        "version": __version__,
        "spec": asdict(model.spec),
        "fingerprint": model.fingerprint(),
        "scheme": model.scheme.name,
        "tags": model.tags,
        "intents": model.intents,
        "members": len(model.members),
        "temperatures": model.temperatures._asdict(),
        "vocabularies": {name: known.entries for name, known in model.lexicon.vocabularies.items()},
        "record": model.record.as_dict(),
    }
    metadata = {"rnntag": json.dumps(document, ensure_ascii=False)}
    tensors = _tensors(model.members)
    if model.tokeniser:
        tensors[TOKENISER] = model.tokeniser.weights
    return safetensors.numpy.save(tensors, metadata)


def read_model(data: bytes | bytearray | memoryview) -> Model:
    """The model whose file has these bytes, as `model_bytes` made them."""
    whole = bytes(data)
    header = json.loads(whole[8 : 8 + int.from_bytes(whole[:8], "little")])
    return _model(json.loads(header["__metadata__"]["rnntag"]), safetensors.numpy.load(whole))


def load_model(path: str | os.PathLike[str]) -> Model:
    """Read a model's file. Raises ModelError for one that is missing, damaged, foreign or from a later version."""
    where = os.fspath(path)
    if os.path.isdir(where):
        raise ModelError("is a folder", where=where)
    if os.path.exists(where) and not os.path.isfile(where):
        raise _foreign(where)
    try:
        return _model(*_parts(where))
    except FileNotFoundError:
        hint = "train one with: rnntag train train.conll -o " + where
        raise ModelError("no such model", where=where, hint=hint) from None
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror or error}", where=where) from None
    except safetensors.SafetensorError:
        raise _foreign(where) from None
    except _OtherFormat as other:
        age, version = other.args
        fact = f"was written by rnntag {version}, in {age} format than this one reads"
        hint = "pip install --upgrade rnntag" if age == "a later" else "train it again"
        raise ModelError(fact, where=where, hint=hint) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError, SpecError) as error:
        reason = str(error).partition("\n")[0]  # without the hint of a SpecError
        fact = f"its parts do not fit together ({type(error).__name__}: {reason})"
        raise ModelError(fact, where=where, hint=DAMAGED) from None


def _parts(path: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """The document and the arrays of a file."""
    with safetensors.safe_open(path, "numpy") as file:
        metadata = file.metadata() or {}
        if "rnntag" not in metadata:
            raise ModelError("is a safetensors file, but not one of rnntag's", where=path)
        names = list(file.keys())
        return json.loads(metadata["rnntag"]), {name: file.get_tensor(name) for name in names}


def _model(document: dict[str, Any], tensors: dict[str, Array]) -> Model:
    """The model of a file's document and arrays; any of several exceptions where they do not fit."""
    if document["format"] != FORMAT:
        raise _OtherFormat("a later" if document["format"] > FORMAT else "an earlier", document["version"])
    record = Record.from_dict(document["record"])
    model = Model(
        from_dict(Spec, document["spec"]),
        SCHEMES[document["scheme"]],
        document["tags"],
        {name: _vocabulary(name, entries) for name, entries in document["vocabularies"].items()},
        document["intents"],
        members=[Parameters({})],
        record=record,
    )
    model.temperatures = Temperatures(**document["temperatures"])
    model.temperatures.check()
    if TOKENISER in tensors:
        model.tokeniser = Tokeniser(tensors.pop(TOKENISER))
    if document["members"] not in MEMBERS:
        raise ValueError("the number of members is none")
    model.members = _members(model.network.shapes(), document["members"], tensors)
    if document["fingerprint"] != model.fingerprint():
        raise ValueError("words, tags or weights are not those that were saved")
    return model


def _vocabulary(name: str, entries: list[str]) -> Vocabulary:
    """The vocabulary of a feature, made from its entries again."""
    return Gazetteer(entries) if gazetteer(name) is not None else Vocabulary(entries, frozen=True)


def _members(one: dict[str, tuple[int, ...]], count: int, tensors: dict[str, Array]) -> list[Parameters]:
    """The weights of each member; ``one`` gives the shapes of those of a single one. Raises ValueError for others."""
    shapes = {_tensor(name, member): shape for member in range(count) for name, shape in one.items()}
    for name in shapes.keys() | tensors.keys():  # before memory is taken: a damaged spec may ask for any amount
        if shapes.get(name) != tensors[name].shape or tensors[name].dtype != np.float32:
            raise ValueError(f"{name} is not the array expected")
    members = [Parameters(one) for _ in range(count)]
    for member, parameters in enumerate(members):
        for name, view in parameters:
            view[:] = tensors[_tensor(name, member)]
    if not all(np.isfinite(member.flat).all() for member in members):
        raise ValueError("some weights are no numbers")
    return members


def _tensor(name: str, member: int) -> str:
    """What an array of a member is called in the file."""
    return f"{name}.{member}" if member else name


def _tensors(members: Sequence[Parameters]) -> dict[str, Array]:
    return {_tensor(name, number): view for number, member in enumerate(members) for name, view in member}


class _OtherFormat(Exception):
    """A file of another format: whether a later or an earlier one, and the version that wrote it."""


def _foreign(where: str) -> ModelError:
    return ModelError("is not a model file", where=where, hint=DAMAGED)
