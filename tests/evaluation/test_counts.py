"""Counts and what follows from them: measures in percent, fractions that add up; against scikit-learn and seqeval."""

import json
import random

import pytest
from answers import UTTERANCES, scores, tagged
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support
from sklearn import metrics

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.evaluation.compare import score
from rnntag.evaluation.counts import MEASURES, Counts, counted_intents, macro, percent, right_intent


def test_the_percentages_in_the_manual_of_conlleval():
    # https://www.clips.uantwerpen.be/conll2000/chunking/output.html: "processed 961 tokens with 459 phrases;
    # found: 539 phrases; correct: 371."
    counts = Counts(gold=459, predicted=539, correct=371)
    assert [f"{value:6.2f}" for value in (counts.precision, counts.recall, counts.f1)] == [
        " 68.83",
        " 80.83",
        " 74.35",
    ]


def test_what_is_undefined_is_zero():
    nothing = scores([]).overall
    assert (nothing.precision, nothing.recall, nothing.f1) == (0.0, 0.0, 0.0)
    missed = scores([("B-a", "O")])
    assert (missed.overall.precision, missed.overall.recall, missed.accuracy) == (0.0, 0.0, 0.0)
    assert scores([]).accuracy == scores([]).sentence_accuracy == 0.0


def test_every_measure_is_a_fraction_that_adds_up_over_sentences():
    gold = [Sentence(["a"] * len(row[0].split()), row[0].split(), intent=row[1]) for row in UTTERANCES]
    predicted = [Sentence(["a"] * len(row[2].split()), row[2].split(), intent=row[3]) for row in UTTERANCES]
    result = score(gold, predicted, SCHEMES["bio"])
    fractions = result.fractions()
    assert list(fractions) == list(MEASURES)
    told = result.as_dict()
    assert {name: round(percent(*fraction), 2) for name, fraction in fractions.items()} == {
        name: told[name] for name in MEASURES
    }
    alone = [score([one], [other], SCHEMES["bio"]).fractions() for one, other in zip(gold, predicted, strict=True)]
    for name, fraction in fractions.items():
        assert fraction == tuple(sum(each.get(name, (0, 0))[side] for each in alone) for side in (0, 1))


def utterances(pairs):
    """Sentences of one token with these gold and predicted intents."""
    return ([Sentence(["a"], ["O"], intent=intent) for intent in side] for side in zip(*pairs, strict=True))


def drawn(rng, labels, count):
    """Pairs of a gold and a predicted label; some are only in gold, some only predicted."""
    return [(rng.choice(labels[1:]), rng.choice(labels[:-1])) for _ in range(count)]


def test_macro_averages_are_those_of_seqeval():
    rng = random.Random(5)
    tags = ["O", "O", *(f"{prefix}-{kind}" for prefix in "BI" for kind in "abc")]
    for _ in range(20):
        gold, predicted = ([rng.choices(tags, k=6) for _ in range(30)] for _ in range(2))
        gold = [[tag.replace("c", "a") for tag in tagging] for tagging in gold]  # c is never right
        found = score(tagged(gold), tagged(predicted), SCHEMES["bio"])
        theirs = precision_recall_fscore_support(gold, predicted, average="macro", zero_division=0)
        assert list(found.macro) == pytest.approx([100 * each for each in theirs[:3]])
        assert found.as_dict()["macro"] == {name: round(value, 2) for name, value in found.macro._asdict().items()}
        assert found.macro.f1 != pytest.approx(found.overall.f1)


def test_a_mean_over_no_labels_is_zero():
    assert macro([]) == (0.0, 0.0, 0.0)
    assert macro([Counts(1, 1, 1), Counts(0, 1, 0)]) == (50.0, 50.0, 50.0)


