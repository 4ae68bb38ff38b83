"""Charts as geometry: values become coordinates of a drawing, in pixels from its top left; the template draws them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from rnntag.show.page.facts import EpochFacts, ReliabilityFacts, ThresholdFacts

LEFT, RIGHT, TOP, BOTTOM = 40, 348, 26, 190  # of the area between the axes
NAMES = 62  # to the right of the area, where names stand at the ends of lines
LINE_HEIGHT = 14
DOTS = 2.5, 9.0  # radius of the least and of the greatest
TALL = BOTTOM + 80  # the bottom of the charts of probabilities, which are taller
STRIP = 40  # height of the histogram below a chart

Figure = Literal["f1", "loss"]  # of the log of a training
Score = Literal["precision", "recall", "f1"]


class Axis(NamedTuple):
    """A range of values, where it begins and ends in the drawing, and how far apart its ticks are."""

    low: float
    high: float
    start: float
    end: float
    step: float

    def place(self, value: float) -> float:
        """The coordinate of a value; what is outside the range stands at its border."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Coordinates and texts of the round values in the range."""
        first, last = math.ceil(self.low / self.step - 1e-9), math.floor(self.high / self.step + 1e-9)
        decimals = max(0, -math.floor(math.log10(self.step) + 1e-9))
        values = [number * self.step for number in range(first, last + 1)]
        return [(self.place(value), f"{value:.{decimals}f}") for value in values]


def axis(low: float, high: float, start: float, end: float, *, least: float = 0.0, outwards: bool = False) -> Axis:
    """Make an axis of about five ticks.

    least     how near one another they may be
    outwards  whether it begins and ends with a tick
    """
    if math.isclose(low, high, abs_tol=1e-9):
        low, high = (0.0, high) if high > 1e-9 else (low, low + 1)
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough - 1e-12)
    step = max(step, least)
    if outwards:
        low = math.floor(low / step + 1e-9) * step
        high = max(math.ceil(high / step - 1e-9) * step, low + step)
    return Axis(low, high, start, end, step)


class Line(NamedTuple):
    """Points that belong together.

    best    the point that is marked
    name_y  the height of the name at its end
    """

    name: str
    points: list[tuple[float, float]]
    best: tuple[float, float] | None = None
    name_y: float = 0.0

    @property
    def path(self) -> str:
        """For the attribute ``d`` of an SVG path."""
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in self.points)


class Hit(NamedTuple):
    """A column of a chart that shows its text when it is pointed at."""

    left: float
    width: float
    dots: list[tuple[float, float]]
    text: str


class Chart(NamedTuple):
    """Lines over one another; ``name`` is its id, ``about`` describes it to those who do not see it."""

    name: str
    title: str
    about: str
    x: Axis
    y: Axis
    x_title: str
    lines: list[Line]
    hits: list[Hit]
    note: str = ""


class CurveRow(EpochFacts, total=False):
    """An epoch in the table of a training, and whether its weights are kept."""

    kept: bool


class Curve(NamedTuple):
    """How a training went: its charts, and the same as rows; ``runs`` says whether there were several."""

    charts: list[Chart]
    rows: list[CurveRow]
    runs: bool


def learning(log: Sequence[EpochFacts]) -> Curve | None:
    """Draw F1 and loss by epoch, a line a run; None where there is nothing to draw."""
    runs: dict[object, list[EpochFacts]] = {}
    for line in log:
        runs.setdefault(line.get("run"), []).append(line)
    drawn = [
        _by_epoch("f1", "F1 on dev, percent", "{:.2f}", 0.1, list(runs.values())),
        _by_epoch("loss", "Loss in training", "{:.4f}", 0.001, list(runs.values())),
    ]
    kept = [_best(run) for run in runs.values()]
    rows: list[CurveRow] = [{**line, "kept": any(line is best for best in kept)} for line in log]
    charts = [chart for chart in drawn if chart]
    return Curve(charts, rows, len(runs) > 1) if charts else None


def _by_epoch(name: Figure, title: str, form: str, least: float, runs: list[list[EpochFacts]]) -> Chart | None:
    """Draw one figure of the log; epochs whose figure is missing or not finite are left out."""
    runs = [[line for line in run if math.isfinite(_number(line, name))] for run in runs]
    runs = [run for run in runs if run]
    if not runs:
        return None
    lines = [line for run in runs for line in run]
    values = [_number(line, name) for line in lines]
    epochs = sorted({line["epoch"] for line in lines})
    x = axis(epochs[0], epochs[-1], LEFT + 8, RIGHT - 8, least=1)
    y = axis(min(values), max(values), BOTTOM, TOP, least=least, outwards=True)
    at = {epoch: [_number(line, name) for line in lines if line["epoch"] == epoch] for epoch in epochs}
    texts = [f"epoch {epoch}: {' to '.join(_ends(found, form))}" for epoch, found in at.items()]
    dots = [[(x.place(epoch), y.place(value)) for value in found] for epoch, found in at.items()]
    drawn, kept = [], [_best(run) for run in runs]
    for run, best in zip(runs, kept, strict=True):
        points = [(x.place(line["epoch"]), y.place(_number(line, name))) for line in run]
        drawn.append(Line("", points, (x.place(best["epoch"]), y.place(_number(best, name)))))
    top = max(kept, key=_f1)
    note = f"{'best: ' if name == 'f1' else ''}{form.format(_number(top, name))} in epoch {top['epoch']}"
    about = f"{title}, epochs {epochs[0]} to {epochs[-1]}, between {' and '.join(_ends(values, form))}; {note}."
    return Chart(f"by-epoch-{name}", title, about, x, y, "epoch", drawn, _hits(dots, texts), note)


