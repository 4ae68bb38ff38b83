"""Is one sentence told, and does what was there stand, when the n-th call of the system fails? Every call, every error.

python benchmarks/faults.py [--most N] [--only system|python] [--smoke] [COMMAND...]

prints a table: each command and kind of call, the cases, how many ended in a right result, how many in one sentence,
and how many otherwise, which are told one by one. Calls of the system fail and, coarser, those of Python's functions.
With --most so many of a kind do; for want of memory any call of Python's can fail, and some hundreds do.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

HELPERS = Path(__file__).parents[1] / "tests" / "helpers"
sys.path.insert(0, str(HELPERS))

from fault_commands import COMMANDS  # noqa: E402
from fault_kinds import ERRORS, KINDS_OF_PYTHON, compiled, unable  # noqa: E402
from fault_runs import swept  # noqa: E402

IN_PYTHON = 300  # cases, where any call can fail


def found(names: list[str], most: int | None, only: str | None) -> Iterator[dict[str, object]]:
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


@click.command()
@click.argument("names", nargs=-1, metavar="[COMMAND]...")
@click.option("--most", type=click.IntRange(1), help="Calls of a kind that fail.")
@click.option("--only", type=click.Choice(("system", "python")), help="Whose calls fail. Default: both.")
@click.option("--smoke", is_flag=True, help="One call of each kind, in one command.")
def main(names: tuple[str, ...], most: int | None, only: str | None, smoke: bool) -> None:
    """Inject faults into each COMMAND, or into all of them."""
    click.echo("| command | call | cases | right result | one sentence | else |\n|---|---|---|---|---|---|")
    total: Counter[str] = Counter()
    complaints: list[str] = []
    lines = found(list(names or (["convert -o"] if smoke else COMMANDS)), 1 if smoke else most, only)
    for (command, kind), of_kind in groupby(lines, lambda line: (line["command"], line["kind"])):
        row: Counter[str] = Counter()
        for line in of_kind:
            row.update({name: line[name] for name in ("cases", "right", "told")} | {"wrong": len(line["complaints"])})
            complaints += line["complaints"]
        if row["cases"]:
            click.echo(told(command, kind, row))
        total += row
    click.echo(told("all", "", total))
    for complaint in complaints:
        click.echo(f"\n{complaint}", err=True)
    sys.exit(bool(complaints))


def told(command: str, kind: str, row: Counter[str]) -> str:
    """A row of the table."""
    return f"| {command} | {kind} | {row['cases']:,} | {row['right']:,} | {row['told']:,} | {row['wrong']:,} |"


if __name__ == "__main__":
    main()
