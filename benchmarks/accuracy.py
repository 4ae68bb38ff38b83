"""How good are models trained with the defaults, and what does training cost?

    python benchmarks/accuracy.py FOLDER... [--json FILE] [-- OPTION...]

Each folder holds train.conll and dev.conll; with a test.conll too, that is scored. What follows -- goes to
`rnntag train`. Training is timed as a whole process, from start to the saved model.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from measure import RNNTAG, arguments, run, show


def measured(folder: Path, options: list[str]) -> dict[str, object]:
    """Train on one corpus and score what came of it."""
    part = "test" if (folder / "test.conll").exists() else "dev"
    with tempfile.TemporaryDirectory() as scratch:
        model, log = f"{scratch}/model.rnntag", f"{scratch}/log.jsonl"
        corpora = [str(folder / "train.conll"), "--dev", str(folder / "dev.conll")]
        training = run([*RNNTAG, "train", *corpora, "-o", model, "--log", log, "--quiet", *options])
        epochs = [json.loads(line) for line in Path(log).read_text().splitlines()]
        scores = json.loads(run([*RNNTAG, "eval", "-m", model, "--json", str(folder / f"{part}.conll")]).output)
        megabytes = Path(model).stat().st_size / 1e6
    return {
        "corpus": folder.name,
        "dev F1": max(epoch["f1"] for epoch in epochs),
        "scored": part,
        "F1": scores["f1"],
        "token accuracy": scores["accuracy"],
        "epochs": len(epochs),
        "seconds": training.seconds,
        "peak MB": round(training.megabytes),
        "model MB": megabytes,
        "words/s": round(sorted(epoch["tokens_per_second"] for epoch in epochs)[len(epochs) // 2]),
    }


if __name__ == "__main__":
    path, given = arguments(sys.argv[1:])
    split = given.index("--") if "--" in given else len(given)
    rows = [measured(Path(folder), given[split + 1 :]) for folder in given[:split]]
    show(" ".join(["accuracy.py", *(Path(folder).name for folder in given[:split]), *given[split:]]), rows, path)
