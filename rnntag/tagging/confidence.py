"""How probable what a model found is: taggings, spans, tags and intents, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from itertools import islice

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.ragged import Array, Batch
from rnntag.arrays.workspace import Workspace
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Certainty, Sentence
from rnntag.model.model import Model
from rnntag.model.record import Temperatures
from rnntag.network.decoders import Transitions
from rnntag.tagging.marginals import Chain, Joins, Posterior
from rnntag.tagging.nbest import best_paths

Weighed = list[tuple[list[str], str | None, Certainty]]  # taggings of one sentence, with intent, best first


class Weigher:
    """Weighs what a model found, at some temperatures; ``transitions`` is what its decoder adds to tag scores."""

    def __init__(self, model: Model, transitions: Transitions, temperatures: Temperatures) -> None:
        self._model, self._transitions, self.temperatures = model, transitions, temperatures
        self._chain = Chain(transitions, temperatures.tags)
        self._joins = Joins(model.scheme, model.tags)

    def weigh(
        self,
        engine: Engine,
        batch: Batch,
        E: Array,
        path: Array,
        intents: Array | None,
        best: int,
        space: Workspace,
    ) -> Iterator[Weighed]:
        """The best taggings of each sentence of a batch, with their probabilities.

        E        (R, Y)  scores of tags
        path     (R,)    the best tags
        intents  (B, I)  scores of intents, or None
        best     how many taggings
        """
        model, transitions, joins = self._model, self._transitions, self._joins
        posterior = Posterior(engine, self._chain, batch, E, space)
        rows = [batch.offsets[:length] + sentence for sentence, length in enumerate(batch.lengths.tolist())]
        if best == 1:
            logs = posterior.log_taggings(path).tolist()
            paths = [[(log, path[own].tolist())] for log, own in zip(logs, rows, strict=True)]
        else:
            paths = [
                [
                    (min(0.0, score / self.temperatures.tags - log_z), found)
                    for score, found in best_paths(transitions.scores, E[own], transitions.bounds, best)
                ]
                for own, log_z in zip(rows, posterior.log_z.tolist(), strict=True)
            ]
        taggings = [[[model.tags[number] for number in found] for _, found in several] for several in paths]
        spans = [[model.scheme.spans(tags) for tags in several] for several in taggings]
        asked = [
            (sentence, start, end, joins.types[label])
            for sentence, several in enumerate(spans)
            for each in several
            for start, end, label in each
        ]
        likely = iter(posterior.spans(joins, *np.array(asked, np.int64).reshape(-1, 4).T).tolist())
        chosen, likely_intents = self._intents(intents, batch.sentences)
        for sentence, own in enumerate(rows):
            result: Weighed = []
            for rank, (log, found) in enumerate(paths[sentence]):
                certainty = Certainty(
                    float(np.exp(log)),
                    np.minimum(posterior.tags[own, found], 1.0).tolist(),
                    list(islice(likely, len(spans[sentence][rank]))),
                    likely_intents[sentence],
                    rank if best > 1 else None,
                )
                result.append((taggings[sentence][rank], chosen[sentence], certainty))
            yield result

    def _intents(self, scores: Array | None, sentences: int) -> tuple[list[str | None], list[float | None]]:
        """The best intent of each sentence, and how probable it is."""
        if scores is None:
            return [None] * sentences, [None] * sentences
        best = scores.argmax(axis=1)
        p = np.exp((scores - scores.max(axis=1, keepdims=True)) / np.float32(self.temperatures.intents))
        p /= p.sum(axis=1, keepdims=True)
        return [self._model.intents[number] for number in best.tolist()], p[np.arange(sentences), best].tolist()


def confident(sentence: Sentence, scheme: Scheme, least: float) -> Sentence:
    """A sentence without the spans that are less probable than that; its certainty must be known.

    How probable the tags are that take their place is not, so that of no tag is kept.
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
    """The sentences that it is most worth to annotate next, the least sure first; certainties must be known.

    What is compared is the log of the probability of the whole tagging, and of the intent, by the number of tokens,
    or else long sentences would always come first: Shen et al., "Deep active learning for named entity recognition",
    ICLR 2018, section 4 (maximum normalized log-probability).
    """
    return nsmallest(count, (sentence for sentence in sentences if sentence.tokens), key=_sureness)


def _sureness(sentence: Sentence) -> float:
    certainty = sentence.certainty
    assert certainty is not None
    logs = np.log([max(p, 1e-300) for p in (certainty.tagging, 1.0 if certainty.intent is None else certainty.intent)])
    return float(logs.sum()) / len(sentence)
