"""What a person is told of a job: how far it is, and which file it replaces."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from rnntag.cli.talk import say
from rnntag.files.sources import size_of

if TYPE_CHECKING:
    from rnntag.show.meter import Meter

P = ParamSpec("P")
T = TypeVar("T")


def leave_with_reader() -> None:
    """Let the process end silently when the reader of its output ends, as head does in ``rnntag tag | head``."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def tell_replaced(path: str | None) -> None:
    """Tell of a file that is there already, and is about to be replaced by another of its name.

    Raises RnntagError for one that may not be.
    """
    from rnntag.files.whole import check_writable

    if path and path != "-" and os.path.isfile(path):
        check_writable(path)
        say(f"replacing {path}")


def meter(doing: str, paths: Iterable[str], output: str | None, waits: bool = False) -> Meter:
    """What shows how far a job is, where there is a place for it.

    doing          what it does, in a word
    paths          what it reads
    output, waits  those of `rnntag.show.meter.has_place`
    """
    from rnntag.show.meter import Meter, has_place

    paths = list(paths)
    if not has_place(output, waits) or ("-" in paths and sys.stdin.isatty()):
        return Meter(doing, None, False)
    sizes = list(map(size_of, paths))
    return Meter(doing, None if None in sizes else sum(filter(None, sizes)), True)


def busy(doing: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """What shows for how long a function goes on of which it is not known how far it is."""

    def shown(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def call(*arguments: P.args, **settings: P.kwargs) -> T:
            with meter(doing, (), None, waits=True):
                return function(*arguments, **settings)

        return call

    return shown
