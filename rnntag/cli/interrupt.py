"""Ctrl-C during a training: the first finishes the batch, the second stops at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

FINISHING = "finishing this batch, then saving the best model so far; Ctrl-C again stops at once"


@contextmanager
def interruptible(tell: Callable[[str], object]) -> Iterator[list[int]]:
    """Gives a list that is empty until the first Ctrl-C, at which ``tell`` is called; the second raises as usual."""
    interrupted: list[int] = []
    unsaid: list[str] = []

    def first(number: int, frame: FrameType | None) -> None:
        interrupted.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            tell(FINISHING)
        except RuntimeError:  # a line was being written at that very moment, and a stream cannot be entered twice
            unsaid.append(FINISHING)

    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a job that a script put in the background
        yield interrupted
        return
    before = signal.signal(signal.SIGINT, first)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
        for sentence in unsaid:
            tell(sentence)
