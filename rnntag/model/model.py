"""A model: spec, vocabularies, tags, weights and record as one thing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import asdict

import numpy as np

from rnntag.arrays.parameters import Parameters
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.data.tokeniser import Tokeniser
from rnntag.errors import SpecError
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.lexicon import Lexicon
from rnntag.features.table import GAZETTEER, gazetteer
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.record import Record, Temperatures, is_english
from rnntag.network.decoders import Legal
from rnntag.network.network import Network
from rnntag.network.spec import Spec


class Model:
    """All that a tagger knows.

    spec          the shape of the network
    scheme        what the tags mean
    tags          the tags, by id
    intents       the intents of utterances, by id; empty if none are learned
    lexicon       tokens to feature ids
    network       the architecture over these vocabularies
    members       the weights: one set, or several that were trained under other seeds, whose scores are averaged
    temperatures  what scores are divided by before they become probabilities
    record        how it was trained, and what follows from that for its input
    tokeniser     cuts raw text as the corpus was cut; None where a rule does
    """

    def __init__(
        self,
        spec: Spec,
        scheme: Scheme,
        tags: list[str],
        vocabularies: dict[str, Vocabulary],
        intents: Sequence[str] = (),
        members: Sequence[Parameters] = (),
        record: Record | None = None,
    ) -> None:
        self.spec, self.scheme, self.tags, self.intents = spec, scheme, tags, list(intents)
        self.lexicon = Lexicon(vocabularies)
        transitions, begin, end = scheme.legal(tags)
        sizes = {name: len(vocabulary) for name, vocabulary in vocabularies.items()}
        legal = Legal(np.array(transitions, bool), np.array([begin, end], bool))
        self.network = Network(spec, sizes, len(tags), legal, len(self.intents))
        self.members = list(members) or [Parameters(self.network.shapes())]
        self.record = record or Record()
        self.temperatures = Temperatures()
        self.tokeniser: Tokeniser | None = None

    @property
    def parameters(self) -> Parameters:
        """The weights of the first member."""
        return self.members[0]

    @property
    def labels(self) -> list[str]:
        """The types of spans that the tags can write, in the order of the tags."""
        return list(dict.fromkeys(span.label for tag in self.tags for span in self.scheme.spans([tag])))

    @property
    def english(self) -> bool:
        """Whether its vocabulary is that of English text."""
        words = self.lexicon.vocabularies.get("word")
        return words is not None and is_english(words.ids)

    @property
    def gazetteers(self) -> dict[str, Gazetteer]:
        """Its lists of names."""
        known = self.lexicon.vocabularies.items()
        return {gazetteer(name) or name: own for name, own in known if isinstance(own, Gazetteer)}

    def with_gazetteers(self, lists: Mapping[str, Gazetteer]) -> Model:
        """The same model with other lists of names in the place of its own. Raises SpecError for one it has not."""
        if not lists:
            return self
        known = self.gazetteers
        for name in lists:
            if name not in known:
                fact = f"the model has no gazetteer '{name}'"
                there = f"it has {', '.join(known)}" if known else "it was trained without any"
                raise SpecError(f"{fact}: {there}")
        model = copy(self)
        changed = {f"{GAZETTEER}{name}": own for name, own in lists.items()}
        model.lexicon = Lexicon(self.lexicon.vocabularies | changed)
        return model

    def cut(self, characters: bool | None = None) -> Cut:
        """How raw text is cut for it: as it is asked for or, with None, as its corpus was."""
        if characters is not None:
            return Cut(characters)
        if task := self.record.reads(self.tags):
            return task.cut
        return self.tokeniser or Cut(self.record.characters)

    def keys(self, sentence: Sentence) -> list[str]:
        """The keys of a sentence's tokens (`rnntag.features.keys`). Raises CorpusError where a column is missing."""
        return self.lexicon.shown.keys(sentence, self.record.lower)

    def fingerprint(self) -> str:
        """First eight hex digits of the SHA-256 of all that tags depend on: the same network, the same digits."""
        strings = {name: ["", *known.entries] for name, known in self.lexicon.vocabularies.items()}
        digest = hashlib.sha256(
            json.dumps([asdict(self.spec), self.scheme.name, self.tags, self.intents, strings]).encode()
        )
        for member in self.members:
            digest.update(member.flat.data)
        if self.tokeniser:
            digest.update(self.tokeniser.weights.data)
        return digest.hexdigest()[:8]
