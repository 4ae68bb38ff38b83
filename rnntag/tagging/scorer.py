"""Scores sentences batch by batch, on several threads and on the engine that fits.

Letters as in ``rnntag.kernels``: R rows of B sequences, Y tags (padded to whole panels), I intents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import NamedTuple

import numpy as np

from rnntag.arrays import engine as engines
from rnntag.arrays.engine import Engine
from rnntag.arrays.ragged import Array, Batch, by_length
from rnntag.arrays.workspace import Workspace
from rnntag.model.inference import Inference, TypedTokens
from rnntag.model.model import Model

# Loading the kernels costs about a second, in which the NumPy twins tag some ten thousand words.
PATIENCE = 5_000  # words tagged, or waiting to be, before the kernels are loaded
BATCH = 512  # words a batch holds at most, unless one sentence is longer: their gates stay in a core's own cache
SHARE = 128  # words that are worth waking a thread for


class Scored(NamedTuple):
    """One batch with its scores.

    batch    the layout of its rows
    chosen   (B,)    which of the sequences that were to be scored it holds
    rows     (R,)    which of all tokens stand in its rows; those that are only looked ahead to do not
    tags     (R, Y)  scores of tags; memory of the workspace, which the next batch takes over
    intents  (B, I)  scores of intents; None if the model has none
    """

    batch: Batch
    chosen: Array
    rows: Array
    tags: Array
    intents: Array | None


Use = Callable[[Scored, Workspace], None]


class Scorer:
    """Scores tokens by a model's network: on the NumPy twins first, on the kernels once there is enough to do.

    The model's weights must not change while it is used: what follows from them is computed once. Calls must not
    overlap.

    threads  batches scored at the same time; scores do not depend on it
    notice   called with a sentence when the kernels are compiled
    engine   the engine to use from the start, in place of the choice; as an attribute, the one in use

    inference  the network and its weights, packed
    """

    def __init__(
        self,
        model: Model,
        threads: int = 1,
        notice: Callable[[str], None] | None = None,
        engine: Engine | None = None,
    ) -> None:
        self.model, self.inference = model, Inference(model.network, model.members, model.lexicon)
        self.engine = engine or engines.plain()
        self._chosen, self._words, self._notice = engine is not None, 0, notice
        self._threads = max(1, threads)
        self._spaces = [Workspace() for _ in range(self._threads)]
        self._pool = ThreadPoolExecutor(self._threads)  # starts no thread before it is given work

    def engine_for(self, words: int) -> Engine:
        """The engine for so many more words."""
        self._words += words
        if not self._chosen and self._words > PATIENCE:
            self.engine, self._chosen = engines.kernels(self._notice), True
        return self.engine

    def score(self, sentences: Sequence[list[str]], use: Use) -> None:
        """Call ``use`` with the scores of each batch of sentences, given by what their tokens show.

        It is called on several threads, each with a workspace of its own. ``Scored.rows`` counts tokens through all
        sentences, each followed by as many more as the network looks ahead.
        """
        end = [self.model.lexicon.shown.end()] * self.model.spec.look_ahead
        lengths = np.fromiter(map(len, sentences), np.int64, len(sentences))
        keys = [key for sentence in sentences for key in (*sentence, *end)] if end else list(chain(*sentences))
        whole = lengths + len(end)
        self.score_stretches(keys, np.cumsum(whole) - whole, np.where(lengths, whole, 0), use, whole)

    def score_stretches(
        self, keys: list[str], starts: Array, lengths: Array, use: Use, texts: Array | None = None
    ) -> None:
        """Call ``use`` as `score` does with the scores of stretches of tokens, which may overlap.

        keys     what some tokens show
        starts   (n,)  the first tokens of n stretches of them,
        lengths  (n,)  and how many tokens those have: none, or more than the network looks ahead
        texts    (m,)  how many tokens each text has that the keys are; None: they are one
        """
        lexicon, delay = self.model.lexicon, self.model.spec.look_ahead
        words = int(lengths.sum())
        engine = self.engine_for(words)
        ids = lexicon.numbers(keys)
        self.inference.know(engine)
        positional = lexicon.positional_ids(ids, np.array([len(keys)]) if texts is None else texts, delay)

        def work(place: int) -> None:
            space = self._spaces[place]
            for chosen in pending:  # workers take what is next
                batch = Batch(lengths[chosen])
                rows = batch.gather(starts[chosen])
                tokens = TypedTokens(ids[rows], None if positional is None else positional[rows], delay)
                E, intents = self.inference.scores(engine, batch, tokens, space)
                if delay:
                    batch = Batch(batch.lengths - delay)
                    rows = batch.gather(starts[chosen])
                use(Scored(batch, chosen, rows, E, intents), space)

        order = by_length(lengths)[: int(np.count_nonzero(lengths))]
        workers = min(self._threads, 1 + words // SHARE)
        pieces = list(cut_pieces(order, lengths, min(BATCH, -(-words // workers))))
        pending = iter(pieces)
        others = [self._pool.submit(work, place) for place in range(1, min(workers, len(pieces)))]
        work(0)
        for other in others:
            other.result()


def cut_pieces(order: Array, lengths: Array, words: int) -> Iterator[Array]:
    """Sequences, longest first, cut into batches of like length that hold about so many words each."""
    place = 0
    while place < len(order):
        count = max(1, round(words / int(lengths[order[place]])))
        yield order[place : place + count]
        place += count
