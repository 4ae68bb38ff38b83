"""What a person is told: sentences on standard error, and what stands on standard output to be read rather than used.

Whatever a command prints goes through here or, in colour, through `rnntag.show.console`; so nothing that stands in a
user's files or arguments acts on the terminal. Data is written as it is, by `rnntag.formats.output`.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import NoReturn

import click

from rnntag.errors import CONTROLS, one_line, visible

# Python's JSON escapes the first 32 by itself.
ESCAPES = {code: f"\\u{code:04x}" for code in CONTROLS if code >= 0x20}


def say(sentence: str) -> None:
    """Print a sentence on standard error; if it cannot be written, that is no reason to stop."""
    from rnntag.show.meter import apart

    with contextlib.suppress(OSError), apart():
        click.echo(one_line(sentence), err=True)


def fail(lines: str, status: int) -> NoReturn:
    """Print what went wrong on standard error, and exit with this status."""
    with contextlib.suppress(OSError):
        click.echo(visible(lines), err=True)
    sys.exit(status)


def refuse(error: click.ClickException) -> NoReturn:
    """Print what is wrong with a command line, as Click has it but for the length of what was given; exit."""
    written = io.StringIO()
    error.show(written)
    message = error.format_message()
    fail(written.getvalue().removesuffix("\n").replace(message, one_line(message)), error.exit_code)


def show(text: str) -> None:
    """Print lines for a person on standard output."""
    show_coloured(visible(text))


def show_coloured(text: str) -> None:
    """Print lines whose colours, and nothing else in them, act on the terminal, as `rnntag.show` makes them."""
    from rnntag.show.meter import apart

    with apart():
        print(text, end="")


def show_json(value: object) -> None:
    """Print a value as a line of JSON, in which what would act on the terminal is escaped."""
    show(json.dumps(value, ensure_ascii=False).translate(ESCAPES) + "\n")
