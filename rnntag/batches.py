"""Sentences together, ragged and time-major: longest first, step by step, no padding (see ``rnntag.kernels``)."""

from __future__ import annotations

from functools import cached_property

import numpy as np


class Batch:
    """Where each token of some sentences stands in the ragged layout.

    lengths   (B,)    sentence lengths, longest first, none 0
    sizes     (T,)    sentences alive at each step
    offsets   (T,)    row of each step's first sentence
    sequence  (R,)    the sentence of each row
    step      (R,)    the step of each row
    """

    def __init__(self, lengths: np.ndarray) -> None:
        self.lengths = lengths
        T = int(lengths[0])
        self.sizes = np.searchsorted(-lengths, -np.arange(T, dtype=np.int64), side="left").astype(np.int64)
        self.offsets = np.cumsum(self.sizes) - self.sizes
        self.step = np.repeat(np.arange(T, dtype=np.int64), self.sizes)
        self.sequence = np.arange(len(self.step), dtype=np.int64) - self.offsets[self.step]

    @property
    def rows(self) -> int:
        """R, the number of tokens."""
        return len(self.step)

    @property
    def sentences(self) -> int:
        """B, the number of sentences."""
        return len(self.lengths)

    @cached_property
    def previous(self) -> np.ndarray:
        """The row one step earlier of each row that has one: those from row B on (R - B,)."""
        B = self.sentences
        return self.offsets[self.step[B:] - 1] + self.sequence[B:]

    @cached_property
    def last(self) -> np.ndarray:
        """The row of each sentence's last token (B,)."""
        return self.offsets[self.lengths - 1] + np.arange(self.sentences)

    def gather(self, starts: np.ndarray) -> np.ndarray:
        """Where each row's token stands in a flat run of tokens in which sentence b begins at starts[b] (R,)."""
        return starts[self.sequence] + self.step


def by_length(lengths: np.ndarray) -> np.ndarray:
    """Positions of sentences, longest first; equal lengths keep their order."""
    return np.argsort(-lengths, kind="stable")
