"""How sentences are read and written: one file a format, and the tables that list them.

A reader is a class, made with the name of the source and whether the last column is a tag: `feed` takes the
lines of one burst and gives the sentences they complete, `close` gives what is left at the end of the file. A
writer is a function from a sentence and its scheme to text, line ends included. To add a format is to add a
file and a row.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO, Protocol, TypeVar

from rnntag.errors import CorpusError
from rnntag.formats.conll import ConllReader, write_conll
from rnntag.formats.inline import write_inline
from rnntag.formats.lines import bursts
from rnntag.formats.plain import PlainReader
from rnntag.formats.plain_tags import write_plain_tags
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence

__all__ = [
    "READERS",
    "WRITERS",
    "Reader",
    "Writer",
    "open_source",
    "read",
    "read_corpus",
    "source_name",
    "write",
]


class Reader(Protocol):
    """Lines in, sentences out, as soon as they are complete."""

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]: ...

    def close(self) -> Iterator[Sentence]: ...


Writer = Callable[[Sentence, Scheme], str]
Row = TypeVar("Row")

READERS: dict[str, Callable[[str, bool], Reader]] = {
    "plain": PlainReader,
    "conll": ConllReader,
}

WRITERS: dict[str, Writer] = {
    "conll": write_conll,
    "inline": write_inline,
    "plain-tags": write_plain_tags,
}


def read(stream: BinaryIO | int, source: str, format: str, tagged: bool = False) -> Iterator[list[Sentence]]:
    """Yield the sentences of each burst of input together; what came before a fault comes out before it.

    ``stream`` is a file open for bytes or a descriptor, ``source`` its name in messages.
    """
    reader = _look_up(READERS, format)(source, tagged)
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


def read_corpus(path: str | os.PathLike[str], format: str = "conll") -> list[Sentence]:
    """The tagged sentences of a file (``-`` is standard input), save those without tokens."""
    source = source_name(path)
    with open_source(path) as stream:
        read_bursts = read(stream, source, format, tagged=True)
        sentences = [sentence for burst in read_bursts for sentence in burst if sentence.tokens]
    if not sentences:
        hint = "a line is a token, a TAB and its tag; a blank line ends a sentence"
        raise CorpusError("no sentences", where=source, hint=hint)
    return sentences


def source_name(path: str | os.PathLike[str]) -> str:
    """How messages call a path."""
    return "<stdin>" if path == "-" else os.fspath(path)


def open_source(path: str | os.PathLike[str]) -> AbstractContextManager[BinaryIO]:
    """The bytes of a file, closed at the end of the ``with``; ``-`` is standard input, left open."""
    check_source(path)
    return nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb")


def check_source(path: str | os.PathLike[str]) -> None:
    """Raise CorpusError if there is nothing to read; what is there is not opened, for a pipe opens only once."""
    if path == "-":
        return
    if not os.path.exists(path):
        raise CorpusError("no such file", where=os.fspath(path))
    if os.path.isdir(path):
        raise CorpusError("is a folder", where=os.fspath(path))
    if not os.access(path, os.R_OK):
        raise CorpusError("permission denied", where=os.fspath(path))


def write(sentences: Iterable[Sentence], format: str, scheme: Scheme) -> str:
    """The sentences as text."""
    writer = _look_up(WRITERS, format)
    return "".join([writer(sentence, scheme) for sentence in sentences])


def _look_up(table: dict[str, Row], name: str) -> Row:
    if name not in table:
        raise CorpusError(f"'{name}' is not a format", hint=f"there are: {', '.join(sorted(table))}")
    return table[name]
