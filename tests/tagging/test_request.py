"""What is asked for besides the best tags: whether a model can give it, and what becomes of a result."""

import pytest
from running import model as tokens_model

import rnntag
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Certainty, Sentence
from rnntag.errors import SpecError
from rnntag.tagging.request import TAGS, Request

BIO = SCHEMES["bio"]


@pytest.fixture(scope="module")
def model(trained):
    return rnntag.load(trained.path).model


def sure(*spans, tagging=0.5, tags=("B-a", "I-a", "O", "B-b")):
    return Sentence(["w"] * len(tags), list(tags), certainty=Certainty(tagging, [0.9] * len(tags), list(spans), 0.8))


@pytest.mark.parametrize(
    ("asked", "certain", "tags_only"),
    [
        ({}, False, True),
        ({"to_scheme": "bioes"}, False, True),
        ({"forced": True}, False, False),
        ({"probabilities": True}, True, False),
        ({"best": 2}, True, False),
        ({"min_probability": 0.1}, True, False),
        ({"least_sure": 1}, True, False),
    ],
    ids=str,
)
def test_what_an_answer_takes(asked, certain, tags_only):
    request = Request(**asked)
    assert (request.certain, request.tags_only) == (certain, tags_only)


@pytest.mark.parametrize(
    ("asked", "fact"),
    [
        ({"best": 0}, "best is 0, but must be at least 1"),
        ({"min_probability": float("nan")}, "--min-probability is no number"),
        (
            {"to_scheme": "bioes"},
            "--to-scheme is for spans, but this model gives each token a tag of its own",
        ),
    ],
    ids=str,
)
def test_what_a_model_of_single_tags_cannot_give(asked, fact):
    with pytest.raises(SpecError) as caught:
        Request(**asked).check(tokens_model())
    assert str(caught.value) == fact


def test_what_needs_a_tag_for_no_span(model):
    without = tokens_model()
    without.tags = ["X", "Y", "Z"]
    with pytest.raises(SpecError) as caught:
        Request(min_probability=0.5).check(without)
    assert str(caught.value) == "--min-probability puts O in place of a tag, but this model's tags are without O"
    for request in (TAGS, Request(True, 3, True, 0.5, "bioes", 7), Request(min_probability=1.0)):
        request.check(model)
        if not request.to_scheme:
            request.check(tokens_model())


def test_a_result_holds_what_was_asked_for_and_no_more():
    sentence = sure(0.9, 0.3)
    same = Request(probabilities=True).finish(sentence, BIO)
    assert (same.tags, same.certainty) == (sentence.tags, sentence.certainty)
    assert Request(least_sure=3).finish(sentence, BIO).certainty is None
    ranked = Request(best=2).finish(sentence, BIO).certainty
    assert (ranked.tagging, ranked.tags, ranked.spans) == (0.5, [], [0.9, 0.3])


def test_improbable_spans_are_left_out_and_then_tags_have_no_probabilities():
    kept = Request(min_probability=0.5).finish(sure(0.9, 0.3), BIO)
    assert (kept.tags, kept.certainty) == (["B-a", "I-a", "O", "O"], None)
    kept = Request(True, min_probability=0.5).finish(sure(0.9, 0.3), BIO)
    assert (kept.certainty.tags, kept.certainty.spans) == ([], [0.9])
    whole = Request(True, min_probability=0.2).finish(sure(0.9, 0.3), BIO)
    assert whole.certainty.tags == [0.9] * 4


def test_another_notation_has_other_tags():
    written = Request(True, to_scheme="bioes").finish(sure(0.9, 0.3), BIO)
    assert written.tags == ["B-a", "E-a", "O", "S-b"]
    assert (written.certainty.tags, written.certainty.spans) == ([], [0.9, 0.3])
    assert Request(to_scheme="bioes").scheme(BIO) is SCHEMES["bioes"]
    assert TAGS.scheme(BIO) is BIO


def test_results_come_as_they_are_where_nothing_is_to_be_done():
    bursts = [[sure(0.9, 0.3)], [], [sure(0.1, 0.1)]]
    assert [id(burst) for burst in TAGS.results(bursts, BIO)] == list(map(id, bursts))
    assert [id(burst) for burst in Request(forced=True).results(bursts, BIO)] == list(map(id, bursts))
    [first, *_] = Request(to_scheme="iob1").results(bursts, BIO)
    assert first[0].tags == ["I-a", "I-a", "O", "I-b"]


def test_the_least_sure_of_all_bursts_come_in_one():
    likely, doubtful, middling = (sure(0.9, 0.3, tagging=p) for p in (0.9, 0.1, 0.5))
    [burst] = Request(True, least_sure=2).results(iter([[likely], [doubtful, middling]]), BIO)
    assert [sentence.certainty.tagging for sentence in burst] == [0.1, 0.5]
