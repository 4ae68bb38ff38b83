"""How far probabilities can be trusted: measured on tagged sentences, and put right by a temperature.

Networks trained to certainty say 0.99 where they are right in nine of ten cases. Scores divided by one number, found on
held-out sentences, rank as before and mean what they say: Guo, Pleiss, Sun & Weinberger, "On calibration of modern
neural networks", ICML 2017, section 4.2. Here it is found for spans, since those are what is asked about.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.data.sentence import Sentence
from rnntag.evaluation.compare import score
from rnntag.evaluation.counts import right_intent
from rnntag.evaluation.reliability import Judged, judged_intents, judged_spans
from rnntag.model.model import Model
from rnntag.model.record import Temperatures
from rnntag.tagging.confidence import Recalibrator
from rnntag.tagging.scorer import Scorer
from rnntag.tagging.tagger import Tagger

MOST = 20_000  # tokens that a temperature is found on: more tell nothing new
ENOUGH = 100_000  # tokens that F1 is told by
LEANING, LEANINGS = 0.2, 10  # nats that are tried, and how many times that at most
LEAST = 5  # right ones and wrong ones, below which a temperature would be a guess
HOTTEST, STEPS = 4.0, 10  # temperatures are sought between 1 / 4 and 4, to about a hundredth
TAILS = 1e-6  # what a probability is at least and 1 - p at least: one mistake made with certainty does not decide
SHARE = (5**0.5 - 1) / 2  # golden section
ANY = partial(right_intent, rule="any")


def calibrated(model: Model, sentences: Sequence[Sentence], engine: Engine | None = None) -> Temperatures:
    """The temperatures under which the model's probabilities fit tagged sentences best, of least log loss.

    Those of a model that finds hardly anything there, or does not learn intents, stay at 1.
    """
    sentences = _some(sentences)
    tagged = Recalibrator(Scorer(model, engine=engine), sentences)

    def spans(temperature: float) -> Judged:
        return judged_spans(sentences, tagged.at(Temperatures(tags=temperature)), model.scheme)

    def intents(temperature: float) -> Judged:
        return judged_intents(sentences, tagged.at(Temperatures(intents=temperature)), ANY)

    return Temperatures(
        _least(lambda temperature: _log_loss(spans(temperature))) if _telling(spans(1.0)) else 1.0,
        _least(lambda temperature: _log_loss(intents(temperature))) if _telling(intents(1.0)) else 1.0,
    )


def tune_outside_bias(model: Model, sentences: Sequence[Sentence], engine: Engine | None = None) -> float:
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
