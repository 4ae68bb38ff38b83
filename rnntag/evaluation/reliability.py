"""How far probabilities can be trusted, measured on tagged sentences.

Reliability diagrams and the expected calibration error are those of Guo, Pleiss, Sun and Weinberger, On Calibration of
Modern Neural Networks (ICML 2017), section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from rnntag.arrays.ragged import Array
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.evaluation.counts import percent, right_intent

BINS = 15  # of equal width, as in the paper


class Judged(NamedTuple):
    """Some predictions, judged by the gold ones.

    p      (N,)  the probability each was given
    right  (N,)  whether it was right
    """

    p: Array
    right: Array


class Bin(NamedTuple):
    """The predictions whose probability lies from ``low`` up to ``high``.

    predictions  how many they are
    confidence   their mean probability
    accuracy     the share of them that is right
    """

    low: float
    high: float
    predictions: int
    confidence: float
    accuracy: float


class Threshold(NamedTuple):
    """Precision, recall and F1, in percent, of the spans whose probability is at least ``p``."""

    p: float
    precision: float
    recall: float
    f1: float


def judged_spans(gold: Iterable[Sentence], predicted: Iterable[Sentence], scheme: Scheme) -> Judged:
    """Judge the predicted spans, whose sentences know their certainty, by the gold ones."""
    p: list[float] = []
    right: list[bool] = []
    for theirs, ours in zip(gold, predicted, strict=True):
        wanted = set(scheme.spans(theirs.tags or ()))
        right += [span in wanted for span in scheme.spans(ours.tags or ())]
        p += ours.certainty.spans if ours.certainty else []
    return Judged(np.array(p), np.array(right, bool))


def judged_intents(
    gold: Iterable[Sentence], predicted: Iterable[Sentence], right: Callable[[str, str | None], bool]
) -> Judged:
    """Judge the predicted intents where the gold one is known; ``right`` tells of both whether they agree."""
    pairs = [
        (ours.certainty.intent, right(theirs.intent, ours.intent))
        for theirs, ours in zip(gold, predicted, strict=True)
        if theirs.intent is not None and ours.certainty and ours.certainty.intent is not None
    ]
    return Judged(np.array([p for p, _ in pairs]), np.array([each for _, each in pairs], bool))


def bins(judged: Judged) -> list[Bin]:
    """Group predictions into `BINS` bins by their probability; empty ones are left out."""
    places = np.minimum((judged.p * BINS).astype(int), BINS - 1)
    found = []
    for place in np.unique(places).tolist():
        p, right = judged.p[places == place], judged.right[places == place]
        found.append(Bin(place / BINS, (place + 1) / BINS, len(p), float(p.mean()), float(right.mean())))
    return found


def expected_error(judged: Judged) -> float:
    """The expected calibration error, equation 3: the mean distance of confidence and accuracy over all predictions."""
    apart = [each.predictions * abs(each.confidence - each.accuracy) for each in bins(judged)]
    return sum(apart) / max(1, len(judged.p))


def thresholds(judged: Judged, gold: int) -> list[Threshold]:
    """Precision, recall and F1 if only spans above some probability are kept; ``gold`` is the number of gold spans."""
    found = []
    for p in (0.0, *np.arange(0.1, 1.0, 0.1).round(2).tolist(), 0.95, 0.99):
        kept = judged.right[judged.p >= p]
        right, count = int(kept.sum()), len(kept)
        found.append(Threshold(p, percent(right, count), percent(right, gold), percent(2 * right, count + gold)))
    return found


class Reliability(NamedTuple):
    """How far a model's probabilities can be trusted on some sentences.

    spans, intents  the expected calibration error of both; None where there are no intents
    bins            the spans by their probability
    thresholds      precision and recall if less probable spans are left out
    """

    spans: float
    intents: float | None
    bins: list[Bin]
    thresholds: list[Threshold]

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "calibration_error": round(self.spans, 4),
            "intent_calibration_error": None if self.intents is None else round(self.intents, 4),
            "bins": [each._asdict() for each in self.bins],
            "thresholds": [each._asdict() for each in self.thresholds],
        }


def reliability(
    gold: Sequence[Sentence], predicted: Sequence[Sentence], scheme: Scheme, intent_rule: str = "any"
) -> Reliability:
    """Measure how far the certainties of predicted sentences can be trusted.

    intent_rule  which intents are right (see `rnntag.evaluation.counts.right_intent`)
    """
    spans = judged_spans(gold, predicted, scheme)
    intents = judged_intents(gold, predicted, partial(right_intent, rule=intent_rule))
    wanted = sum(len(scheme.spans(sentence.tags or ())) for sentence in gold)
    return Reliability(
        expected_error(spans),
        expected_error(intents) if len(intents.p) else None,
        bins(spans),
        thresholds(spans, wanted),
    )
