"""How far probabilities can be trusted: measured on tagged sentences, and put right by a temperature.

Networks trained to certainty say 0.99 where they are right in nine of ten cases. Scores divided by one number, found on
held-out sentences, rank as before and mean what they say: Guo, Pleiss, Sun & Weinberger, "On calibration of modern
neural networks", ICML 2017, section 4.2. Here it is found for spans, since those are what is asked about.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from rnntag.engine import Engine
from rnntag.evaluation import right_intent, score
from rnntag.model import Model, Temperatures
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence
from rnntag.tagging import Tagger

BINS = 15  # of equal width, as in the paper
MOST = 20_000  # tokens that a temperature is found on: more tell nothing new
ENOUGH = 100_000  # tokens that F1 is told by
LEANING, LEANINGS = 0.2, 10  # nats that are tried, and how many times that at most
LEAST = 5  # right ones and wrong ones, below which a temperature would be a guess
HOTTEST, STEPS = 4.0, 10  # temperatures are sought between 1 / 4 and 4, to about a hundredth
TAILS = 1e-6  # what a probability is at least and 1 - p at least: one mistake made with certainty does not decide
SHARE = (5**0.5 - 1) / 2  # golden section

Array = np.ndarray
ANY = partial(right_intent, rule="any")


class Judged(NamedTuple):
    """Predictions with the probability each was given, and whether it was right."""

    p: Array
    right: Array


class Bin(NamedTuple):
    """Predictions whose probability lies from ``low`` up to ``high``: how many, mean probability, share right."""

    low: float
    high: float
    predictions: int
    confidence: float
    accuracy: float


class Threshold(NamedTuple):
    """Precision, recall and F1, percent, where only what is at least so probable is kept."""

    p: float
    precision: float
    recall: float
    f1: float


def judged_spans(gold: Iterable[Sentence], found: Iterable[Sentence], scheme: Scheme) -> Judged:
    """The spans that were found, whose certainty is known, against the gold ones."""
    p: list[float] = []
    right: list[bool] = []
    for theirs, ours in zip(gold, found, strict=True):
        wanted = set(scheme.spans(theirs.tags or ()))
        right += [span in wanted for span in scheme.spans(ours.tags or ())]
        p += ours.certainty.spans if ours.certainty else []
    return Judged(np.array(p), np.array(right, bool))


def judged_intents(
    gold: Iterable[Sentence], found: Iterable[Sentence], right: Callable[[str, str | None], bool]
) -> Judged:
    """The intents that were found, where the gold one is known."""
    pairs = [
        (ours.certainty.intent, right(theirs.intent, ours.intent))
        for theirs, ours in zip(gold, found, strict=True)
        if theirs.intent is not None and ours.certainty and ours.certainty.intent is not None
    ]
    return Judged(np.array([p for p, _ in pairs]), np.array([each for _, each in pairs], bool))


def bins(judged: Judged) -> list[Bin]:
    """The predictions by their probability; empty bins are left out."""
    places = np.minimum((judged.p * BINS).astype(int), BINS - 1)
    found = []
    for place in np.unique(places).tolist():
        p, right = judged.p[places == place], judged.right[places == place]
        found.append(Bin(place / BINS, (place + 1) / BINS, len(p), float(p.mean()), float(right.mean())))
    return found


def expected_error(judged: Judged) -> float:
    """Expected calibration error: how far mean probability and share right lie apart, a bin's weight its count."""
    apart = [each.predictions * abs(each.confidence - each.accuracy) for each in bins(judged)]
    return sum(apart) / max(1, len(judged.p))


def thresholds(judged: Judged, gold: int) -> list[Threshold]:
    """What is won and lost by leaving out what is less probable; ``gold`` is the number of gold spans."""
    found = []
    for p in (0.0, *np.arange(0.1, 1.0, 0.1).round(2).tolist(), 0.95, 0.99):
        kept = judged.right[judged.p >= p]
        right, count = int(kept.sum()), len(kept)
        precision, recall = 100 * right / max(count, 1), 100 * right / max(gold, 1)
        found.append(Threshold(p, precision, recall, 200 * right / max(count + gold, 1)))
    return found


