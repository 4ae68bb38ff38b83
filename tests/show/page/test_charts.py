"""Axes, curves of a training, and the reliability diagram."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pages import NOTHING

from rnntag.show import page
from rnntag.show.page import charts


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.sampled_from([0, 0.1, 1]), st.booleans())
def test_ticks_are_round_and_in_the_drawing(low, width, least, outwards):
    found = charts.axis(low, low + width, 10, 110, least=least, outwards=outwards)
    assert found.step >= least
    digits = found.step / 10 ** math.floor(math.log10(found.step) + 1e-9)
    assert min(abs(digits - round_) for round_ in (1, 2, 5, 10)) < 1e-6
    places = [place for place, _ in found.ticks]
    assert places == sorted(places)
    assert all(10 <= place <= 110 for place in places)
    assert len(places) <= 8
    assert 10 <= found.place(low) <= found.place(low + width) <= 110
    if outwards:
        assert (places[0], places[-1]) == (10, 110)


def test_the_best_epoch_is_marked():
    log = [{"epoch": number, "f1": f1, "loss": 1.0 / number} for number, f1 in enumerate([10, 80, 80, 70], 1)]
    assert [row["kept"] for row in charts.learning(log).rows] == [False, True, False, False]
    for line, best in zip(log, [True, True, True, False], strict=True):  # of equal F1 the accuracy decides
        line["best"] = best
    found = charts.learning(log)
    assert [row["kept"] for row in found.rows] == [False, False, True, False]
    assert [chart.note for chart in found.charts] == ["best: 80.00 in epoch 3", "0.3333 in epoch 3"]
    assert found.charts[0].lines[0].best == found.charts[0].lines[0].points[2]


def test_a_curve_leaves_out_what_is_no_number():
    log = [
        {"epoch": 1, "f1": 1.0, "loss": math.nan},
        {"epoch": 2, "f1": None, "loss": 2.0},
        {"epoch": 3, "loss": math.inf},
    ]
    f1, loss = charts.learning(log).charts
    assert [len(chart.lines[0].points) for chart in (f1, loss)] == [1, 1]
    assert [chart.name for chart in charts.learning([*log[2:], {"epoch": 4, "f1": 2.0}]).charts] == ["by-epoch-f1"]
    assert charts.learning(log[2:]) is None
    assert charts.learning([]) is None
    page.render({**NOTHING, "curve": log})


def test_several_runs_are_several_lines():
    log = [{"run": run, "epoch": each, "f1": 10 * run + each, "loss": 1.0} for each in (1, 2) for run in (1, 2)]
    found = charts.learning(log)
    assert found.runs
    assert [len(line.points) for line in found.charts[0].lines] == [2, 2]
    assert [hit.text for hit in found.charts[0].hits] == ["epoch 1: 11.00 to 21.00", "epoch 2: 12.00 to 22.00"]
    assert found.charts[0].note == "best: 22.00 in epoch 2"
    assert '<th scope="col" class="number">run</th>' in page.render({**NOTHING, "curve": log})


@given(st.lists(st.floats(0, 300), max_size=5))
def test_names_at_the_ends_of_lines_do_not_overlap(places):
    found = charts.apart({str(number): place for number, place in enumerate(places)}, 14)
    moved = list(found.values())
    assert all(after - before >= 14 - 1e-9 for before, after in pairwise(moved))
    assert all(found[str(number)] >= place for number, place in enumerate(places))
    assert [places[int(name)] for name in found] == sorted(places)


def test_a_dot_lies_where_its_bin_does():
    (dot,) = charts.reliability_diagram(
        {"bins": [{"low": 0.5, "high": 0.75, "count": 4, "confidence": 0.6, "accuracy": 0.25}], "thresholds": []}
    ).dots
    x, y = charts.axis(0, 1, charts.LEFT, charts.RIGHT), charts.axis(0, 1, charts.TALL, charts.TOP)
    assert (dot.x, dot.y, dot.ideal) == (x.place(0.6), y.place(0.25), y.place(0.6))
    assert (dot.radius, dot.height) == (charts.DOTS[1], charts.STRIP)
