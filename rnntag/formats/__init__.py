"""How sentences are read and written: one file a format, and the table that lists them.

A reader is a class: `feed` takes the lines of one burst and gives the sentences they complete, `close` gives what is
left at the end of the file. A writer is a function from a sentence and its scheme to text, line ends included. To
add a format is to add a file and a row (`rnntag.formats.row`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO

from rnntag.errors import CorpusError
from rnntag.formats.compressed import opened, without_suffix
from rnntag.formats.conll import ConllReader, write_conll
from rnntag.formats.inline import write_inline
from rnntag.formats.lines import bursts
from rnntag.formats.plain import PlainReader
from rnntag.formats.plain_tags import write_plain_tags
from rnntag.formats.row import TAGGED, UNTAGGED, Format, Reading
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence

__all__ = [
    "FORMATS",
    "READABLE",
    "TAGGED",
    "UNTAGGED",
    "WRITABLE",
    "Format",
    "Reading",
    "check_source",
    "guess",
    "look_up",
    "open_source",
    "read",
    "read_corpus",
    "read_path",
    "source_name",
    "write",
]

FORMATS: dict[str, Format] = {
    "plain": Format("a sentence a line, words parted by white space", reader=PlainReader),
    "conll": Format(
        "a token a line, its tag in the last column",
        suffixes=(".conll", ".tsv", ".bio", ".iob", ".iob2", ".bioes", ".bmes"),
        reader=ConllReader,
        writer=write_conll,
        certain=True,
    ),
    "inline": Format("[boston](city) in running text", writer=write_inline),
    "plain-tags": Format("the tags alone, a line a sentence", writer=write_plain_tags),
}
READABLE = [name for name, row in FORMATS.items() if row.reader or row.read_folder]
WRITABLE = [name for name, row in FORMATS.items() if row.writer or row.pieces]


def guess(path: str | os.PathLike[str] | None, default: str) -> str:
    """The format of a file by its name; ``default`` where the name says nothing, or is that of a standard stream."""
    if path is None or path == "-":
        return default
    if os.path.isdir(path):
        names = tuple(os.listdir(path))
        return next((name for name, row in FORMATS.items() if row.folder and _any_ends(names, row.suffixes)), default)
    names = (without_suffix(os.fspath(path).lower()),)
    return next((name for name, row in FORMATS.items() if not row.folder and _any_ends(names, row.suffixes)), default)


def _any_ends(names: tuple[str, ...], suffixes: tuple[str, ...]) -> bool:
    return any(name.endswith(suffixes) for name in names)


def read(stream: BinaryIO | int, source: str, format: str, reading: Reading = UNTAGGED) -> Iterator[list[Sentence]]:
    """Yield the sentences of each burst of input together; what came before a fault comes out before it.

    ``stream`` is a file open for bytes or a descriptor, ``source`` its name in messages.
    """
    make = look_up(format).reader
    if make is None:
        raise CorpusError(f"'{format}' is not read from a stream", where=source, hint="name a file or folder of it")
    reader = make(source, reading)
    for number, lines in bursts(stream, source):
        yield from _gather(reader.feed(number, lines))
    yield from _gather(reader.close())


def _gather(sentences: Iterator[Sentence]) -> Iterator[list[Sentence]]:
    """All of them as one list, or none if there are none."""
    ready: list[Sentence] = []
    try:
        ready.extend(sentences)
    finally:  # a fault in the midst of a burst leaves the sentences above it
        if ready:
            yield ready


def read_path(path: str | os.PathLike[str], format: str, reading: Reading = UNTAGGED) -> Iterator[list[Sentence]]:
    """The sentences of a file or folder (``-`` is standard input), as `read` gives them."""
    folder = look_up(format).read_folder
    if folder is not None and path != "-":
        check_source(path, folder=True)
        for burst in folder(os.fspath(path), reading):
            yield from _gather(iter(burst))
        return
    with open_source(path) as stream:
        yield from read(stream, source_name(path), format, reading)


def read_corpus(path: str | os.PathLike[str], format: str = "auto", reading: Reading = TAGGED) -> list[Sentence]:
    """The tagged sentences of a file (``-`` is standard input), save those without tokens."""
    if format == "auto":
        format = guess(path, "conll")
    read_bursts = read_path(path, format, reading)
    sentences = [sentence for burst in read_bursts for sentence in burst if sentence.tokens]
    if not sentences:
        hint = "a line is a token, a TAB and its tag; a blank line ends a sentence" if format == "conll" else None
        raise CorpusError("no sentences", where=source_name(path), hint=hint)
    return sentences


def source_name(path: str | os.PathLike[str]) -> str:
    """How messages call a path."""
    return "<stdin>" if path == "-" else os.fspath(path)


def open_source(path: str | os.PathLike[str]) -> AbstractContextManager[BinaryIO]:
    """The bytes of a file, closed at the end of the ``with``; ``-`` is standard input, left open."""
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


def write(sentences: Iterable[Sentence], format: str, scheme: Scheme) -> str:
    """The sentences as text, without what the format puts before, between and after them."""
    writer = look_up(format).writer
    if writer is None:
        raise CorpusError(f"'{format}' is not written", hint=f"what is: {', '.join(WRITABLE)}")
    return "".join([writer(sentence, scheme) for sentence in sentences])


def look_up(name: str) -> Format:
    """The row of a format. Raises CorpusError for a name that is none."""
    if name not in FORMATS:
        raise CorpusError(f"'{name}' is not a format", hint=f"there are: {', '.join(sorted(FORMATS))}")
    return FORMATS[name]
