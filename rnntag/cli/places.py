"""What a command reads is never what it writes, by whatever names a file goes."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TextIO

import click

Place = tuple[str, str | None]  # what the command line calls it, and its path: - is a standard stream, None nothing

STANDARD_OUTPUT: Place = ("standard output", "-")


def check_apart(read: Iterable[Place], written: Iterable[Place]) -> None:
    """Raise UsageError if what is written would take the place of something else that is read or written.

    Names are seen through: links of both kinds, and standard streams that are files. Of a folder that is read, so are
    all its files.
    """
    taken = [(place, _files(place[1], sys.stdin, inside=True)) for place in chain(read, _tag_names())]
    for place in written:
        own = _files(place[1], sys.stdout, inside=True)
        for other, files in taken:
            if not own.isdisjoint(files):
                raise click.UsageError(_told(other, place))
        taken.append((place, own))


def each(name: str, paths: Iterable[str]) -> list[Place]:
    """Several places that the command line calls the same."""
    return [(name, path) for path in paths]


def output(path: str | None) -> Place:
    """Where --output says that something goes."""
    return STANDARD_OUTPUT if path in (None, "-") else ("--output", path)


def gazetteers(lists: Mapping[str, str]) -> list[Place]:
    """The files of lists of names."""
    return [(f"--gazetteer {name}", path) for name, path in lists.items()]


def _tag_names() -> list[Place]:
    """The file of --tag-names, which all commands that read corpora share, if it is one."""
    context = click.get_current_context(silent=True)
    given = context.params.get("tag_names") if context else None
    return [("--tag-names", given)] if given and os.path.isfile(given) else []


def _files(path: str | None, stream: TextIO, inside: bool = False) -> set[object]:
    """What tells the file at a path from all others; nothing for what is no file, as a pipe or a terminal.

    inside  of a folder its files belong to it
    """
    if path is None:
        return set()
    try:
        found = os.fstat(stream.fileno()) if path == "-" else os.stat(path)
    except (OSError, ValueError):  # not there; or a stream that is closed, or none of the system
        return set() if path == "-" else {os.path.realpath(path)}
    if stat.S_ISDIR(found.st_mode):
        within = (os.stat(entry.path) for entry in os.scandir(path) if entry.is_file()) if inside else ()
        return {(each.st_dev, each.st_ino) for each in (found, *within)}
    return {(found.st_dev, found.st_ino)} if stat.S_ISREG(found.st_mode) else set()


def _told(one: Place, other: Place) -> str:
    """That two places are one."""
    first = "standard input" if one[1] == "-" and one != STANDARD_OUTPUT else one[0]
    path = next((path for path in (other[1], one[1]) if path != "-"), None)
    return f"{first} and {other[0]} are the same file" + (f", {path}" if path else "")
