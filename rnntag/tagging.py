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
        self._inference = Inference(model.network, model.members, model.lexicon)
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
            yield from self.tagged([item if isinstance(item, Sentence) else _sentence(item) for item in burst])

    def spans(self, sentence: Sentence) -> list[Span]:
        """The spans that a sentence's tags write down."""
        return self.model.scheme.spans(sentence.tags or [])

    def tags(self, sentences: Sequence[list[str]]) -> list[list[str]]:
        """The tags of each list of words."""
        return [sentence.tags or [] for sentence in self.tagged([_sentence(words) for words in sentences])]

    def tagged(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Each sentence under its tags and its intent; what a stream has ready at once is best given at once.

        May be called from several threads; they take turns.
        """
        keys = [self.model.lexicon.shown.keys(sentence) for sentence in sentences]
        with self._lock:
            tags, intents = self._find(keys)
        return [
            sentence.with_tags(found, intent) for sentence, found, intent in zip(sentences, tags, intents, strict=True)
        ]

    def _find(self, sentences: Sequence[list[str]]) -> tuple[list[list[str]], list[str | None]]:
        """Tags and intent of each sentence, given by what its tokens show."""
        words = sum(map(len, sentences))
        self._words += words
        if not self._chosen and self._words > PATIENCE:
            self._engine, self._chosen = engines.kernels(self._notice), True
        model, inference = self.model, self._inference
        numbers = model.lexicon.numbers([key for keys in sentences for key in keys])
        inference.know(self._engine)
        lengths = np.fromiter(map(len, sentences), np.int64, len(sentences))
        starts = np.cumsum(lengths) - lengths
        pairs = model.lexicon.pairs(numbers, lengths)
        order = by_length(lengths)
        order = order[: int(np.count_nonzero(lengths))]
        found, meant = np.empty(words, np.int32), np.full(len(sentences), -1, np.int32)

        def work(place: int) -> None:
            for chosen in pending:  # workers take what is next, each into its own workspace
                batch = Batch(lengths[chosen])
                rows = batch.gather(starts[chosen])
                paired = None if pairs is None else pairs[rows]
                found[rows], intents = inference.best(self._engine, batch, numbers[rows], self._spaces[place], paired)
                if intents is not None:
                    meant[chosen] = intents

        workers = min(self._threads, 1 + words // SHARE)
        pieces = list(_pieces(order, lengths, min(BATCH, -(-words // workers))))
        pending = iter(pieces)
        helpers = [self._pool.submit(work, place) for place in range(1, min(workers, len(pieces)))]
        work(0)
        for helper in helpers:
            helper.result()
        names = model.tags
        flat = [names[number] for number in found.tolist()]
        ends = (starts + lengths).tolist()
        tags = [flat[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]
        intents = [*model.intents, None]  # -1 is the last
        return tags, [intents[number] for number in meant.tolist()]


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
