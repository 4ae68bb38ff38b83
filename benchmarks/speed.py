"""How fast are training and bulk tagging?

    python benchmarks/speed.py [FOLDER] [--json FILE] [--smoke]

FOLDER holds train.conll and dev.conll; without it, the English sample corpus. All is as it is by default. Training
speed is the median over the epochs; a word counts at each pass over it, and by default a sentence is passed twice an
epoch (`--consistency`). Tagging is timed as a whole process, from the start of `rnntag tag` to its end, on 100,000
lines of the training set; with n-best, which keeps five paths a tag at each word, on a tenth of them.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from itertools import cycle, islice
from pathlib import Path

from measure import RNNTAG, Rows, Tables, benchmark, corpus, folder_argument, run

from rnntag.formats import read_corpus

EPOCHS = 5
LINES = {(): 100_000, ("--probabilities",): 100_000, ("--nbest", "5"): 10_000}  # of each way to tag


def training(folder: Path, scratch: str, epochs: int) -> Rows:
    """A row for one thread and one for two; the model that is left is that of the last."""
    rows, log = [], Path(scratch, "log.jsonl")
    corpora = [str(folder / "train.conll"), "--dev", str(folder / "dev.conll")]
    for threads in ("1", "2"):
        options = ["-o", f"{scratch}/model.rnntag", "--log", str(log), "--epochs", str(epochs), "--quiet"]
        done = run([*RNNTAG, "train", *corpora, *options, "--threads", threads])
        told = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        speed = statistics.median(epoch["tokens_per_second"] for epoch in told)
        rows.append({"threads": threads, "words/s": round(speed), "peak MB": round(done.megabytes)})
    return rows


def tagging(folder: Path, scratch: str, most: int) -> Rows:
    """A row for each way to tag, on one thread and on two, of at most so many lines."""
    corpus, text = list(read_corpus(folder / "train.conll")), Path(scratch, "lines.txt")
    rows = []
    for more, lines in LINES.items():
        sentences = list(islice(cycle(corpus), min(lines, most)))
        text.write_text("".join(f"{' '.join(sentence.tokens)}\n" for sentence in sentences), encoding="utf-8")
        words = sum(map(len, sentences))
        for threads in ("1", "2"):
            done = run([*RNNTAG, "tag", "-m", f"{scratch}/model.rnntag", "--threads", threads, *more], stdin=text)
            command = " ".join(["rnntag tag", *more])
            figures = {"words/s": round(words / done.seconds), "peak MB": round(done.megabytes)}
            rows.append({"tagging": f"`{command}`", "lines": len(sentences), "threads": threads, **figures})
    return rows


@benchmark
@folder_argument
def main(folder: Path, smoke: bool) -> Tables:
    with corpus(folder, smoke) as folder, tempfile.TemporaryDirectory() as scratch:
        return {
            "training": training(folder, scratch, 1 if smoke else EPOCHS),
            "tagging": tagging(folder, scratch, 100 if smoke else max(LINES.values())),
        }


if __name__ == "__main__":
    main()
