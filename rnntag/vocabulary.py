"""Strings to ids: grows while the training set is read, then frozen."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rnntag.features import FEATURES

UNKNOWN = 0


class Vocabulary:
    """Numbers strings in the order they come; id 0 stands for whatever was not seen before freezing."""

    def __init__(self, strings: Iterable[str] = (), frozen: bool = False) -> None:
        self.strings = ["", *strings]
        self.ids = {string: number for number, string in enumerate(self.strings)}
        self.frozen = frozen

    def __len__(self) -> int:
        return len(self.strings)

    def id(self, string: str) -> int:
        """The id of a string, which becomes known if the vocabulary still grows."""
        number = self.ids.get(string)
        if number is None:
            if self.frozen:
                return UNKNOWN
            number = self.ids[string] = len(self.strings)
            self.strings.append(string)
        return number


class Lexicon:
    """Words to rows of feature ids. A word is looked at once; afterwards it is a number among ``types``.

    The table of types is bounded: a stream without end brings new words without end. When it is full the next call
    starts it anew.
    """

    LIMIT = 500_000

    def __init__(self, vocabularies: dict[str, Vocabulary]) -> None:
        self.vocabularies = vocabularies
        self.emptied = 0  # how often the table was: a type's number is good until then
        self._readers = [(FEATURES[name].read, vocabulary) for name, vocabulary in vocabularies.items()]
        self.forget()

    def forget(self) -> None:
        """Empty the table of types."""
        self._numbers: dict[str, int] = {}
        self._rows = np.empty((1024, len(self._readers)), np.int32)

    @property
    def types(self) -> np.ndarray:
        """Feature ids of every word met so far (types, features)."""
        return self._rows[: len(self._numbers)]

    def numbers(self, tokens: list[str]) -> np.ndarray:
        """The type of each token (tokens,), valid until the next call that empties the table."""
        if len(self._numbers) > self.LIMIT:
            self.forget()
            self.emptied += 1
        known = self._numbers
        try:
            return np.array([known[token] for token in tokens], np.int32)
        except KeyError:
            for token in tokens:
                if token not in known:
                    self._add(token)
            return np.array([known[token] for token in tokens], np.int32)

    def rows(self, tokens: list[str]) -> np.ndarray:
        """Feature ids of each token (tokens, features)."""
        numbers = self.numbers(tokens)
        return self.types[numbers]

    def _add(self, token: str) -> None:
        number = len(self._numbers)
        if number == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[number] = [vocabulary.id(read(token)) for read, vocabulary in self._readers]
        self._numbers[token] = number
