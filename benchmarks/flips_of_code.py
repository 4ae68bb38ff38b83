"""What if a bit of the cached code flips? By hand: every byte of every kernel's file, then whole programs.

    python benchmarks/flips_of_code.py [--programs 200] [--stride 1] [--json FILE] [--smoke]

First each byte of each file in turn has one bit flipped, drawn under a seed, in a copy of the cache: counted is what is
read as if it were right, which must be nothing. Then a program that loads a kernel of one line and uses it is run on
its file with one bit flipped, at places drawn under a seed: counted are crashes, other results, and compilings.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click
from measure import Rows, Tables, benchmark

PROGRAM = """
from rnntag.kernels import compiling
compiling.compiler.notice = print

@compiling.kernel("f8(f8)")
def twice(x):
    return 2 * x

print(twice(21.0))
"""
RIGHT, COMPILED = "42.0\n", "compiling the kernels"
FILE, BYTES = "a bit of the code that a program loads", "one bit of a byte of the code of all kernels"


def flip(path: Path, place: int, bit: int) -> None:
    """Flip a bit of a file where it stands."""
    with open(path, "r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1 << bit]))


def believed(draw: random.Random, stride: int) -> tuple[int, int]:
    """How many flips there were, and after how many of them the code was read as if it were right."""
    from rnntag.arrays import engine
    from rnntag.kernels import compiling
    from rnntag.kernels.cache import CodeCache

    engine.kernels()
    cache, flips, wrong = CodeCache(compiling.version()), 0, 0
    for path in sorted(cache.folder().iterdir()):
        assert cache.read(path.name) is not None
        for place in range(draw.randrange(stride), path.stat().st_size, stride):
            bit = draw.randrange(8)
            flip(path, place, bit)
            flips, wrong = flips + 1, wrong + (cache.read(path.name) is not None)
            flip(path, place, bit)
        assert cache.read(path.name) is not None
        click.echo(f"{path.name}: {flips:,} flips so far, {wrong} believed", err=True)
    return flips, wrong


def outcomes(folder: Path, programs: int, draw: random.Random) -> Counter[str]:
    """What became of a program on code with one bit flipped."""

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, str(program)], capture_output=True, text=True)

    program = folder / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    assert run().stdout.endswith(RIGHT)
    (path,) = folder.rglob("*.twice")
    counts: Counter[str] = Counter()
    for _ in range(programs):
        flip(path, draw.randrange(path.stat().st_size), draw.randrange(8))
        done = run()
        answer = done.stdout.endswith(RIGHT)
        kind = "compiled anew" if answer and COMPILED in done.stdout else "believed" if answer else "other result"
        counts["crash" if done.returncode else kind] += 1
        assert run().stdout == RIGHT, "it was not mended"
    return counts


@benchmark
@click.option("--programs", default=200, show_default=True, help="Programs on flipped code.")
@click.option("--stride", default=1, show_default=True, help="Of so many bytes one.")
def main(programs: int, stride: int, smoke: bool) -> Tables:
    draw = random.Random(1)
    programs = 2 if smoke else programs
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RNNTAG_CACHE"] = folder
        found = outcomes(Path(folder), programs, draw)
    rows: Rows = [{"flipped": FILE, "times": count, "became": outcome} for outcome, count in found.items()]
    if not smoke:  # all kernels would have to be compiled
        with tempfile.TemporaryDirectory() as folder:
            os.environ["RNNTAG_CACHE"] = folder
            flips, wrong = believed(draw, stride)
        rows += [{"flipped": BYTES, "times": flips - wrong, "became": "refused"}]
        rows += [{"flipped": BYTES, "times": wrong, "became": "believed"}]
    return {"flips of code": rows}


if __name__ == "__main__":
    main()
