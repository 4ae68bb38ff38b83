"""Opens what is to be read: files, compressed or not, folders and standard input."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO

from rnntag.errors import CorpusError
from rnntag.files.compressed import opened, without_suffix
from rnntag.files.lines import bursts


def source_name(path: str | os.PathLike[str]) -> str:
    """The name of a path in messages."""
    return "<stdin>" if path == "-" else os.fspath(path)


def open_source(path: str | os.PathLike[str]) -> AbstractContextManager[BinaryIO]:
    """The bytes of a file, closed at the end of the ``with``; ``-`` is standard input, which stays open."""
    check_source(path)
    return nullcontext(sys.stdin.buffer) if path == "-" else opened(os.fspath(path))


def check_source(path: str | os.PathLike[str], folder: bool = False) -> None:
    """Raise CorpusError if there is nothing to read; what is there is not opened, for a pipe opens only once."""
    if path == "-":
        return
    if not os.path.exists(path):
        raise CorpusError("no such file", where=os.fspath(path))
    if os.path.isdir(path) != folder:
        raise CorpusError("is not a folder" if folder else "is a folder", where=os.fspath(path))
    if not os.access(path, os.R_OK):
        raise CorpusError("permission denied", where=os.fspath(path))


def lines_of(path: str, lenient: bool = False, seen: Callable[[bytes], object] | None = None) -> Iterator[str]:
    """The lines of a file. Raises CorpusError for what cannot be read; the others are those of `bursts`."""
    with open_source(path) as stream:
        for _, lines in bursts(stream, path, lenient=lenient, seen=seen):
            yield from lines


def size_of(path: str) -> int | None:
    """How many bytes a file, a folder or standard input will give; None where that is not known."""
    if path == "-":
        found = os.fstat(sys.stdin.fileno())
        return found.st_size if stat.S_ISREG(found.st_mode) else None
    files = [os.path.join(path, name) for name in os.listdir(path)] if os.path.isdir(path) else [path]
    known = all(os.path.isfile(file) and without_suffix(file) == file for file in files)
    return sum(map(os.path.getsize, files)) if known else None
