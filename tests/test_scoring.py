"""A gold file against a model."""

import pytest

import rnntag
from rnntag import formats, scoring
from rnntag.scheme import SCHEMES


@pytest.mark.parametrize("name", ["bioes", "iob1"])
def test_gold_in_another_notation_is_scored_all_the_same(trained, name):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    other = [
        sentence.with_tags(SCHEMES[name].tags(model.scheme.spans(sentence.tags), len(sentence))) for sentence in gold
    ]
    assert [sentence.tags for sentence in other] != [sentence.tags for sentence in gold]
    ours, theirs = scoring.of_model(model, gold), scoring.of_model(model, other, SCHEMES[name])
    assert theirs.scores == ours.scores
    assert list(theirs.warnings) == list(ours.warnings)


def test_gold_without_a_single_span_can_be_scored(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    nothing = [sentence.with_tags(["O"] * len(sentence)) for sentence in gold]
    scores = scoring.of_model(model, nothing).scores
    assert scores.overall.gold == 0
    assert scores.tokens == sum(map(len, gold))
