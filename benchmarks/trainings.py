"""Trainings as whole processes, whose results are kept: what was measured once on the same code is not measured again.

A result is a JSON file in benchmarks/results/trainings, named by corpus, seed and a hash of corpus, options, threads
and sources of the package; so a benchmark that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from measure import RNNTAG, machine, run

import rnntag

KEPT = Path(__file__).parent / "results" / "trainings"
FIGURES = {"f1": "F1", "accuracy": "token accuracy", "intent_accuracy": "intent", "utterance_accuracy": "utterance"}


class Training(NamedTuple):
    """What is to be trained: a folder with train.conll and dev.conll, options of `rnntag train`, a seed."""

    folder: Path
    options: tuple[str, ...]
    seed: int
    threads: int

    @property
    def name(self) -> str:
        """The name of the file that its result is kept in."""
        sources = sorted(Path(rnntag.__file__).parent.rglob("*.py"))
        digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources))
        for corpus in sorted(self.folder.glob("*.conll")):
            digest.update(corpus.read_bytes())
        digest.update(json.dumps([*self.options, self.seed, self.threads]).encode())
        return f"{self.folder.name}-{self.seed}-{digest.hexdigest()[:12]}.json"


def measured(training: Training, kept: Path) -> dict[str, Any]:
    """Train and score on dev, and on test if there is one; from the file in ``kept`` if it was done before."""
    place, folder = kept / training.name, training.folder
    if place.exists():
        return json.loads(place.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        model, log = f"{scratch}/model.rnntag", f"{scratch}/log.jsonl"
        corpora = [str(folder / "train.conll"), "--dev", str(folder / "dev.conll")]
        settings = ["--seed", str(training.seed), "--threads", str(training.threads), *training.options]
        done = run([*RNNTAG, "train", *corpora, "-o", model, "--log", log, "--quiet", *settings])
        epochs = [json.loads(line) for line in Path(log).read_text(encoding="utf-8").splitlines()]
        result: dict[str, Any] = {
            "corpus": folder.name,
            "options": training.options,
            "seed": training.seed,
            "threads": training.threads,
            "machine": machine(),
            "epochs": len(epochs),
            "seconds": done.seconds,
            "peak_megabytes": done.megabytes,
            "megabytes": Path(model).stat().st_size / 1e6,
            "words_per_second": statistics.median(epoch["tokens_per_second"] for epoch in epochs),
        }
        for part in ("dev", "test"):
            if (gold := folder / f"{part}.conll").exists():
                result[part] = json.loads(run([*RNNTAG, "eval", "-m", model, "--json", str(gold)]).output)
    kept.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(".part")
    unfinished.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(place)
    return result


def all_measured(trainings: Iterable[Training], processes: int, kept: Path) -> list[dict[str, Any]]:
    """Several trainings, so many at a time, in their order."""
    with ThreadPoolExecutor(processes) as pool:
        return list(pool.map(partial(measured, kept=kept), trainings))


def figures(results: Sequence[dict[str, Any]], part: str) -> dict[str, str | float]:
    """Every figure that a part has: of several seeds the mean and the deviation, as text."""
    found: dict[str, str | float] = {}
    for name, short in FIGURES.items():
        values = [result[part][name] for result in results if name in result.get(part, {})]
        if len(values) > 1:
            found[short] = f"{statistics.fmean(values):.2f} ± {statistics.stdev(values):.2f}"
        elif values:
            found[short] = round(values[0], 2)
    return found
