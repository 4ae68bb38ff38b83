"""Bigrams: a token together with its neighbour, numbered for many tokens at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from rnntag.arrays.ragged import Array
from rnntag.features.table import END, word
from rnntag.features.vocabulary import UNKNOWN, Vocabulary


class BigramIndex:
    """The ids of bigrams, looked up for many tokens at a time.

    Words are numbered, the border of a sentence is 0; a bigram is then a number as well, and those of the vocabulary
    are kept in order, so that looking one up is a binary search.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        parted = [bigram.split("\t") for bigram in vocabulary.strings[1:]]
        self._words = {"": 0, END: 0}  # what looks ahead sees a border as a token
        for parts in parted:
            for part in parts:
                self._words.setdefault(part, len(self._words))
        numbers = np.array([[self._words[part] for part in parts] for parts in parted], np.int64).reshape(-1, 2)
        bigrams = self._number(numbers[:, 0], numbers[:, 1])
        self._ids = np.argsort(bigrams)
        self._sorted = np.append(bigrams[self._ids], np.iinfo(np.int64).max)
        self._ids = np.append(self._ids + 1, UNKNOWN).astype(np.int32)

    def word(self, token: str) -> int:
        """The number of a token's word; -1 if it is in no bigram."""
        return self._words.get(word(token), -1)

    def _number(self, one: Array, two: Array) -> Array:
        return np.where((one < 0) | (two < 0), -1, one * len(self._words) + two)

    def ids(self, words: Array, lengths: Array) -> Array:
        """Ids (tokens, 2) of each word's bigrams with the word before it and with the word after it.

        words    (tokens,)     numbers of words (`word`), sentences one after the other
        lengths  (sentences,)  their tokens
        """
        ends = np.cumsum(lengths[lengths > 0])
        before, after = np.zeros_like(words), np.zeros_like(words)
        before[1:], after[:-1] = words[:-1], words[1:]
        before[ends[:-1]] = 0
        after[ends - 1] = 0
        found = np.stack([self._number(before, words), self._number(words, after)], axis=1)
        places = np.searchsorted(self._sorted, found)
        return np.where(self._sorted[places] == found, self._ids[places], UNKNOWN).astype(np.int32)


OFTEN = 3  # a bigram that stands in the training set less often teaches nothing


def frequent_bigrams(sentences: Iterable[Sequence[str]]) -> list[str]:
    """The bigrams that stand in the sentences at least `OFTEN` times, each as two words with a TAB between them.

    The border of a sentence counts as an empty word.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for tokens in sentences:
        counts.update(pairwise(["", *map(word, tokens), ""]))
    return ["\t".join(bigram) for bigram, count in counts.items() if count >= OFTEN]
