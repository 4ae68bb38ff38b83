"""Text of words that a model does not know is told of, and lines that are not cut."""

from dataclasses import replace

import pytest

from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.model.file import load_model
from rnntag.tagging.unfamiliar import ENOUGH, left_alone, unfamiliar


@pytest.fixture
def model(trained):
    model = load_model(trained.path)
    model.record = replace(model.record, unknown=7.0)
    return model


def known(model, count):
    words = model.lexicon.vocabularies["word"].strings[1:]
    return (words * count)[:count]


def test_a_warning_says_how_much_is_unknown(model):
    half = Sentence([*known(model, 30), *(f"zzz{number}" for number in range(30))])
    assert unfamiliar(model, [half]) == (
        "50 % of the first 60 tokens are words that the model does not know; in its dev set 7 % were: its training had "
        "other text, or text that was cut otherwise (--characters, --spaces)"
    )


def test_nothing_is_said_of_what_is_like_its_training(model):
    some = Sentence([*known(model, 80), *["zzz"] * 20])
    assert unfamiliar(model, [some]) is None


def test_nothing_is_said_where_nothing_is_known(model):
    strange = [Sentence(["zzz"] * ENOUGH)]
    assert unfamiliar(model, strange)
    assert unfamiliar(model, [Sentence(["zzz"] * (ENOUGH - 1))]) is None
    assert unfamiliar(model, []) is None
    model.record = replace(model.record, unknown=None)
    assert unfamiliar(model, strange) is None


def test_lines_that_are_taken_for_tokens_are_told_of(model):
    one, other = Sentence(["a", ","], text="a ,"), Sentence(["a", ","], text="a,")
    cut = model.cut()
    assert left_alone(cut, [one]) == (
        "the first line is taken for tokens with spaces between, and not cut (--characters cuts)"
    )
    assert left_alone(cut, [one, other, one]) == (
        "2 of the first 3 lines are taken for tokens with spaces between, and not cut (--characters cuts)"
    )
    assert left_alone(cut, [other]) is None
    assert left_alone(Cut(characters=True), [one]) is None