class Reliability(NamedTuple):
    """How far a model's probabilities can be trusted on some sentences.

    spans, intents  expected calibration error of both; None where there are no intents
    bins            spans by their probability
    thresholds      what leaving out less probable spans wins and loses
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


def reliability(gold: Sequence[Sentence], found: Sequence[Sentence], scheme: Scheme, rule: str = "any") -> Reliability:
    """How far the certainties of sentences can be trusted; ``rule`` is which intents are right."""
    spans = judged_spans(gold, found, scheme)
    intents = judged_intents(gold, found, partial(right_intent, rule=rule))
    wanted = sum(len(scheme.spans(sentence.tags or ())) for sentence in gold)
    return Reliability(
        expected_error(spans),
        expected_error(intents) if len(intents.p) else None,
        bins(spans),
        thresholds(spans, wanted),
    )


def calibrated(model: Model, sentences: Sequence[Sentence], engine: Engine | None = None) -> Temperatures:
    """The temperatures under which the model's probabilities fit tagged sentences best, of least log loss.

    Those of a model that finds hardly anything there, or does not learn intents, stay at 1.
    """
    sentences = _some(sentences)
    weighed = Tagger(model, engine=engine).weighing(sentences)

    def spans(temperature: float) -> Judged:
        return judged_spans(sentences, weighed(Temperatures(tags=temperature)), model.scheme)

    def intents(temperature: float) -> Judged:
        return judged_intents(sentences, weighed(Temperatures(intents=temperature)), ANY)

    return Temperatures(
        _least(lambda temperature: _log_loss(spans(temperature))) if _telling(spans(1.0)) else 1.0,
        _least(lambda temperature: _log_loss(intents(temperature))) if _telling(intents(1.0)) else 1.0,
    )


def lean(model: Model, sentences: Sequence[Sentence], engine: Engine | None = None) -> float:
    """Take off the bias of O what makes F1 on tagged running text highest, and tell how much that is, in nats.

    The most probable tags are those with the fewest mistakes, and that is not the best F1: where a mark is nearly as
    likely as none, a network leaves it out, and what that costs in recall is more than it wins in precision.
    """
    tokens = list(accumulate(map(len, sentences)))
    some = sentences[: 1 + bisect_left(tokens, ENOUGH)]
    biases = [(member["output.bias"], model.tags.index("O")) for member in model.members]
    before = [float(bias[place]) for bias, place in biases]

    def put(offset: float) -> float:
        for (bias, place), value in zip(biases, before, strict=True):
            bias[place] = value - offset
        return score(some, Tagger(model, engine=engine).tagged(some), model.scheme).overall.f1

    best, found, step = 0, put(0.0), 1
    while step <= LEANINGS and step - best <= 2:  # until it gets worse twice
        if (f1 := put(step * LEANING)) > found:
            best, found = step, f1
        step += 1
    put(best * LEANING)
    return best * LEANING


def _telling(judged: Judged) -> bool:
    """Whether enough is right, and enough is wrong, to see how far probabilities are off."""
    return min(int(judged.right.sum()), int((~judged.right).sum())) >= LEAST


def _some(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Sentences of so many tokens at most, from all over."""
    tokens = sum(map(len, sentences))
    stride = max(1, -(-tokens // MOST))
    return [sentence for sentence in sentences[::stride] if sentence.tokens]


def _log_loss(judged: Judged) -> float:
    p = np.clip(judged.p, TAILS, 1 - TAILS)
    return -float(np.log(np.where(judged.right, p, 1 - p)).mean())


def _least(loss: Callable[[float], float]) -> float:
    """The temperature of least loss, by golden section over its logarithm."""
    low, high = -np.log(HOTTEST), np.log(HOTTEST)
    inner = [high - SHARE * (high - low), low + SHARE * (high - low)]
    losses = [loss(float(np.exp(t))) for t in inner]
    for _ in range(STEPS):
        if losses[0] <= losses[1]:
            high = inner[1]
            inner, losses = [high - SHARE * (high - low), inner[0]], [0.0, losses[0]]
            losses[0] = loss(float(np.exp(inner[0])))
        else:
            low = inner[0]
            inner, losses = [inner[1], low + SHARE * (high - low)], [losses[1], 0.0]
            losses[1] = loss(float(np.exp(inner[1])))
    return round(float(np.exp((low + high) / 2)), 4)
