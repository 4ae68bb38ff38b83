"""How far a long job is: a line on standard error, for whoever sits there once the job takes longer than a few seconds.

It stands where nothing else is written: on a terminal, while standard output goes to a file. What is to be written to
that terminal nevertheless is written `apart`. Nothing is drawn by whoever works, so that a job is not held up.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from rnntag.data.sentence import Sentence

PATIENCE = 3.0  # seconds without a line
PACE = 0.25  # seconds between two drawings
_terminal = threading.RLock()  # whoever writes to it holds this
_shown: list[Meter] = []  # the one whose line stands there


def duration(seconds: float) -> str:
    """Write a time as 7 s, 3:25 min or 1:02:09 h."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02} h"


def has_place(output: str | None, waits: bool = False) -> bool:
    """Whether a line can stand on the terminal for as long as a job takes.

    output  the file that the job writes; None or ``-`` is standard output
    waits   whether what goes there comes at the end, or `apart`
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return False
    if output not in (None, "-"):
        return True
    if sys.stdout.isatty():
        return waits
    kind = os.fstat(sys.stdout.fileno()).st_mode
    return not (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind))  # who reads it may have the terminal, as less has


@contextmanager
def apart() -> Iterator[None]:
    """Takes the line away while something else is written to the terminal."""
    if not _shown:
        yield
        return
    with _terminal:
        for meter in _shown:
            meter.erase()
        yield


class Meter:
    """Counts what a job has done, and shows it while it stands in a ``with``.

    doing      what the job does, in a word
    total      bytes that it will read; None if that is not known
    has_place  whether there is a place for a line; else nothing is counted
    """

    def __init__(self, doing: str, total: int | None, has_place: bool) -> None:
        self._doing, self._total, self._has_place = doing, total, has_place
        self._began, self._ended = time.monotonic(), threading.Event()
        self._read = self._sentences = self._words = 0
        self._counts: Callable[[], tuple[int, int]] | None = None
        self._drawn = 0  # characters of the line that stands there

    @property
    def read(self) -> Callable[[bytes], object] | None:
        """What is to get all bytes as they are read; None where nothing is shown."""
        return self._take if self._has_place else None

    def counted(self, bursts: Iterable[list[Sentence]]) -> Iterable[list[Sentence]]:
        """The same sentences, counted."""
        return self._counting(bursts) if self._has_place else bursts

    def follow(self, counts: Callable[[], tuple[int, int]]) -> None:
        """Show the sentences and words that somebody else counts."""
        self._counts = counts

    def _take(self, data: bytes) -> None:
        self._read += len(data)

    def _counting(self, bursts: Iterable[list[Sentence]]) -> Iterator[list[Sentence]]:
        for burst in bursts:
            yield burst
            self._sentences += len(burst)
            self._words += sum([len(sentence.tokens) for sentence in burst])

    def __enter__(self) -> Meter:
        if self._has_place:
            _shown.append(self)
            threading.Thread(target=self._show, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._has_place:
            self._ended.set()
            with _terminal:
                self.erase()
                _shown.remove(self)

    def _show(self) -> None:
        """Draw the line again and again, until the job has ended."""
        self._ended.wait(max(0.0, self._began + PATIENCE - time.monotonic()))
        while not self._ended.wait(PACE):
            with _terminal:
                if not self._ended.is_set():
                    self._draw()

    def _draw(self) -> None:
        if self._counts:
            self._sentences, self._words = self._counts()
        width = shutil.get_terminal_size().columns - 1  # in the last column some terminals begin a new line
        line = self.line(time.monotonic() - self._began, width)
        self._put(f"\r{line.ljust(self._drawn)}")
        self._drawn = len(line)

    def erase(self) -> None:
        """Take the line away, until it is drawn again."""
        if self._drawn:
            self._put(f"\r{' ' * self._drawn}\r")
        self._drawn = 0

    def _put(self, text: str) -> None:
        with suppress(OSError, ValueError):  # a terminal that is gone is no reason to stop
            sys.stderr.write(text)
            sys.stderr.flush()

    def line(self, seconds: float, width: int) -> str:
        """What is shown after so many seconds, as much of it as goes into a line."""
        share = min(self._read / self._total, 0.99) if self._total else 0.0
        left = f"{duration(seconds * (1 - share) / share)} left" if share > 0.01 else duration(seconds)
        # In the order of the line, each with how soon it gives way in a narrow one.
        parts = [(0, self._doing)]
        if self._sentences:
            parts += [(4, f"{self._sentences:,} sentences"), (5, f"{self._words:,} words")]
            parts += [(3, f"{self._words / seconds:,.0f} words/s")]
        if self._total:
            parts += [(1, f"{100 * share:.0f} %")]
        parts += [(2, left)]
        while len(line := "  ".join(text for _, text in parts)) > width and len(parts) > 1:
            parts.remove(max(parts))
        return line[:width]
