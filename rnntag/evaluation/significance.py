"""Confidence intervals of scores, and tests of whether one tagging is better than another.

Each measure is a fraction whose part and whole add up over sentences, so the score of sentences drawn anew from the
test set is two products with how often each was drawn. The interval of a score is the percentile interval of the
bootstrap (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). The difference of two is put to two
tests: the paired bootstrap (Koehn, "Statistical significance tests for machine translation evaluation", EMNLP 2004;
Berg-Kirkpatrick, Burkett & Klein, "An empirical investigation of statistical significance in NLP", EMNLP 2012) and
approximate randomisation, where the toss of a coin decides for each sentence whether the two answers change places
(Yeh, "More accurate tests for the statistical significance of result differences", COLING 2000; Riezler & Maxwell, "On
some pitfalls in automatic evaluation and significance testing for MT", ACL workshop on evaluation measures, 2005).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnntag.arrays.ragged import Array
from rnntag.evaluation.compare import Compared, total

CONFIDENCE = 95  # percent
LEVEL = 0.05  # of significance
RESAMPLES = 1_000  # of an interval
ROUNDS = 10_000  # of a test
SEED = 1
CELLS = 1 << 21  # random numbers drawn at a time: rounds times sentences
CLOSE = 1e-9  # figures nearer than this are the same


class Interval(NamedTuple):
    """Between which values a figure lies with 95 % confidence."""

    low: float
    high: float


def rounded(interval: Interval) -> list[float]:
    """Its borders with two decimals, for JSON."""
    return [round(border, 2) for border in interval]


@dataclass(frozen=True)
class Intervals:
    """The intervals of each measure, and of the F1 of each type."""

    measures: dict[str, Interval]
    types: dict[str, Interval]
    resamples: int
    seed: int

    def __str__(self) -> str:
        return f"{CONFIDENCE} % of {self.resamples} resamples, seed {self.seed}"

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "confidence": CONFIDENCE,
            "resamples": self.resamples,
            "seed": self.seed,
            **{name: rounded(interval) for name, interval in self.measures.items()},
            "types": {label: rounded(interval) for label, interval in self.types.items()},
        }


def intervals(compared: Sequence[Compared], resamples: int = RESAMPLES, seed: int = SEED) -> Intervals:
    """Estimate the intervals of the scores of a test set by the bootstrap."""
    scores, alone = total(compared), [total([each]) for each in compared]
    measures, types = list(scores.fractions()), list(scores.types)
    counts = [
        _counts([each.fractions() for each in alone], measures),
        _counts([{label: found.fractions()["f1"] for label, found in each.types.items()} for each in alone], types),
    ]
    both = np.concatenate(counts, axis=2)
    resampled = np.concatenate([_percent(draws @ both) for draws in _draws(len(compared), resamples, seed)])
    found = _intervals(resampled)
    parted = found[: len(measures)], found[len(measures) :]
    return Intervals(
        dict(zip(measures, parted[0], strict=True)), dict(zip(types, parted[1], strict=True)), resamples, seed
    )


class Difference(NamedTuple):
    """One measure of A and of B, and how probable it is that they differ as much, either way, by chance.

    a, b       the measure, in percent
    interval   that of the difference
    bootstrap  p by the paired bootstrap
    swaps      p by approximate randomisation
    """

    a: float
    b: float
    interval: Interval
    bootstrap: float
    swaps: float

    @property
    def value(self) -> float:
        """How much B is above A, in percent points."""
        return self.b - self.a

    @property
    def p(self) -> float:
        """The larger of the two p."""
        return max(self.bootstrap, self.swaps)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "a": round(self.a, 2),
            "b": round(self.b, 2),
            "difference": round(self.value, 2),
            "interval": rounded(self.interval),
            "p_bootstrap": round(self.bootstrap, 4),
            "p_randomisation": round(self.swaps, 4),
        }


@dataclass(frozen=True)
class Contrast:
    """The differences of two taggings of one test set, A and B.

    measures  those that both have
    alike     whether A and B found the same in every sentence
    """

    measures: dict[str, Difference]
    alike: bool
    rounds: int
    seed: int

    def __str__(self) -> str:
        return f"{self.rounds} rounds, seed {self.seed}"

    def meaning(self) -> str:
        """Say in one sentence what the difference in F1 means."""
        f1 = self.measures["f1"]
        size = f"{abs(f1.value):.2f} F1"
        if self.alike:
            return "A and B are identical: they found the same in every sentence"
        if f1.p >= LEVEL:
            odds = f"as much in {_odds(f1.p)} test sets like this one"
            return f"The difference of {size} is within what chance gives ({odds}): nothing can be said"
        better, worse = "BA" if f1.value > 0 else "AB"
        fact = f"{better} is better than {worse} by {size}"
        return f"{fact}; a difference this large would come about by chance in {_odds(f1.p)} test sets like this one"


def _odds(p: float) -> str:
    """Put a probability as "N of 100" or "N of 1000", rounded up."""
    for many in (100, 1000):
        if p >= 1 / many:
            return f"{math.ceil(many * p - CLOSE)} of {many}"
    return "fewer than 1 of 1000"


def contrast(ones: Sequence[Compared], others: Sequence[Compared], rounds: int = ROUNDS, seed: int = SEED) -> Contrast:
    """Test the differences of two taggings of one test set, A and B, by the bootstrap and by randomisation."""
    names = [name for name in total(ones).fractions() if name in total(others).fractions()]
    a, b = (_counts([total([each]).fractions() for each in answers], names) for answers in (ones, others))
    everything = np.ones((1, len(ones)))
    of_a, of_b = (_percent(everything @ both)[0] for both in (a, b))
    observed = of_b - of_a
    resampled = [_percent(draws @ b) - _percent(draws @ a) for draws in _draws(len(ones), rounds, seed)]
    differing = np.any(a != b, axis=(0, 2))  # where both say the same, a swap changes nothing
    gain = (b - a)[:, differing]
    sums = everything @ a, everything @ b
    swapped = [
        _percent(sums[1] - coins @ gain) - _percent(sums[0] + coins @ gain)
        for coins in _coins(gain.shape[1], rounds, seed)
    ]
    by_bootstrap = np.concatenate(resampled)
    figures = zip(
        of_a.tolist(),
        of_b.tolist(),
        _intervals(by_bootstrap),
        _probability(by_bootstrap - observed, observed),  # centred, as if neither were better
        _probability(np.concatenate(swapped), observed),
        strict=True,
    )
    return Contrast(dict(zip(names, map(Difference._make, figures), strict=True)), _alike(ones, others), rounds, seed)


def _alike(ones: Sequence[Compared], others: Sequence[Compared]) -> bool:
    """Whether both found the same in every sentence."""
    return all(a.found == b.found for a, b in zip(ones, others, strict=True))


def _counts(alone: Sequence[Mapping[str, tuple[int, int]]], names: Sequence[str]) -> Array:
    """Part and whole of the named fractions of each sentence (2, sentences, fractions)."""
    both = [[fractions.get(name, (0, 0)) for name in names] for fractions in alone]
    return np.moveaxis(np.array(both, float).reshape(len(alone), len(names), 2), 2, 0)


def _percent(both: Array) -> Array:
    """Parts and wholes (2, ...) as percentages (...); 0 of nothing."""
    part, whole = both
    percent: Array = np.divide(100.0 * part, whole, out=np.zeros_like(part), where=whole > 0)
    return percent


def _draws(sentences: int, rounds: int, seed: int) -> Iterator[Array]:
    """Draw as many sentences as there are, and count how often each was drawn: (rounds, sentences), some at a time."""
    generator = np.random.default_rng([seed, 0])
    for count in _portions(sentences, rounds):
        drawn = generator.integers(sentences, size=(count, sentences)) + sentences * np.arange(count)[:, None]
        yield np.bincount(drawn.ravel(), minlength=drawn.size).reshape(drawn.shape).astype(float)


def _coins(sentences: int, rounds: int, seed: int) -> Iterator[Array]:
    """Toss a coin for each sentence, 1 or 0: (rounds, sentences), some rounds at a time."""
    generator = np.random.default_rng([seed, 1])
    for count in _portions(sentences, rounds):
        yield generator.integers(2, size=(count, sentences), dtype=np.int8).astype(float)


def _portions(sentences: int, rounds: int) -> Iterator[int]:
    """Cut the rounds into portions of at most `CELLS` random numbers."""
    most = max(1, CELLS // max(1, sentences))
    for done in range(0, rounds, most):
        yield min(most, rounds - done)


def _intervals(figures: Array) -> list[Interval]:
    """The percentile interval of each column of figures (rounds, N)."""
    beyond = (100 - CONFIDENCE) / 2
    borders = np.percentile(figures, [beyond, 100 - beyond], axis=0, method="inverted_cdf")
    return [Interval(*pair) for pair in borders.T.tolist()]


def _probability(figures: Array, observed: Array) -> list[float]:
    """How often each column of (rounds, N) is as far from 0 as what was observed (N,), which is one more round."""
    beyond = np.count_nonzero(np.abs(figures) >= np.abs(observed) - CLOSE, axis=0)
    shares: list[float] = ((beyond + 1) / (len(figures) + 1)).tolist()
    return shares
