"""Tag scores of running text, in windows read both ways or from left to right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.ragged import Array, Batch
from rnntag.arrays.workspace import Workspace
from rnntag.model.inference import Inference, States, TypedTokens
from rnntag.model.model import Model

Score = Callable[[list[str], Array, Array, Callable[..., None]], None]  # `rnntag.tagging.tagger.Tagger.score`

WINDOW = 128  # tokens tagged together, between their contexts
BLOCK = 4096  # tokens read left to right at a time
UNLIKELY = np.float32(-1e6)  # the score of a tag that could only stand by mistake


class Scores(Protocol):
    """Tokens in, scores of tags out, in order."""

    def feed(self, keys: Sequence[str], ends: bool) -> Iterable[tuple[Array, bool]]:
        """Scores (n, Y) of the tokens that can be told about, now that these have come; all, if the text ends.

        With them goes whether they are the last of their text.
        """
        ...


class Windows:
    """Scores by a network that may read both ways, over windows between their contexts.

    score    what scores stretches of tokens
    context  tokens seen on each side of a window
    """

    def __init__(self, score: Score, context: int) -> None:
        self._score, self._context = score, context
        self._keys: list[str] = []  # from the context of the next window on
        self._before = 0  # how much of that has been told about

    def feed(self, keys: Sequence[str], ends: bool) -> Iterable[tuple[Array, bool]]:
        self._keys += keys
        first, known, context = self._before, len(self._keys), self._context
        last = known if ends else first + max(0, (known - context - 1 - first) // WINDOW) * WINDOW
        if last > first:
            own = np.arange(first, last, WINDOW)
            own_ends = np.minimum(own + WINDOW, last)
            starts = np.maximum(own - context, 0)
            lengths = np.minimum(own_ends + context, known) - starts
            found: list[Array] = []  # made once its width is known

            def take(batch: Batch, chosen: Array, rows: Array, E: Array, *_: object) -> None:
                if not found:
                    found.append(np.empty((last - first, E.shape[1]), np.float32))
                sequence = chosen[batch.sequence]
                inside = (rows >= own[sequence]) & (rows < own_ends[sequence])
                found[0][rows[inside] - first] = E[inside]

            self._score(self._keys, starts, lengths, take)
            yield found[0], ends
        # One token more than the context on each side, for what the outermost show together with their neighbours.
        done = known if ends else max(0, last - context - 1)
        self._before = last - done
        del self._keys[:done]


class Forward:
    """Scores by a network that reads left to right, which takes each token once.

    ask  the engine to use for so many tokens
    """

    def __init__(self, model: Model, inference: Inference, ask: Callable[[int], Engine]) -> None:
        self._model, self._inference, self._ask = model, inference, ask
        self._space, self._delay = Workspace(), model.spec.look_ahead
        self._begin()

    def _begin(self) -> None:
        self._states: States = self._inference.initial_states()
        self._last: list[str] = []  # the tokens before, as far back as one shows what it stands beside
        self._early = self._delay  # answers that come before there was a question

    def feed(self, keys: Sequence[str], ends: bool) -> Iterable[tuple[Array, bool]]:
        lexicon = self._model.lexicon
        if ends and (keys or self._last):
            keys = [*keys, *[lexicon.shown.end()] * self._delay]
        for start in range(0, len(keys), BLOCK):
            block = keys[start : start + BLOCK]
            engine, known = self._ask(len(block)), len(self._last)
            numbers = lexicon.numbers([*self._last, *block])
            self._inference.know(engine)
            positional = lexicon.positional_ids(numbers, np.array([len(numbers)]), self._delay)
            tokens = TypedTokens(numbers[known:], None if positional is None else positional[known:])
            batch = Batch(np.array([len(block)]))
            E, _ = self._inference.scores(engine, batch, tokens, self._space, self._states)
            self._last = [*self._last, *block][-self._delay - 2 :]
            early = min(self._early, len(E))
            self._early -= early
            yield E[early:], ends and start + BLOCK >= len(keys)
        if ends:
            self._begin()
