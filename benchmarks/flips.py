"""What becomes of a model file of which one bit is flipped?

python benchmarks/flips.py [MODEL] [--header N] [--weights 2500] [--json FILE] [--smoke]

Every bit of the header is flipped in turn, or N that are drawn at random, and one bit each of some bytes of the arrays.
A flip may be refused in a sentence; a file that loads, or ends in any other fault, is a failure, and the exit status
tells.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from measure import Tables, benchmark

import rnntag
from rnntag.files import bundled

SMOKE = 40  # bytes of each part


@benchmark
@click.argument("model", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=bundled.MODEL)
@click.option("--header", "drawn", type=click.IntRange(1), help="Bits of the header. Default: all.")
@click.option("--weights", type=click.IntRange(1), default=2500, show_default=True, help="Bytes of arrays.")
def main(model: Path, drawn: int | None, weights: int, smoke: bool) -> Tables:
    rng, size = random.Random(1), model.stat().st_size
    with open(model, "rb") as file:
        begin = 8 + int.from_bytes(file.read(8), "little")
    header = [(place, bit) for place in range(begin) for bit in range(8)]
    arrays = [(rng.randrange(begin, size), rng.randrange(8)) for _ in range(SMOKE if smoke else weights)]
    if smoke or drawn:
        header = rng.sample(header, SMOKE if smoke else min(drawn or 0, len(header)))
    parts = {"header": header, "arrays": arrays}
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "flipped.rnntag")
        shutil.copyfile(model, copy)
        rnntag.load(copy)
        for name, flips in parts.items():
            found = outcomes(copy, flips)
            rows += [{"part": name, "flips": len(flips), "outcome": said, "times": n} for said, n in found.items()]
    failed = [row for row in rows if not str(row["outcome"]).startswith("refused: ")]
    if failed:
        click.echo(f"{len(failed)} kinds of flips were not refused", err=True)
        sys.exit(1)
    return {"flips": rows}


def outcomes(path: Path, flips: Iterable[tuple[int, int]]) -> Counter[str]:
    """What is said of a file, and how often, if one bit of it is flipped and then put right again."""
    said: Counter[str] = Counter()
    with open(path, "r+b", buffering=0) as file:
        for place, bit in flips:
            file.seek(place)
            [byte] = file.read(1)
            for value in (byte ^ 1 << bit, byte):
                file.seek(place)
                file.write(bytes([value]))
                if value != byte:
                    said[outcome(path)] += 1
    return said


def outcome(path: Path) -> str:
    """What loading a file ends in."""
    try:
        rnntag.load(path)
    except rnntag.RnntagError as error:
        return f"refused: {error.fact.partition('rnntag ')[0]}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "loaded"


if __name__ == "__main__":
    main()