@pytest.mark.parametrize("rule", ["any", "exact"])
def test_scores_by_intent_are_those_of_scikit_learn(rule):
    rng = random.Random(6)
    for _ in range(20):
        pairs = drawn(rng, ["alarm", "fare", "flight", "hotel", "weather"], 60)
        found = score(*utterances(pairs), SCHEMES["bio"], rule).intents
        gold, predicted = zip(*pairs, strict=True)
        labels = sorted({*gold, *predicted})
        assert list(found.types) == labels
        each = metrics.precision_recall_fscore_support(gold, predicted, labels=labels, zero_division=0)
        ours = [[getattr(counts, name) for counts in found.types.values()] for name in ("precision", "recall", "f1")]
        for column, theirs in zip(ours, each, strict=False):
            assert column == pytest.approx(list(100 * theirs))
        assert [counts.gold for counts in found.types.values()] == each[3].tolist()
        mean = metrics.precision_recall_fscore_support(gold, predicted, labels=labels, average="macro", zero_division=0)
        assert list(macro(found.types.values())) == pytest.approx([100 * value for value in mean[:3]])
        matrix = metrics.confusion_matrix(gold, predicted, labels=labels)
        wrong = {
            (one, other): int(matrix[row, column])
            for row, one in enumerate(labels)
            for column, other in enumerate(labels)
            if row != column and matrix[row, column]
        }
        assert found.confusions == wrong
        assert list(found.confusions.values()) == sorted(wrong.values(), reverse=True)
        assert (found.utterances, found.correct) == (len(pairs), int(matrix.trace()))
        assert found.accuracy == pytest.approx(100 * metrics.accuracy_score(gold, predicted))


@pytest.mark.parametrize(
    ("gold", "predicted", "any_of_them", "all_of_them"),
    [
        ("flight", "flight", ("flight", "flight"), ("flight", "flight")),
        ("flight", "fare", ("flight", "fare"), ("flight", "fare")),
        ("flight", None, ("flight", None), ("flight", None)),
        ("flight#fare", "fare", ("fare", "fare"), ("fare#flight", "fare")),
        ("flight#fare", "fare#flight", ("fare#flight", "fare#flight"), ("fare#flight", "fare#flight")),
        ("flight#fare", "meal", ("flight", "meal"), ("fare#flight", "meal")),
        ("flight#fare", "meal#fare", ("flight", "fare#meal"), ("fare#flight", "fare#meal")),
    ],
)
def test_an_utterance_counts_under_one_gold_and_one_predicted_intent(gold, predicted, any_of_them, all_of_them):
    for rule, expected in (("any", any_of_them), ("exact", all_of_them)):
        assert counted_intents(gold, predicted, rule) == expected
        assert (expected[0] == expected[1]) == right_intent(gold, predicted, rule)


def test_what_is_counted_by_intent_adds_up():
    gold = [Sentence(["a"] * len(row[0].split()), row[0].split(), intent=row[1]) for row in UTTERANCES]
    predicted = [Sentence(["a"] * len(row[2].split()), row[2].split(), intent=row[3]) for row in UTTERANCES]
    for rule in ("any", "exact"):
        found = score(gold, predicted, SCHEMES["bio"], rule).intents
        types = found.types.values()
        assert sum(counts.gold for counts in types) == found.utterances == 10
        assert sum(counts.predicted for counts in types) == 9  # for one no intent was predicted
        assert (
            sum(counts.correct for counts in types)
            == found.correct
            == found.utterances - sum(found.confusions.values())
        )
        told = json.loads(json.dumps(found.as_dict()))
        assert told["intents"] == {label: counts.as_dict() for label, counts in found.types.items()}
        assert sum(each["count"] for each in told["intent_confusions"]) == found.utterances - found.correct
        assert set(told["intent_macro"]) == {"precision", "recall", "f1"}


def test_scores_and_counts_show_what_they_are_in_a_line():
    counts = Counts(4, 5, 2)
    assert repr(counts) == "Counts(F1 44.44, precision 40.00, recall 50.00, gold 4, predicted 5, correct 2)"
    found = score(*utterances([("a", "a"), ("a", "b")]), SCHEMES["bio"])
    assert repr(found) == ("Scores(F1 0.00, precision 0.00, recall 0.00, intent accuracy 50.00, 2 sentences)")
