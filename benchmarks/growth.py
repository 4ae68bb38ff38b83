"""How does cost grow? Words a second in training and in tagging against one size at a time.

    python benchmarks/growth.py [--json FILE] [--svg FILE] [--smoke]

Random sentences and weights of the right sizes: what is counted does not depend on what they mean. From 128 units, 100
numbers a word, 128 tags, sentences of 11 words, 32 at a time, 2 threads and 1,000 words, one is changed at a time.
The features are the default ones, letters among them; a sentence is passed once in training (`--consistency 0`), and no
word is shown as unknown (`--word-dropout 0`).
"""

from __future__ import annotations

import math
import random
import statistics
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import click
from inside import tagger
from measure import Tables, benchmark, machine

import rnntag
from rnntag import Sentence
from rnntag.training.reports import Epoch, Step


@dataclass(frozen=True)
class Case:
    """Sizes of a job."""

    hidden: int = 128
    length: int = 11
    tags: int = 128
    batch: int = 32
    threads: int = 2
    vocabulary: int = 1000


class Effort(NamedTuple):
    """How much is done for a figure: seconds, updates and words at least."""

    seconds: float = 1.0
    updates: int = 5
    words: int = 4000


SWEEPS: dict[str, tuple[int, ...]] = {
    "hidden": (32, 64, 128, 256, 512),
    "length": (5, 20, 100, 1000, 5000),
    "tags": (5, 20, 120, 500),
    "batch": (1, 2, 4, 8, 32, 128, 256),
    "threads": (1, 2),
    "vocabulary": (1_000, 10_000, 100_000, 1_000_000),
}


