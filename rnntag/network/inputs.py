"""What a network is given: tokens, gold tags, windows of running text, dropout."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnntag.arrays.ragged import Array, Batch, Spelled, WindowBatch
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
        mask: Array = kept * np.float32(1.0 / (1.0 - self.rate))
        return mask


class Tokens(NamedTuple):
    """What the tokens of a batch show.

    ids      (R, features)  rows of the embedding tables, positional features among them; for the feature of letters,
                            sequences of ``spelled``
    spelled                 the letters of the distinct words, or None if no feature asks for them
    """

    ids: Array
    spelled: Spelled | None = None


class Gold(NamedTuple):
    """The right answers for a batch, -1 where they are not known.

    tags     (R,)  the tag of each token
    intents  (B,)  the intent of each sentence
    copies         whether each sentence stands in the batch twice, one copy after the other, under two masks of dropout
    """

    tags: Array
    intents: Array
    copies: bool = False


class Reach(NamedTuple):
    """How windows of running text are connected with the text around them.

    windows  which rows are tagged, and which are only read
    before   the state that each layer goes on from, left to right: a row a sentence of ``windows.seen``
    running  whether windows begin and end within a text, where the scheme's rules for its bounds do not apply
    """

    windows: WindowBatch
    before: list[State]
    running: bool


class Inputs(NamedTuple):
    """What a network reads.

    batch   the layout of all that is read
    tokens  its tokens
    reach   where they are windows of running text, or are read beyond what is tagged; None for whole sentences
    """

    batch: Batch
    tokens: Tokens
    reach: Reach | None = None

    @property
    def own(self) -> Batch:
        """The layout of the tokens that are tagged."""
        return self.reach.windows.own if self.reach else self.batch

    @property
    def running(self) -> bool:
        """Whether the sentences are windows that begin and end within a text."""
        return self.reach is not None and self.reach.running

    def before(self, layer: int) -> State | None:
        """The state that a layer goes on from, left to right; None where it begins with zeros."""
        return self.reach.before[layer] if self.reach and self.reach.running else None
