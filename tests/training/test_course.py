"""Where a training stands: it goes through JSON and back, and counts what is best."""

import json
import math

from trainings import corpus, trainer

from rnntag.training.course import Course
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Epoch


def course():
    """That of a training in its third epoch."""
    one = trainer(corpus(20, intents=True), corpus(9, 1, intents=True), epochs=3)
    for report in one.run():
        if not isinstance(report, Epoch) and report.epoch == 3:
            break
    return one.course


def test_it_goes_through_json_and_back():
    before = course()
    after = Course.from_dict(json.loads(json.dumps(before.as_dict(), allow_nan=False)), before.norms)
    assert after == before
    assert (after.epoch, len(after.reports), len(after.norms)) == (3, 2, 1)
    assert after.reports[0].scores.intents.pairs


def test_updates_without_a_finite_gradient_count_for_nothing_but_their_number():
    one = Course(5)
    one.add(6.0, 3, 0.5)
    one.add(math.nan, 9, math.inf)
    assert (one.loss, one.used, one.norms) == (2.0, 3, [0.5, math.inf])
    report = one.end_epoch(Recipe(epochs=2), 0.1, 100.0, course().reports[0].scores)
    assert (report.loss, report.gradient_norm, report.skipped, report.epoch) == (2.0, 0.5, 1, 1)
    assert (one.epoch, one.losses, one.used, one.norms) == (2, 0.0, 0, [])


def test_a_score_that_is_no_better_costs_patience():
    scores, one = course().reports[0].scores, Course(2)
    reports = [one.end_epoch(Recipe(epochs=9, patience=2), 0.1, 1.0, scores) for _ in range(3)]
    assert [report.best for report in reports] == [True, False, False]
    assert one.patience == 0
