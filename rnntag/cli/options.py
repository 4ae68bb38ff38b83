"""Options and arguments that commands share."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import click

from rnntag.scheme import SCHEMES

INTERRUPTED = 130  # exit status after Ctrl-C
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def processors() -> int:
    """The processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def say(sentence: str) -> None:
    """Tell a person something; standard output stays data. If it cannot be told, that is no reason to stop."""
    with contextlib.suppress(OSError):
        click.echo(sentence, err=True)


def leave_with_reader() -> None:
    """In ``rnntag tag | head``, head's leaving ends us silently."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


color: Decorator = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours: auto means on a terminal, unless NO_COLOR is set.",
)

model: Decorator = click.option(
    "-m",
    "--model",
    "model_path",
    type=click.Path(),
    envvar="RNNTAG_MODEL",
    help="Model file. Default: $RNNTAG_MODEL, else ./model.rnntag, else the model that comes with rnntag.",
)

scheme: Decorator = click.option(
    "--scheme",
    type=click.Choice(["auto", *SCHEMES]),
    default="auto",
    show_default=True,
    help="What the tags mean: spans in one of three notations, or one tag a token.",
)


def threads(default: int) -> Decorator:
    """--threads, whose number never changes a result."""
    return click.option(
        "--threads",
        type=click.IntRange(1, 256),
        default=default,
        show_default=True,
        help="Threads; results do not depend on their number.",
    )


def find_model(path: str | None) -> str:
    """The model to use: the one named, else one in this folder, else the bundled one, which is then said."""
    if path:
        return path
    if os.path.exists("model.rnntag"):
        say("using ./model.rnntag")
        return "model.rnntag"
    from rnntag import bundled

    say("using the model that comes with rnntag (English home and travel requests); another: -m MODEL")
    return str(bundled.MODEL)


def await_input(path: str | None, what: str) -> None:
    """If a person is to type the input, tell what is awaited and how to end."""
    if path == "-" and sys.stdin.isatty():
        end = "Ctrl-Z and Enter" if sys.platform == "win32" else "Ctrl-D"
        say(f"waiting for {what}; end with {end}")
