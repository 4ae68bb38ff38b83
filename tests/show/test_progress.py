"""What is shown while a training goes on."""

import os

import pytest
from rich.console import Console

from rnntag.errors import RnntagError
from rnntag.evaluation.counts import Counts, IntentCounts, Scores
from rnntag.model.record import Record
from rnntag.show.progress import (
    BLOCKS,
    TrainingDisplay,
    epoch_line,
    figures_line,
    run_line,
    runs_summary,
    sparkline,
    summary,
)
from rnntag.training.reports import Epoch, RunDone, RunEpoch, RunFailed, Step


def epoch(number, correct, best, **changes):
    """One whose F1 depends on how many spans of ten are right."""
    scores = Scores(Counts(10, 10, correct), {}, 10, 10 - number, 1, 0, "conlleval")
    settings = {"skipped": 0, "seconds": 1.0} | changes
    return Epoch(number, 9, 0.1, 1.0, 0.0, settings["skipped"], 0.01, 1e4, settings["seconds"], scores, best)


def done(number, f1, model=None):
    return RunDone(number, 3, number + 4, Record(figures={"f1": f1, "quality": f1}), model)


def drawn(renderable, width=200):
    console = Console(width=width)
    with console.capture() as shown:
        console.print(renderable)
    return shown.get()


def test_the_best_epoch_is_the_one_that_is_kept():
    """Of equal F1 the accuracy decides, so the first of the highest F1 need not be it."""
    display = TrainingDisplay(quiet=True)
    for progress in (epoch(1, 5, True), epoch(2, 8, True), epoch(3, 8, True), epoch(4, 7, False)):
        display.show(progress)
    assert "best F1 80.00 after epoch 3" in drawn(display._panel())


def test_the_panel_tells_how_far_it_is_and_how_long_it_may_take():
    display = TrainingDisplay(quiet=True)
    display.show(Step(1, 9, 5, 10, 0.25, 1.5, 12345.6))
    text = drawn(display._panel())
    assert "epoch 1/9" in text
    assert "12,346 words/s" in text
    assert "loss 0.2500  gradient norm 1.50" in text
    assert "left at most" not in text
    display.show(epoch(1, 5, True, seconds=60.0))
    display.show(Step(2, 9, 5, 10, 0.25, 1.5, 12345.6))
    assert "7:30 min left at most" in drawn(display._panel())  # seven epochs and a half


def test_the_panel_of_several_runs_has_a_row_each():
    display = TrainingDisplay(quiet=True)
    model = object()
    display.show(RunEpoch(2, 3, 6, epoch(4, 8, True)))
    display.show(done(1, 70.0, model))
    display.show(RunFailed(3, 3, 7, RnntagError("no")))
    rows = [line.split() for line in drawn(display._table()).splitlines()]
    assert rows[0] == ["run", "1/3", "done", "F1", "70.00"]
    assert (rows[1][:2], rows[1][-2:]) == (["run", "2/3"], ["F1", "80.00"])
    assert rows[2] == ["run", "3/3", "failed"]
    assert display._runs[1].model is None  # too large to be kept for its figures


def test_a_narrow_terminal_has_what_a_wide_one_has(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    display = TrainingDisplay(quiet=True)
    for progress in (epoch(1, 5, True, seconds=60.0), Step(2, 9, 5, 10, 0.25, 1.5, 12345.6)):
        display.show(progress)
    lines = [line.rstrip() for line in drawn(display._panel(), 40).splitlines()]
    assert [line for line in lines if line.startswith("epoch 2/9  ━")]
    assert lines[1:] == [
        "12,346 words/s  7:30 min left at most",
        "train  loss 0.2500  gradient norm 1.50",
        "dev  P 50.00  R 50.00  F1 50.00",
        f"{BLOCKS[0]}  best F1 50.00 after epoch 1",
    ]
    for progress in (RunEpoch(2, 3, 6, epoch(4, 8, True)), done(1, 70.0)):
        display.show(progress)
    lines = [line.rstrip() for line in drawn(display._table(), 40).splitlines()]
    assert lines[0] == "run 1/3  done  F1 70.00"
    assert lines[1].startswith("run 2/3  ━")
    assert lines[2:] == ["F1 80.00"]


def test_off_a_terminal_an_epoch_is_a_line_and_an_update_none(capsys):
    with TrainingDisplay(quiet=False) as display:
        display.show(Step(1, 9, 5, 10, 0.25, 1.5, 1.0))
        display.show(epoch(1, 5, True))
        display.note("so far")
        with display.status("waiting") as notice:
            notice("reading")
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"{epoch_line(epoch(1, 5, True))}\nso far\nreading\n")


def test_the_quiet_one_says_nothing(capsys):
    with TrainingDisplay(quiet=True) as display, display.status("waiting") as notice:
        display.show(epoch(1, 5, True))
        display.note("so far")
        notice("reading")
    assert capsys.readouterr() == ("", "")


def test_an_epoch_in_a_line():
    plain = "epoch   1/9  loss 0.1000  norm 1.00  P 50.00  R 50.00  F1 50.00  10,000 words/s  1 s"
    assert epoch_line(epoch(1, 5, False)) == plain
    assert epoch_line(epoch(1, 5, True, skipped=2)) == f"{plain}  *  2 updates skipped, not finite"


def test_intents_are_told_where_there_are_some():
    scores = Scores(
        Counts(1, 1, 1), {}, 1, 1, 1, 1, "conlleval", IntentCounts({("a", "a"): 3, ("a", "b"): 1}, 2, "any")
    )
    assert figures_line(scores.figures()) == "F1 100.00  intent 75.00  whole 50.00"
    assert figures_line({}) == ""


def test_runs_in_a_line():
    runs = [done(1, 70.0), done(2, 80.0)]
    assert run_line(runs[1]) == "run 2/3  seed 6  F1 80.00"
    assert runs_summary(runs) == "2 runs, dev: F1 75.00 ± 7.07; kept: seed 6"
    averaged = type("Model", (), {"record": Record(figures={"f1": 81.0})})()
    together = "2 runs, dev: F1 75.00 ± 7.07; averaged: F1 81.00; kept: "
    assert runs_summary(runs, averaged) == f"{together}seed 6"
    assert runs_summary(runs, averaged, wins=True) == f"{together}all 2, averaged: tagging takes 2 times as long"


@pytest.mark.parametrize(
    ("record", "members", "text"),
    [
        (Record(figures={"f1": 80.0}, epoch=3), 1, "best epoch 3, dev F1 80.00"),
        (Record(figures={"f1": 80.0}), 2, "2 members averaged, dev F1 80.00"),
        (Record(figures={"f1": 80.0}), 1, "dev F1 80.00"),
        (Record(), 1, "before the first epoch's end"),
    ],
)
def test_a_saved_model_in_a_line(tmp_path, record, members, text):
    path = os.fspath(tmp_path / "m.rnntag")
    (tmp_path / "m.rnntag").write_bytes(b"x" * 1_250_000)
    model = type("Model", (), {"record": record, "members": [None] * members})()
    assert summary(model, path) == f"saved {path} (1.2 MB): {text}"


def test_a_sparkline_goes_from_the_least_to_the_greatest():
    assert sparkline([1.0, 8.0, 4.5]) == BLOCKS[0] + BLOCKS[-1] + BLOCKS[4]
    assert sparkline([3.0, 3.0]) == BLOCKS[0] * 2
    assert sparkline([0.0, *([1.0] * 5), 2.0], 2) == BLOCKS[0] + BLOCKS[-1]
