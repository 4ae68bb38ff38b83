"""Reads files of pretrained word vectors, and keeps only what is needed.

Four kinds of file, known by what is in them, gzipped or not:

    word2vec text     a line 'count width', then lines of a word and its numbers
    word2vec binary   the same first line, then each word, a space and its numbers as little-endian float32
    fastText .vec     as word2vec text
    GloVe             lines of a word and its numbers; the word may hold spaces

Such a file has millions of words and a corpus some thousands. So the word is looked at first, the numbers of
all others are skipped as bytes, and the memory taken is that of what is kept.
"""

from __future__ import annotations

import codecs
import gzip
import io
import os
import re
import zlib
from collections.abc import Callable, Collection, Iterator
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

import numpy as np

from rnntag.arrays.ragged import Array
from rnntag.errors import CorpusError
from rnntag.formats import open_source, source_name

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# How far is looked ahead to see what a file is; also the longest line or word that is believed to be one.
HEAD = 1 << 18

_GZIP = b"\x1f\x8b"
_HEADER = re.compile(rb"(\d{1,12}) +(\d{1,12})[ \r]*")
_NUMBER = re.compile(rb"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf(?:inity)?)", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")

# What lies beside such files and is taken for them; by its first bytes.
_OTHERS = {
    b"PK\x03\x04": ("is a zip archive", "unpack it first: unzip {}"),
    b"\xba\x16\x4f\x2f": ("is a fastText model", "give the .vec file that goes with it"),
}
_KINDS = "give word2vec (text or binary), GloVe or fastText .vec, gzipped or not"
_AGAIN = "fetch the file again"

Entry = tuple[int, bytes, bytes]  # number of the line (or of the word, if binary), the word, its numbers


class Vectors(NamedTuple):
    """Words in the order of the file, and their vectors.

    words   n, each once, as the file spells them
    table   (n, width)   float32, C-contiguous
    """

    words: list[str]
    table: Array


class _Layout(NamedTuple):
    """What a file is; ``promised`` is its number of words if a first line gives it."""

    promised: int | None
    width: int
    binary: bool


def read_vectors(path: str | os.PathLike[str], wanted: Collection[str], keep: int = 0) -> Vectors:
    """The vectors of the wanted words, and of the first ``keep`` others (the files are sorted by frequency).

    An entry is wanted if it equals a wanted word but for case; of entries spelled alike the first counts. Entries
    that are not UTF-8 are passed over (GoogleNews has some). Numbers are checked only where they are kept, the
    number of columns everywhere. Raises CorpusError if the file is not what it should be, or not all of it.
    """
    source = source_name(path)
    with open_source(path) as file:
        try:
            return _read(file, source, wanted, keep)
        except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
            fact = "the gzip data is cut short" if isinstance(fault, EOFError) else "the gzip data is damaged"
            raise CorpusError(fact, where=source, hint=_AGAIN) from None


def _read(file: BinaryIO, source: str, wanted: Collection[str], keep: int) -> Vectors:
    """The vectors of an open file."""
    head, stream = _look_ahead(cast(io.BufferedIOBase, file))  # what files and standard input are read by
    if head.startswith(_GZIP):
        head, stream = _look_ahead(gzip.GzipFile(fileobj=stream))
    layout = _recognise(head, source)
    del head  # a quarter of a mebibyte
    entries, parse = (_binary, _parse_binary) if layout.binary else (_text, _parse_text)
    return _gather(entries(stream, layout, source), partial(parse, layout, source), layout, wanted, keep)


def _gather(
    entries: Iterator[Entry],
    parse: Callable[[Entry], Array],
    layout: _Layout,
    wanted: Collection[str],
    keep: int,
) -> Vectors:
    """The entries that are asked for, their numbers parsed."""
    folded = {word.lower() for word in wanted}
    kept: dict[str, None] = {}
    data = bytearray()  # grows in place and becomes the table as it is: rows to be stacked would be there twice
    for entry in entries:
        try:
            word = entry[1].decode()
        except UnicodeDecodeError:
            continue
        if not word or word in kept:
            continue
        if word.lower() not in folded:
            if keep <= 0:
                continue
            keep -= 1
        kept[word] = None
        data += parse(entry).tobytes()
    return Vectors(list(kept), np.frombuffer(data, dtype=np.float32).reshape(len(kept), layout.width))


# What a file is.


class _Rejoined(io.RawIOBase):
    """Bytes that have been read already, then the rest of their stream: a pipe cannot be wound back."""

    def __init__(self, head: bytes, rest: io.BufferedIOBase) -> None:
        self._head, self._rest = io.BytesIO(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._head.readinto(buffer) or self._rest.readinto(buffer)


def _look_ahead(stream: io.BufferedIOBase) -> tuple[bytes, io.BufferedReader]:
    """The first bytes of a stream, and the stream with them still in it."""
    head = stream.read(HEAD)
    return head, io.BufferedReader(_Rejoined(head, stream), HEAD)


def _recognise(head: bytes, source: str) -> _Layout:
    """What a file is that begins like this. Raises CorpusError if it is nothing known."""
    for magic, (fact, hint) in _OTHERS.items():
        if head.startswith(magic):
            raise CorpusError(fact, where=source, hint=hint.format(source))
    head = head.removeprefix(codecs.BOM_UTF8)
    if not head.strip():
        raise CorpusError("is empty", where=source, hint=_KINDS)
    first, _, body = head.partition(b"\n")
    if header := _HEADER.fullmatch(first):
        count, width = map(int, header.groups())
        if count and 0 < 4 * width <= HEAD:
            return _Layout(count, width, binary=not _is_text(body, width))
    else:
        columns = first.rstrip(b" \r").split(b" ")
        # The first column is the word, even if it looks like a number.
        width = sum(1 for _ in takewhile(_NUMBER.fullmatch, reversed(columns[1:])))
        if width > 1:  # a word and one number are a list of frequencies
            return _Layout(None, width, binary=False)
    raise CorpusError("is not a file of word vectors", where=source, hint=_KINDS)


def _is_text(body: bytes, width: int) -> bool:
    """Whether what follows the first line is text, be it faulty text, rather than bytes of numbers."""
    columns = body.partition(b"\n")[0].rstrip(b" \r").split(b" ")
    if len(columns) > width and all(map(_NUMBER.fullmatch, columns[-width:])):
        return True
    numbers = body.partition(b" ")[2][: 4 * width]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(numbers)  # incremental: the last character may be cut
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(numbers)


# Text.


def _text(stream: io.BufferedReader, layout: _Layout, source: str) -> Iterator[Entry]:
    """Each line's number, word, and numbers."""
    promised, width, _ = layout
    seen = 0
    for number, line in enumerate(iter(partial(stream.readline, HEAD), b""), 1):
        if len(line) == HEAD and not line.endswith(b"\n"):
            raise CorpusError(f"the line is longer than {HEAD:,} bytes", where=f"{source}:{number}", hint=_KINDS)
        if number == 1:
            if promised is not None:
                continue
            line = line.removeprefix(codecs.BOM_UTF8)
        line = line.rstrip(b" \r\n")
        if not line:
            continue
        seen += 1
        if line.count(b" ") == width:  # one pass in C: the columns of lines that are not kept are not made
            word, _, numbers = line.partition(b" ")
        else:
            word, numbers = _several(line, width, f"{source}:{number}")
        yield number, word, numbers
    if promised is not None and seen < promised:
        hint = f"{_AGAIN}, or take out its first line if it was shortened on purpose"
        raise _cut_short(layout, seen, source, hint)


def _several(line: bytes, width: int, where: str) -> tuple[bytes, bytes]:
    """The word and the numbers of a line where one space parts more than the columns, as a word may hold some."""
    columns = line.split(b" ")
    word = columns[:-width]
    # 'Formula 1' is a word, 'formula 0.1' is one and a number too many.
    if not word or (len(word) > 1 and _NUMBER.fullmatch(word[-1]) and not word[-1].isdigit()):
        fact = f"the number of columns is {len(columns)}, not {width + 1}"
        raise CorpusError(fact, where=where, hint=_line_of(width))
    return b" ".join(word).strip(b" "), b" ".join(columns[-width:])


def _parse_text(layout: _Layout, source: str, entry: Entry) -> Array:
    """(width,) numbers. Raises CorpusError where one is none, or is not finite."""
    number, _, numbers = entry
    columns = numbers.split(b" ")
    try:
        with np.errstate(over="ignore"):  # 1e300 is infinite in 32 bits, and reported as such
            row = np.array(list(map(float, columns)), dtype=np.float32)
    except ValueError:
        wrong = next(column for column in columns if not _NUMBER.fullmatch(column))
        fact, hint = f"'{_shown(wrong)}' is not a number", _line_of(layout.width)
    else:
        finite = np.isfinite(row)
        if finite.all():
            return row
        fact, hint = f"'{_shown(columns[np.argmin(finite)])}' is not a finite 32-bit number", _AGAIN
    raise CorpusError(fact, where=f"{source}:{number}", hint=hint)


# Binary.


def _binary(stream: io.BufferedReader, layout: _Layout, source: str) -> Iterator[Entry]:
    """Each entry's number, word, and the bytes of its numbers."""
    count, size = layout.promised or 0, 4 * layout.width
    stream.readline()
    buffer, at = b"", 0
    for number in range(1, count + 1):
        while (space := buffer.find(b" ", at)) < 0 or len(buffer) <= space + size:
            if space < 0 and len(buffer) - at > HEAD:
                fact = f"word {number:,} is longer than {HEAD:,} bytes"
                raise CorpusError(fact, where=source, hint=_AGAIN)
            chunk = stream.read(HEAD)
            if not chunk:
                raise _cut_short(layout, number - 1, source, _AGAIN)
            buffer, at = buffer[at:] + chunk, 0
        end = space + 1 + size
        # The original program ends each vector in LF, others do not; no word begins with one.
        yield number, buffer[at:space].lstrip(b"\n"), buffer[space + 1 : end]
        at = end
    if (buffer[at:] + stream.read(HEAD)).strip():
        raise CorpusError(f"goes on after the {count:,} words that its first line promises", where=source, hint=_AGAIN)


def _parse_binary(layout: _Layout, source: str, entry: Entry) -> Array:
    """(width,) numbers. Raises CorpusError where one is not finite."""
    number, word, numbers = entry
    row = np.frombuffer(numbers, dtype="<f4").astype(np.float32)
    if not np.isfinite(row).all():
        fact = f"a number of word {number:,}, '{_shown(word)}', is not finite"
        raise CorpusError(fact, where=source, hint=_AGAIN)
    return row


# What messages say.


def _cut_short(layout: _Layout, seen: int, source: str, hint: str) -> CorpusError:
    fact = f"is cut short: its first line promises {layout.promised:,} words, but there are {seen:,}"
    return CorpusError(fact, where=source, hint=hint)


def _line_of(width: int) -> str:
    return f"a line is a word and {width} numbers, parted by single spaces; if this one is cut, {_AGAIN}"


def _shown(data: bytes) -> str:
    """A word or a column as messages quote it: on one line, whatever bytes it is of."""
    text = data[:40].decode(errors="replace")
    return "".join([character if character.isprintable() else "\ufffd" for character in text])
