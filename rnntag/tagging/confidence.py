"""Confidence: how probable taggings, spans, tags and intents are that a model finds, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.ragged import Array
from rnntag.arrays.workspace import Workspace
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Certainty, Sentence
from rnntag.model.model import Model
from rnntag.model.record import Temperatures
from rnntag.network.decoders import Transitions
from rnntag.tagging.marginals import Marginals, Potentials, SpanTypes
from rnntag.tagging.nbest import best_paths
from rnntag.tagging.scorer import Scored, Scorer


class Tagging(NamedTuple):
    """One tagging of a sentence; ``intent`` is None where the model tells none."""

    tags: list[str]
    intent: str | None
    certainty: Certainty


class ConfidenceEstimator:
    """Computes how probable the best taggings of a batch are, from its scores, at some temperatures.

    transitions  what the model's decoder adds to tag scores
    """

    def __init__(self, model: Model, transitions: Transitions, temperatures: Temperatures) -> None:
        self._model, self._transitions, self.temperatures = model, transitions, temperatures
        self._potentials = Potentials(transitions, temperatures.tags)
        self._types = SpanTypes(model.scheme, model.tags)

    def estimate(
        self, engine: Engine, scored: Scored, path: Array, best: int, space: Workspace
    ) -> Iterator[list[Tagging]]:
        """The best taggings of each sentence of a batch, best first, with their probabilities.

        path  (R,)  the best tags
        best        how many taggings; fewer come where there are no more
        """
        model, types, batch = self._model, self._types, scored.batch
        marginals = Marginals(engine, self._potentials, batch, scored.tags, space)
        rows = [batch.offsets[:length] + sentence for sentence, length in enumerate(batch.lengths.tolist())]
        paths = self._paths(marginals, scored, rows, path, best)
        taggings = [[[model.tags[number] for number in each] for _, each in several] for several in paths]
        spans = [[model.scheme.spans(tags) for tags in several] for several in taggings]
        asked = [
            (sentence, start, end, types.numbers[label])
            for sentence, several in enumerate(spans)
            for each in several
            for start, end, label in each
        ]
        of_spans = iter(marginals.spans(types, *np.array(asked, np.int64).reshape(-1, 4).T).tolist())
        intents, of_intents = self._intents(scored.intents, batch.sentences)
        for sentence, own in enumerate(rows):
            result = []
            for rank, (log_p, each) in enumerate(paths[sentence]):
                certainty = Certainty(
                    float(np.exp(log_p)),
                    np.minimum(marginals.tags[own, each], 1.0).tolist(),
                    list(islice(of_spans, len(spans[sentence][rank]))),
                    of_intents[sentence],
                    rank if best > 1 else None,
                )
                result.append(Tagging(taggings[sentence][rank], intents[sentence], certainty))
            yield result

    def _paths(
        self, marginals: Marginals, scored: Scored, rows: list[Array], path: Array, best: int
    ) -> list[list[tuple[float, list[int]]]]:
        """The best paths of each sentence, best first, each under the log of its probability."""
        if best == 1:
            logs = marginals.log_taggings(path).tolist()
            return [[(log_p, path[own].tolist())] for log_p, own in zip(logs, rows, strict=True)]
        M, bounds = self._transitions
        return [
            [
                (min(0.0, score / self.temperatures.tags - log_z), each)
                for score, each in best_paths(M, scored.tags[own], bounds, best)
            ]
            for own, log_z in zip(rows, marginals.log_z.tolist(), strict=True)
        ]

    def _intents(self, scores: Array | None, sentences: int) -> tuple[list[str | None], list[float | None]]:
        """The best intent of each sentence, and how probable it is."""
        if scores is None:
            return [None] * sentences, [None] * sentences
        best = scores.argmax(axis=1)
        p = np.exp((scores - scores.max(axis=1, keepdims=True)) / np.float32(self.temperatures.intents))
        p /= p.sum(axis=1, keepdims=True)
        return [self._model.intents[number] for number in best.tolist()], p[np.arange(sentences), best].tolist()


class Recalibrator:
    """The best tags of some sentences with their certainties at any temperatures; the network runs once, at the start.

    Raises CorpusError for sentences that lack a column the model looks at.
    """

    def __init__(self, scorer: Scorer, sentences: Sequence[Sentence]) -> None:
        self._scorer, self._sentences = scorer, sentences
        self._batches: list[tuple[Scored, Array]] = []  # each with its best path

        def keep(scored: Scored, space: Workspace) -> None:
            path = scorer.inference.best(scorer.engine, scored.batch, scored.tags, space)
            self._batches.append((scored._replace(tags=scored.tags.copy()), path))

        scorer.score([scorer.model.keys(sentence) for sentence in sentences], keep)

    def at(self, temperatures: Temperatures) -> list[Sentence]:
        """The sentences under their best tags and intents, which no temperature changes, with their certainties."""
        scorer, tagged, space = self._scorer, list(self._sentences), Workspace()
        estimator = ConfidenceEstimator(scorer.model, scorer.inference.transitions, temperatures)
        for scored, path in self._batches:
            results = estimator.estimate(scorer.engine, scored, path, 1, space)
            for sentence, [tagging] in zip(scored.chosen.tolist(), results, strict=True):
                tagged[sentence] = tagged[sentence].with_tags(*tagging)
        return tagged


def confident(sentence: Sentence, scheme: Scheme, least: float) -> Sentence:
    """A sentence without the spans that are less probable than ``least``; its certainty must be known.

    The tags that take their place have no probability, so those of all tags are dropped.
    """
    certainty = sentence.certainty
    assert certainty is not None
    spans = list(zip(scheme.spans(sentence.tags or []), certainty.spans, strict=True))
    kept = [(span, p) for span, p in spans if p >= least]
    if len(kept) == len(spans):
        return sentence
    tags = scheme.tags([span for span, _ in kept], len(sentence))
    return sentence.with_tags(tags, None, certainty._replace(tags=[], spans=[p for _, p in kept]))


def least_sure(sentences: Iterable[Sentence], count: int) -> list[Sentence]:
    """The ``count`` sentences that it is most worth to annotate next, the least sure first; certainties must be known.

    They are compared by the log of the probability of the whole tagging, and of the intent, divided by the number of
    tokens, or else long sentences would always come first: Shen et al., "Deep active learning for named entity
    recognition", ICLR 2018, section 4 (maximum normalized log-probability).
    """
    return nsmallest(count, (sentence for sentence in sentences if sentence.tokens), key=_sureness)


def _sureness(sentence: Sentence) -> float:
    certainty = sentence.certainty
    assert certainty is not None
    logs = np.log([max(p, 1e-300) for p in (certainty.tagging, 1.0 if certainty.intent is None else certainty.intent)])
    return float(logs.sum()) / len(sentence)
