"""What the benchmarks share: their options, a command as a whole process, clocks, the machine, tables as JSON."""

from __future__ import annotations

import rnntag  # first of all: it tells BLAS, which it finds unloaded, to use one thread

# isort: split
import functools
import importlib.util
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_corpora" / "assistant_en"
SAMPLE_TEXT = ROOT / "sample_corpora" / "punctuation_en"
RNNTAG = (sys.executable, "-m", "rnntag")
# Pages and pictures are written from figures; of what is measured they are no part.
MEASURED = (".", ":!*.md", ":!*.svg")

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]


class Run(NamedTuple):
    """A finished process: wall time, the peak of its memory, and the time of the processor."""

    seconds: float
    megabytes: float
    output: str
    processor: float


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
    return Run(time.perf_counter() - began, usage.ru_maxrss / 1024, output, usage.ru_utime + usage.ru_stime)


class Clock(NamedTuple):
    """How a call is timed: the fastest of some runs, each of so many calls that it takes some time."""

    least: float = 0.03  # seconds
    times: int = 7

    def seconds(self, work: Callable[[], object]) -> float:
        """Of one call, after one that does not count."""
        work()
        began = time.perf_counter()
        work()
        calls = max(1, int(self.least / (time.perf_counter() - began)))
        found = []
        for _ in range(self.times):
            began = time.perf_counter()
            for _ in range(calls):
                work()
            found.append((time.perf_counter() - began) / calls)
        return min(found)


def ratios(ours: Sequence[str], theirs: Sequence[str], times: int = 7) -> tuple[float, float, float]:
    """Median seconds of two commands run in turn, and the median of their ratios pair by pair."""
    run(ours), run(theirs)
    pairs = [(run(ours).seconds, run(theirs).seconds) for _ in range(times)]
    a, b = zip(*pairs, strict=True)
    return statistics.median(a), statistics.median(b), statistics.median(x / y for x, y in pairs)


def installed(module: str) -> bool:
    """Whether a contender is there; one that is not is left out, and standard error says so."""
    found = importlib.util.find_spec(module) is not None
    if not found:
        click.echo(f"left out: {module} is not installed (pip install --group bench)", err=True)
    return found


def chip() -> str:
    """The name of the processor."""
    name = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        lines = info.read_text().splitlines()
        name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), name)
    return name


def blas() -> str:
    """Which library multiplies NumPy's matrices, and with whose kernels; empty where nothing can tell."""
    if importlib.util.find_spec("threadpoolctl") is None:
        return ""
    import numpy  # noqa: F401  it loads the library
    from threadpoolctl import threadpool_info

    loaded = [each for each in threadpool_info() if each["user_api"] == "blas"]
    return f"{loaded[0]['internal_api']} {loaded[0].get('architecture', '')}".strip() if loaded else ""


def commit() -> str:
    """The commit that is measured, with ``+changes`` where files beside pages and pictures differ from it."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", *MEASURED)
        return git("rev-parse", "--short", "HEAD") + ("+changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):  # no checkout
        return f"rnntag {rnntag.__version__}"


def conditions() -> dict[str, str]:
    """Where and when figures are measured."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [chip(), f"{cores} cores", blas(), f"Python {platform.python_version()}"]
    return {"machine": ", ".join(filter(None, parts)), "date": str(date.today()), "commit": commit()}


def machine() -> str:
    """The same in one line, to stand beside a figure."""
    return ", ".join(conditions().values())


def benchmark(body: Callable[..., Tables]) -> click.Command:
    """The command of a benchmark: its own options, --smoke and --json; the tables it gives back are shown and written.

    The help is the docstring of its module. ``body`` is called with ``smoke``: all of it is to run, but in seconds.
    """
    title = Path(sys.modules[body.__module__].__file__ or "").name

    @click.option(
        "--smoke", is_flag=True, help="All the code on a few sentences, in seconds: no figures to be trusted."
    )
    @click.option("--json", "path", type=click.Path(path_type=Path), help="Write the figures as JSON.")
    @functools.wraps(body)
    def command(path: Path | None, **given: Any) -> None:
        tables = body(**given)
        for name, rows in tables.items():
            show(f"{title}: {name}", rows)
        if path:
            words = _without(_without(sys.argv[1:], "--json"), "--svg")
            told = [Path(each).name if os.sep in each else each for each in words]
            where = {"command": shlex.join(["python", f"benchmarks/{title}", *told]), **conditions()}
            path.write_text(json.dumps({**where, "tables": tables}, indent=1) + "\n", encoding="utf-8")

    # Click would wrap the examples into the text: \b keeps a paragraph's lines.
    said = (sys.modules[body.__module__].__doc__ or "").replace("\n\n", "\n\n\b\n")
    return click.command(help=said)(command)


def _without(words: Sequence[str], option: str) -> list[str]:
    """Words of a command without an option and its value."""
    at = words.index(option) if option in words else len(words)
    return [*words[:at], *words[at + 2 :]]


folder_argument = click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SAMPLE
)


@contextmanager
def corpus(folder: Path, smoke: bool, sentences: int = 40) -> Iterator[Path]:
    """The folder of a corpus; for a smoke test a copy of it with a few sentences of each file."""
    if not smoke:
        yield folder
        return
    with tempfile.TemporaryDirectory() as scratch:
        few = Path(scratch, folder.name)
        few.mkdir()
        for part in sorted((*folder.glob("*.conll"), *folder.glob("*.txt"))):
            blocks = part.read_text(encoding="utf-8").split("\n\n")
            (few / part.name).write_text("\n\n".join(blocks[:sentences]) + "\n\n", encoding="utf-8")
        yield few


def show(title: str, rows: Rows) -> None:
    """Print rows as a table."""
    table = Table(title=f"{title}\n{machine()}", title_justify="left")
    for name in rows[0]:
        table.add_column(name, justify="left" if isinstance(rows[0][name], str) else "right")
    for row in rows:
        table.add_row(*map(shown, row.values()))
    out = Console()
    out.width = max(out.width, 160)  # a table in a file is not cut
    out.print(table)


def shown(value: object) -> str:
    """A figure as a table shows it."""
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
