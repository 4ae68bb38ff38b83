"""Tag scores of running text, token by token: in windows read both ways, or from left to right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from rnntag.arrays.ragged import Array, Batch
from rnntag.arrays.workspace import Workspace
from rnntag.model.inference import States, TypedTokens
from rnntag.tagging.scorer import Scored, Scorer

WINDOW = 128  # tokens tagged together, between their contexts
BLOCK = 4096  # tokens read left to right at a time


class StreamScorer(Protocol):
    """Takes what tokens show, and gives scores of their tags, in order."""

    def feed(self, keys: Sequence[str], ends: bool) -> Iterable[tuple[Array, bool]]:
        """Scores (n, Y) of the tokens that can be scored now that these have come; of all, if the text ends.

        With them goes whether they are the last of their text.
        """
        ...


def stream_scorer(scorer: Scorer, context: int) -> StreamScorer:
    """What scores running text by a model: from left to right where it reads so and recurs, else in windows.

    context  tokens seen on each side of a window
    """
    spec = scorer.model.spec
    return ForwardScorer(scorer) if spec.recurs and spec.direction == "forward" else WindowScorer(scorer, context)


class WindowScorer:
    """Scores by a network that may read both ways, over windows between their contexts.

    context  tokens seen on each side of a window
    """

    def __init__(self, scorer: Scorer, context: int) -> None:
        self._scorer, self._context = scorer, context
        self._keys: list[str] = []  # from the context of the next window on
        self._before = 0  # how many of them are scored already

    def feed(self, keys: Sequence[str], ends: bool) -> Iterable[tuple[Array, bool]]:
        """Scores of the windows whose contexts have come (`StreamScorer.feed`)."""
        self._keys += keys
        first, known, context = self._before, len(self._keys), self._context
        last = known if ends else first + max(0, (known - context - 1 - first) // WINDOW) * WINDOW
        if last > first:
            yield self._scores(first, last), ends
        # One token more than the context on each side, for what the outermost show together with their neighbours.
        done = known if ends else max(0, last - context - 1)
        self._before = last - done
        del self._keys[:done]

    def _scores(self, first: int, last: int) -> Array:
        """Scores (last - first, Y) of some of the tokens at hand."""
        own = np.arange(first, last, WINDOW)
        own_ends = np.minimum(own + WINDOW, last)
        starts = np.maximum(own - self._context, 0)
        lengths = np.minimum(own_ends + self._context, len(self._keys)) - starts
        scores = np.empty((last - first, self._scorer.inference.network.Y), np.float32)

        def take(scored: Scored, space: Workspace) -> None:
            sequence = scored.chosen[scored.batch.sequence]
            inside = (scored.rows >= own[sequence]) & (scored.rows < own_ends[sequence])
            scores[scored.rows[inside] - first] = scored.tags[inside]

        self._scorer.score_stretches(self._keys, starts, lengths, take)
        return scores


class ForwardScorer:
    """Scores by a network that reads left to right, which takes each token once."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer, self._delay = scorer, scorer.model.spec.look_ahead
        self._space = Workspace()
        self._begin()

    def _begin(self) -> None:
        self._states: States = self._scorer.inference.initial_states()
        self._last: list[str] = []  # the tokens before, as far back as one shows what it stands beside
        self._early = self._delay  # answers that come before there was a question

    def feed(self, keys: Sequence[str], ends: bool) -> Iterable[tuple[Array, bool]]:
        """Scores of all tokens but the last, for which the network still looks ahead (`StreamScorer.feed`)."""
        lexicon, inference = self._scorer.model.lexicon, self._scorer.inference
        if ends and (keys or self._last):
            keys = [*keys, *[lexicon.shown.end()] * self._delay]
        for start in range(0, len(keys), BLOCK):
            block = keys[start : start + BLOCK]
            engine, known = self._scorer.engine_for(len(block)), len(self._last)
            ids = lexicon.numbers([*self._last, *block])
            inference.know(engine)
            positional = lexicon.positional_ids(ids, np.array([len(ids)]), self._delay)
            positional = None if positional is None else positional[known:]
            batch = Batch(np.array([len(block)]))
            tokens = TypedTokens(ids[known:], positional)
            E, _ = inference.scores(engine, batch, tokens, self._space, self._states)
            self._last = [*self._last, *block][-self._delay - 2 :]
            early = min(self._early, len(E))
            self._early -= early
            yield E[early:], ends and start + BLOCK >= len(keys)
        if ends:
            self._begin()
