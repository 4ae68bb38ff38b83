"""Is one sentence told, and does what was there stand, when the n-th call of the system fails? Every call, every error.

    python benchmarks/faults.py [--most N] [--only system|python] [--json FILE] [--smoke] [COMMAND...]

Counted are, for each command and for each kind of call, the cases, how many ended in a right result, how many in one
sentence, and how many otherwise, which are told one by one. Calls of the system fail and, coarser, those of Python's
functions. With --most so many of a kind do; for want of memory any call of Python's can fail, and some hundreds do.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from measure import Rows, Tables, benchmark

HELPERS = Path(__file__).parents[1] / "tests" / "helpers"
sys.path.insert(0, str(HELPERS))

from fault_commands import COMMANDS  # noqa: E402
from fault_kinds import ERRORS, KINDS_OF_PYTHON, compiled, unable  # noqa: E402
from fault_runs import swept  # noqa: E402

OUTCOMES = ("cases", "right", "told")
IN_PYTHON = 300  # cases, where any call can fail


def found(names: list[str], most: int | None, only: str | None) -> Iterator[dict[str, Any]]:
    """What comes of each command, kind and error: of calls of the system, where they can fail, then of Python's."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        if reason := unable():
            click.echo(f"calls of the system do not fail here: {reason}", err=True)
        elif only != "python":
            (Path(one) / "work").mkdir()
            yield from swept(Path(one) / "work", compiled(Path(one)), most, ERRORS, names)
        if only != "system":
            for line in swept(Path(other), None, most or IN_PYTHON, KINDS_OF_PYTHON, names):
                yield line | {"kind": f"{line['kind']} in Python"}


@benchmark
@click.argument("names", nargs=-1, metavar="[COMMAND]...")
@click.option("--most", type=click.IntRange(1), help="Calls of a kind that fail.")
@click.option("--only", type=click.Choice(("system", "python")), help="Whose calls fail. Default: both.")
def main(names: tuple[str, ...], most: int | None, only: str | None, smoke: bool) -> Tables:
    by_command: dict[str, Counter[str]] = {}
    by_call: dict[str, Counter[str]] = {}
    for line in found(list(names or (["convert -o"] if smoke else COMMANDS)), 1 if smoke else most, only):
        command, call = str(line["command"]), str(line["kind"])
        counts = Counter({name: line[name] for name in OUTCOMES} | {"wrong": len(line["complaints"])})
        by_command.setdefault(command, Counter()).update(counts)
        by_call.setdefault(call, Counter()).update(counts)
        for complaint in line["complaints"]:
            click.echo(f"\n{complaint}", err=True)
    by_command["all"] = sum(by_command.values(), Counter())
    return {"faults by command": rows("command", by_command), "faults by call": rows("call", by_call)}


def rows(name: str, counted: dict[str, Counter[str]]) -> Rows:
    """What came of the cases of each command, or of each call."""
    return [
        {
            name: key,
            "cases": counts["cases"],
            "right result": counts["right"],
            "one sentence": counts["told"],
            "else": counts["wrong"],
        }
        for key, counts in counted.items()
        if counts["cases"]
    ]


if __name__ == "__main__":
    main()
