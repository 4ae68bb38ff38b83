"""Reads lines of bytes as they arrive: whatever there is, is handed on at once.

One read is one burst. A pipe into which someone types gives a line a burst and is answered line by line; a
file gives a quarter of a mebibyte a burst, decoded and split in one go. Both take the same road, and neither needs a
setting.

A line ends at LF, and a CR before it belongs to the line end. Nothing else ends a line: U+2028 or a form feed
may well be part of a token.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from rnntag.errors import CorpusError

READ_SIZE = 1 << 18


def bursts(
    stream: BinaryIO | int, source: str, ends: bytes = b"\n", seen: Callable[[bytes], object] | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the first line and the complete lines of each read, without their ends.

    ``stream`` is a file open for bytes, or a descriptor. A byte order mark at its start is dropped, and a
    last line without an end counts as a line. Raises CorpusError for what is not UTF-8. ``seen`` gets the bytes of
    each read before anything is made of them.

    Where lines may be of any length, ``ends`` is another byte after which they may be cut; then the last line that is
    yielded goes on with the first of the next read.
    """
    # read1 is one read of the system; a raw file has none, as its read is just that.
    read = partial(os.read, stream) if isinstance(stream, int) else getattr(stream, "read1", stream.read)
    number = 1
    begun: list[bytes] = []  # pieces of a line whose end has not arrived: joined once, however many they are
    mark = codecs.BOM_UTF8
    while chunk := read(READ_SIZE):
        if seen:
            seen(chunk)
        cut = chunk.rfind(ends) + 1
        if not cut:
            begun.append(chunk)
            continue
        data = b"".join((*begun, chunk[:cut])).removeprefix(mark)
        for lines in _lines(data, number, source, ends):
            yield number, lines
            number += len(lines) - (ends != b"\n")
        begun = [chunk[cut:]] if cut < len(chunk) else []
        mark = b""
    if begun:
        for lines in _lines(b"".join((*begun, b"\n")).removeprefix(mark), number, source):
            yield number, lines


def _lines(data: bytes, number: int, source: str, ends: bytes = b"\n") -> Iterator[list[str]]:
    """Yield the lines of ``data``, which ends in this byte; before a fault, the lines above it."""
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        sound = data.rfind(ends, 0, fault.start) + 1
        if sound:
            yield (above := _split(data[:sound].decode(), ends))
            number += len(above) - (ends != b"\n")
        number += data.count(b"\n", sound, fault.start)
        raise CorpusError(
            f"byte 0x{data[fault.start]:02x} is not UTF-8",
            where=f"{source}:{number}",
            hint=_conversion(data, source),
        ) from None
    yield _split(text, ends)


def _split(text: str, ends: bytes) -> list[str]:
    """A text that ends in this byte as lines; after any byte but LF, the last one goes on."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if ends == b"\n" else lines


UNUSED = rb"[\x81\x8d\x8f\x90\x9d]"  # bytes that cp1252 lacks
PACKED = {b"\x1f\x8b": "gzip", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2"}


def _conversion(data: bytes, source: str) -> str:
    """A hint at the command that makes UTF-8 of such data, as far as its first bytes show what it is."""
    for magic, tool in PACKED.items():
        if data.startswith(magic):
            piped = f"{tool} -dc | rnntag ..." if source.startswith("<") else f"{tool} -dc < {source} | rnntag ... -"
            return f"it is compressed: {piped}"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:  # what has dashes and quotation marks of Windows has them where Latin-1 has controls
        encoding = "cp1252" if re.search(rb"[\x80-\x9f]", data) and not re.search(UNUSED, data) else "latin1"
    command = f"iconv -f {encoding} -t utf-8"
    if source.startswith("<"):
        return f"convert it first: {command} | rnntag ..."
    ending = os.path.splitext(source)[1] or ".txt"
    return f"convert it first: {command} {source} > utf8{ending}"
