"""What is done to a model once its best weights are chosen: its outside bias is tuned, its probabilities calibrated.

Networks trained to certainty say 0.99 where they are right in nine of ten cases. Scores divided by one number, found on
held-out sentences, rank as before and mean what they say: Guo, Pleiss, Sun & Weinberger, "On calibration of modern
neural networks", ICML 2017, section 4.2. Here it is found for spans, since those are what is asked about.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from itertools import accumulate

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.data.sentence import Sentence
from rnntag.evaluation.compare import score
from rnntag.evaluation.counts import Scores, right_intent
from rnntag.evaluation.reliability import Judged, judged_intents, judged_spans
from rnntag.model.model import Model
from rnntag.model.record import Temperatures
from rnntag.tagging.confidence import Recalibrator
from rnntag.tagging.scorer import Scorer
from rnntag.tagging.tagger import Tagger

MOST = 20_000  # tokens that a temperature is found on: more tell nothing new
ENOUGH = 100_000  # tokens that F1 is measured on
OUTSIDE = "O"
OFFSET, OFFSETS = 0.2, 10  # nats between two outside biases that are tried, and how many there are at most
LEAST = 5  # right ones and wrong ones, below which a temperature would be a guess
HOTTEST, STEPS = 4.0, 10  # temperatures are sought between 1 / 4 and 4, to about a hundredth
TAILS = 1e-6  # what a probability is at least and 1 - p at least: one mistake made with certainty does not decide
SHARE = (5**0.5 - 1) / 2  # golden section
ANY = partial(right_intent, rule="any")


def judge(model: Model, dev: Sequence[Sentence], engine: Engine | None = None, threads: int = 1) -> Scores:
    """The scores of a model on tagged sentences, by which weights are chosen."""
    tagged = Tagger(model, threads, engine=engine).tagged(dev)
    return score(dev, tagged, model.scheme, "any" if model.intents else None)


def finish(model: Model, dev: Sequence[Sentence], engine: Engine | None = None) -> None:
    """Fit a model whose weights are chosen to tagged sentences: outside bias and figures, then temperatures.

    The bias is that of models of running text alone, and of those that were judged before.
    """
    if model.record.runs_on and model.record.figures and OUTSIDE in model.tags:
        offset = tune_outside_bias(model, dev, engine)
        if offset is not None:
            lower_outside_bias(model, offset)
            model.record = replace(model.record, figures=judge(model, dev, engine).figures())
    model.temperatures = calibrated(model, dev, engine)


def calibrated(model: Model, sentences: Sequence[Sentence], engine: Engine | None = None) -> Temperatures:
    """The temperatures of least log loss: those under which a model's probabilities fit tagged sentences best.

    Those of a model that finds hardly anything there, or does not learn intents, stay at 1. The model stays as it is.
    """
    sentences = _some(sentences)
    tagged = Recalibrator(Scorer(model, engine=engine), sentences)

    def spans(temperature: float) -> Judged:
        return judged_spans(sentences, tagged.at(Temperatures(tags=temperature)), model.scheme)

    def intents(temperature: float) -> Judged:
        return judged_intents(sentences, tagged.at(Temperatures(intents=temperature)), ANY)

    return Temperatures(
        _least(lambda temperature: _log_loss(spans(temperature))) if _suffices(spans(1.0)) else 1.0,
        _least(lambda temperature: _log_loss(intents(temperature))) if _suffices(intents(1.0)) else 1.0,
    )


def tune_outside_bias(model: Model, sentences: Sequence[Sentence], engine: Engine | None = None) -> float | None:
    """How much less bias of O, in nats, gives the best F1 on tagged running text; None if as it is it is best.

    The most probable tags are those with the fewest mistakes, and that is not the best F1: where a mark is nearly as
    likely as none, a network leaves it out, and what that costs in recall is more than it wins in precision.
    """
    tokens = list(accumulate(map(len, sentences)))
    some = sentences[: 1 + bisect_left(tokens, ENOUGH)]

    trial = copy(model)
    trial.members = [member.copy() for member in model.members]

    def f1(offset: float) -> float:
        for member, own in zip(trial.members, model.members, strict=True):
            member["output.bias"][:] = own["output.bias"]
        lower_outside_bias(trial, offset)
        return score(some, Tagger(trial, engine=engine).tagged(some), model.scheme).overall.f1

    best, highest, step = 0, f1(0.0), 1
    while step <= OFFSETS and step - best <= 2:  # until it gets worse twice
        if (reached := f1(step * OFFSET)) > highest:
            best, highest = step, reached
        step += 1
    return best * OFFSET if best else None


def lower_outside_bias(model: Model, offset: float) -> None:
    """Take so much, in nats, off the bias of O."""
    place = model.tags.index(OUTSIDE)
    for member in model.members:
        bias = member["output.bias"]
        bias[place] = float(bias[place]) - offset


def _suffices(judged: Judged) -> bool:
    """Whether enough is right, and enough is wrong, to see how far probabilities are off."""
    return min(int(judged.right.sum()), int((~judged.right).sum())) >= LEAST


def _some(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Sentences of so many tokens at most, from all over."""
    tokens = sum(map(len, sentences))
    stride = max(1, -(-tokens // MOST))
    return [sentence for sentence in sentences[::stride] if sentence.tokens]


def _log_loss(judged: Judged) -> float:
    """Mean negative log probability, in nats, of what turned out right or wrong."""
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
