"""Counts and what follows from them: measures in percent, fractions that add up."""

from answers import UTTERANCES, scores

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.evaluation.compare import score
from rnntag.evaluation.counts import MEASURES, Counts, percent


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
