"""What is lost when a training is killed, and what does it cost that nothing is?

    python benchmarks/kills.py [FOLDER] [--kills 100] [--seed 1] [--json FILE] [--smoke]

A training of the sample corpus is killed (SIGKILL) up to five times, at random moments, in its start, while it reads,
trains, writes a checkpoint or saves, and each time goes on with --resume on another number of threads. At its end its
model is compared with that of a training that nobody killed; then the next one begins. The same with --runs.
The cost is that of a training of FOLDER by default: the share of its time that goes to its checkpoints.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import click
from inside import timed_checkpoints
from measure import RNNTAG, SAMPLE, Rows, Tables, benchmark, corpus, folder_argument

import rnntag

SETTINGS = ("--hidden", "16", "--epochs", "8", "--patience", "8", "--quiet")
LONGEST = 6.0  # seconds until a kill
EACH = 5  # kills of a training at most, before it is let go on to its end
KINDS = {"one training": (), "`--runs 3`": ("--runs", "3")}


def killed_after(seconds: float, command: list[str]) -> bool:
    """Whether a command was still at work after so many seconds, and is killed; else it came to its end.

    Raises CalledProcessError where it came to none by itself.
    """
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    if status:
        raise subprocess.CalledProcessError(status, command)
    return False


def counted(folder: Path, kills: int, seed: int, more: tuple[str, ...]) -> dict[str, object]:
    """How many kills there were, in how many trainings, and how those ended."""
    chance, done, ended, same, left, stale = random.Random(seed), 0, 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        model, temporary = Path(scratch, "model.rnntag"), Path(scratch, "temporary")
        temporary.mkdir()
        os.environ["TMPDIR"] = str(temporary)
        train = [*RNNTAG, "train", str(folder / "train.conll"), "--dev", str(folder / "dev.conll"), *SETTINGS, *more]
        killed_after(600, [*train, "-o", str(model)])
        expected = model.read_bytes()
        while done < kills:
            model.unlink()
            again = [*train, "-o", str(model), "--resume", "--threads"]
            for left in reversed(range(EACH + 1)):
                if not killed_after(chance.uniform(0, LONGEST) if left else 600, [*again, str(1 + done % 2)]):
                    break
                done += 1
            ended += 1
            same += model.read_bytes() == expected
            left += len(os.listdir(scratch)) - 2
            stale += len(os.listdir(temporary))
    return {
        "kills": done,
        "trainings": ended,
        "the same bytes": same,
        "files left beside the model": left,
        "in the temporary folder": stale,
    }


def cost(folder: Path, smoke: bool) -> Rows:
    """The share of a training's time that goes to its checkpoints."""
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore", rnntag.RnntagWarning)
        began = time.perf_counter()
        with timed_checkpoints() as writes:
            place = Path(scratch, "model.rnntag")
            settings = {"epochs": 2, "hidden": 16} if smoke else {}
            rnntag.train(folder / "train.conll", folder / "dev.conll", place, **settings)
            seconds = time.perf_counter() - began
    return [
        {
            "corpus": folder.name,
            "training, seconds": seconds,
            "checkpoints": len(writes),
            "megabytes each": max(size for _, size in writes) / 1e6,
            "milliseconds each": 1000 * sum(second for second, _ in writes) / len(writes),
            "share of the time, percent": 100 * sum(second for second, _ in writes) / seconds,
        }
    ]


@benchmark
@folder_argument
@click.option("--kills", default=100, show_default=True, help="How often a training is killed, of each kind.")
@click.option("--seed", default=1, show_default=True, help="Of the moments.")
def main(folder: Path, kills: int, seed: int, smoke: bool) -> Tables:
    with corpus(SAMPLE, smoke) as small:
        found = [{"what": what, **counted(small, 2 if smoke else kills, seed, more)} for what, more in KINDS.items()]
    with corpus(folder, smoke) as large:
        return {"kills": found, "cost": cost(large, smoke)}


if __name__ == "__main__":
    main()
