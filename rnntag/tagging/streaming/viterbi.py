"""Running text tagged as it comes: what a network must see of the future, and no more, is waited for.

A network that reads both ways is run over windows, each with some context on either side. One that only reads left to
right takes each token once, and carries what it has read. Either gives scores in the order of the tokens, and the best
path through them is found on-line, so that the memory taken does not grow with the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.ragged import Array
from rnntag.model.inference import Inference
from rnntag.model.model import Model
from rnntag.punctuation.marks import meaning
from rnntag.punctuation.signs import SIGNS
from rnntag.tagging.streaming.scorers import UNLIKELY, Scores


class OnlineViterbi:
    """The best path through scores that come bit by bit; a tag waits for ``lag`` others at most."""

    def __init__(self, inference: Inference, lag: int) -> None:
        self._inference, self._lag = inference, lag
        Y = inference.network.Y
        self._v, self._back = np.empty((2, Y), np.float32), np.zeros((lag + 3, Y), np.int32)
        self._state = np.zeros(2, np.int64)

    def feed(self, engine: Engine, E: Array) -> Array:
        """The tags that became certain, or could wait no longer."""
        path, opening = np.empty(len(E) + self._lag, np.int32), self._inference.transitions.bounds[0]
        found = engine.viterbi_online(E, self._inference.panels, opening, self._v, self._back, self._state, path)
        return path[:found]

    def close(self, engine: Engine, scores: Array) -> Array:
        """The tags that were still waited for when the text ended; ``scores`` of its last tag count besides."""
        path, closing = np.empty(self._lag, np.int32), self._inference.transitions.bounds[1].copy()
        closing[: len(scores)] += scores
        found = engine.viterbi_close(closing, self._v, self._back, self._state, path)
        return path[:found]


class Path:
    """What running text shows in, its tags out, in order, as soon as they are known.

    scores  of a network, over tokens in order
    engine  the one at work
    lag     tokens that the best path may wait for, besides those that the network does
    """

    def __init__(
        self, model: Model, inference: Inference, scores: Scores, engine: Callable[[], Engine], lag: int
    ) -> None:
        self._names, self._scores, self._engine = model.tags, scores, engine
        self._best = OnlineViterbi(inference, lag)
        self._closing = _closing(model)
        self._last = ""  # what the last token showed

    def feed(self, keys: Sequence[str], ends: bool = False) -> list[str]:
        """The tags that are known now that these tokens have come; all, if the text ends with them."""
        found: list[int] = []
        self._last = keys[-1].partition("\t")[0] if keys else self._last
        for E, last in self._scores.feed(keys, ends):
            if last and len(E) and self._last not in SIGNS:
                E[-1, : len(self._closing)] += self._closing
            found += self._best.feed(self._engine(), E).tolist()
        if ends:
            closing = self._closing if self._last not in SIGNS else np.zeros_like(self._closing)
            found += self._best.close(self._engine(), closing).tolist()
        return [self._names[number] for number in found]


def _closing(model: Model) -> Array:
    """What is added to the scores of the last token of a text: where tags say that sentences end, one ends there."""
    meant = [meaning(tag, model.record.marks) for tag in model.tags]
    ends = np.array([found is not None and found.ends for found in meant])
    return np.where(ends | ~ends.any() | (None in meant), 0.0, UNLIKELY).astype(np.float32)
