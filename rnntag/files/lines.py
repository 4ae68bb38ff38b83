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
LONGEST = 1 << 26  # bytes of a line: with more it is no line of text, or a compressed file was made to fill the memory
PACKED = {b"\x1f\x8b": "gzip", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2"}
UNUSED = rb"[\x81\x8d\x8f\x90\x9d]"  # bytes that cp1252 lacks
MARK = "\ufeff"
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ESCAPED = re.compile("[\udc80-\udcff]+")  # bytes that are not UTF-8, as PEP 383 has them


def bursts(
    stream: BinaryIO | int,
    source: str,
    ends: bytes = b"\n",
    lenient: bool = False,
    seen: Callable[[bytes], object] | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the first line and the complete lines of each read, without their ends.

    ``stream`` is a file open for bytes, or a descriptor. A byte order mark at its start is dropped, and a
    last line without an end counts as a line. Raises CorpusError for a line of more than `LONGEST` bytes, and for what
    is not UTF-8; ``lenient`` leaves that to whoever knows what stands around it (`undecoded`), unless it is no text at
    all.

    Where lines may be of any length, ``ends`` is another byte after which they may be cut; then the last line that is
    yielded goes on with the first of the next read. ``seen`` gets the bytes of
    each read before anything is made of them.
    """
    # read1 is one read of the system; a raw file has none, as its read is just that.
    read = partial(os.read, stream) if isinstance(stream, int) else getattr(stream, "read1", stream.read)
    number = 1
    mark = codecs.BOM_UTF8
    for data in stretches(read, source, ends, seen):
        data = data.removeprefix(mark)
        lenient_here = lenient and not (mark and _is_no_text(data))
        if data.endswith(ends):
            for lines in _lines(data, number, source, ends, lenient_here):
                yield number, lines
                number += len(lines) - (ends != b"\n")
        else:  # the rest
            for lines in _lines(data + b"\n", number, source, lenient=lenient_here):
                yield number, lines
        mark = b""


def stretches(
    read: Callable[[int], bytes], source: str, ends: bytes = b"\n", seen: Callable[[bytes], object] | None = None
) -> Iterator[bytes]:
    """Yield bytes as they arrive, each time up to the last that is ``ends``, and in the end what is left.

    ``seen`` gets the bytes of each read. Raises CorpusError where that byte does not come for more than `LONGEST`.
    """
    number, held = 1, 0
    begun: list[bytes] = []  # pieces whose end has not arrived: joined once, however many they are
    while chunk := read(READ_SIZE):
        if seen:
            seen(chunk)
        cut = chunk.rfind(ends) + 1
        if cut:
            yield (data := b"".join((*begun, chunk[:cut])))
            number += data.count(b"\n")
            begun, held = [], 0
        if cut < len(chunk):
            begun.append(chunk[cut:])
            held += len(chunk) - cut
        if held > LONGEST:
            fact = f"this line goes on for more than {LONGEST >> 20} MB"
            hint = "if it is text, break it into lines: fold -s -w 1000"
            raise CorpusError(fact, where=f"{source}:{number}", hint=hint)
    if begun:
        yield b"".join(begun)


def beginning(text: str) -> str:
    """Text as a file may begin with it: U+FEFF gets another one before it, for the first is taken for a mark."""
    return f"{MARK}{text}" if text.startswith(MARK) else text


def _lines(data: bytes, number: int, source: str, ends: bytes = b"\n", lenient: bool = False) -> Iterator[list[str]]:
    """Yield the lines of ``data``, which ends in this byte; before a fault, the lines above it."""
    try:
        text = data.decode("utf-8", "surrogateescape" if lenient else "strict")
    except UnicodeDecodeError as fault:
        sound = data.rfind(ends, 0, fault.start) + 1
        if sound:
            yield (above := _split(data[:sound].decode(), ends))
            number += len(above) - (ends != b"\n")
        number += data.count(b"\n", sound, fault.start)
        hint = _conversion(data, source)
        raise CorpusError(_fact(data[fault.start]), where=f"{source}:{number}", hint=hint) from None
    yield _split(text, ends)


def _split(text: str, ends: bytes) -> list[str]:
    """A text that ends in this byte as lines; after any byte but LF, the last one goes on."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if ends == b"\n" else lines


def undecoded(text: str, source: str, number: int) -> CorpusError | None:
    """The fault of a text that was read leniently, if a byte of it is not UTF-8.

    number  that of its first line
    """
    if text.isascii() or not (found := ESCAPED.search(text)):
        return None
    where = f"{source}:{number + text.count(chr(10), 0, found.start())}"
    data = text.encode("utf-8", "surrogateescape")
    return CorpusError(_fact(ord(found[0][0]) & 0xFF), where=where, hint=_conversion(data, source))


def _fact(byte: int) -> str:
    return f"byte 0x{byte:02x} is not UTF-8"


def _is_no_text(data: bytes) -> bool:
    """Whether the first bytes of a file are those of what is compressed, or of UTF-16."""
    return data.startswith((*PACKED, *WIDE))


def _conversion(data: bytes, source: str) -> str:
    """A hint at the command that makes UTF-8 of such data, as far as its first bytes show what it is."""
    for magic, tool in PACKED.items():
        if data.startswith(magic):
            piped = f"{tool} -dc | rnntag ..." if source.startswith("<") else f"{tool} -dc < {source} | rnntag ... -"
            return f"it is compressed: {piped}"
    if data.startswith(WIDE):
        encoding = "utf-16"
    else:  # what has dashes and quotation marks of Windows has them where Latin-1 has controls
        encoding = "cp1252" if re.search(rb"[\x80-\x9f]", data) and not re.search(UNUSED, data) else "latin1"
    command = f"iconv -f {encoding} -t utf-8"
    if source.startswith("<"):
        return f"convert it first: {command} | rnntag ..."
    ending = os.path.splitext(source)[1] or ".txt"
    return f"convert it first: {command} {source} > utf8{ending}"
