"""Batches of sentences, ragged and time-major: longest first, step by step, no padding (see ``rnntag.kernels``)."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]  # docstrings say which numbers it holds, and in what shape


class Batch:
    """The ragged layout of some sentences: the row in which each token stands.

    lengths  (B,)  sentence lengths, longest first, none 0
    sizes    (T,)  sentences alive at each step
    offsets  (T,)  row of each step's first sentence
    rows           R, the number of tokens
    """

    def __init__(self, lengths: Array) -> None:
        self.lengths = lengths
        steps: np.ndarray = np.arange(lengths[0], dtype=np.int64)
        if len(lengths) == 1:
            self.sizes, self.offsets = np.ones_like(steps), steps
        else:
            self.sizes = np.searchsorted(-lengths, -steps, side="left").astype(np.int64)
            self.offsets = np.cumsum(self.sizes) - self.sizes
        self.rows = int(self.offsets[-1] + self.sizes[-1])

    @cached_property
    def step(self) -> Array:
        """The step of each row (R,)."""
        return np.repeat(np.arange(len(self.sizes), dtype=np.int64), self.sizes)

    @cached_property
    def sequence(self) -> Array:
        """The sentence of each row (R,)."""
        sequences: Array = np.arange(self.rows, dtype=np.int64) - self.offsets[self.step]
        return sequences

    @property
    def sentences(self) -> int:
        """B, the number of sentences."""
        return len(self.lengths)

    @cached_property
    def previous(self) -> Array:
        """The row one step earlier of each row that has one: those from row B on (R - B,)."""
        B = self.sentences
        rows: Array = self.offsets[self.step[B:] - 1] + self.sequence[B:]
        return rows

    @cached_property
    def last(self) -> Array:
        """The row of each sentence's last token (B,)."""
        rows: Array = self.offsets[self.lengths - 1] + np.arange(self.sentences)
        return rows

    def gather(self, starts: Array) -> Array:
        """The place (R,) of each row's token in a flat run of tokens, where sentences begin at ``starts`` (B,)."""
        return starts[self.sequence] + self.step if self.sentences > 1 else starts[0] + self.offsets


def by_length(lengths: Array) -> Array:
    """The order of sentences by length (B,), longest first; equal lengths keep their order."""
    return np.argsort(-lengths, kind="stable")


class WindowBatch(NamedTuple):
    """Windows of running text: their own tokens are tagged, and the tokens beyond them are only read.

    seen    all that is read, the windows' own tokens first
    own     the windows' own tokens alone
    rows    (R,)  the row of ``seen`` that answers for each row of ``own``; None where both are the same
    order   (B,)  which window each sentence of ``seen`` is; those of ``own`` stand as they were given
    last    (B,)  the row of the last own token of each sentence of ``seen``
    """

    seen: Batch
    own: Batch
    rows: Array | None
    order: Array
    last: Array


def windows(lengths: Array, beyond: Array, delay: int = 0) -> WindowBatch:
    """The layout of windows of running text.

    lengths  (B,)  tokens that are tagged, longest first
    beyond   (B,)  tokens behind them that are only read
    delay          how many tokens later the answer for a token comes
    """
    own = Batch(lengths)
    if not beyond.any():
        return WindowBatch(own, own, None, np.arange(own.sentences), own.last)
    order = by_length(lengths + beyond)
    seen, place = Batch((lengths + beyond)[order]), np.empty(own.sentences, np.int64)
    place[order] = np.arange(own.sentences)
    rows = seen.offsets[own.step + delay] + place[own.sequence]
    return WindowBatch(seen, own, rows, order, seen.offsets[lengths[order] - 1] + np.arange(own.sentences))


class Spelled(NamedTuple):
    """The letters of some words, as a ragged batch in which a word is a sequence.

    batch            the layout
    ids    (R, 1)    a letter a row
    place  (words,)  which sequence of the batch each word is
    """

    batch: Batch
    ids: Array
    place: Array


def spelled(lengths: Array, starts: Array, letters: Array) -> Spelled:
    """Words as a ragged batch of letters.

    lengths  (words,)  their letters, none 0
    starts   (words,)  the place of their first letter in ``letters``
    letters  (n,)      ids of letters
    """
    order = by_length(lengths)
    batch = Batch(lengths[order])
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return Spelled(batch, letters[batch.gather(starts[order])][:, None], place)
