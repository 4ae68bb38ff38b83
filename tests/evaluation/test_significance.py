"""Intervals and tests of significance against corpora put together sentence by sentence, and against enumeration."""

import itertools
import math
import random

import numpy as np
import pytest

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.evaluation import significance
from rnntag.evaluation.compare import compare, score, total
from rnntag.evaluation.counts import MEASURES, percent

BIO = SCHEMES["bio"]
TAGS = ["O", "O", "B-x", "I-x", "B-y", "I-y"]


def corpus(rng, count):
    """Gold sentences of random tags; not every one has an intent."""
    return [
        Sentence(["a"] * size, rng.choices(TAGS, k=size), intent=rng.choice(["p", "q", None]))
        for size in (rng.randint(1, 6) for _ in range(count))
    ]


def answered(rng, gold, slips):
    """The same with some tags and intents drawn anew."""
    return [
        sentence.with_tags(
            [rng.choice(TAGS) if rng.random() < slips else tag for tag in sentence.tags],
            rng.choice("pq") if rng.random() < slips else sentence.intent,
        )
        for sentence in gold
    ]


def laid(gold, predicted):
    return list(compare(gold, predicted, BIO))


def measures(scores):
    """All measures that there might be, as they are; 0 for what nothing is known of."""
    fractions = scores.fractions()
    return {name: percent(*fractions.get(name, (0, 0))) for name in MEASURES}


def outermost(values):
    """The 25th of 1000 values, and the 975th: Efron and Tibshirani's percentile interval."""
    values = sorted(values)
    return values[math.ceil(0.025 * len(values)) - 1], values[math.ceil(0.975 * len(values)) - 1]


def drawn(sentences, rounds, seed):
    return np.concatenate(list(significance._draws(sentences, rounds, seed)))


# Intervals


def test_an_interval_is_that_of_the_scores_of_corpora_drawn_out(monkeypatch):
    """To the last digit: each resample is put together, and scored as any corpus is."""
    monkeypatch.setattr(significance, "CELLS", 7 * 40)  # so that rounds come in portions that do not divide them
    rng = random.Random(5)
    gold = corpus(rng, 40)
    predicted = answered(rng, gold, 0.3)
    found = significance.intervals(laid(gold, predicted), resamples=200, seed=9)
    resampled = []
    for counts in drawn(40, 200, 9).astype(int):
        places = np.repeat(np.arange(40), counts)
        resampled.append(score([gold[place] for place in places], [predicted[place] for place in places], BIO))
    assert list(found.measures) == list(MEASURES)
    for name, interval in found.measures.items():
        assert interval == outermost([measures(scores)[name] for scores in resampled])
    assert list(found.types) == ["x", "y"]
    for label, interval in found.types.items():
        assert interval == outermost([scores.types[label].f1 for scores in resampled])


def test_as_many_sentences_are_drawn_as_there_are_and_each_as_often():
    counts = drawn(30, 4000, 1)
    assert counts.shape == (4000, 30)
    assert np.all(counts.sum(axis=1) == 30)
    assert np.abs(counts.mean(axis=0) - 1).max() < 0.08
    # Of a multinomial of 30 draws: variance 1 - 1/30, covariance -1/30.
    covariance = np.cov(counts.T)
    assert np.abs(covariance - (np.eye(30) - 1 / 30)).max() < 0.15


def test_of_sentences_of_one_token_the_interval_is_that_of_the_binomial_distribution():
    gold = [Sentence(["a"], ["B-x"]) for _ in range(50)]
    predicted = [Sentence(["a"], ["B-x" if place < 40 else "O"]) for place in range(50)]
    found = significance.intervals(laid(gold, predicted), resamples=20_000).measures["accuracy"]
    chances = [math.comb(50, right) * 0.8**right * 0.2 ** (50 - right) for right in range(51)]
    below = list(itertools.accumulate(chances))
    exact = [2 * next(right for right in range(51) if below[right] >= border) for border in (0.025, 0.975)]
    assert exact == [68, 90]
    assert list(found) == exact


def test_what_cannot_vary_has_no_width():
    gold = [Sentence(["a", "b"], ["B-x", "O"], intent="p") for _ in range(5)]
    found = significance.intervals(laid(gold, gold))
    assert set(found.measures.values()) | set(found.types.values()) == {(100.0, 100.0)}


