"""$ rnntag check"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

import click

from rnntag.cli import completion, jobs, options, places, talk
from rnntag.errors import visible

if TYPE_CHECKING:
    from rnntag.checks import Change, Checks, Finding
    from rnntag.checks.report import Report

    Write = Callable[[Finding | Change], None]

FOUND = 1  # exit status
PASSES = 3  # over a file of columns


@click.command("check")
@completion.paths()
@options.input_format("check", "conll")
@options.scheme
@click.option("--fix", is_flag=True, help="Write a mended copy of each FILE, list each change, and judge the copy.")
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    shell_complete=completion.files,
    help="With --fix: the copy of a single FILE, or a folder for copies. Default: FILE.fixed.EXT beside each FILE.",
)
@click.option(
    "--all",
    "every",
    envvar="RNNTAG_CHECK_ALL",
    is_flag=True,
    help="List each finding; else of many of a kind the first are shown.",
)
@click.option("--strict", is_flag=True, help="Notes count for the exit status as errors do.")
@click.option(
    "--json",
    "as_json",
    envvar="RNNTAG_CHECK_JSON",
    is_flag=True,
    help="Write a JSON object a line for each finding and each change.",
)
@options.color
def command(
    files: tuple[str, ...],
    reading: options.ReadingOptions,
    scheme: str,
    fix: bool,
    output: str | None,
    every: bool,
    strict: bool,
    as_json: bool,
    color: str,
) -> int:
    """Tell all that is wrong with tagged corpora: each finding with its file, its line and its kind.

    Give files that belong together (train, dev, test) together, so that sentences that stand in two of them are found.
    The scheme is recognised file by file. Without FILE standard input is read.

    \b
    Errors: training would refuse the file, or learn nonsense.
      encoding, format, columns    no UTF-8, no sentences, more or fewer columns
      token, tag                   an empty one, or a tag that holds white space
      scheme, orphan               mixed schemes; a tag that cannot stand where it does
      disagreement                 repeated sentences tagged now in this way, now in that
    Notes: worth a look.
      length, spaces, line-ends    very long ones; spaces where TABs are meant; CRLF
      control, invisible, character, mojibake, scripts, nfc
                                   characters that nobody meant, or that look like others
      conflict, leak, repeat       a sentence tagged otherwise elsewhere; in two files; twice
      once, spelling               labels of a single span; labels almost like another

    --fix writes copies, never FILE itself. Orphans get the tags of the spans that conlleval sees, text becomes NFC,
    what cannot be seen is removed, no-break spaces become spaces, spaces between columns TABs, and CRLF becomes LF.
    Every line keeps its number. What cannot be mended is still told.

    Exit status: 0 no errors, 1 errors, or notes with --strict; with --fix, those of the copies.

    \b
    Example:
      rnntag check train.conll dev.conll test.conll
      rnntag check --fix train.conll -o mended.conll
      rnntag check --json train.conll | jq -r 'select(.kind == "orphan").line'
    """
    from rnntag import checks
    from rnntag.checks.report import Report
    from rnntag.data.bio import named

    jobs.leave_with_reader()
    if not files and options.is_piped():
        talk.say("no FILE given: reading standard input")
    paths = list(dict.fromkeys(files)) or ["-"]
    sources = options.inputs(paths, reading.format, checks.COLUMNS)
    copies = _copies(sources, output) if fix else _no_copies(sources, output)
    written = [(f"the mended copy of {path}", copy) for path, copy in zip(paths, copies, strict=True)]
    places.check_apart(places.each("FILE", paths), [*written, places.STANDARD_OUTPUT])
    passes = [path for path, kind in sources for _ in range(PASSES if kind == checks.COLUMNS else 1)]
    meter = jobs.meter("checking", passes, None, waits=True)
    checking = checks.Checks(named(scheme), replace(reading.how, tagged=True, seen=meter.read))
    meter.follow(lambda: (checking.sentences, checking.tokens))
    report, write = Report(every or as_json), _writer(as_json, color)
    with meter:
        _check(checking, report, zip(sources, copies, strict=True), write)
    talk.say(report.summary(checking, len(paths)))
    if not fix and report.is_mendable:
        talk.say("rnntag check --fix writes mended copies")
    return FOUND if report.fails(strict) else 0


def _check(checking: Checks, report: Report, files: Iterable[tuple[tuple[str, str], str | None]], write: Write) -> None:
    """Check each file, mend its copy, if it has one, and write what is found.

    files  the path and the format of each, and where its copy goes
    """
    for (path, kind), copy in files:
        options.await_input(path, "tagged tokens, one a line")
        with _opened(copy) as out:
            for each in report.shown(checking.file(path, kind, out)):
                write(each)
        if copy:
            talk.say(f"{copy}: {report.changes} change{'s' * (report.changes != 1)}")
    for each in report.shown(checking.close()):
        write(each)


def _no_copies(sources: list[tuple[str, str]], output: str | None) -> list[None]:
    """That no file has a copy. Raises UsageError for a place to write them to."""
    if output:
        raise click.UsageError("-o is for the copies that --fix writes")
    return [None] * len(sources)


def _copies(sources: list[tuple[str, str]], output: str | None) -> list[str]:
    """Where the mended copy of each file goes. Raises UsageError where it cannot go there."""
    from rnntag.checks import COLUMNS

    if foreign := next((source for source in sources if source[1] != COLUMNS), None):
        raise click.UsageError(f"--fix mends columns, and {foreign[0]} is read as {foreign[1]}")
    paths = [path for path, _ in sources]
    if output == "-":
        raise click.UsageError("standard output is for what is found; name a file with -o")
    if "-" in paths and (output is None or len(paths) > 1):
        raise click.UsageError("the mended copy of standard input needs a name: -o FILE")
    if output is None:
        copies = [_beside(path) for path in paths]
    elif len(paths) == 1 and not os.path.isdir(output):
        copies = [output]
    else:
        copies = [os.path.join(output, os.path.basename(path)) for path in paths]
    return copies


def _beside(path: str) -> str:
    """The name of a copy beside its file: train.fixed.conll.gz for train.conll.gz."""
    from rnntag.files.compressed import without_suffix

    name = without_suffix(path)
    stem, ending = os.path.splitext(name)
    return f"{stem}.fixed{ending}{path[len(name) :]}"


@contextmanager
def _opened(copy: str | None) -> Iterator[BinaryIO | None]:
    """A file that takes its name at the end, compressed if the name says so."""
    from rnntag.files.compressed import packed
    from rnntag.files.whole import replacing

    if copy is None:
        yield None
        return
    if folder := os.path.dirname(copy):
        os.makedirs(folder, exist_ok=True)
    jobs.tell_replaced(copy)
    with replacing(copy) as file, packed(copy, file) as out:
        yield out


def _writer(as_json: bool, color: str) -> Write:
    """What writes findings and changes to standard output."""
    if as_json:
        return lambda each: talk.show_json(each.record())
    colored = color == "always" or (color == "auto" and sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    line = _colored if colored else _line
    return lambda each: talk.show_coloured(line(each))


def _line(each: Finding | Change) -> str:
    return f"{visible(str(each))}\n"


def _colored(each: Finding | Change) -> str:
    """The line with its kind in colour."""
    color = {"error": "red", "note": "yellow", "change": "green"}[each.severity]
    return _line(each).replace(f": {each.kind}: ", f": {click.style(each.kind, fg=color)}: ", 1)
