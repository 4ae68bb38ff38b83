"""Scores to the best path the scheme allows; sentences in, sentences out, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Lock

import numpy as np

from rnntag import engine as engines
from rnntag.batches import Batch, by_length
from rnntag.engine import Engine
from rnntag.errors import CorpusError
from rnntag.inference import Inference
from rnntag.model import Model
from rnntag.sentence import Sentence, Span
from rnntag.workspace import Workspace

# Loading the kernels costs about a second, in which the NumPy twins tag some ten thousand words.
PATIENCE = 5_000  # words tagged, or waiting to be, before the kernels are loaded
BATCH = 512  # words a batch holds at most, unless one sentence is longer: their gates stay in a core's own cache
SHARE = 128  # words that are worth waking a thread for
BURST = 4_096  # sentences taken from an iterable at a time


class Tagger:
    """A model at work. It starts on the NumPy twins and moves to the kernels when there is enough to do.

    The model's weights must not change while it is used: what follows from them is computed once.

    threads  batches tagged at the same time; the tags do not depend on it
    notice   told, in a sentence, when the kernels are compiled
    engine   the engine to use from the start, in place of the choice
    """

    def __init__(
        self,
        model: Model,
        threads: int = 1,
        notice: Callable[[str], None] | None = None,
        engine: Engine | None = None,
    ) -> None:
        self.model = model
        self._threads, self._notice = max(1, threads), notice
        self._engine = engine or engines.plain()
        self._chosen = engine is not None
        self._words = 0
        self._inference = Inference(model.network, model.parameters)
        self._emptied = model.lexicon.emptied
        self._spaces = [Workspace() for _ in range(self._threads)]
        self._pool = ThreadPoolExecutor(self._threads)  # starts no thread before it is given work
        self._lock = Lock()

    def tag(self, sentences: Iterable[Sequence[str] | Sentence]) -> Iterator[Sentence]:
        """Tag lists of words, or Sentences; each comes out as a Sentence with tags, in the order they went in.

        Sentences are taken from the iterable some thousands at a time. Raises CorpusError for a string in place of
        a list of words.
        """
        source = iter(sentences)
        while burst := list(islice(source, BURST)):
            given = [item if isinstance(item, Sentence) else _sentence(item) for item in burst]
            tags = self.tags([sentence.tokens for sentence in given])
            yield from map(Sentence.with_tags, given, tags)

    def spans(self, sentence: Sentence) -> list[Span]:
        """The spans that a sentence's tags write down."""
        return self.model.scheme.spans(sentence.tags or [])

    def tags(self, sentences: Sequence[list[str]]) -> list[list[str]]:
        """The tags of each sentence; what a stream has ready at once is best given at once.

        May be called from several threads; they take turns.
        """
        with self._lock:
            return self._tags(sentences)

    def _tags(self, sentences: Sequence[list[str]]) -> list[list[str]]:
        words = sum(map(len, sentences))
        self._words += words
        if not self._chosen and self._words > PATIENCE:
            self._engine, self._chosen = engines.kernels(self._notice), True
        lexicon = self.model.lexicon
        flat = [token for tokens in sentences for token in tokens]
        numbers = lexicon.numbers(flat)
        inference, types = self._inference, lexicon.types
        if self._emptied != lexicon.emptied:
            self._emptied = lexicon.emptied
            inference.forget()
        inference.know(self._engine, types)
        lengths = np.fromiter(map(len, sentences), np.int64, len(sentences))
        starts = np.cumsum(lengths) - lengths
        order = by_length(lengths)
        order = order[: int(np.count_nonzero(lengths))]
        found = np.empty(words, np.int32)

        def work(place: int) -> None:
            for chosen in pending:  # workers take what is next, each into its own workspace
                batch = Batch(lengths[chosen])
                rows = batch.gather(starts[chosen])
                found[rows] = inference.best(self._engine, batch, numbers[rows], types, self._spaces[place])

        workers = min(self._threads, 1 + words // SHARE)
        pieces = list(_pieces(order, lengths, min(BATCH, -(-words // workers))))
        pending = iter(pieces)
        helpers = [self._pool.submit(work, place) for place in range(1, min(workers, len(pieces)))]
        work(0)
        for helper in helpers:
            helper.result()
        names = self.model.tags
        flat = [names[number] for number in found.tolist()]
        ends = (starts + lengths).tolist()
        return [flat[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]


def _sentence(words: Sequence[str]) -> Sentence:
    if isinstance(words, str):
        raise CorpusError("a sentence is a list of words, not a string", hint="tagger.tag([line.split()])")
    return Sentence(list(words))


def _pieces(order: np.ndarray, lengths: np.ndarray, words: int) -> Iterator[np.ndarray]:
    """Sentences, longest first, cut into batches of like length that hold about so many words each."""
    place = 0
    while place < len(order):
        count = max(1, round(words / int(lengths[order[place]])))
        yield order[place : place + count]
        place += count
