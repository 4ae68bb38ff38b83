"""What a network is given: tokens, gold tags, windows of running text, dropout."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnntag.arrays.ragged import Array, Batch, Spelled, Windows
from rnntag.network.cells import State


class Noise:
    """Dropout for one shard of a batch: one mask a sentence, the same at each of its steps.

    Gal & Ghahramani, "A Theoretically Grounded Application of Dropout in Recurrent Neural Networks", NeurIPS 2016.
    """

    def __init__(self, rng: np.random.Generator, rate: float) -> None:
        self.rng, self.rate = rng, rate

    def mask(self, batch: Batch, width: int) -> Array:
        """Zeros and 1 / (1 - rate) for each sentence (B, width)."""
        kept = self.rng.random((batch.sentences, width), np.float32) >= self.rate
        return kept * np.float32(1.0 / (1.0 - self.rate))


class Tokens(NamedTuple):
    """What the tokens of a batch show.

    ids      (R, features)  rows of the embedding tables; for the feature of letters, sequences of ``spelled``
    spelled  the letters of the distinct words, or None if no feature asks for them
    """

    ids: Array
    spelled: Spelled | None = None


class Gold(NamedTuple):
    """What is to be found in a batch: the tag of each token (R,), the intent of each sentence (B,), -1 where it is
    not known.

    twins  each sentence stands in the batch twice, one after the other, under two masks of dropout
    """

    tags: Array
    intents: Array
    twins: bool = False


class Reach(NamedTuple):
    """How windows of running text hang together with what stands around them.

    windows  which rows are tagged, and which are only read
    before   what each layer had read up to there, a row a sentence of ``windows.seen``
    running  whether windows begin and end within a text, where the scheme's rules for its bounds do not count
    """

    windows: Windows
    before: list[State]
    running: bool