def test_a_measure_that_is_not_there_has_no_interval():
    gold = [Sentence(["a"], ["O"])]
    found = significance.intervals(laid(gold, gold))
    assert list(found.measures) == ["precision", "recall", "f1", "accuracy", "sentence_accuracy"]
    assert found.types == {}
    assert found.measures["f1"] == (0.0, 0.0)


def test_the_seed_decides_and_is_told():
    rng = random.Random(2)
    gold = corpus(rng, 60)
    compared = laid(gold, answered(rng, gold, 0.3))
    one, again, other = (significance.intervals(compared, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one.measures != other.measures
    assert str(other) == "95 % of 1000 resamples, seed 2"
    told = other.as_dict()
    assert (told["confidence"], told["resamples"], told["seed"]) == (95, 1000, 2)
    assert told["f1"] == [round(border, 2) for border in other.measures["f1"]]
    assert told["types"]["x"] == [round(border, 2) for border in other.types["x"]]


# Two answers


def two(seed, count, slips=(0.3, 0.4)):
    """A gold corpus, and two answers to it."""
    rng = random.Random(seed)
    gold = corpus(rng, count)
    return gold, answered(rng, gold, slips[0]), answered(rng, gold, slips[1])


def apart(gold, a, b):
    """By how much each measure of B is above that of A."""
    one, other = (measures(score(gold, answer, BIO)) for answer in (a, b))
    return np.array([other[name] - one[name] for name in MEASURES])


def as_far(values, observed):
    """The share of values that are as far from 0 as what was observed, in each column."""
    return np.mean(np.abs(values) >= np.abs(observed) - 1e-9, axis=0)


def probabilities(found, which):
    return [getattr(difference, which) for difference in found.measures.values()]


def test_both_tests_are_those_of_corpora_put_together(monkeypatch):
    """To the last digit: sentences are drawn, or change places, and what comes out is scored as any corpus is."""
    monkeypatch.setattr(significance, "CELLS", 7 * 25)
    gold, a, b = two(3, 25)
    found = significance.contrast(laid(gold, a), laid(gold, b), rounds=150, seed=4)
    observed = apart(gold, a, b)
    assert [difference.value for difference in found.measures.values()] == observed.tolist()
    assert [difference.a for difference in found.measures.values()] == list(measures(score(gold, a, BIO)).values())

    resampled = []
    for counts in drawn(25, 150, 4).astype(int):
        places = np.repeat(np.arange(25), counts)
        resampled.append(apart(*([answer[place] for place in places] for answer in (gold, a, b))))
    far = as_far(np.array(resampled) - observed, observed)
    assert probabilities(found, "bootstrap") == pytest.approx((150 * far + 1) / 151)
    borders = [outermost(column) for column in np.array(resampled).T.tolist()]
    assert [difference.interval for difference in found.measures.values()] == borders

    differing = [
        place
        for place, (one, other) in enumerate(zip(laid(gold, a), laid(gold, b), strict=True))
        if total([one]).fractions() != total([other]).fractions()
    ]
    swapped = []
    for coins in np.concatenate(list(significance._coins(len(differing), 150, 4))):
        ours, theirs = list(a), list(b)
        for place in itertools.compress(differing, coins):
            ours[place], theirs[place] = theirs[place], ours[place]
        swapped.append(apart(gold, ours, theirs))
    assert probabilities(found, "swaps") == pytest.approx((150 * as_far(swapped, observed) + 1) / 151)


def test_randomisation_comes_near_what_all_swaps_give():
    gold, a, b = two(1, 10)
    observed = apart(gold, a, b)
    every = []
    for coins in itertools.product((False, True), repeat=10):
        pairs = [(y, x) if coin else (x, y) for coin, x, y in zip(coins, a, b, strict=True)]
        every.append(apart(gold, *zip(*pairs, strict=True)))
    found = significance.contrast(laid(gold, a), laid(gold, b))
    exact = as_far(every, observed)
    assert len(set(exact)) > 3
    assert probabilities(found, "swaps") == pytest.approx(exact, abs=0.015)


def test_the_bootstrap_comes_near_what_all_samples_give():
    gold, a, b = two(2, 5, (0.1, 0.6))
    observed = apart(gold, a, b)
    every = [
        apart(*([answer[place] for place in places] for answer in (gold, a, b)))
        for places in itertools.product(range(5), repeat=5)
    ]
    found = significance.contrast(laid(gold, a), laid(gold, b))
    exact = as_far(np.array(every) - observed, observed)
    assert len(set(exact)) > 3
    assert probabilities(found, "bootstrap") == pytest.approx(exact, abs=0.015)


def test_a_coin_falls_either_way_as_often():
    coins = np.concatenate(list(significance._coins(20, 5000, 1)))
    assert coins.shape == (5000, 20)
    assert set(np.unique(coins)) == {0.0, 1.0}
    assert np.abs(coins.mean(axis=0) - 0.5).max() < 0.03
    assert np.abs(np.corrcoef(coins.T) - np.eye(20)).max() < 0.06


def test_answers_of_the_same_worth_are_told_apart_at_most_as_often_as_the_level_says():
    """Of 200 pairs with nothing between them about 1 in 20 is below 0.05, and p is spread evenly."""
    found = []
    for seed in range(200):
        gold, a, b = two(seed, 30, (0.3, 0.3))
        found.append(significance.contrast(laid(gold, a), laid(gold, b), rounds=200).measures["f1"])
    for chances in ([difference.swaps for difference in found], [difference.bootstrap for difference in found]):
        assert sum(p < significance.LEVEL for p in chances) <= 20
        assert 0.4 < np.mean(chances) < 0.6


def test_a_measure_that_only_one_has_is_not_compared():
    gold, a, b = two(3, 25)
    found = significance.contrast(laid(gold, a), list(compare(gold, b, BIO, None)))
    assert list(found.measures) == ["precision", "recall", "f1", "accuracy", "sentence_accuracy"]


# What it means, in a sentence


def test_what_is_the_same_is_called_identical():
    gold, a, _ = two(3, 25)
    found = significance.contrast(laid(gold, a), laid(gold, list(a)), rounds=50)
    assert found.alike
    assert found.meaning() == "A and B are identical: they found the same in every sentence"
    for difference in found.measures.values():
        assert (difference.value, difference.interval, difference.p) == (0.0, (0.0, 0.0), 1.0)


@pytest.mark.parametrize("slip", ["span", "tag", "intent"])
def test_what_differs_in_one_place_is_not_identical(slip):
    gold = [Sentence(["a", "b"], ["B-x", "I-x"], intent="p") for _ in range(3)]
    other = list(gold)
    other[1] = {
        "span": gold[1].with_tags(["B-x", "O"]),
        "tag": gold[1].with_tags(["I-x", "I-x"]),  # the same span as conlleval reads it
        "intent": gold[1].with_tags(["B-x", "I-x"], "q"),
    }[slip]
    assert not significance.contrast(laid(gold, gold), laid(gold, other), rounds=10).alike


def meaning(a, b, bootstrap, swaps):
    difference = significance.Difference(a, b, significance.Interval(0, 0), bootstrap, swaps)
    return significance.Contrast({"f1": difference}, False, 10_000, 1).meaning()


@pytest.mark.parametrize(
    ("p", "odds"),
    [
        (0.0494, "5 of 100"),
        (0.03, "3 of 100"),
        (0.0201, "3 of 100"),
        (0.01, "1 of 100"),
        (0.0099, "10 of 1000"),
        (0.0011, "2 of 1000"),
        (0.001, "1 of 1000"),
        (0.0001, "fewer than 1 of 1000"),
    ],
)
def test_the_better_one_is_named_and_how_often_chance_does_as_much(p, odds):
    told = f" by 0.42 F1; a difference this large would come about by chance in {odds} test sets like this one"
    assert meaning(90.0, 90.42, p, 0.0001) == "B is better than A" + told
    assert meaning(90.42, 90.0, 0.0001, p) == "A is better than B" + told  # the more careful of both tests


@pytest.mark.parametrize("chances", [(0.05, 0.01), (0.01, 0.05)])
def test_where_either_test_leaves_it_to_chance_nothing_is_said(chances):
    told = "(as much in 5 of 100 test sets like this one): nothing can be said"
    assert meaning(90.0, 90.42, *chances) == f"The difference of 0.42 F1 is within what chance gives {told}"
