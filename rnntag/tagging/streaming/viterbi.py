"""Tags running text token by token: the best path through scores that come bit by bit, by on-line Viterbi.

A tag is given as soon as all paths that may still win agree on it, so that the memory taken does not grow with the text
(`rnntag.kernels.online`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.ragged import Array
from rnntag.data.sentence import Sentence
from rnntag.model.inference import Inference
from rnntag.model.model import Model
from rnntag.punctuation.marks import meaning
from rnntag.punctuation.signs import SIGNS
from rnntag.tagging.forced import UNLIKELY
from rnntag.tagging.scorer import Scorer
from rnntag.tagging.streaming.scorers import stream_scorer


class OnlineViterbi:
    """The best path through scores that come bit by bit; a tag waits for ``lag`` others at most."""

    def __init__(self, inference: Inference, lag: int) -> None:
        self._inference, self._lag = inference, lag
        Y = inference.network.Y
        # The memory of `rnntag.kernels.online.viterbi_online`, which tells what stands where.
        self._v, self._back = np.empty((2, Y), np.float32), np.zeros((lag + 3, Y), np.int32)
        self._state = np.zeros(2, np.int64)

    def feed(self, engine: Engine, E: Array) -> Array:
        """The tags (at most n + lag,) that are certain, or can wait no longer, after the next scores E (n, Y)."""
        path, opening = np.empty(len(E) + self._lag, np.int32), self._inference.transitions.bounds[0]
        count = engine.viterbi_online(E, self._inference.panels, opening, self._v, self._back, self._state, path)
        return path[:count]

    def close(self, engine: Engine, scores: Array) -> Array:
        """The tags (at most lag,) that still waited when the text ended.

        scores  (at most Y,)  added to the scores of its last tag
        """
        path, closing = np.empty(self._lag, np.int32), self._inference.transitions.bounds[1].copy()
        closing[: len(scores)] += scores
        count = engine.viterbi_close(closing, self._v, self._back, self._state, path)
        return path[:count]


class StreamTagger:
    """Tags the tokens of running text in order, each as soon as its tag is known.

    context  tokens seen on each side of a window, by a network that reads both ways
    lag      tokens that the best path may wait for, besides those that the network does
    """

    def __init__(self, scorer: Scorer, context: int, lag: int) -> None:
        self._scorer, self._scores = scorer, stream_scorer(scorer, context)
        self._viterbi = OnlineViterbi(scorer.inference, lag)
        self._closing = _closing(scorer.model)
        self._last = ""  # what the last token showed

    def tag(self, tokens: list[str], ends: bool = False) -> list[str]:
        """The tags that are known now that these tokens have come; all, if the text ends with them.

        Raises CorpusError where the model looks at more of a token than the token itself.
        """
        return self.feed(self._scorer.model.keys(Sentence(tokens)), ends)

    def feed(self, keys: Sequence[str], ends: bool = False) -> list[str]:
        """The same of tokens given by what they show (`rnntag.model.model.Model.keys`)."""
        path: list[int] = []
        self._last = keys[-1].partition("\t")[0] if keys else self._last
        for E, last in self._scores.feed(keys, ends):
            if last and len(E) and self._last not in SIGNS:
                E[-1, : len(self._closing)] += self._closing
            path += self._viterbi.feed(self._scorer.engine, E).tolist()
        if ends:
            closing = self._closing if self._last not in SIGNS else np.zeros_like(self._closing)
            path += self._viterbi.close(self._scorer.engine, closing).tolist()
        names = self._scorer.model.tags
        return [names[number] for number in path]


def _closing(model: Model) -> Array:
    """Added to the scores of the last token of a text: where tags say that sentences end, one ends there."""
    meanings = [meaning(tag, model.record.marks) for tag in model.tags]
    ends = np.array([meant is not None and meant.ends for meant in meanings])
    return np.where(ends | ~ends.any() | (None in meanings), 0.0, UNLIKELY).astype(np.float32)