def _number(line: EpochFacts, name: Figure) -> float:
    """A figure of an epoch; not a number where it is missing."""
    value = line.get(name)
    return math.nan if value is None else float(value)


def _best(run: Sequence[EpochFacts]) -> EpochFacts:
    """The epoch whose weights are kept: the last that was better than all before, or else the first of the best F1."""
    flagged = [line for line in run if line.get("best")]
    return flagged[-1] if flagged else max(run, key=_f1)


def _f1(line: EpochFacts) -> float:
    """F1 as runs are compared by it: below all others where it is no number."""
    value = _number(line, "f1")
    return value if math.isfinite(value) else -math.inf


def _ends(values: Sequence[float], form: str) -> list[str]:
    """The least and the greatest value as texts; one if both are the same."""
    return list(dict.fromkeys(form.format(end) for end in (min(values), max(values))))


def _hits(dots: list[list[tuple[float, float]]], texts: Iterable[str]) -> list[Hit]:
    """Columns around dots of the same x, which meet half way between neighbours."""
    places = [column[0][0] for column in dots]
    borders = [LEFT, *((before + after) / 2 for before, after in pairwise(places)), RIGHT]
    spans = pairwise(borders)
    return [
        Hit(left, right - left, column, text) for (left, right), column, text in zip(spans, dots, texts, strict=True)
    ]


class Dot(NamedTuple):
    """Predictions of about the same probability, as a dot of the diagram and as a column of the histogram below it.

    ideal   the y of a right probability
    left, width, height  of the column
    """

    x: float
    y: float
    radius: float
    ideal: float
    left: float
    width: float
    height: float
    text: str


class ReliabilityDiagram(NamedTuple):
    """Probabilities against the share that is right, and the scores that each threshold on them gives."""

    x: Axis
    y: Axis
    dots: list[Dot]
    thresholds: Chart | None


def reliability_diagram(facts: ReliabilityFacts) -> ReliabilityDiagram:
    """Draw bins and thresholds."""
    x, y = axis(0, 1, LEFT, RIGHT), axis(0, 1, TALL, TOP)
    bins = facts["bins"]
    most = max((each["count"] for each in bins), default=1)
    dots = []
    for each in bins:
        share = each["count"] / most
        left = x.place(each["low"])
        text = f"{each['count']:,} at {each['confidence']:.2f}, of which {each['accuracy']:.2f} right"
        radius = DOTS[0] + (DOTS[1] - DOTS[0]) * math.sqrt(share)
        place, ideal = x.place(each["confidence"]), y.place(each["confidence"])
        width = x.place(each["high"]) - left
        dots.append(Dot(place, y.place(each["accuracy"]), radius, ideal, left, width, share * STRIP, text))
    return ReliabilityDiagram(x, y, dots, _thresholds(facts["thresholds"]))


def _thresholds(found: Sequence[ThresholdFacts]) -> Chart | None:
    """Draw precision, recall and F1 against the least probability that is kept."""
    if not found:
        return None
    names: dict[Score, str] = {"precision": "precision", "recall": "recall", "f1": "F1"}
    right = RIGHT - NAMES
    x = axis(0, 1, LEFT, right)
    y = axis(min(each[name] for each in found for name in names), 100, TALL, TOP, outwards=True)
    points = {name: [(x.place(each["p"]), y.place(each[name])) for each in found] for name in names}
    ends = apart({name: line[-1][1] for name, line in points.items()}, LINE_HEIGHT)
    lines = [Line(names[name], line, name_y=ends[name]) for name, line in points.items()]
    texts = [
        f"P ≥ {each['p']:g}: " + ", ".join(f"{title} {each[name]:.1f}" for name, title in names.items())
        for each in found
    ]
    dots = [[points[name][place] for name in names] for place in range(len(found))]
    about = f"From P ≥ {found[0]['p']:g} to P ≥ {found[-1]['p']:g}, " + ", ".join(
        f"{title} goes from {found[0][name]:.1f} to {found[-1][name]:.1f}" for name, title in names.items()
    )
    title = "Only what is at least so probable"
    return Chart("thresholds", title, f"{about}.", x, y, "least probability P", lines, _hits(dots, texts))


def apart(places: dict[str, float], least: float) -> dict[str, float]:
    """Make places larger, in their order, so that neighbours are at least so far from one another."""
    moved: dict[str, float] = {}
    after = -math.inf
    for name, place in sorted(places.items(), key=lambda item: item[1]):
        moved[name] = after = max(place, after + least)
    return moved
