"""Tags sentences with a model: each comes out under the best tags that the scheme allows, in the order it went in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, islice
from threading import Lock

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.workspace import Workspace
from rnntag.data.sentence import Certainty, Sentence, Span
from rnntag.errors import CorpusError, SpecError
from rnntag.model.model import Model
from rnntag.tagging.confidence import ConfidenceEstimator, Tagging
from rnntag.tagging.forced import ForcedTags
from rnntag.tagging.request import TAGS, Request
from rnntag.tagging.scorer import Scored, Scorer
from rnntag.tagging.streaming.texts import RunningText
from rnntag.tagging.streaming.viterbi import StreamTagger

BURST = 4_096  # sentences taken from an iterable at a time
LONGEST = 500_000  # tokens of a sentence: a network of usual size takes 5 kB for each, and all at the same time
LAG = 64  # tokens that the best path through running text at hand may wait for


class Tagger:
    """Tags sentences with a model.

    The model's weights must not change while it is used: what follows from them is computed once.

    threads  batches tagged at the same time; the tags do not depend on it
    notice   called with a sentence when the kernels are compiled
    engine   the engine to use from the start; None: the NumPy twins, and the kernels once there is enough to do
    context  tokens of neighbouring sentences seen on each side; 0: each sentence on its own. None: as the model was
             trained. Only tags of single tokens can be found beyond a sentence: else SpecError

    runs_on  whether sentences are read as one text, each in sight of those around it
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
        self.scorer = Scorer(model, threads, notice, engine)
        self._estimates: ConfidenceEstimator | None = None
        self._lock = Lock()

    def tag(
        self,
        sentences: Iterable[Sequence[str] | Sentence],
        certain: bool = False,
        best: int = 1,
        forced: bool = False,
    ) -> Iterator[Sentence]:
        """Tag lists of words, or Sentences; each comes out as a Sentence with tags, in the order they went in.

        Sentences are taken from the iterable some thousands at a time.

        certain  tell as well how probable tagging, tags, spans and intent are (`Sentence.certainty`)
        best     that many taggings of each sentence, best first; each comes out as a Sentence of its own
        forced   tags that a Sentence comes in with, other than ``?``, stand

        Raises CorpusError for what is no list of words, and for forced tags that the model lacks or the scheme forbids;
        SpecError for a ``best`` below 1.
        """
        source, request = iter(sentences), Request(certain, best, forced)
        request.check(self.model)
        text = self.running_text() if self.reads_on(request) else None
        number = 1  # of the next sentence
        while burst := list(islice(source, max(1, BURST // best))):
            given = [_sentence(item, at) for at, item in enumerate(burst, number)]
            number += len(burst)
            yield from text.feed(given) if text else self.tagged(given, request)
        if text:
            yield from text.close()

    def tag_bursts(self, bursts: Iterable[list[Sentence]], request: Request = TAGS) -> Iterator[list[Sentence]]:
        """Tag the sentences of one input as they arrive, burst by burst, and give at once what is ready.

        Where ``bursts`` raises CorpusError, all that came before it comes out before it is raised again.
        """
        text, step = self.running_text() if self.reads_on(request) else None, max(1, BURST // request.best)
        try:
            for burst in bursts:
                for start in range(0, len(burst), step):
                    part = burst[start : start + step]
                    yield text.feed(part) if text else self.tagged(part, request)
        except CorpusError:
            if text:
                yield text.close()
            raise
        if text:
            yield text.close()

    def tagged(self, sentences: Sequence[Sentence], request: Request = TAGS) -> list[Sentence]:
        """The sentences under their tags and intents; of several taggings of each, all of them, one after the other.

        May be called from several threads; they take turns. What is done to a result (`Request.finish`) is left to
        the caller. Raises CorpusError as `tag` does, and for a sentence of more than `LONGEST` tokens, unless they are
        read as one text.
        """
        if self.reads_on(request):
            with self._lock:
                text = self.running_text()
                return [*text.feed(sentences), *text.close()]
        for sentence in sentences:
            if len(sentence) > LONGEST:
                raise _too_long(sentence)
        keys = [self.model.keys(sentence) for sentence in sentences]
        forced = ForcedTags(self.model, sentences) if request.forced else None
        with self._lock:
            decoded = _Decoded(self.scorer, keys, forced, request.best, self._estimator() if request.certain else None)
        tags = decoded.tags()
        if forced:
            forced.check(tags)
        if request.certain:
            pairs = zip(sentences, decoded.taggings, strict=True)
            return [sentence.with_tags(*each) for sentence, several in pairs for each in several]
        found = zip(sentences, tags, decoded.intents(), strict=True)
        return [sentence.with_tags(own, intent) for sentence, own, intent in found]

    def tags(self, sentences: Sequence[list[str]]) -> list[list[str]]:
        """The tags of each list of words."""
        return [sentence.tags or [] for sentence in self.tagged([_sentence(words) for words in sentences])]

    def spans(self, sentence: Sentence) -> list[Span]:
        """The spans that a sentence's tags write down."""
        return self.model.scheme.spans(sentence.tags or [])

    def reads_on(self, request: Request) -> bool:
        """Whether sentences are read as one text under a request: of such, only the best tags can be found."""
        return self.runs_on and request.tags_only

    def running_text(self) -> RunningText:
        """What tags the sentences of a running text as they come."""
        return RunningText(self.model, self.stream(LAG))

    def stream(self, lag: int) -> StreamTagger:
        """What tags the tokens of a running text as they come.

        lag  tokens that the best path may wait for, besides those that the network does
        """
        return StreamTagger(self.scorer, self._context, lag)

    def _estimator(self) -> ConfidenceEstimator:
        """What computes certainties; made when it is first asked for, and anew once the model is calibrated anew."""
        if self._estimates is None or self._estimates.temperatures != self.model.temperatures:
            transitions = self.scorer.inference.transitions
            self._estimates = ConfidenceEstimator(self.model, transitions, self.model.temperatures)
        return self._estimates


class _Decoded:
    """What was found in some sentences, gathered from their batches.

    keys       what the tokens of each sentence show
    forced     tags that stand
    best       how many taggings of each sentence
    estimator  computes ``taggings``; without it they stay empty

    taggings   the best taggings of each sentence, with their certainties
    """

    def __init__(
        self,
        scorer: Scorer,
        keys: Sequence[list[str]],
        forced: ForcedTags | None,
        best: int,
        estimator: ConfidenceEstimator | None,
    ) -> None:
        self._scorer, self._forced, self._best, self._estimator = scorer, forced, best, estimator
        self._lengths, self._ahead = [len(own) for own in keys], scorer.model.spec.look_ahead
        self._path = np.zeros(sum(self._lengths) + self._ahead * len(keys), np.int32)
        self._intents = np.full(len(keys), -1, np.int32)
        self.taggings = [[Tagging([], None, Certainty(1.0, [], []))] for _ in keys] if estimator else []
        scorer.score(keys, self._decode)

    def _decode(self, scored: Scored, space: Workspace) -> None:
        """Find the best tags of a batch."""
        scorer = self._scorer
        if self._forced:
            self._forced.press(scored, scorer.inference.transitions.scores)
        path = scorer.inference.best(scorer.engine, scored.batch, scored.tags, space)
        self._path[scored.rows] = path
        if scored.intents is not None:
            self._intents[scored.chosen] = scored.intents.argmax(axis=1)
        if self._estimator:
            results = self._estimator.estimate(scorer.engine, scored, path, self._best, space)
            for sentence, several in zip(scored.chosen.tolist(), results, strict=True):
                self.taggings[sentence] = several

    def tags(self) -> list[list[str]]:
        """The best tags of each sentence."""
        names = self._scorer.model.tags
        flat = [names[number] for number in self._path.tolist()]
        starts = accumulate((length + self._ahead for length in self._lengths), initial=0)
        return [flat[start : start + length] for start, length in zip(starts, self._lengths, strict=False)]

    def intents(self) -> list[str | None]:
        """The best intent of each sentence; None for one without tokens, and where the model tells none."""
        names = [*self._scorer.model.intents, None]  # -1 is the last
        return [names[number] for number in self._intents.tolist()]


def _too_long(sentence: Sentence) -> CorpusError:
    fact = f"a sentence of {len(sentence):,} words is too long to be seen as a whole"
    return CorpusError(fact, where=sentence.where(), hint="break it into lines: fold -s -w 1000")


def _sentence(words: Sequence[str] | Sentence, number: int = 0) -> Sentence:
    """Words or a Sentence as a Sentence under this number, by which messages call what is from no file."""
    if isinstance(words, Sentence):
        return words.numbered(number)
    if isinstance(words, str):
        raise CorpusError("a sentence is a list of words, not a string", hint="tagger.tag([line.split()])")
    tokens = list(words)
    if not all(isinstance(token, str) for token in tokens):
        raise CorpusError(f"a sentence is a list of words: {tokens!r} is not")
    return Sentence(tokens, line=number)
