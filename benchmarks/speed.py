"""How fast are training and bulk tagging?

    python benchmarks/speed.py FOLDER [--json FILE]

FOLDER holds train.conll and dev.conll. All is as it is by default. Training speed is the median over the epochs; a word
counts at each pass over it, and by default a sentence is passed twice an epoch (`--consistency`). Tagging is timed as a
whole process, from the start of `rnntag tag` to its end, on 100,000 lines of the training set.
"""

from __future__ import annotations

import json
import sys
import tempfile
from itertools import cycle, islice, product
from pathlib import Path

from measure import RNNTAG, arguments, run, show

from rnntag.formats import read_corpus

LINES = 100_000
SIZES = ["--hidden", "128", "--embedding", "100"]


def measured(folder: Path) -> list[dict[str, object]]:
    """A row for training and one for tagging, each with one thread and with two."""
    rows = []
    sentences = read_corpus(folder / "train.conll")
    with tempfile.TemporaryDirectory() as scratch:
        model, log, text = (f"{scratch}/{name}" for name in ("model.rnntag", "log.jsonl", "lines.txt"))
        with open(text, "w", encoding="utf-8") as file:
            for sentence in islice(cycle(sentences), LINES):
                print(*sentence.tokens, file=file)
        words = sum(len(line.split()) for line in Path(text).read_text(encoding="utf-8").splitlines())
        for threads in ("1", "2"):
            corpora = [str(folder / "train.conll"), "--dev", str(folder / "dev.conll")]
            options = ["-o", model, "--log", log, "--epochs", "5", "--quiet", "--threads", threads]
            training = run([*RNNTAG, "train", *corpora, *SIZES, *options])
            speeds = sorted(json.loads(line)["tokens_per_second"] for line in Path(log).read_text().splitlines())
            speed, peak = round(speeds[len(speeds) // 2]), round(training.megabytes)
            rows.append({"what": "training", "threads": threads, "words/s": speed, "peak MB": peak})
        for more, threads in product(([], ["--probabilities"], ["--nbest", "5"]), ("1", "2")):
            tagging = run([*RNNTAG, "tag", "-m", model, "--threads", threads, *more], stdin=text)
            speed, peak = round(words / tagging.seconds), round(tagging.megabytes)
            what = " ".join(["tag", *more, f"of {LINES:,} lines"])
            rows.append({"what": what, "threads": threads, "words/s": speed, "peak MB": peak})
    return rows


if __name__ == "__main__":
    given = arguments(sys.argv[1:])
    show(f"speed.py {Path(given.rest[0]).name}", measured(Path(given.rest[0])), given.json)
