"""The progress of a training on standard error: a live panel on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from rnntag.corpora.splits import discard
from rnntag.errors import one_line
from rnntag.model.model import Model
from rnntag.show.console import console, text_line
from rnntag.show.meter import duration
from rnntag.training.reports import Epoch, Report, RunDone, RunEpoch, RunFailed, Step
from rnntag.training.runs import best, spreads

BLOCKS = "▁▂▃▄▅▆▇█"
SHORT = {"f1": "F1", "intent_accuracy": "intent", "utterance_accuracy": "whole"}  # what figures are called in a line
UNFINISHED = "before the first epoch's end"
NARROW = 70  # columns below which rows of the panel do not stand in columns
Row = tuple[Text, Text | ProgressBar, Text]


def sparkline(values: list[float], width: int = 40) -> str:
    """Draw the last ``width`` values as blocks whose height goes from the least to the greatest of them."""
    values = values[-width:]
    low, high = min(values), max(values)
    scale = (len(BLOCKS) - 1) / (high - low) if high > low else 0.0
    return "".join(BLOCKS[round((value - low) * scale)] for value in values)


class TrainingDisplay:
    """Shows what a training reports: in a live panel on a terminal, one plain line an epoch elsewhere (of several
    runs a line a run).

    Used in a ``with``, in which the panel stands. ``quiet`` shows nothing at all; ``color`` is that of
    `rnntag.show.console.console`.
    """

    def __init__(self, quiet: bool, color: str = "auto") -> None:
        self.console = Console(stderr=True, quiet=True) if quiet else console(color, stderr=True)
        self._quiet, self._lively = quiet, sys.stderr.isatty() and not (quiet or self.console.is_dumb_terminal)
        self._live = Live(console=self.console, refresh_per_second=8, transient=False) if self._lively else None
        self._epochs: list[Epoch] = []
        self._step: Step | None = None
        self._runs: dict[int, RunEpoch | RunDone | RunFailed] = {}

    @contextmanager
    def status(self, doing: str) -> Iterator[Callable[[str], None]]:
        """Yield a function that shows a sentence: in a status line that vanishes, or as a plain line off a terminal.

        doing  what the status line says at first
        """
        if not self._lively:
            yield discard if self._quiet else _print
            return
        status = self.console.status(doing)
        with contextlib.suppress(OSError):
            status.start()
        try:
            yield lambda sentence: status.update(text_line(one_line(sentence)))  # of a bare text rich reads markup
        finally:
            with contextlib.suppress(OSError):
                status.stop()

    def __enter__(self) -> TrainingDisplay:
        if self._live:
            with contextlib.suppress(OSError):  # a terminal that was closed, here and below: the training goes on
                self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            with contextlib.suppress(OSError):
                self._live.stop()

    def show(self, progress: Report) -> None:
        """Show one report of a trainer or of one of several runs."""
        line = None
        if isinstance(progress, Epoch):
            self._epochs.append(progress)
            line = epoch_line(progress)
        elif isinstance(progress, Step):
            self._step = progress
        else:
            self._runs[progress.run] = progress
            if isinstance(progress, RunDone):
                self._runs[progress.run] = replace(progress, model=None)  # too large to be held for its figures
                line = run_line(progress)
        if self._live:
            with contextlib.suppress(OSError):
                self._live.update(self._table() if self._runs else self._panel())
        elif line and not self._quiet:
            _print(line)

    def note(self, sentence: str) -> None:
        """Show a sentence among the reports."""
        if self._live:
            with contextlib.suppress(OSError):
                self._live.console.print(text_line(one_line(sentence)))  # above the panel, which would overwrite it
        elif not self._quiet:
            _print(sentence)

    def _table(self) -> Group:
        """The panel of several runs, a row each: how far it is, and its figures."""
        rows: list[Row] = []
        for number in sorted(self._runs):
            progress = self._runs[number]
            name = Text(f"run {number}/{progress.runs}")
            if isinstance(progress, RunDone):
                rows.append((name, Text("done"), Text(figures_line(progress.figures), style="bold")))
            elif isinstance(progress, RunFailed):
                rows.append((name, Text("failed"), Text("")))
            else:
                epoch = progress.epoch
                rows.append((name, self._bar(epoch.epoch, epoch.epochs), Text(figures_line(epoch.scores.figures()))))
        return Group(*self._arranged(rows))

    def _panel(self) -> Group:
        """The panel of a single run: the epoch at work, the last update, scores on dev."""
        step, done = self._step, self._epochs
        lines = self._arranged([self._progress(step)]) if step else []
        rows: list[Row] = []
        if step:
            norm = Text(f"gradient norm {step.gradient_norm:.2f}")
            rows.append((Text("train"), Text(f"loss {step.loss:.4f}"), norm))
        if done:
            last, kept = done[-1], [epoch for epoch in done if epoch.best][-1]
            counts = last.scores.overall
            measured = Text(f"P {counts.precision:.2f}  R {counts.recall:.2f}")
            rows.append((Text("dev"), measured, Text(figures_line(last.scores.figures()), style="bold")))
            f1 = [epoch.scores.overall.f1 for epoch in done]
            line = Text(sparkline(f1, min(40, self.console.width - 1)), style="green")
            best_so_far = f"best {figures_line(kept.scores.figures())} after epoch {kept.epoch}"
            rows.append((Text(""), line, Text(best_so_far)))
        return Group(*lines, *self._arranged(rows))

    def _progress(self, step: Step) -> Row:
        """How far the epoch is, and how long the training may go on."""
        pace = f"{step.tokens_per_second:,.0f} words/s"
        if self._epochs:
            left = step.epochs - step.epoch + 1 - step.batch / step.batches
            pace += f"  {duration(left * self._epochs[-1].seconds / len(self._epochs))} left at most"
        epoch = Text(f"epoch {step.epoch}/{step.epochs}", style="bold")
        return epoch, self._bar(step.batch, step.batches), Text(pace)

    def _bar(self, done: int, whole: int) -> ProgressBar:
        """A bar as long as there is room."""
        return ProgressBar(total=whole, completed=done, width=max(8, min(30, self.console.width - 55)))

    def _arranged(self, rows: list[Row]) -> list[RenderableType]:
        """Rows in columns or, in a narrow terminal, in lines that go on below."""
        if self.console.width >= NARROW:
            grid = Table.grid(padding=(0, 2))
            for row in rows:
                grid.add_row(*row)
            return [grid]
        found: list[RenderableType] = []
        for name, middle, end in rows:
            if isinstance(middle, Text):
                found.append(Text("  ").join(part for part in (name, middle, end) if part))
            else:
                middle.width = max(8, self.console.width - name.cell_len - 3)
                line = Table.grid(padding=(0, 2))
                line.add_row(name, middle)
                found += [line, end]
        return found


def _print(line: str) -> None:
    """Print a plain line on stderr; if it cannot be written, that is no reason to stop."""
    with contextlib.suppress(OSError):
        print(one_line(line), file=sys.stderr, flush=True)


def epoch_line(epoch: Epoch) -> str:
    """An epoch in a plain line; a star marks the best so far."""
    counts = epoch.scores.overall
    return (
        f"epoch {epoch.epoch:>3}/{epoch.epochs}  loss {epoch.loss:.4f}  norm {epoch.gradient_norm:.2f}  "
        f"P {counts.precision:.2f}  R {counts.recall:.2f}  {figures_line(epoch.scores.figures())}  "
        f"{epoch.tokens_per_second:,.0f} words/s  {duration(epoch.seconds)}{'  *' if epoch.best else ''}"
        + (f"  {epoch.skipped} updates skipped, not finite" if epoch.skipped else "")
    )


def run_line(run: RunDone) -> str:
    """A finished run in a line."""
    return f"run {run.run}/{run.runs}  seed {run.seed}  {figures_line(run.figures) or UNFINISHED}"


def runs_summary(done: Sequence[RunDone], averaged: Model | None = None, wins: bool = False) -> str:
    """Several runs in a line: mean and deviation of their figures, and which is kept.

    averaged  the model of all of them, if there is one
    wins      whether that is kept, rather than the best run
    """
    found = "  ".join(
        f"{SHORT[name]} {mean:.2f} ± {deviation:.2f}"
        for name, (mean, deviation) in spreads(done).items()
        if name in SHORT
    )
    line = f"{len(done)} runs, dev: {found}" if found else f"{len(done)} runs"
    if averaged:
        line += f"; averaged: {figures_line(averaged.record.figures)}"
    kept = f"all {len(done)}, averaged: tagging takes {len(done)} times as long" if wins else f"seed {best(done).seed}"
    return f"{line}; kept: {kept}"


def figures_line(figures: Mapping[str, float]) -> str:
    """F1 and, if there are intents, their accuracy and that of whole utterances."""
    return "  ".join(f"{short} {figures[name]:.2f}" for name, short in SHORT.items() if name in figures)


def summary(model: Model, path: str) -> str:
    """A saved model in a line: its size and its scores."""
    size = os.path.getsize(path) / 1e6
    found, members = f"dev {figures_line(model.record.figures)}", len(model.members)
    if not model.record.figures:
        found = UNFINISHED
    elif members > 1:
        found = f"{members} members averaged, {found}"
    elif model.record.epoch is not None:
        found = f"best epoch {model.record.epoch}, {found}"
    return f"saved {path} ({size:.1f} MB): {found}"
