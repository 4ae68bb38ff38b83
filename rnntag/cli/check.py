"""$ rnntag check"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import click

from rnntag.cli import options

if TYPE_CHECKING:
    from rnntag.checks import Change, Checks, Finding

FOUND = 1  # exit status


@click.command("check")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@options.input_format("check", "conll")
@options.scheme
@click.option("--fix", is_flag=True, help="Write a mended copy of each FILE, list each change, and judge the copy.")
@click.option(
    "-o",
    "--output",
    metavar="PATH",
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
    input_format: str,
    token_column: str | None,
    tag_column: str | None,
    characters: bool | None,
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
    from rnntag import checks, formats
    from rnntag.data.bio import named

    options.leave_with_reader()
    paths = list(dict.fromkeys(files)) or ["-"]
    sources = options.inputs(paths, input_format, checks.COLUMNS)
    for path, kind in sources:
        if fix and kind != checks.COLUMNS:
            raise click.UsageError(f"--fix mends columns, and {path} is read as {kind}")
    copies = _copies(paths, output, fix)

    reading = formats.Reading(True, token_column, tag_column, characters)
    checking = checks.Checks(named(scheme), reading)
    tell: Callable[[Finding | Change], str] = _as_json if as_json else _colored if _is_colored(color) else str
    found: Counter[str] = Counter()

    def digested(stream: Iterable[Finding | Change]) -> int:
        """Write what was found; give the number of changes."""
        digest, changes = checks.Digest(every or as_json), 0
        for each in stream:
            if isinstance(each, checks.Finding):
                digest.add(each)
            else:
                changes += 1
                print(tell(each))
        for finding in digest:
            print(tell(finding))
        found.update(digest.counts)
        return changes

    for (path, kind), copy in zip(sources, copies, strict=True):
        options.await_input(path, "tagged tokens, one a line")
        with _opened(copy) as out:
            changes = digested(checking.file(path, kind, out))
        if copy:
            options.say(f"{copy}: {changes} change{'s' * (changes != 1)}")
    digested(checking.close())
    options.say(_summary(found, checking, len(paths)))
    if not fix and found.keys() & checks.MENDABLE:
        options.say("rnntag check --fix writes mended copies")
    wrong = [kind for kind in found if strict or checks.KINDS[kind] == checks.ERROR]
    return FOUND if wrong else 0


def _copies(paths: list[str], output: str | None, fix: bool) -> list[str | None]:
    """Where the mended copy of each file goes."""
    if not fix:
        if output:
            raise click.UsageError("-o is for the copies that --fix writes")
        return [None] * len(paths)
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
    places = list(map(os.path.realpath, copies))
    for path, copy, place in zip(paths, copies, places, strict=True):
        if place in map(os.path.realpath, paths):
            raise click.UsageError(f"the mended copy of {path} would be {copy}, which is read")
        if places.count(place) > 1:
            raise click.UsageError(f"the mended copies of several files would be {copy}")
    return [*copies]


def _beside(path: str) -> str:
    """train.fixed.conll.gz for train.conll.gz"""
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
    with replacing(copy) as file, packed(copy, file) as out:
        yield out


def _as_json(found: Finding | Change) -> str:
    text = json.dumps(found.record(), ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode()  # of bytes that are not UTF-8, too


def _is_colored(color: str) -> bool:
    return color == "always" or (color == "auto" and sys.stdout.isatty() and not os.environ.get("NO_COLOR"))


def _colored(found: Finding | Change) -> str:
    """The line with its kind in colour."""
    color = {"error": "red", "note": "yellow", "change": "green"}[found.severity]
    return str(found).replace(f": {found.kind}: ", f": {click.style(found.kind, fg=color)}: ", 1)


def _summary(found: Counter[str], checking: Checks, files: int) -> str:
    """What was read, and how much of what was found there."""
    from rnntag.checks import ERROR, KINDS, NOTE

    totals = []
    for severity in (ERROR, NOTE):
        counts = {kind: found[kind] for kind in KINDS if KINDS[kind] == severity and found[kind]}
        number, kinds = sum(counts.values()), ", ".join(f"{count} {kind}" for kind, count in counts.items())
        totals.append(f"{number or 'no'} {severity}{'s' * (number != 1)}" + (f" ({kinds})" if kinds else ""))
    read = f"{files} file{'s' * (files != 1)}, {checking.sentences} sentences, {checking.tokens} tokens"
    return f"{read}, {' and '.join(map(_title, checking.schemes))}: {', '.join(totals)}"


def _title(scheme: str) -> str:
    return "one tag a token" if scheme == "tokens" else scheme.upper()
