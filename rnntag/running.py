"""Running text tagged as it comes: what a network must see of the future, and no more, is waited for.

A network that reads both ways is run over windows, each with some context on either side. One that only reads left to
right takes each token once, and carries what it has read. Either gives scores in the order of the tokens, and the best
path through them is found on-line, so that the memory taken does not grow with the text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np

from rnntag.batches import Batch
from rnntag.engine import Engine
from rnntag.inference import Inference, Reads
from rnntag.marks import meaning
from rnntag.model import Model
from rnntag.punctuation import SIGNS
from rnntag.sentence import Sentence
from rnntag.workspace import Workspace

Array = np.ndarray
Score = Callable[[list[str], Array, Array, Callable[..., None]], None]  # `rnntag.tagging.Tagger.score`

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
        self._reads: Reads = self._inference.unread()
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
            pairs = lexicon.placed(numbers, np.array([len(numbers)]), self._delay)
            pairs = None if pairs is None else pairs[known:]
            batch = Batch(np.array([len(block)]))
            E, _ = self._inference.scores(engine, batch, numbers[known:], self._space, pairs, reads=self._reads)
            self._last = [*self._last, *block][-self._delay - 2 :]
            early = min(self._early, len(E))
            self._early -= early
            yield E[early:], ends and start + BLOCK >= len(keys)
        if ends:
            self._begin()


class OnlineViterbi:
    """The best path through scores that come bit by bit; a tag waits for ``lag`` others at most."""

    def __init__(self, inference: Inference, lag: int) -> None:
        self._inference, self._lag = inference, lag
        Y = inference.network.Y
        self._v, self._back = np.empty((2, Y), np.float32), np.zeros((lag + 3, Y), np.int32)
        self._state = np.zeros(2, np.int64)

    def feed(self, engine: Engine, E: Array) -> Array:
        """The tags that became certain, or could wait no longer."""
        path, opening = np.empty(len(E) + self._lag, np.int32), self._inference.moves.bounds[0]
        found = engine.viterbi_online(E, self._inference.panels, opening, self._v, self._back, self._state, path)
        return path[:found]

    def close(self, engine: Engine, scores: Array) -> Array:
        """The tags that were still waited for when the text ended; ``scores`` of its last tag count besides."""
        path, closing = np.empty(self._lag, np.int32), self._inference.moves.bounds[1].copy()
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
    meant = [meaning(tag, model.marks) for tag in model.tags]
    ends = np.array([found is not None and found.ends for found in meant])
    return np.where(ends | ~ends.any() | (None in meant), 0.0, UNLIKELY).astype(np.float32)


class Running:
    """Sentences that follow one another, each given back under its tags once they are known.

    A text ends before a comment ``# doc = NAME``, with its file, and at a sentence without tokens.
    """

    def __init__(self, model: Model, path: Path) -> None:
        self._model, self._path = model, path
        self._waiting: deque[Sentence] = deque()
        self._tags: list[str] = []  # known, of the sentences that wait
        self._source = ""

    def feed(self, sentences: Iterable[Sentence]) -> list[Sentence]:
        """What can be given back, now that these have come."""
        keys: list[str] = []
        for sentence in sentences:
            if not sentence.tokens or sentence.begins_text or sentence.source != self._source:
                self._source = sentence.source
                self._tags += self._path.feed(keys, ends=True)
                keys = []
            keys += self._model.keys(sentence)
            self._waiting.append(sentence)
        self._tags += self._path.feed(keys)
        return self._ready()

    def close(self) -> list[Sentence]:
        """The rest, at the end of the text."""
        self._tags += self._path.feed([], ends=True)
        return self._ready()

    def _ready(self) -> list[Sentence]:
        found, place = [], 0
        while self._waiting and place + len(self._waiting[0]) <= len(self._tags):
            sentence = self._waiting.popleft()
            found.append(sentence.with_tags(self._tags[place : place + len(sentence)]))
            place += len(sentence)
        del self._tags[:place]
        return found
