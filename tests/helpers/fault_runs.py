"""Runs commands with faults injected, each in a process of its own, and judges what they leave behind.

    python fault_runs.py FOLDER LIBRARY MOST KINDS COMMAND...

prints a line of JSON for each command, kind and error: the cases (at most MOST), how many ended in a right result, how
many in one sentence, and what is to be said against the others. LIBRARY is that of `fault_kinds`, and stands in
LD_PRELOAD; where it is empty, memory lacks in Python alone.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from fault_commands import COMMANDS, SMALL, Command, inputs
from fault_kinds import Calls, Fault, SystemCalls
from shell import ROOT, environment

PATIENCE = 60  # seconds after which a command is taken to hang
LEFT = ".rnntag-tmp-"


class Outcome(NamedTuple):
    """What a command leaves behind."""

    status: int
    out: bytes
    err: str
    files: dict[str, bytes]
    elsewhere: dict[str, bytes] = {}  # noqa: RUF012  never changed


class Place:
    """A folder in which commands run, one after the other, on the same files.

    folder  an empty one
    calls   what makes calls fail
    """

    def __init__(self, folder: Path, calls: Calls | SystemCalls) -> None:
        self.folder, self.elsewhere = folder / "case", folder / "elsewhere"
        self.calls, self._streams = calls, folder
        self.folder.mkdir()
        self.inputs = inputs()
        os.environ.setdefault("RNNTAG_CACHE", os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
        made = self.run(Command(f"train train.conll -o small.rnntag {SMALL}", ("train.conll",)), None)
        assert made.status == 0, made.err
        self.inputs["small.rnntag"] = made.files["small.rnntag"]

    def run(self, command: Command, fault: Fault | None) -> Outcome:
        """Run a command, and let a call of it fail."""
        self._put(command)
        process = os.fork()
        if process == 0:
            self._be(command, fault)
        _, status = os.waitpid(process, 0)
        self.calls.disarm()
        out, err = ((self._streams / name).read_bytes() for name in ("out", "err"))
        told = err.decode("utf-8", "replace")
        return Outcome(os.waitstatus_to_exitcode(status), out, told, contents(self.folder), contents(self.elsewhere))

    def load(self, command: Command) -> None:
        """Import all that a command does, so that no process that is forked need do it."""
        self.run(command, None)
        for name in (self._streams / "modules").read_text().splitlines():
            if name not in sys.modules:
                with suppress(ImportError):
                    import_module(name)

    def _put(self, command: Command) -> None:
        """Put into the folder what the command is to find there, and nothing else."""
        wanted = {name: self.inputs[name] for name in command.reads}
        wanted |= {name: data for name, data in command.writes.items() if data is not None}
        shutil.rmtree(self.elsewhere, ignore_errors=True)
        self.elsewhere.mkdir()
        for name, data in contents(self.folder).items():
            if wanted.get(name) == data:
                del wanted[name]
            else:
                (self.folder / name).unlink()
        for place in self.folder.iterdir():
            if place.is_dir():
                place.rmdir()
        for name, data in wanted.items():
            (self.folder / name).write_bytes(data)

    def _be(self, command: Command, fault: Fault | None) -> None:
        """Become the process of a command."""
        status = 1
        try:
            signal.alarm(PATIENCE)
            os.chdir(self.folder)
            os.environ |= dict.fromkeys(("TMPDIR", "HOME"), str(self.elsewhere))
            for number, place in enumerate((command.given or os.devnull, self._streams / "out", self._streams / "err")):
                os.dup2(os.open(place, os.O_CREAT | os.O_WRONLY | os.O_TRUNC if number else os.O_RDONLY), number)
            sys.argv = ["rnntag", *command.words.split()]
            sys.stdin, sys.stdout = (os.fdopen(number, mode, encoding="utf-8") for number, mode in ((0, "r"), (1, "w")))
            sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace")
            self.calls.arm(fault)
            status = ended()
            self.calls.disarm()
            if fault is None:
                (self._streams / "modules").write_text("\n".join(sys.modules))
        finally:
            os._exit(status & 0xFF)


def contents(folder: Path) -> dict[str, bytes]:
    """All files under a folder, by their names in it."""
    places = (place for place in folder.rglob("*") if place.is_file())
    return {place.relative_to(folder).as_posix(): place.read_bytes() for place in places}


def ended() -> int:
    """The exit status of the command line, as Python would end."""
    from rnntag.cli import main

    status = 1
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    sys.setprofile(None)  # to end is no call of Python's
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:
        print("Exception ignored:", error, file=sys.stderr)
        status = 120
    return status


def complaint(
    command: Command, right: Outcome, found: Outcome, inputs: dict[str, bytes], may_leave: bool = False
) -> str | None:
    """What is to be said against an outcome, beside the right one; None if nothing is.

    may_leave  what was to remove temporary files may have failed, or all that was done after the fault
    """
    if found.status < 0:
        return f"ended by signal {-found.status}"
    if "Traceback" in found.err or "Exception ignored" in found.err:
        return "a traceback"
    for name in command.reads:
        if found.files.get(name) != inputs[name]:
            return f"{name}, which is read, is no longer the same"
    left = sorted(found.files.keys() - set(command.reads) - set(command.writes) - {found.status and command.stays})
    left += [name for name in found.elsewhere if name not in found.err]
    if left and not (may_leave and all(LEFT in name for name in left)):
        return f"left behind: {', '.join(left)}"
    for name, old in command.writes.items():
        if name not in command.talk and not (found.files.get(name) == old or written(command, name, right, found)):
            return f"{name} is neither the old one nor the new one"
    if not right.out.startswith(found.out):
        return "standard output is not the beginning of what it should be"
    if found.status and not may_leave and is_lost(command, right, found):
        return "the work is done, and lost"
    told = [line for line in found.err.splitlines() if line.startswith("Error: ")]
    if found.status == 0:
        return None if is_right(command, right, found) else "a wrong result, and status 0"
    return None if len(told) == 1 else f"{len(told)} sentences that begin with Error"


def is_right(command: Command, right: Outcome, found: Outcome) -> bool:
    """Whether all that was to be written has been."""
    whole = all(written(command, name, right, found) for name in command.writes)
    return whole and (found.status, found.out) == (right.status, right.out)


def is_lost(command: Command, right: Outcome, found: Outcome) -> bool:
    """Whether the work was done, and what it made is nowhere, nor what it could be made of without all the work."""
    if not command.product or not all(written(command, name, right, found) for name in command.talk):
        return False
    there = [found.files.get(command.product), *found.elsewhere.values()]
    return right.files[command.product] not in there and command.stays not in found.files


def written(command: Command, name: str, right: Outcome, found: Outcome) -> bool:
    """Whether a file is the one that it should be, or a log of which it was told that it is not whole."""
    lost = name in command.talk and f"{name}: cannot be written" in found.err
    return lost or command.comparable(name, found.files.get(name)) == command.comparable(name, right.files[name])


def sampled(count: int, most: int | None, shift: int) -> list[int]:
    """The numbers of the calls that are to fail: each up to the last, or so many, beginning elsewhere by the shift."""
    if most is None or count <= most:
        return list(range(1, count + 1))
    return sorted({1 + (place * count // most + shift * 7) % count for place in range(most)})


def sweep(place: Place, name: str, most: int | None, kinds: Sequence[str]) -> Iterator[dict[str, object]]:
    """Inject each kind of fault into a command: what came of each kind and error."""
    command = COMMANDS[name]
    right = place.run(command, None)
    assert right.status == 0, right.err
    counts = place.calls.counts
    assert is_right(command, right, place.run(command, None)), f"{name} does not do the same twice"
    for kind in [kind for kind in counts if kind in kinds]:
        for shift, error in enumerate(place.calls.errors(kind)):
            ends = {"right": 0, "told": 0, "unreached": 0}
            complaints = []
            numbers = sampled(counts[kind], most, shift)
            for number in numbers:
                fault = Fault(kind, error, number)
                outcome = place.run(command, fault)
                ends["unreached"] += not place.calls.fired
                if told := complaint(command, right, outcome, place.inputs, place.calls.cleaning):
                    complaints.append(f"{name}: {fault}: {told}\n{outcome.err}")
                else:
                    ends["right" if is_right(command, right, outcome) else "told"] += 1
            found = {"command": name, "kind": kind, "error": error, "cases": len(numbers)}
            yield found | ends | {"complaints": complaints}


def run_all(folder: str, library: str, most: str, kinds: str, *names: str) -> None:
    """Print what becomes of each command under each fault."""
    place = Place(Path(folder), SystemCalls(library) if library else Calls())
    for name in names:
        place.load(COMMANDS[name])
    gc.freeze()
    for name in names:
        for line in sweep(place, name, int(most) if most else None, kinds.split(",")):
            print(json.dumps(line), flush=True)


def swept(
    folder: Path, library: Path | None, most: int | None, kinds: Iterable[str], names: Iterable[str]
) -> Iterator[dict[str, object]]:
    """What `run_all` prints, in a process of its own."""
    given = [str(folder), str(library or ""), str(most or ""), ",".join(kinds), *names]
    known = environment(PYTHONPATH=os.pathsep.join(map(str, (ROOT, Path(__file__).parent))), LD_PRELOAD=library or "")
    with subprocess.Popen([sys.executable, __file__, *given], stdout=subprocess.PIPE, env=known, text=True) as process:
        assert process.stdout
        yield from map(json.loads, process.stdout)
    assert process.returncode == 0


if __name__ == "__main__":
    run_all(*sys.argv[1:])
