"""What a training reports: epochs as JSON, ends of runs, and a function that hears of them."""

import json
import math
import statistics

from rnntag.evaluation.counts import Counts, Scores
from rnntag.model.record import Record
from rnntag.training.reports import Epoch, RunDone, RunEpoch, Step, spread

STEP = Step(1, 9, 1, 4, 0.5, 1.0, 1e4)
EPOCH = Epoch(2, 9, 0.1, 1.0, 0.25, 3, 0.01, 1e4, 1.5, Scores(Counts(10, 8, 4), {}, 20, 15, 1, 0, "conlleval"), True)


def test_mean_and_deviation_are_those_of_a_sample():
    assert spread([1.0, 2.0, 4.0]) == (7 / 3, statistics.stdev([1, 2, 4]))
    assert spread([3.0]) == (3.0, 0.0)


def test_an_epoch_as_json_has_its_figures_and_its_scores():
    found = json.loads(json.dumps(EPOCH.as_dict()))
    assert "scores" not in found
    assert (found["epoch"], found["skipped"], found["clipped"], found["best"]) == (2, 3, 0.25, True)
    assert (found["f1"], found["accuracy"]) == (EPOCH.scores.overall.f1, 75.0)
    assert {found["precision"], found["recall"]} == {40.0, 50.0}


def test_an_epoch_of_a_run_tells_whose_it_is():
    assert RunEpoch(2, 3, 7, EPOCH).as_dict() == {"run": 2, "seed": 7, **EPOCH.as_dict()}


def test_a_run_that_was_stopped_early_is_worse_than_any_other():
    assert RunDone(1, 2, 5, Record(), None).quality == -math.inf
    done = RunDone(1, 2, 5, Record(figures={"quality": 12.5, "f1": 10.0}), None)
    assert (done.quality, done.figures) == (12.5, {"quality": 12.5, "f1": 10.0})


def test_a_report_shows_what_it_is_in_a_line():
    assert repr(STEP) == "Step(epoch 1 of 9, batch 1 of 4, loss 0.5000)"
    assert repr(EPOCH) == "Epoch(2 of 9, loss 0.1000, F1 44.44, best)"
    assert repr(RunEpoch(2, 3, 7, EPOCH)) == f"RunEpoch(run 2 of 3, seed 7, {EPOCH!r})"
    assert repr(RunDone(1, 2, 5, Record(figures={"f1": 10.0}), None)) == "RunDone(run 1 of 2, seed 5, F1 10.00)"
    assert repr(RunDone(1, 2, 5, Record(), None)) == "RunDone(run 1 of 2, seed 5)"
