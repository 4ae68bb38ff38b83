"""How far probabilities can be trusted, worked out by hand."""

import numpy as np
import pytest

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Certainty, Sentence
from rnntag.evaluation.reliability import Judged, bins, expected_error, reliability

BIO = SCHEMES["bio"]
GOLD = [Sentence(["a", "b"], ["B-x", "O"], intent="go#stay"), Sentence(["c"], ["B-y"])]
PREDICTED = [
    Sentence(["a", "b"], ["B-x", "B-y"], intent="stay", certainty=Certainty(0.5, [0.9, 0.8], [0.9, 0.7], 0.6)),
    Sentence(["c"], ["O"], intent="go", certainty=Certainty(0.5, [0.9], [], 0.8)),
]


def test_spans_and_intents_of_sentences():
    found = reliability(GOLD, PREDICTED, BIO)
    assert found.spans == pytest.approx((0.1 + 0.7) / 2)  # 0.9 is right and 0.7 is not
    assert found.intents == pytest.approx(0.4)  # of the one whose gold intent is known
    assert [(each.predictions, each.accuracy) for each in found.bins] == [(1, 0.0), (1, 1.0)]
    assert found.thresholds[0] == (0.0, 50.0, 50.0, 50.0)  # of two predicted and two gold spans, one is right
    assert {each.p: each[1:] for each in found.thresholds}[0.8] == pytest.approx((100.0, 50.0, 200 / 3))


def test_the_rule_decides_which_intents_are_right():
    assert reliability(GOLD, PREDICTED, BIO, "exact").intents == pytest.approx(0.6)


def test_where_there_are_no_intents_there_is_no_error_of_theirs():
    gold = [sentence.with_tags(sentence.tags) for sentence in GOLD]
    for sentence in gold:
        sentence.intent = None
    found = reliability(gold, PREDICTED, BIO)
    assert found.intents is None
    assert found.as_dict()["intent_calibration_error"] is None


def test_in_json_errors_are_rounded_and_the_rest_is_not():
    told = reliability(GOLD, PREDICTED, BIO).as_dict()
    assert (told["calibration_error"], told["intent_calibration_error"]) == (0.4, 0.4)
    assert told["bins"][1] == {"low": 13 / 15, "high": 14 / 15, "predictions": 1, "confidence": 0.9, "accuracy": 1.0}
    assert told["thresholds"][0] == {"p": 0.0, "precision": 50.0, "recall": 50.0, "f1": 50.0}


def test_certain_predictions_are_in_the_last_bin():
    judged = Judged(np.array([1.0, 1.0]), np.array([True, False]))
    assert [(each.low, each.high, each.predictions) for each in bins(judged)] == [(14 / 15, 1.0, 2)]
    assert expected_error(judged) == 0.5
