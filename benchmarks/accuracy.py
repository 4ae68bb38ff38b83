"""How good are models trained with the defaults, and what does training cost?

    python benchmarks/accuracy.py [FOLDER...] [--seeds 5] [--processes 1] [--with OPTIONS] [--json FILE] [--smoke]

Each folder holds train.conll and dev.conll; with a test.conll too, that is scored as well; without a folder, it is the
English sample corpus. A model is what `rnntag train train.conll --dev dev.conll` makes of them, a figure what
`rnntag eval` says; what --with says goes to `rnntag train`. Each seed is a training timed as a whole process, from the
start to the saved model; results are kept, so the command goes on where it was interrupted. One process trains with
two threads; several, with one each.
"""

from __future__ import annotations

import shlex
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
from measure import SAMPLE, Tables, benchmark, corpus
from trainings import FIGURES, KEPT, Training, all_measured, figures


def row(results: list[dict[str, Any]], part: str) -> dict[str, Any]:
    """One line of the table: a corpus and one of its parts."""
    found = dict.fromkeys(FIGURES.values(), "") | figures(results, part)
    return {
        "corpus": results[0]["corpus"],
        "scored": part,
        "seeds": len(results),
        **found,
        "epochs": round(statistics.median(result["epochs"] for result in results)),
        "seconds": statistics.median(result["seconds"] for result in results),
        "threads": results[0]["threads"],
        "words/s": round(statistics.median(result["words_per_second"] for result in results)),
        "peak MB": round(max(result["peak_megabytes"] for result in results)),
        "model MB": round(results[0]["megabytes"], 1),
    }


@benchmark
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seeds", default=5, show_default=True)
@click.option("--processes", default=1, show_default=True)
@click.option("--with", "given", default="", help="Options of rnntag train, in one string.")
def main(folders: tuple[Path, ...], given: str, seeds: int, processes: int, smoke: bool) -> Tables:
    rows, options = [], tuple(shlex.split(given))
    with ExitStack() as stack:
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory())) if smoke else KEPT
        if smoke:
            seeds, options = 1, ("--epochs", "1", *options)
        for folder in folders or (SAMPLE,):
            few = stack.enter_context(corpus(folder, smoke))
            trainings = [Training(few, options, seed, 2 if processes == 1 else 1) for seed in range(1, seeds + 1)]
            results = all_measured(trainings, processes, kept)
            rows += [row(results, part) for part in ("dev", "test") if part in results[0]]
    return {"scores": rows}


if __name__ == "__main__":
    main()
