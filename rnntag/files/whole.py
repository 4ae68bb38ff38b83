"""Writes files whole or not at all: a reader sees the old one or the new one, and a fault leaves the old one."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from typing import BinaryIO, cast

from rnntag.errors import RnntagError

ELSEWHERE = "name another place"
FULL = frozenset((errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG))  # of writing, never of reading


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file in one go. Raises RnntagError where it cannot be written."""
    with replacing(path) as file:
        file.write(content)


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A file to write to, which takes its name at the end of the ``with``, unless that ends in a fault.

    A link is followed. Raises RnntagError where the file cannot be written.
    """
    with _temporary(path) as (file, temporary, target):
        yield file
        with _reported(path):
            file.close()
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(temporary, 0o666 & ~umask)  # those of any new file; a temporary one is for its owner alone
            os.replace(temporary, target)


@contextlib.contextmanager
def filling(path: str | os.PathLike[str]) -> Iterator[str]:
    """An empty folder, which takes this name at the end of the ``with``, unless that ends in a fault.

    The folders that it is to stand in are made.

    Raises RnntagError where it cannot be written, or where something is there already.
    """
    import tempfile

    target = os.path.realpath(path)
    if os.path.exists(target) and not (os.path.isdir(target) and not os.listdir(target)):
        fact = "is a folder that is not empty" if os.path.isdir(target) else "is not a folder"
        raise RnntagError(fact, where=os.fspath(path), hint=ELSEWHERE)
    with _reported(path):
        if not os.path.exists(parent := os.path.dirname(target)):
            os.makedirs(parent)
        folder = tempfile.TemporaryDirectory(dir=parent, prefix=f".{os.path.basename(target)}.")
    with folder as temporary, _reported(path, FULL):
        yield temporary
        with _reported(path):
            os.makedirs(target, exist_ok=True)
            for name in sorted(os.listdir(temporary)):
                os.replace(os.path.join(temporary, name), os.path.join(target, name))


def check_writable(path: str | os.PathLike[str]) -> None:
    """Raise RnntagError if a file could not be written there; asked before long work."""
    with _temporary(path):
        pass


@contextlib.contextmanager
def _temporary(path: str | os.PathLike[str]) -> Iterator[tuple[BinaryIO, str, str]]:
    """An open file beside the one that ``path`` leads to, with both their names; it is gone afterwards."""
    target = os.path.realpath(path)
    if os.fspath(path).endswith(("/", os.sep)) and not os.path.isdir(target):
        raise RnntagError("is the name of a folder", where=os.fspath(path), hint="name a file in it")
    if os.path.isdir(target) or (os.path.exists(target) and not os.path.isfile(target)):
        fact = "is a folder" if os.path.isdir(target) else "is not a file"
        raise RnntagError(fact, where=os.fspath(path), hint=ELSEWHERE)
    import tempfile

    with _reported(path):
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115  closed below
            dir=os.path.dirname(target), prefix=f".{os.path.basename(target)}.", delete=False
        )
    try:
        with _reported(path, FULL):
            yield cast(BinaryIO, file), file.name, target
    finally:
        with contextlib.suppress(OSError):
            file.close()  # an open file cannot be removed on every system
        with contextlib.suppress(FileNotFoundError):
            os.unlink(file.name)


@contextlib.contextmanager
def _reported(path: str | os.PathLike[str], errors: frozenset[int] | None = None) -> Iterator[None]:
    """Raise faults of the system as RnntagError with the name of the file: all, or only those of these numbers."""
    try:
        yield
    except OSError as error:
        if errors is not None and error.errno not in errors:
            raise
        fact = f"cannot be written: {error.strerror or error}"
        raise RnntagError(fact, where=os.fspath(path), hint=ELSEWHERE) from None
