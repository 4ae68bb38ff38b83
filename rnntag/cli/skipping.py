"""The option --on-error: records that cannot be read are left out, counted and told of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import wraps
from typing import Any

import click

from rnntag.cli.choices import Choice
from rnntag.cli.options import ReadingOptions
from rnntag.cli.talk import say
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, RestLostError
from rnntag.formats import Reading

SHOWN = 5  # records that are told of one by one
STOP, SKIP = "stop", "skip"


class Skipped:
    """Tells of records that cannot be read and are left out: of the first each, in the end of how many."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, error: CorpusError) -> None:
        """Take the fault of a record."""
        self.count += 1
        if self.count <= SHOWN or isinstance(error, RestLostError):
            say(f"left out: {error.where}: {error.fact}" if error.where else f"left out: {error.fact}")

    def tell(self) -> None:
        """Tell how many there were, if any."""
        count, self.count = self.count, 0
        if count:
            what = "1 record that cannot be read" if count == 1 else f"{count:,} records that cannot be read"
            say(f"warning: left out {what}{f'; the first {SHOWN} stand above' if count > SHOWN else ''}")


def tell_skipped(reading: Reading) -> None:
    """Tell how many records were left out by now, if any, before long work begins."""
    if isinstance(reading.skip, Skipped):
        reading.skip.tell()


def watched(bursts: Iterable[list[Sentence]], reading: Reading) -> Iterator[list[Sentence]]:
    """The same sentences. Raises CorpusError at the end if records were left out, and nothing else was there."""
    found = False
    for burst in bursts:
        found = found or any(sentence.tokens for sentence in burst)
        yield burst
    if isinstance(reading.skip, Skipped) and reading.skip.count and not found:
        hint = "leave --on-error out to see the way out of the first fault"
        raise CorpusError("nothing of the input could be read", hint=hint)


def on_error(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option --on-error of a command that has those of `rnntag.cli.options.input_format`.

    The command gets `Skipped` as ``reading.how.skip``, which tells how many records were left out when it ends.
    """
    option = click.option(
        "--on-error",
        type=Choice([STOP, SKIP]),
        default=STOP,
        show_default=True,
        help="Where a record cannot be read (a line, a sentence of columns, an object, a document): stop, or leave it "
        "out and tell.",
    )

    @wraps(function)
    def command(*arguments: object, on_error: str, reading: ReadingOptions, **others: object) -> Any:
        if on_error == SKIP:
            skipped = Skipped()
            click.get_current_context().call_on_close(skipped.tell)
            reading = replace(reading, how=replace(reading.how, skip=skipped))
        return function(*arguments, reading=reading, **others)

    return option(command)
