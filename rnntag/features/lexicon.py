"""Tokens to rows of feature ids, looked up once a distinct token."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnntag.arrays.ragged import Array, Spelled, spelled
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.keys import Shown
from rnntag.features.neighbours import BigramIndex
from rnntag.features.table import BIGRAMS, CHARACTERS, OWN, POSITIONAL, VECTOR, word
from rnntag.features.vocabulary import UNKNOWN, Vocabulary

LETTERS = 32  # of a longer word, the first and the last 16 are read


class Lexicon:
    """The features of tokens as ids.

    A key (see ``rnntag.features.table``) is looked up once; from then on it is the number of a row of ``types``.

    The table of types is bounded: a stream without end brings new words without end. When it is full the next call
    starts it anew.
    """

    LIMIT = 500_000

    def __init__(self, vocabularies: dict[str, Vocabulary]) -> None:
        self.vocabularies = vocabularies
        self.emptied = 0  # how often the table was: the numbers of types are valid until then
        lists = {name: known for name, known in vocabularies.items() if isinstance(known, Gazetteer)}
        self.shown = Shown(list(vocabularies), lists)
        looked_up = {name: known for name, known in vocabularies.items() if name not in (CHARACTERS, *POSITIONAL)}
        columns = {name: column for column, name in enumerate(vocabularies)}
        self._readers = [
            (columns[name], self.shown.readers[name], known.id_of_any_case if name == VECTOR else known.id)
            for name, known in looked_up.items()
        ]
        self._bigrams = next((BigramIndex(vocabularies[name]) for name in BIGRAMS if name in vocabularies), None)
        self._own = columns["word"] if OWN in vocabularies else None
        self._letter = vocabularies[CHARACTERS].id if CHARACTERS in vocabularies else None
        self.forget()

    def forget(self) -> None:
        """Empty the table of types."""
        self._numbers: dict[str, int] = {}
        self._rows: Array = np.zeros((1024, len(self.vocabularies)), np.int32)
        self._letters: Array = np.empty(8192 if self._letter else 0, np.int32)
        self._ends: Array = np.zeros(1025, np.int64)  # of each type's letters; the first begin at 0
        self._folded: Array = np.zeros(1024 if self._bigrams else 0, np.int64)

    @property
    def types(self) -> Array:
        """Feature ids (types, features) of every type so far; 0 for letters and positional features."""
        return self._rows[: len(self._numbers)]

    def unknown(self, tokens: Sequence[str]) -> float | None:
        """Percent of tokens that are unknown words; None without tokens, or without words as a feature."""
        known = self.vocabularies.get("word")
        if known is None or not tokens:
            return None
        return 100 * sum(word(token) not in known.ids for token in tokens) / len(tokens)

    def numbers(self, keys: list[str]) -> Array:
        """The number of each key's type (keys,), valid until a later call empties the table."""
        if len(self._numbers) > self.LIMIT:
            self.forget()
            self.emptied += 1
        known = self._numbers
        try:
            return np.array([known[key] for key in keys], np.int32)
        except KeyError:
            for key in keys:
                if key not in known:
                    self._add(key)
            return np.array([known[key] for key in keys], np.int32)

    def spelled(self, numbers: Array) -> Spelled | None:
        """The letters of types (tokens,), each type's once; None where no feature asks for them."""
        if self._letter is None:
            return None
        distinct, which = np.unique(numbers, return_inverse=True)
        starts = self._ends[distinct]
        words = spelled(self._ends[distinct + 1] - starts, starts, self._letters)
        return words._replace(place=words.place[which])

    def positional_ids(self, numbers: Array, lengths: Array, delay: int = 0) -> Array | None:
        """Ids of the positional features of tokens, or None if no feature is positional.

        They are (tokens, 2): of each token its bigrams with the token before it and with the one after it, or
        (tokens, 3) where the feature ``own`` is asked for: the id of the word as well. In the order of `POSITIONAL`.

        numbers  (tokens,)     types of the tokens of some sentences, one sentence after the other
        lengths  (sentences,)  their tokens
        delay                  give each token what is that of the token so many before it in its sentence; 0 where
                               there is none
        """
        if self._bigrams is None and self._own is None:
            return None
        ids = np.zeros((len(numbers), 2 if self._own is None else 3), np.int32)
        if self._bigrams:
            ids[:, :2] = self._bigrams.ids(self._folded[numbers], lengths)
        if self._own is not None:
            ids[:, 2] = self.types[numbers, self._own]
        if delay:
            ids[delay:] = ids[:-delay].copy()
            starts = np.cumsum(lengths) - lengths
            within = np.arange(len(numbers)) - np.repeat(starts, lengths)
            ids[within < delay] = UNKNOWN
        return ids

    def _add(self, key: str) -> None:
        number = len(self._numbers)
        if number == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            self._ends = np.concatenate([self._ends, np.zeros(number, np.int64)])
            self._folded = np.concatenate([self._folded, np.zeros_like(self._folded)])
        if self._bigrams:
            self._folded[number] = self._bigrams.word(key.partition("\t")[0])
        for column, read, identify in self._readers:
            self._rows[number, column] = identify(read(key))
        if self._letter:
            letters = self.shown.readers[CHARACTERS](key) or " "  # an empty word is a sequence all the same
            if len(letters) > LETTERS:
                letters = letters[: LETTERS // 2] + letters[-LETTERS // 2 :]
            start = self._ends[number]
            end = self._ends[number + 1] = start + len(letters)
            if end > len(self._letters):
                self._letters = np.concatenate([self._letters, np.empty_like(self._letters)])
            self._letters[start:end] = [self._letter(letter) for letter in letters]
        self._numbers[key] = number
