"""Reads and writes compressed files, known by their names: gzip, xz and Zstandard.

A file that was cut short or damaged is a fault of the input like any other.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from rnntag.errors import CorpusError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SUFFIXES = (".gz", ".xz", ".zst")
DAMAGE = ("EOFError", "BadGzipFile", "LZMAError", "error", "ZstdError")  # of libraries that load when they are wanted
PACKED_SIZE = 1 << 14  # bytes that are decompressed at a time


def without_suffix(name: str) -> str:
    """A file's name as it would be if it were not compressed."""
    return name[: len(name) - len(_suffix(name))]


def _suffix(name: str) -> str:
    """The end of a name that says how the file is compressed; empty if it is not."""
    return next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), "")


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The bytes of a file, decompressed if its name says so. Raises CorpusError where they are not what it says."""
    try:
        with io.BufferedReader(_Raw(path)) as file:
            yield _unpacked(path, file)
    except Exception as fault:
        if _suffix(path) and type(fault).__name__ in DAMAGE:
            raise _damaged(path, fault) from None
        raise


class _Raw(io.FileIO):
    """A file that is read, whose faults name it."""

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        with self._named():
            return super().readinto(buffer)

    def readall(self) -> bytes:
        with self._named():
            return super().readall()

    def close(self) -> None:
        with self._named():
            super().close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            error.filename = error.filename or self.name
            raise


def _unpacked(path: str, file: io.BufferedReader[_Raw]) -> BinaryIO:
    """The bytes of an open file, decompressed as its name says."""
    suffix = _suffix(path)
    if suffix and not file.peek(1):
        raise EOFError("the file is empty")
    if suffix == ".gz":
        import gzip

        return cast(BinaryIO, gzip.GzipFile(fileobj=file))
    if suffix == ".xz":
        import lzma

        return cast(BinaryIO, lzma.LZMAFile(file))
    if suffix == ".zst":
        return io.BufferedReader(_Frames(_zstandard(path).ZstdDecompressor(), file))
    return file


class _Frame(Protocol):
    """A frame of a Zstandard file that is being decompressed."""

    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes) -> bytes: ...


class _Decompressor(Protocol):
    def decompressobj(self) -> _Frame: ...


class _Frames(io.RawIOBase):
    """Reads the frames of a Zstandard file; the library's own reader takes one that is cut short for the end."""

    def __init__(self, decompressor: _Decompressor, file: BinaryIO) -> None:
        self._decompressor, self._file = decompressor, file
        self._frame: _Frame | None = None  # the one that has begun
        self._packed, self._ready = b"", memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        out = memoryview(buffer)
        while not self._ready:
            data = self._packed or self._file.read(PACKED_SIZE)
            if not data and self._frame is not None:
                raise EOFError("compressed file ended before the end-of-stream marker was reached")
            if not data:
                return 0
            frame = self._frame or self._decompressor.decompressobj()
            self._ready = memoryview(frame.decompress(data))
            self._frame, self._packed = (None, frame.unused_data) if frame.eof else (frame, b"")
        size = min(len(out), len(self._ready))
        out[:size], self._ready = self._ready[:size], self._ready[size:]
        return size


@contextmanager
def packed(path: str, file: BinaryIO) -> Iterator[BinaryIO]:
    """A file to write to, compressed on the way if the name, which need not be the file's own, says so."""
    suffix = _suffix(path)
    if suffix == ".gz":
        import gzip

        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as out:  # the same bytes every time
            yield cast(BinaryIO, out)
    elif suffix == ".xz":
        import lzma

        with lzma.LZMAFile(file, "wb") as out:
            yield cast(BinaryIO, out)
    elif suffix == ".zst":
        with _zstandard(path).ZstdCompressor().stream_writer(file, closefd=False) as out:
            yield out
    else:
        yield file


def _zstandard(path: str) -> ModuleType:
    """The library for Zstandard. Raises CorpusError where it is not installed."""
    try:
        import zstandard
    except ModuleNotFoundError:
        raise CorpusError("is compressed by zstd", where=path, hint="pip install 'rnntag[zstd]'") from None
    return zstandard


def _damaged(path: str, fault: Exception) -> CorpusError:
    kind = {".gz": "gzip", ".xz": "xz", ".zst": "zstd"}[_suffix(path)]
    reason = str(fault).partition("\n")[0].rstrip(".").lower()
    hint = "it is cut short, or damaged, or named wrong"
    return CorpusError(f"is no sound {kind} file: {reason}", where=path, hint=hint)
