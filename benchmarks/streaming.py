"""What is the future worth? F1 against waiting, from a network that answers at once to one that reads both ways.

    python benchmarks/streaming.py [FOLDER] [--words N] [--with OPTIONS] [--models FOLDER]
                                   [--svg FILE] [--json FILE] [--smoke]

FOLDER holds train and dev of running text with punctuation, as .conll with tags or as ordinary .txt; without it, the
English sample corpus. One model a row is trained on the first N words of train, with the same options (--with) and the
same seed, and kept in the folder of --models, from which it is taken the next time. F1 is that of `rnntag eval` on dev;
the rest is measured on the first words of dev as they come one by one, on one thread: words that came before the tag of
a word was final, and the time from the last of them to the tag.
"""

from __future__ import annotations

import rnntag  # first of all: it tells BLAS, which it finds unloaded, to use one thread

# isort: split
import json
import shlex
import statistics
import tempfile
import time
from itertools import accumulate
from pathlib import Path
from typing import Any

import click
from inside import LAG, tagger
from measure import RNNTAG, SAMPLE_TEXT, Tables, benchmark, corpus, machine, run

from rnntag.formats import Reading, read_corpus
from rnntag.punctuation.task import PUNCTUATION, Task

AHEAD = {str(words): ("--look-ahead", str(words)) for words in (1, 2, 4, 8)}
WAYS = {"0 (forward)": ("--direction", "forward"), **AHEAD, "both": ()}
WORDS = 20_000
SPEECH = 2.5  # words a second


def part(folder: Path, name: str) -> tuple[Path, list[str]]:
    """The file of a part, and what `rnntag train` is told of it."""
    columns = folder / f"{name}.conll"
    return (columns, []) if columns.exists() else (folder / f"{name}.txt", ["--task", PUNCTUATION])


def words_of(folder: Path) -> list[str]:
    """The words of dev."""
    reading = Reading(True, task=Task(PUNCTUATION))
    path = part(folder, "dev")[0]
    kind = "conll" if path.suffix == ".conll" else "text"
    return [token for sentence in read_corpus(path, kind, reading) for token in sentence.tokens]


def beginning(folder: Path, words: int, scratch: Path) -> Path:
    """A folder with the first sentences of train, so many words in all, and the same dev."""
    shorter = scratch / folder.name
    shorter.mkdir()
    (train, _), (dev, _) = part(folder, "train"), part(folder, "dev")
    (shorter / dev.name).write_bytes(dev.read_bytes())
    blocks = train.read_text(encoding="utf-8").split("\n\n")
    sizes = accumulate(len(block.splitlines() if train.suffix == ".conll" else block.split()) for block in blocks)
    chosen = [block for block, size in zip(blocks, sizes, strict=True) if size <= words]
    (shorter / train.name).write_text("\n\n".join(chosen) + "\n\n", encoding="utf-8")
    return shorter


def trained(folder: Path, models: Path, way: str, options: list[str]) -> Path:
    """The model of a row."""
    model = models / f"{way.split()[0]}.rnntag"
    if not model.exists():
        (train, task), (dev, _) = part(folder, "train"), part(folder, "dev")
        corpora = [str(train), "--dev", str(dev), *task]
        run([*RNNTAG, "train", *corpora, "-o", str(model), "--quiet", *WAYS[way], *options])
    return model


