"""rnntag as a shell runs it: real processes, pipes and terminals."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_corpora" / "assistant_en"
COMMAND = [sys.executable, "-m", "rnntag"]
TIMEOUT = 60
# Settings of whoever runs the tests that change what Python or rich would write, or when.
FOREIGN = {"NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "TERM"}
FOREIGN |= {"PYTHONUNBUFFERED", "PYTHONIOENCODING", "PYTHONUTF8"}


class Outcome(NamedTuple):
    """What a process left behind; line ends as they were written."""

    status: int
    out: str
    err: str


class Trained(NamedTuple):
    """A small model that has learnt something, and how it came about."""

    path: Path
    train: Path
    dev: Path
    outcome: Outcome


def utterances(part: str, count: int) -> str:
    """The first sentences of a part of the sample corpus, without their intents."""
    lines = (SAMPLE / f"{part}.conll").read_text("utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("# intent = "))
    return "\n\n".join(text.split("\n\n")[:count]) + "\n\n"


# What the small model is sure to learn, so that tests may spell its answers out.
LESSONS = {
    "wake me at seven tomorrow": "O O O B-time B-date",
    "wake me at seven": "O O O B-time",
    "at seven": "O B-time",
    "seven": "B-time",
    "tomorrow": "B-date",
    "nothing here": "O O",
}


def columns(sentences: dict[str, str]) -> str:
    """Sentences and their tags as a tagged corpus."""
    pairs = (zip(words.split(), tags.split(), strict=True) for words, tags in sentences.items())
    return "".join("".join(f"{word}\t{tag}\n" for word, tag in pair) + "\n" for pair in pairs)


def varied(*endings: str) -> str:
    """The lessons as a corpus in which no two sentences are alike: each once with every ending, a word of its own."""
    return columns({f"{words} {ending}": f"{tags} O" for ending in endings for words, tags in LESSONS.items()})


def environment(**variables: object) -> dict[str, str]:
    """This process's environment without what colours or configures, and with ``variables``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RNNTAG_") and name not in FOREIGN}
    if cache := os.environ.get("RNNTAG_CACHE"):
        kept["RNNTAG_CACHE"] = cache
    return kept | {name: str(value) for name, value in variables.items()}


def start(*arguments: object, cwd: Path | None = None, env: dict | None = None, **streams: object) -> subprocess.Popen:
    """``rnntag arguments...``, its streams pipes unless said otherwise; use it in a ``with``."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.Popen(command, cwd=cwd, env=environment(**(env or {})), **(pipes | streams))


def run(
    *arguments: object, text: str | bytes | None = None, cwd: Path | None = None, env: dict | None = None
) -> Outcome:
    """``rnntag arguments...`` from start to end, with ``text`` on standard input; without it that is /dev/null."""
    given = {"stdin": subprocess.DEVNULL} if text is None else {}
    with start(*arguments, cwd=cwd, env=env, **given) as process, ended(process):
        data = text.encode() if isinstance(text, str) else text
        out, err = process.communicate(data, timeout=TIMEOUT)
    return Outcome(process.returncode, out.decode(), err.decode())


@contextmanager
def ended(process: subprocess.Popen) -> Iterator[None]:
    """Whatever happens in the ``with``, the process does not outlive it."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.kill()


def lines_of(stream: object, count: int, timeout: float = TIMEOUT) -> list[str]:
    """The next lines of a pipe, as soon as they are there. Fails if they do not come in time."""
    data, limit = b"", time.monotonic() + timeout
    with selectors.DefaultSelector() as ready:
        ready.register(stream, selectors.EVENT_READ)
        while data.count(b"\n") < count:
            if not ready.select(max(0.0, limit - time.monotonic())):
                raise AssertionError(f"{count} lines were expected within {timeout} s, but only {data!r} came")
            # One byte at a time: what follows the last line is left for whoever reads next.
            byte = os.read(stream.fileno(), 1)
            assert byte, f"the stream ended after {data!r}, {count} lines were expected"
            data += byte
    return data.decode().splitlines()


def interrupt(process: subprocess.Popen) -> None:
    """Ctrl-C."""
    process.send_signal(signal.SIGINT)


def on_terminal(
    *arguments: object,
    text: str = "",
    terminals: tuple[str, ...] = ("stdout",),
    cwd: Path | None = None,
    env: dict | None = None,
) -> Outcome:
    """Like `run`, with some of the three streams terminals (of their own, 100 columns wide) in place of pipes."""
    import fcntl
    import pty
    import struct
    import termios

    masters, streams = {}, {}
    for name in terminals:
        masters[name], streams[name] = pty.openpty()
        fcntl.ioctl(streams[name], termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        settings = termios.tcgetattr(streams[name])
        settings[1] &= ~termios.OPOST  # LF stays LF
        termios.tcsetattr(streams[name], termios.TCSANOW, settings)
    with start(*arguments, cwd=cwd, env={"TERM": "xterm-256color"} | (env or {}), **streams) as process, ended(process):
        for slave in streams.values():
            os.close(slave)
        sources = {name: masters.get(name) or getattr(process, name).fileno() for name in ("stdout", "stderr")}
        if "stdin" in masters:
            os.write(masters["stdin"], text.encode() + b"\x04")  # Ctrl-D
        else:
            process.stdin.write(text.encode())
            process.stdin.close()
        written = _drained(sources)
        process.wait(TIMEOUT)
    for master in masters.values():
        os.close(master)
    return Outcome(process.returncode, written["stdout"].decode(), written["stderr"].decode())


def _drained(sources: dict[str, int]) -> dict[str, bytes]:
    """All that comes from these descriptors until each has ended."""
    written = dict.fromkeys(sources, b"")
    with selectors.DefaultSelector() as ready:
        for name, descriptor in sources.items():
            ready.register(descriptor, selectors.EVENT_READ, name)
        while ready.get_map():
            events = ready.select(TIMEOUT)
            assert events, f"nothing more came after {written}"
            for key, _ in events:
                try:
                    chunk = os.read(key.fd, 1 << 16)
                except OSError:  # a terminal that nobody holds any longer
                    chunk = b""
                written[key.data] += chunk
                if not chunk:
                    ready.unregister(key.fd)
    return written


@pytest.fixture(scope="session")
def trained(tmp_path_factory) -> Trained:
    """A small model, trained through the command line on a part of the sample corpus and on the lessons."""
    folder = tmp_path_factory.mktemp("trained")
    paths = [folder / name for name in ("small.rnntag", "train.conll", "dev.conll")]
    paths[1].write_text(utterances("train", 300) + columns(LESSONS) * 10, "utf-8", newline="\n")
    paths[2].write_text(utterances("dev", 60) + columns(LESSONS), "utf-8", newline="\n")
    size = "--hidden", 32, "--embedding", 32, "--epochs", 5
    pace = "--batch", 8, "--learning-rate", 0.02, "--dropout", 0.2
    outcome = run("train", paths[1], "--dev", paths[2], "-o", paths[0], *size, *pace)
    assert outcome.status == 0, outcome.err
    return Trained(*paths, outcome)
