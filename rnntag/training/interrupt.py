"""Signals that end a training: after the first the batch under way is finished; a Ctrl-C after that stops at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

FINISHING = "finishing this batch, then saving the best model so far; Ctrl-C again stops at once"
# Those of a keyboard, of whoever ends a job, and of a terminal that is closed; the last is not on every system.
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def interruptible(tell: Callable[[str], object]) -> Iterator[list[int]]:
    """Gives a list that is empty until the first signal, whose number it holds then; ``tell`` is called at that moment.

    A Ctrl-C after that raises KeyboardInterrupt. The others are ignored from then on, as a terminal that is closed may
    send its own twice. Signals that are ignored already stay so: the job is in the background, or under nohup. In
    another thread than the main one, which alone gets signals, the list stays empty.
    """
    interrupted: list[int] = []
    unsaid: list[threading.Thread] = []

    def first(number: int, frame: FrameType | None) -> None:
        interrupted.append(number)
        for each in before:
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_IGN)
        try:
            tell(FINISHING)
        except RuntimeError:  # a line was being written at that very moment, and a stream cannot be entered twice
            unsaid.append(threading.Thread(target=tell, args=(FINISHING,)))  # which waits for it
            unsaid[0].start()

    main = threading.current_thread() is threading.main_thread()
    # None is a handler of others than Python, which it could not put back.
    heeded = [each for each in SIGNALS if main and signal.getsignal(each) not in (None, signal.SIG_IGN)]
    before = {each: signal.getsignal(each) for each in heeded}
    for each in heeded:
        signal.signal(each, first)
    try:
        yield interrupted
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        for thread in unsaid:
            thread.join()
