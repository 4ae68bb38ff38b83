"""Do as many words come out as went in, and does memory stay flat, however long it goes on?

    python benchmarks/endless.py [--millions 1] [--json FILE] [--smoke]

So many million words of the sample corpora go through a pipe into `rnntag tag` (sentences a line, the model that comes
with rnntag) and into `rnntag tag --stream` (running text without end, a small model that waits for four words), one
thread each, both at the same time. Counted is what comes out of the other end; memory is that of the process after a
tenth and at the end.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import click
from measure import RNNTAG, SAMPLE, SAMPLE_TEXT, Tables, benchmark, run

from rnntag.formats import Reading, read_corpus
from rnntag.punctuation.task import PUNCTUATION, Task

STREAMING = ("--look-ahead", "4", "--hidden", "32", "--epochs", "1", "--quiet", "--task", PUNCTUATION)
TAG = ("--to", "conll", "--threads", "1")


def sentences() -> list[list[str]]:
    """Those of the sample corpus."""
    return [sentence.tokens for sentence in read_corpus(SAMPLE / "train.conll")]


def texts() -> list[list[str]]:
    """Those of the sample of running text."""
    reading = Reading(True, task=Task(PUNCTUATION))
    return [sentence.tokens for sentence in read_corpus(SAMPLE_TEXT / "train.txt", "text", reading)]


def memory(process: Popen[bytes]) -> float:
    """Megabytes that a process holds."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def through(command: Sequence[str], lines: Sequence[Sequence[str]], end: str, words: int) -> dict[str, Any]:
    """Lines through a command, again and again, until it was given so many words."""
    data, each = "".join(" ".join(line) + end for line in lines).encode(), sum(map(len, lines))
    times, held, began = -(-words // each), list[float](), time.perf_counter()
    with Popen([*RNNTAG, "tag", *TAG, *command], stdin=PIPE, stdout=PIPE) as process:
        assert process.stdin
        assert process.stdout

        def fed(stream: Any) -> None:
            for number in range(times):
                stream.write(data)
                if number in (times // 10, times - 1):
                    held.append(memory(process))
            stream.close()

        feeder = threading.Thread(target=fed, args=(process.stdin,))
        feeder.start()
        out = 0
        while chunk := process.stdout.read(1 << 20):
            out += chunk.count(b"\t")
        feeder.join()
    if out != times * each:
        raise click.ClickException(f"{times * each:,} words went in, and {out:,} came out")
    return {
        "words in": times * each,
        "words out": out,
        "MB after a tenth": held[0],
        "MB at the end": held[-1],
        "words/s": round(times * each / (time.perf_counter() - began)),
    }


@benchmark
@click.option("--millions", default=1.0, show_default=True, help="Million words through each.")
def main(millions: float, smoke: bool) -> Tables:
    words = 1000 if smoke else round(millions * 1e6)
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch, "streaming.rnntag")
        run([*RNNTAG, "train", str(SAMPLE_TEXT / "train.txt"), "-o", str(model), *STREAMING])
        ways: dict[str, tuple[tuple[str, ...], list[list[str]], str]] = {
            "`rnntag tag`": ((), sentences(), "\n"),
            "`rnntag tag --stream`": (("--stream", "-m", str(model)), texts(), " "),
        }
        with ThreadPoolExecutor(len(ways)) as pool:
            rows = list(pool.map(lambda way: {"command": way, **through(*ways[way], words)}, ways))
    return {"without end": rows}


if __name__ == "__main__":
    main()
