"""Files that are compressed, by their names: gzip, xz and Zstandard.

A file that was cut short or damaged is a fault of the input like any other.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from rnntag.errors import CorpusError

SUFFIXES = (".gz", ".xz", ".zst")


def without_suffix(name: str) -> str:
    """A file's name as it would be if it were not compressed."""
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The bytes of a file, decompressed if its name says so. Raises CorpusError where they are not what it says."""
    try:
        with open(path, "rb") as file:
            yield _unpacked(path, file)
    except (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error) as fault:
        raise _damaged(path, fault) from None
    except Exception as fault:
        if type(fault).__name__ == "ZstdError":  # of a library that may not be there
            raise _damaged(path, fault) from None
        raise


def _unpacked(path: str, file: BinaryIO) -> BinaryIO:
    if path.endswith(".gz"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=file))
    if path.endswith(".xz"):
        return cast(BinaryIO, lzma.LZMAFile(file))
    if path.endswith(".zst"):
        return io.BufferedReader(_zstandard(path).ZstdDecompressor().stream_reader(file, read_across_frames=True))
    return file


@contextmanager
def packed(path: str, file: BinaryIO) -> Iterator[BinaryIO]:
    """What is to be written to a file, compressed on the way if its name, which need not be the file's own, says so."""
    if path.endswith(".gz"):
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as out:  # the same bytes every time
            yield cast(BinaryIO, out)
    elif path.endswith(".xz"):
        with lzma.LZMAFile(file, "wb") as out:
            yield cast(BinaryIO, out)
    elif path.endswith(".zst"):
        with _zstandard(path).ZstdCompressor().stream_writer(file, closefd=False) as out:
            yield out
    else:
        yield file


def _zstandard(path: str) -> Any:
    try:
        import zstandard
    except ModuleNotFoundError:
        raise CorpusError("is compressed by zstd", where=path, hint="pip install 'rnntag[zstd]'") from None
    return zstandard


def _damaged(path: str, fault: Exception) -> CorpusError:
    kind = "gzip" if path.endswith(".gz") else "xz" if path.endswith(".xz") else "zstd"
    reason = str(fault).partition("\n")[0].rstrip(".").lower()
    hint = "it is cut short, or damaged, or named wrong"
    return CorpusError(f"is no sound {kind} file: {reason}", where=path, hint=hint)
