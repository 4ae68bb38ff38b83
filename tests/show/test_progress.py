"""What the live panel shows."""

from rich.console import Console

from rnntag.evaluation.counts import Counts, Scores
from rnntag.show.progress import TrainingDisplay
from rnntag.training.reports import Epoch


def epoch(number, correct, best):
    """One whose F1 depends on how many spans of ten are right."""
    scores = Scores(Counts(10, 10, correct), {}, 10, 10 - number, 1, 0, "conlleval")
    return Epoch(number, 9, 0.1, 1.0, 0.0, 0, 0.01, 1e4, 1.0, scores, best)


def test_the_best_epoch_is_the_one_that_is_kept():
    """Of equal F1 the accuracy decides, so the first of the highest F1 need not be it."""
    display = TrainingDisplay(quiet=True)
    for progress in (epoch(1, 5, True), epoch(2, 8, True), epoch(3, 8, True), epoch(4, 7, False)):
        display.show(progress)
    console = Console(width=200)
    with console.capture() as shown:
        console.print(display._panel())
    assert "best F1 80.00 after epoch 3" in shown.get()
