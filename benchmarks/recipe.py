"""What each piece of the default recipe is worth: what leaving it out costs, on several corpora and seeds.

    python benchmarks/recipe.py [FOLDER...] [--sentences N] [--seeds 5] [--processes 2] [--only PIECE,...]
                                [--json FILE] [--smoke]

Each folder holds train.conll and dev.conll; without one, it is the English sample corpus. Trained is on all of train,
or on N sentences of it at equal distances; scored is dev. A row is the default without one piece; a figure is the mean
over seeds, its deviation, and the difference from the default. Results are kept, so the command goes on where it was
interrupted.
"""

from __future__ import annotations

import shlex
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
from measure import SAMPLE, Rows, Tables, benchmark, corpus
from trainings import KEPT, Training, all_measured

PIECES = {
    "default": "",
    "copies drawn together": "--consistency 0",
    "letters": "--features word,shape,prefix,suffix",
    "rare words as unknown": "--word-dropout 0",
    "averaged weights": "--decay 0",
    "intents": "--intents none",
    "affixes": "--features word,shape,char",
    "CRF": "--decoder softmax",
    "dropout": "--dropout 0",
}


def thinned(folder: Path, sentences: int, kept: Path) -> Path:
    """A folder with so many sentences of train, at equal distances, and the same dev."""
    smaller = kept / "thinned" / f"{folder.name}-{sentences}"
    smaller.mkdir(parents=True, exist_ok=True)
    blocks = [block for block in (folder / "train.conll").read_text("utf-8").split("\n\n") if block.strip()]
    chosen = [blocks[place * len(blocks) // sentences] for place in range(min(sentences, len(blocks)))]
    (smaller / "train.conll").write_text("\n\n".join(chosen) + "\n\n", "utf-8")
    (smaller / "dev.conll").write_bytes((folder / "dev.conll").read_bytes())
    return smaller


def cell(results: list[dict[str, Any]], against: list[dict[str, Any]], name: str) -> str:
    """Mean and deviation of a figure, and the mean of its difference from the default, seed by seed."""
    values, defaults = ([result["dev"][name] for result in each] for each in (results, against))
    difference = statistics.fmean(value - default for value, default in zip(values, defaults, strict=True))
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    found = f"{statistics.fmean(values):.2f} ± {deviation:.2f}"
    return found if results is against else f"{found} ({difference:+.2f})"


def table(done: dict[tuple[str, Path], list[dict[str, Any]]], folders: Sequence[Path]) -> Rows:
    """A row a piece, a column a corpus and figure."""
    rows = []
    for piece in dict.fromkeys(piece for piece, _ in done):
        row: dict[str, Any] = {"piece": piece, "options": PIECES[piece]}
        for folder in folders:
            ours, default = done[piece, folder], done["default", folder]
            for name, short in (("f1", "F1"), ("utterance_accuracy", "utterance")):
                if name in ours[0]["dev"] and name in default[0]["dev"]:
                    row[f"{folder.name} {short}"] = cell(ours, default, name)
                elif name in default[0]["dev"]:
                    row[f"{folder.name} {short}"] = ""
        rows.append(row)
    return rows


@benchmark
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--sentences", type=int, help="Train on so many of each folder.")
@click.option("--seeds", default=5, show_default=True)
@click.option("--processes", default=2, show_default=True)
@click.option("--only", default=",".join(PIECES), help="Pieces, parted by commas.")
def main(
    folders: tuple[Path, ...], sentences: int | None, seeds: int, processes: int, only: str, smoke: bool
) -> Tables:
    pieces, options = list(dict.fromkeys(["default", *only.split(",")])), []
    with ExitStack() as stack:
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory())) if smoke else KEPT
        if smoke:
            pieces, options, seeds, sentences = pieces[:2], ["--epochs", "1"], 1, 30
        folders = tuple(stack.enter_context(corpus(folder, smoke)) for folder in folders or (SAMPLE,))
        if sentences:
            folders = tuple(thinned(folder, sentences, kept) for folder in folders)
        jobs = {
            (piece, folder): [
                Training(folder, (*shlex.split(PIECES[piece]), *options), seed, 1) for seed in range(1, seeds + 1)
            ]
            for piece in pieces
            for folder in folders
        }
        results = iter(all_measured([job for several in jobs.values() for job in several], processes, kept))
        done = {key: [next(results) for _ in several] for key, several in jobs.items()}
    return {"pieces": table(done, folders)}


if __name__ == "__main__":
    main()