def sentences(case: Case, words: int) -> list[Sentence]:
    """Sentences of the case's words and tags, all of which come up: each word in turn, and at random from then on."""
    least = max(words, case.batch * case.length * 4, case.tags * 2, case.vocabulary)
    count = -(-least // case.length)
    dice = random.Random(1)
    numbers = [*range(case.vocabulary), *dice.choices(range(case.vocabulary), k=count * case.length - case.vocabulary)]
    dice.shuffle(numbers)
    strings = [word(number) for number in range(case.vocabulary)]
    made = []
    for start in range(0, len(numbers), case.length):
        tokens = [strings[number] for number in numbers[start : start + case.length]]
        made.append(Sentence(tokens, [f"T{(start + place) % case.tags}" for place in range(case.length)]))
    return made


def word(number: int) -> str:
    """A word of five letters, each number another one; digits would all be the same to the network."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(5))


class Updates:
    """What a training reports: the time of each update, until there are enough of them; then it is stopped."""

    def __init__(self, effort: Effort) -> None:
        self.effort, self._began, self._last = effort, 0.0, 0.0
        self.seconds: list[float] = []

    def __call__(self, report: Step | Epoch) -> bool:
        now = time.perf_counter()
        if isinstance(report, Epoch):
            self._last = 0.0  # an epoch's end scores dev and settles: not an update
            return False
        if self._last:
            self.seconds.append(now - self._last)
        self._began, self._last = self._began or now, now
        return now - self._began > self.effort.seconds and len(self.seconds) >= self.effort.updates


def measured(case: Case, effort: Effort) -> dict[str, float]:
    """Words a second: training, and tagging ``batch`` sentences at a call."""
    given, updates = sentences(case, effort.words), Updates(effort)
    trained = rnntag.train(
        given,
        given[:1],
        threads=case.threads,
        report=updates,
        hidden=case.hidden,
        batch=case.batch,
        epochs=1000,
        patience=1000,
        consistency=0.0,
        word_dropout=0.0,
    )
    training = case.length * min(case.batch, len(given)) / statistics.median(updates.seconds)
    tags, number = tagger(trained.model, case.threads).tags, 0
    few = given[: max(4 * case.batch, effort.words // case.length)]
    calls = [[sentence.tokens for sentence in few[at : at + case.batch]] for at in range(0, len(few), case.batch)]
    for call in calls:
        tags(call)
    began = time.perf_counter()
    while (took := time.perf_counter() - began) < effort.seconds or not number:
        call = calls[number % len(calls)]
        tags(call)
        number += 1
    return {
        "training": training,
        "tagging": sum(len(calls[i % len(calls)]) for i in range(number)) * case.length / took,
    }


def svg(tables: dict[str, list[dict[str, Any]]]) -> str:
    """The sweeps side by side: both axes in powers of ten."""
    width, height, gap, across = 250, 170, 56, 3
    rows = math.ceil(len(tables) / across)
    total = across * (width + gap) + gap, rows * (height + gap + 14) + 66
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total[0]} {total[1]}" font-family="sans-serif" '
        'font-size="11"><style>text{fill:#24292f}.t{stroke:#0969da;fill:#0969da}.g{stroke:#bc4c00;fill:#bc4c00}'
        ".a{stroke:#8c959f;stroke-opacity:.4;fill:none}@media(prefers-color-scheme:dark){text{fill:#e6edf3}"
        ".t{stroke:#58a6ff;fill:#58a6ff}.g{stroke:#ffa657;fill:#ffa657}}</style>",
        f'<text x="{gap}" y="22" font-size="15">Words a second: <tspan class="t" stroke="none">tagging</tspan> and '
        '<tspan class="g" stroke="none">training</tspan></text>',
        f'<text x="{gap}" y="40">{machine()}</text>',
    ]
    low, high = 3.0, 6.0
    for number, (name, table) in enumerate(tables.items()):
        left, top = gap + number % across * (width + gap), 66 + number // across * (height + gap + 14)
        values = [math.log(row[name]) for row in table]
        span = (max(values) - min(values)) or 1.0

        def x(value: float, left: int = left, start: float = min(values), span: float = span) -> float:
            return left + 14 + (math.log(value) - start) / span * (width - 28)

        def y(value: float, top: int = top) -> float:
            share = (math.log10(max(value, 10**low)) - low) / (high - low)
            return top + height - share * height

        out.append(f'<text x="{left}" y="{top - 6}" font-size="13">{name}</text>')
        for power in (3, 4, 5, 6):
            at = y(10.0**power)
            out.append(f'<path class="a" d="M{left} {at:.0f}h{width}"/>')
            out.append(f'<text x="{left - 6}" y="{at + 4:.0f}" text-anchor="end">{10 ** (power - 3)}k</text>')
        out += [
            f'<text x="{x(row[name]):.0f}" y="{top + height + 15}" text-anchor="middle">{short(row[name])}</text>'
            for row in table
        ]
        for what, style in (("tagging, words/s", "t"), ("training, words/s", "g")):
            points = [(x(row[name]), y(row[what])) for row in table]
            path = " ".join(f"{'L' if i else 'M'}{a:.1f} {b:.1f}" for i, (a, b) in enumerate(points))
            out.append(f'<path class="{style}" style="fill:none" stroke-width="2" d="{path}"/>')
            out += [f'<circle class="{style}" cx="{a:.1f}" cy="{b:.1f}" r="3"/>' for a, b in points]
    return "\n".join([*out, "</svg>", ""])


def short(value: int) -> str:
    """1000 as 1k."""
    return f"{value // 1000}k" if value >= 1000 and value % 1000 == 0 else str(value)


@benchmark
@click.option("--svg", "picture", type=click.Path(path_type=Path), help="Draw the curves.")
def main(picture: Path | None, smoke: bool) -> Tables:
    tables: Tables = {}
    case, effort = Case(), Effort()
    if smoke:
        case, effort = Case(hidden=16, length=4, tags=8, batch=4, vocabulary=50), Effort(0.0, 1, 200)
    for name, values in SWEEPS.items():
        tables[name] = []
        for value in values[:1] if smoke else values:
            speeds = measured(replace(case, **{name: value}), effort)
            tables[name].append({name: value} | {f"{what}, words/s": round(speed) for what, speed in speeds.items()})
    if picture:
        picture.write_text(svg(tables), encoding="utf-8")
    return tables


if __name__ == "__main__":
    main()