def measured(folder: Path, way: str, model: Path) -> dict[str, Any]:
    """F1, and what waiting there is."""
    scores = json.loads(run([*RNNTAG, "eval", "-m", str(model), "--json", str(part(folder, "dev")[0])]).output)
    words = words_of(folder)[:WORDS]
    ours = tagger(rnntag.load(model).model)
    path = ours.stream(LAG if way == "both" else 0)
    ours.stream(0).feed(words[:1000], ends=True)  # what is used for the first time takes longer
    waits: list[int] = []
    seconds: list[float] = []
    for seen, word in enumerate(words):
        began = time.perf_counter()
        found = len(path.feed([word]))
        took = time.perf_counter() - began
        waits += [seen - len(waits) - place for place in range(found)]
        seconds += [took] * found
    ready = sorted(seconds)
    mean = statistics.fmean(waits)
    return {
        "look-ahead": way,
        "F1": scores["f1"],
        **{mark: scores["types"][mark]["f1"] for mark in ("COMMA", "PERIOD", "QUESTION") if mark in scores["types"]},
        "words waited": round(mean, 1),
        "at most": max(waits),
        "seconds of speech": round(mean / SPEECH, 1),
        "ms a decision": round(1000 * statistics.median(ready), 3),
        "99 %": round(1000 * ready[len(ready) * 99 // 100], 3),
    }


def svg(rows: list[dict[str, Any]], corpus: str) -> str:
    """F1 over words waited, a point a row."""
    width, height, left, top = 620, 260, 60, 70
    low = min(row["F1"] for row in rows) // 5 * 5
    high = -(-max(row["F1"] for row in rows) // 5) * 5

    def y(value: float) -> float:
        return top + height - (value - low) / (high - low) * height

    place = {row["look-ahead"]: left + 40 + number * (width - 80) / (len(rows) - 1) for number, row in enumerate(rows)}
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + left + 20} {top + height + 64}" '
        'font-family="sans-serif" font-size="12"><style>text{fill:#24292f}.f{stroke:#0969da;fill:#0969da}'
        ".a{stroke:#8c959f;stroke-opacity:.4;fill:none}@media(prefers-color-scheme:dark){text{fill:#e6edf3}"
        ".f{stroke:#58a6ff;fill:#58a6ff}}</style>",
        f'<text x="{left}" y="24" font-size="15">F1 of punctuation, by the words a tag may wait for: {corpus}</text>',
        f'<text x="{left}" y="42">{machine()}</text>',
    ]
    for value in range(int(low), int(high) + 1, 5):
        out.append(f'<path class="a" d="M{left} {y(value):.0f}h{width}"/>')
        out.append(f'<text x="{left - 8}" y="{y(value) + 4:.0f}" text-anchor="end">{value}</text>')
    points = [(place[row["look-ahead"]], y(row["F1"])) for row in rows]
    line = " ".join(f"{'L' if number else 'M'}{a:.1f} {b:.1f}" for number, (a, b) in enumerate(points))
    out.append(f'<path class="f" style="fill:none" stroke-width="2" d="{line}"/>')
    for row, (a, b) in zip(rows, points, strict=True):
        out.append(f'<circle class="f" cx="{a:.1f}" cy="{b:.1f}" r="4"/>')
        out.append(f'<text x="{a:.1f}" y="{b - 10:.1f}" text-anchor="middle">{row["F1"]:.1f}</text>')
        below = (row["look-ahead"], f"{row['words waited']:g} words", f"{row['seconds of speech']:g} s of speech")
        out += [
            f'<text x="{a:.1f}" y="{top + height + 18 + 16 * line}" text-anchor="middle">{text}</text>'
            for line, text in enumerate(below)
        ]
    return "\n".join([*out, "</svg>", ""])


@benchmark
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SAMPLE_TEXT)
@click.option("--words", type=int, help="Train on so many words, the first ones.")
@click.option("--with", "given", default="", help="Options of rnntag train, in one string.")
@click.option("--models", type=click.Path(path_type=Path), help="Keep the models there.")
@click.option("--svg", "picture", type=click.Path(path_type=Path), help="Draw the curve.")
def main(
    folder: Path,
    words: int | None,
    given: str,
    models: Path | None,
    picture: Path | None,
    smoke: bool,
) -> Tables:
    options, ways = shlex.split(given), list(WAYS)
    if smoke:
        options, ways, words = ["--epochs", "1", "--hidden", "16"], [*ways[::3], "both"], 500
    with tempfile.TemporaryDirectory() as scratch, corpus(folder, smoke, 8) as folder:
        kept = models or Path(scratch, "models")
        kept.mkdir(exist_ok=True)
        if words:
            folder = beginning(folder, words, Path(scratch))
        found = [measured(folder, way, trained(folder, kept, way, options)) for way in ways]
    if picture:
        picture.write_text(svg(found, folder.name), encoding="utf-8")
    return {"waiting": found}


if __name__ == "__main__":
    main()
