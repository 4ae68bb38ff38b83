"""How does cost grow? Words a second in training and in tagging against one size at a time.

    python benchmarks/growth.py [--json FILE] [--svg FILE]

Random sentences and weights of the right sizes: what is counted does not depend on what they mean. From 128 units, 100
numbers a word, 128 tags, sentences of 11 words, 32 at a time, 2 threads and 1,000 words, one is changed at a time.
The features are the default ones, letters among them; a sentence is passed once in training (`--consistency 0`).
"""

from __future__ import annotations

import rnntag  # noqa: F401  first of all: it tells BLAS, which it finds unloaded, to use one thread

# isort: split
import math
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from measure import arguments, machine, show, write_json

from rnntag.arrays import engine as engines
from rnntag.data.sentence import Sentence
from rnntag.model.model import Model
from rnntag.network.spec import Spec
from rnntag.tagging.tagger import Tagger
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Step
from rnntag.training.trainer import Trainer

BUDGET = 1.0  # seconds a figure


@dataclass(frozen=True)
class Case:
    """Sizes of a job."""

    hidden: int = 128
    length: int = 11
    tags: int = 128
    batch: int = 32
    threads: int = 2
    vocabulary: int = 1000


SWEEPS: dict[str, tuple[int, ...]] = {
    "hidden": (32, 64, 128, 256, 512),
    "length": (5, 20, 100, 1000, 5000),
    "tags": (5, 20, 120, 500),
    "batch": (1, 2, 4, 8, 32, 128, 256),
    "threads": (1, 2),
    "vocabulary": (1_000, 10_000, 100_000, 1_000_000),
}


def sentences(case: Case, words: int) -> list[Sentence]:
    """Sentences of the case's words and tags, all of which come up where there is room for them."""
    rng, made, done = np.random.default_rng(1), [], 0
    while done < words:
        ids = rng.integers(0, case.vocabulary, case.length)
        tags = [f"T{(done + i) % case.tags}" for i in range(case.length)]
        made.append(Sentence([word(number) for number in ids], tags))
        done += case.length
    return made


def word(number: int) -> str:
    """A word of five letters, each number another one; digits would all be the same to the network."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(5))


def measured(case: Case) -> dict[str, float]:
    """Words a second: training, and tagging ``batch`` sentences at a call."""
    given = sentences(case, max(4000, case.batch * case.length * 4, case.tags * 2))
    spec = Spec(hidden=case.hidden)
    recipe = Recipe(batch=case.batch, epochs=1000, consistency=0.0)
    trainer = Trainer(given, given[:1], spec, recipe, threads=case.threads)
    trainer = _grown(trainer, case.vocabulary)
    run, began, speeds, last = trainer.run(), 0.0, [], 0.0
    for step in run:
        now = time.perf_counter()
        if isinstance(step, Step) and last:
            speeds.append(now - last)
        began = began or now
        last = now if isinstance(step, Step) else 0.0  # an epoch's end scores dev and settles: not a step
        if now - began > BUDGET and len(speeds) > 4:
            break
    run.close()
    words = case.length * min(case.batch, len(given))
    training = words / float(np.median(speeds))
    tagger, number = Tagger(trainer.model, case.threads, engine=engines.kernels()), 0
    calls = [[s.tokens for s in given[at : at + case.batch]] for at in range(0, len(given), case.batch)]
    for call in calls[:8]:
        tagger.tags(call)
    began = time.perf_counter()
    while time.perf_counter() - began < BUDGET:
        for call in calls:
            tagger.tags(call)
            number += sum(map(len, call))
            if time.perf_counter() - began > BUDGET:
                break
    return {"training": training, "tagging": number / (time.perf_counter() - began)}


def _grown(trainer: Trainer, vocabulary: int) -> Trainer:
    """The trainer with so many words in its vocabulary, those the sentences missed among them."""
    model = trainer.model
    known = model.lexicon.vocabularies["word"]
    known.frozen = False
    for number in range(len(known), vocabulary):
        known.id(f"unseen {number}")
    known.frozen = True
    trainer.model = Model(model.spec, model.scheme, model.tags, model.lexicon.vocabularies, record=model.record)
    trainer._places = np.zeros(max(map(len, model.lexicon.vocabularies.values())), np.int32)
    return trainer


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


if __name__ == "__main__":
    options = arguments(sys.argv[1:])
    picture = options.rest[options.rest.index("--svg") + 1] if "--svg" in options.rest else None
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, values in SWEEPS.items():
        rows = []
        for value in values:
            speeds = measured(replace(Case(), **{name: value}))
            rows.append({name: value} | {f"{what}, words/s": round(speed) for what, speed in speeds.items()})
        tables[name] = rows
        show(f"growth.py: {name}", rows)
    write_json(options.json, tables)
    if picture:
        Path(picture).write_text(svg(tables), encoding="utf-8")
