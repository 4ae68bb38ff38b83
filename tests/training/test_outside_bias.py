"""The bias of O that makes F1 on running text highest."""

import numpy as np
import pytest
from running import model, text

from rnntag.data.sentence import Sentence
from rnntag.evaluation.compare import score
from rnntag.model.record import Record
from rnntag.tagging.tagger import Tagger
from rnntag.training.calibration import tune_outside_bias


def test_leaning_leaves_the_members_of_an_average_alone():
    from rnntag.training.reports import RunDone
    from rnntag.training.runs import together

    record = Record({"bptt": 16, "context": 5}, figures={"quality": 1.0})
    done = [RunDone(n, 2, n, record, model(n)) for n in (1, 2)]
    before = [run.model.parameters.flat.copy() for run in done]
    together(done, [Sentence(text(30, 1), ["X"] * 30)])
    for run, flat in zip(done, before, strict=True):
        np.testing.assert_array_equal(run.model.parameters.flat, flat)


def test_leaning_finds_the_offset_of_the_best_f1_and_keeps_it():
    found, given = model(3), [Sentence(text(200, 4))]
    gold = [each.with_tags(["X" if tag == "O" else tag for tag in each.tags]) for each in Tagger(found).tagged(given)]
    before = float(found.parameters["output.bias"][0])

    def f1():
        return score(gold, Tagger(found).tagged(given), found.scheme).overall.f1

    first, offset = f1(), tune_outside_bias(found, gold)
    assert offset > 0
    assert float(found.parameters["output.bias"][0]) == pytest.approx(before - offset, abs=1e-5)
    assert f1() > first
