"""What the benchmarks share: a command as a whole process, the machine in a line, a table with its JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

import rnntag

RNNTAG = (sys.executable, "-m", "rnntag")


class Run(NamedTuple):
    """A finished process: wall time and the peak of its memory."""

    seconds: float
    megabytes: float
    output: str


def run(command: Sequence[str], stdin: str | Path | None = None) -> Run:
    """Run a command to its end; its standard error goes through. Raises CalledProcessError if it fails."""
    began = time.perf_counter()
    with open(stdin or os.devnull, "rb") as given:
        process = subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(time.perf_counter() - began, usage.ru_maxrss / 1024, output)


def ratios(ours: Sequence[str], theirs: Sequence[str], times: int = 7) -> tuple[float, float, float]:
    """Median seconds of two commands run in turn, and the median of their ratios pair by pair."""
    run(ours), run(theirs)
    pairs = [(run(ours).seconds, run(theirs).seconds) for _ in range(times)]
    a, b = zip(*pairs, strict=True)
    return statistics.median(a), statistics.median(b), statistics.median(x / y for x, y in pairs)


def machine() -> str:
    """Processor, cores and versions, to stand beside a figure."""
    name = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        lines = info.read_text().splitlines()
        name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), name)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = platform.python_version()
    return f"{name}, {cores} cores, Python {python}, rnntag {rnntag.__version__}, {date.today()}"


class Arguments(NamedTuple):
    """What a benchmark was given: --json FILE, and the rest."""

    json: str | None
    rest: list[str]


def arguments(given: list[str]) -> Arguments:
    """Take --json FILE out of the arguments."""
    if "--json" not in given:
        return Arguments(None, given)
    at = given.index("--json")
    return Arguments(given[at + 1], given[:at] + given[at + 2 :])


def show(title: str, rows: list[dict[str, Any]], path: str | None = None) -> None:
    """Print rows as a table; write them as JSON if there is a path."""
    table = Table(title=f"{title}\n{machine()}", title_justify="left")
    for name in rows[0]:
        table.add_column(name, justify="left" if isinstance(rows[0][name], str) else "right")
    for row in rows:
        table.add_row(*(f"{value:,.2f}" if isinstance(value, float) else str(value) for value in row.values()))
    out = Console()
    out.width = max(out.width, 160)  # a table in a file is not cut
    out.print(table)
    write_json(path, {title: rows})


def write_json(path: str | None, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Write tables and the machine they were measured on, if there is a path."""
    if path:
        Path(path).write_text(json.dumps({"machine": machine(), "tables": tables}, indent=1) + "\n")
