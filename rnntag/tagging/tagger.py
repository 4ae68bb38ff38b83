"""Scores to the best path the scheme allows, and how probable it is; sentences in, sentences out, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, chain, islice
from threading import Lock

import numpy as np

from rnntag.arrays import engine as engines
from rnntag.arrays.engine import Engine
from rnntag.arrays.ragged import Array, Batch, by_length
from rnntag.arrays.workspace import Workspace
from rnntag.data.sentence import Certainty, Sentence, Span
from rnntag.errors import CorpusError, SpecError
from rnntag.model.inference import Inference, TypedTokens
from rnntag.model.model import Model
from rnntag.model.record import Temperatures
from rnntag.tagging.confidence import Weighed, Weigher
from rnntag.tagging.forced import FREE
from rnntag.tagging.request import TAGS, Wanted
from rnntag.tagging.scorer import BATCH, PATIENCE, SHARE, cut_pieces
from rnntag.tagging.streaming.scorers import UNLIKELY, Forward, Windows
from rnntag.tagging.streaming.texts import Running
from rnntag.tagging.streaming.viterbi import Path

BURST = 4_096  # sentences taken from an iterable at a time
LAG = 64  # tokens that the best path through running text at hand may wait for


class Tagger:
    """A model at work. It starts on the NumPy twins and moves to the kernels when there is enough to do.

    The model's weights must not change while it is used: what follows from them is computed once.

    runs_on  whether sentences are read as one text, each in sight of those around it

    threads  batches tagged at the same time; the tags do not depend on it
    notice   told, in a sentence, when the kernels are compiled
    engine   the engine to use from the start, in place of the choice
    context  tokens of neighbouring sentences seen on each side; 0: each sentence on its own. None: as the model was
             trained. Only tags of single tokens can be found beyond a sentence: else SpecError
    """

    def __init__(
        self,
        model: Model,
        threads: int = 1,
        notice: Callable[[str], None] | None = None,
        engine: Engine | None = None,
        context: int | None = None,
    ) -> None:
        self.model = model
        self._context = model.record.context if context is None else context
        self.runs_on = model.record.runs_on if context is None else context > 0
        if self.runs_on and (model.scheme.prefixes or model.intents):
            what = "spans" if model.scheme.prefixes else "intents"
            raise SpecError(f"this model finds {what}, each within its sentence", hint="leave --context out, or give 0")
        self._threads, self._notice = max(1, threads), notice
        self._engine = engine or engines.plain()
        self._chosen = engine is not None
        self._words = 0
        self._inference = Inference(model.network, model.members, model.lexicon)
        self._weighs: Weigher | None = None
        self._spaces = [Workspace() for _ in range(self._threads)]
        self._pool = ThreadPoolExecutor(self._threads)  # starts no thread before it is given work
        self._lock = Lock()

    def tag(
        self,
        sentences: Iterable[Sequence[str] | Sentence],
        certain: bool = False,
        best: int = 1,
        forced: bool = False,
    ) -> Iterator[Sentence]:
        """Tag lists of words, or Sentences; each comes out as a Sentence with tags, in the order they went in.

        Sentences are taken from the iterable some thousands at a time. What else can be asked for: `Wanted`. Raises
        CorpusError for what is no list of words, and for forced tags that the model lacks or the scheme forbids.
        """
        if best < 1:
            raise SpecError(f"best is {best}, but must be at least 1")
        source, wanted = iter(sentences), Wanted(certain, best, forced)
        text = self.running() if self.runs_on and wanted == TAGS else None
        while burst := list(islice(source, max(1, BURST // best))):
            found = [item if isinstance(item, Sentence) else _sentence(item) for item in burst]
            yield from text.feed(found) if text else self.tagged(found, wanted)
        if text:
            yield from text.close()

    def spans(self, sentence: Sentence) -> list[Span]:
        """The spans that a sentence's tags write down."""
        return self.model.scheme.spans(sentence.tags or [])

    def tags(self, sentences: Sequence[list[str]]) -> list[list[str]]:
        """The tags of each list of words."""
        return [sentence.tags or [] for sentence in self.tagged([_sentence(words) for words in sentences])]

    def tagged(self, sentences: Sequence[Sentence], wanted: Wanted = TAGS) -> list[Sentence]:
        """Each sentence under its tags and its intent; what a stream has ready at once is best given at once.

        May be called from several threads; they take turns.
        """
        if self.runs_on and wanted == TAGS:
            with self._lock:
                text = self.running()
                return [*text.feed(sentences), *text.close()]
        keys = [self.model.keys(sentence) for sentence in sentences]
        forced = self._forced(sentences) if wanted.forced else None
        with self._lock:
            tags, intents, weighed = self._find(keys, forced, wanted)
        if forced is not None:
            self._check_forced(sentences, tags)
        if weighed:
            pairs = zip(sentences, weighed, strict=True)
            return [sentence.with_tags(*each) for sentence, several in pairs for each in several]
        return [
            sentence.with_tags(found, intent) for sentence, found, intent in zip(sentences, tags, intents, strict=True)
        ]

    def keys(self, tokens: list[str]) -> list[str]:
        """What tokens show. Raises CorpusError where a feature wants more than a token."""
        return self.model.keys(Sentence(tokens))

    def running(self) -> Running:
        """What tags running text sentence by sentence, as it comes."""
        return Running(self.model, self.path(LAG))

    def path(self, lag: int) -> Path:
        """What tags running text token by token, as it comes.

        lag  tokens that the best path may wait for, besides those that the network does
        """
        spec = self.model.spec
        scores: Forward | Windows
        if spec.recurs and spec.direction == "forward":
            scores = Forward(self.model, self._inference, self._ask)
        else:
            scores = Windows(self.score, self._context)
        return Path(self.model, self._inference, scores, lambda: self._engine, lag)

    def _forced(self, sentences: Sequence[Sentence]) -> Array:
        """The numbers of forced tags, one a token, -1 where it is free."""
        known = {tag: number for number, tag in enumerate(self.model.tags)} | {FREE: -1}
        numbers: list[int] = []
        pad = [known[FREE]] * self.model.spec.look_ahead
        for sentence in sentences:
            tags = sentence.tags if sentence.tags is not None else [FREE] * len(sentence)
            if len(tags) != len(sentence):
                raise CorpusError(f"{len(sentence)} tokens, but {len(tags)} tags to stand", where=sentence.where())
            for place, tag in enumerate(tags):
                if tag not in known:
                    fact = f"tag '{tag}' is to stand here, but the model has no such tag"
                    raise CorpusError(fact, where=sentence.where(place), hint=f"{FREE} lets the model choose")
            numbers += [*(known[tag] for tag in tags), *pad]
        return np.array(numbers, np.int32)

    def _check_forced(self, sentences: Sequence[Sentence], found: list[list[str]]) -> None:
        """Raise CorpusError where a tag had to give way: there is no path through all of them."""
        for sentence, tags in zip(sentences, found, strict=True):
            for place, (tag, given) in enumerate(zip(tags, sentence.tags or (), strict=False)):
                if given not in (FREE, tag):
                    fact = f"tag '{given}' cannot stand here: {self.model.scheme.name.upper()} has no way through it"
                    raise CorpusError(fact, where=sentence.where(place), hint=f"{FREE} lets the model choose")

    def _find(
        self, sentences: Sequence[list[str]], forced: Array | None, wanted: Wanted
    ) -> tuple[list[list[str]], list[str | None], list[Weighed]]:
        """Tags and intent of each sentence, given by what its tokens show; and what is wanted besides, if anything."""
        model, lengths = self.model, [len(keys) for keys in sentences]
        pad = model.spec.look_ahead
        found, meant = np.zeros(sum(lengths) + pad * len(lengths), np.int32), np.full(len(sentences), -1, np.int32)
        weigher = self._weigher() if wanted.certain or wanted.best > 1 else None
        weighed: list[Weighed] = [[([], None, Certainty(1.0, [], []))] for _ in sentences] if weigher else []

        def find(batch: Batch, chosen: Array, rows: Array, E: Array, intents: Array | None, space: Workspace) -> None:
            if forced is not None:
                self._force(batch, E, forced[rows])
            path = self._inference.best(self._engine, batch, E, space)
            found[rows] = path
            if intents is not None:
                meant[chosen] = intents.argmax(axis=1)
            if weigher:
                results = weigher.weigh(self._engine, batch, E, path, intents, wanted.best, space)
                for sentence, result in zip(chosen.tolist(), results, strict=True):
                    weighed[sentence] = result

        self._score(sentences, find)
        names = model.tags
        flat = [names[number] for number in found.tolist()]
        starts = accumulate((length + pad for length in lengths), initial=0)
        tags = [flat[start : start + length] for start, length in zip(starts, lengths, strict=False)]
        intents = [*model.intents, None]  # -1 is the last
        return tags, [intents[number] for number in meant.tolist()], weighed

    def weighing(self, sentences: Sequence[Sentence]) -> Callable[[Temperatures], list[Sentence]]:
        """What weighs the best tags of sentences at any temperatures; the network is asked once, now."""
        asked: list[tuple[Batch, Array, Array, Array, Array | None]] = []

        def keep(batch: Batch, chosen: Array, rows: Array, E: Array, intents: Array | None, space: Workspace) -> None:
            asked.append((batch, chosen, E.copy(), self._inference.best(self._engine, batch, E, space), intents))

        with self._lock:
            self._score([self.model.keys(sentence) for sentence in sentences], keep)

        def weighed(temperatures: Temperatures) -> list[Sentence]:
            weigher, found, space = (
                Weigher(self.model, self._inference.transitions, temperatures),
                list(sentences),
                Workspace(),
            )
            for batch, chosen, E, path, intents in asked:
                results = weigher.weigh(self._engine, batch, E, path, intents, 1, space)
                for sentence, [result] in zip(chosen.tolist(), results, strict=True):
                    found[sentence] = found[sentence].with_tags(*result)
            return found

        return weighed

    def _score(self, sentences: Sequence[list[str]], use: Callable[..., None]) -> None:
        """Call ``use`` with the scores of each batch of sentences, given by what their tokens show (`score`)."""
        end = [self.model.lexicon.shown.end()] * self.model.spec.look_ahead
        lengths = np.fromiter(map(len, sentences), np.int64, len(sentences))
        keys = [key for sentence in sentences for key in (*sentence, *end)] if end else list(chain(*sentences))
        whole = lengths + len(end)
        self.score(keys, np.cumsum(whole) - whole, np.where(lengths, whole, 0), use, whole)

    def score(
        self, keys: list[str], starts: Array, lengths: Array, use: Callable[..., None], texts: Array | None = None
    ) -> None:
        """Call ``use`` with the scores of each batch, on several threads, each with a workspace of its own.

        keys     what some tokens show
        starts   (n,)  the first tokens of n stretches of them,
        lengths  (n,)  and how many tokens those have: none, or more than the network looks ahead
        texts    (m,)  how many tokens each text has that the keys are; None: they are one

        ``use`` is given the batch, which stretches it holds (B,), which of all tokens stand in its rows (R,), the
        scores of tags (R, Y) and of intents (B, I) or None, and the workspace. Of tokens that are only looked ahead to
        it is told nothing.
        """
        model, inference, delay = self.model, self._inference, self.model.spec.look_ahead
        words = int(lengths.sum())
        engine = self._ask(words)
        numbers = model.lexicon.numbers(keys)
        inference.know(engine)
        positional = model.lexicon.positional_ids(numbers, np.array([len(keys)]) if texts is None else texts, delay)
        order = by_length(lengths)
        order = order[: int(np.count_nonzero(lengths))]

        def work(place: int) -> None:
            for chosen in pending:  # workers take what is next
                batch = Batch(lengths[chosen])
                rows = batch.gather(starts[chosen])
                tokens = TypedTokens(numbers[rows], None if positional is None else positional[rows], delay)
                space = self._spaces[place]
                E, intents = inference.scores(engine, batch, tokens, space)
                if delay:
                    batch = Batch(batch.lengths - delay)
                    rows = batch.gather(starts[chosen])
                use(batch, chosen, rows, E, intents, space)

        workers = min(self._threads, 1 + words // SHARE)
        pieces = list(cut_pieces(order, lengths, min(BATCH, -(-words // workers))))
        pending = iter(pieces)
        helpers = [self._pool.submit(work, place) for place in range(1, min(workers, len(pieces)))]
        work(0)
        for helper in helpers:
            helper.result()

    def _ask(self, words: int) -> Engine:
        """The engine for so many more words."""
        self._words += words
        if not self._chosen and self._words > PATIENCE:
            self._engine, self._chosen = engines.kernels(self._notice), True
        return self._engine

    def _force(self, batch: Batch, E: Array, forced: Array) -> None:
        """Leave hardly a chance to tags beside a forced one, and to those from which no way leads to it."""
        open_, rows = np.ones(E.shape, bool), np.flatnonzero(forced >= 0)
        open_[rows] = False
        open_[rows, forced[rows]] = True
        onward = np.isfinite(self._inference.transitions.scores).T.astype(np.float32)
        sizes, offsets = batch.sizes.tolist(), batch.offsets.tolist()
        for step in range(len(sizes) - 2, -1, -1):
            before, after = (slice(offsets[at], offsets[at] + sizes[step + 1]) for at in (step, step + 1))
            open_[before] &= open_[after].astype(np.float32) @ onward > 0
        E[~open_] = UNLIKELY

    def _weigher(self) -> Weigher:
        """What weighs taggings; made when it is first asked for, and anew once the model is calibrated anew."""
        if self._weighs is None or self._weighs.temperatures != self.model.temperatures:
            self._weighs = Weigher(self.model, self._inference.transitions, self.model.temperatures)
        return self._weighs


def _sentence(words: Sequence[str]) -> Sentence:
    if isinstance(words, str):
        raise CorpusError("a sentence is a list of words, not a string", hint="tagger.tag([line.split()])")
    tokens = list(words)
    if not all(isinstance(token, str) for token in tokens):
        raise CorpusError(f"a sentence is a list of words: {tokens!r} is not")
    return Sentence(tokens)
