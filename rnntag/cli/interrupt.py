"""Ctrl-C during a training: the first finishes the batch, the second stops at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FINISHING = "finishing this batch, then saving the best model so far; Ctrl-C again stops at once"


@contextmanager
def interruptible(tell: Any) -> Iterator[list[int]]:
    """The list fills at the first Ctrl-C; the second one is as if nobody had listened."""
    interrupted: list[int] = []
    untold: list[str] = []

    def first(number: int, frame: Any) -> None:
        interrupted.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            tell(FINISHING)
        except RuntimeError:  # a line was being written at that very moment, and a stream cannot be entered twice
            untold.append(FINISHING)

    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a job that a script put in the background
        yield interrupted
        return
    before = signal.signal(signal.SIGINT, first)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
        for sentence in untold:
            tell(sentence)
