"""The bias of O that makes F1 on running text highest."""

import numpy as np
import pytest
from running import model, text

from rnntag.data.sentence import Sentence
from rnntag.evaluation.compare import score
from rnntag.model.record import Record
from rnntag.tagging.tagger import Tagger
from rnntag.training.calibration import finish, judge, tune_outside_bias
from rnntag.training.reports import RunDone
from rnntag.training.runs import together

RUNNING = {"bptt": 16, "context": 5}


def bias_of(found):
    return float(found.parameters["output.bias"][0])


def missed():
    """A model, and gold tags of which it finds those that are not X."""
    found, given = model(3), [Sentence(text(200, 4))]
    gold = [each.with_tags(["X" if tag == "O" else tag for tag in each.tags]) for each in Tagger(found).tagged(given)]
    return found, gold


def test_leaning_leaves_the_members_of_an_average_alone():
    record = Record(RUNNING, figures={"quality": 1.0})
    done = [RunDone(n, 2, n, record, model(n)) for n in (1, 2)]
    before = [run.model.parameters.flat.copy() for run in done]
    together(done, [Sentence(text(30, 1), ["X"] * 30)])
    for run, flat in zip(done, before, strict=True):
        np.testing.assert_array_equal(run.model.parameters.flat, flat)


def test_tuning_finds_the_offset_of_the_best_f1_and_changes_nothing():
    found, gold = missed()
    before = found.parameters.flat.copy()
    first, offset = judge(found, gold).overall.f1, tune_outside_bias(found, gold)
    np.testing.assert_array_equal(found.parameters.flat, before)
    assert offset > 0
    found.parameters["output.bias"][0] -= offset
    assert judge(found, gold).overall.f1 > first


def test_leaning_finds_the_offset_of_the_best_f1_and_keeps_it():
    found, gold = missed()
    found.record = Record(RUNNING, figures={"f1": 1.0})
    before, offset = bias_of(found), tune_outside_bias(found, gold)
    first = score(gold, Tagger(found).tagged(gold), found.scheme).overall.f1
    finish(found, gold)
    assert bias_of(found) == pytest.approx(before - offset, abs=1e-5)
    assert score(gold, Tagger(found).tagged(gold), found.scheme).overall.f1 > first
    assert found.record.figures == judge(found, gold).figures()


def test_each_member_of_an_average_gives_up_as_much():
    record = Record(RUNNING, figures={"quality": 1.0})
    done = [RunDone(n, 2, n, record, model(n)) for n in (1, 2)]
    one = together(done, [Sentence(text(30, 1), ["X"] * 30)])
    given = [
        bias_of(run.model) - float(member["output.bias"][0]) for run, member in zip(done, one.members, strict=True)
    ]
    assert given[0] > 0
    assert given == pytest.approx([given[0]] * 2, abs=1e-5)


def test_where_the_bias_is_right_there_is_no_offset():
    found, given = model(3), [Sentence(text(200, 4))]
    gold = Tagger(found).tagged(given)
    assert tune_outside_bias(found, gold) is None
    found.record = Record(RUNNING, figures={"f1": 1.0})
    before = found.parameters.flat.copy()
    finish(found, gold)
    np.testing.assert_array_equal(found.parameters.flat, before)
    assert found.record.figures == {"f1": 1.0}


@pytest.mark.parametrize("record", [Record(figures={"f1": 1.0}), Record(RUNNING)], ids=["sentences", "never judged"])
def test_the_bias_of_other_models_is_left_alone(record):
    found, gold = missed()
    found.record = record
    before = found.parameters.flat.copy()
    finish(found, gold)
    np.testing.assert_array_equal(found.parameters.flat, before)
    assert found.record == record
