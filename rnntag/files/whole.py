"""Writes files whole or not at all: a reader sees the old one or the new one, and a fault or a power cut leaves either.

What is written stands under a temporary name beside its target until it is whole and on the disk. Its writer holds a
lock on it (flock) for as long as it lives, so the next one can tell what a killed one has left, and removes it.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import shlex
import stat
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from rnntag.errors import RnntagError

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

ELSEWHERE = "name another place"
UNABLE = frozenset((errno.EINVAL, errno.ENOSYS, errno.ENOTSUP))  # what a file system says that has no fsync
NAMED = 50  # characters of a target in a temporary name, which must not be too long for the system


def write_whole(path: str | os.PathLike[str], *parts: ReadableBuffer) -> None:
    """Write a file in one go. Raises RnntagError where it cannot be written."""
    with replacing(path) as file:
        for part in parts:
            file.write(part)


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A file to write to, which takes its name at the end of the ``with``, unless that ends in a fault.

    A link is followed, and the mode of a file that is there is kept. Raises RnntagError where it cannot be written.
    """
    with _temporary(path) as (file, temporary, target):
        yield file
        with writing(path):
            file.flush()
            _onto_disk(file.fileno())
            file.close()
            _take_mode(temporary, _existing(path, target))
            os.replace(temporary, target)
            _keep_entries(os.path.dirname(target))


@contextlib.contextmanager
def filling(path: str | os.PathLike[str]) -> Iterator[str]:
    """An empty folder, which takes this name at the end of the ``with``, unless that ends in a fault.

    The folders that it is to stand in are made.

    Raises RnntagError where it cannot be written, or where something is there already.
    """
    target = os.path.realpath(path)
    with writing(path):
        _check_empty(path, target)
        if not os.path.exists(parent := os.path.dirname(target)):
            os.makedirs(parent)
        lock, temporary = _begun(target, folder=True)
    try:
        yield temporary
        with writing(path):
            _check_empty(path, target)
            _settle(temporary, target)
    finally:
        _drop(lock, temporary)


def check_writable(path: str | os.PathLike[str]) -> None:
    """Raise RnntagError if a file could not be written there; asked before long work."""
    with _temporary(path):
        pass


@contextlib.contextmanager
def writing(path: str | os.PathLike[str]) -> Iterator[None]:
    """Raise faults of the system as RnntagError with the name of the file that is written."""
    try:
        yield
    except OSError as error:
        fact = f"cannot be written: {error.strerror or error}"
        raise RnntagError(fact, where=os.fspath(path), hint=ELSEWHERE) from None


class _Raw(io.FileIO):
    """A file whose faults name the one that it is to become, so that they are not taken for those of what is read."""

    target: str | os.PathLike[str]

    def write(self, data: ReadableBuffer, /) -> int:
        with writing(self.target):
            return super().write(data)


@contextlib.contextmanager
def _temporary(path: str | os.PathLike[str]) -> Iterator[tuple[BinaryIO, str, str]]:
    """An open file beside the one that ``path`` leads to, with both their names; it is gone afterwards."""
    target = os.path.realpath(path)
    _existing(path, target)
    if os.fspath(path).endswith(("/", os.sep)):
        raise RnntagError("is the name of a folder", where=os.fspath(path), hint="name a file in it")
    with writing(path):
        lock, temporary = _begun(target)
    try:
        with writing(path):
            raw = _Raw(temporary, "r+b")
        raw.target = path
        file = io.BufferedWriter(raw)
        try:
            yield file, temporary, target
        finally:
            with contextlib.suppress(OSError, RnntagError):
                file.close()  # an open file cannot be removed on every system
    finally:
        _drop(lock, temporary)


def _existing(path: str | os.PathLike[str], target: str) -> os.stat_result | None:
    """What the file is like that would be replaced; None where there is none. Raises RnntagError if it may not be."""
    where = os.fspath(path)
    with writing(path):
        try:
            found = os.stat(target)
        except FileNotFoundError:
            return None
    if not stat.S_ISREG(found.st_mode):
        fact = "is a folder" if stat.S_ISDIR(found.st_mode) else "is not a file"
        raise RnntagError(fact, where=where, hint=ELSEWHERE)
    if not found.st_mode & stat.S_IWUSR:  # a superuser could write it: whoever took the right away did not mean that
        raise RnntagError("is read-only", where=where, hint=f"chmod u+w {shlex.quote(where)}, or {ELSEWHERE}")
    if not os.access(target, os.W_OK):
        raise RnntagError(f"cannot be written: {os.strerror(errno.EACCES)}", where=where, hint=ELSEWHERE)
    return found


def _check_empty(path: str | os.PathLike[str], target: str) -> None:
    """Raise RnntagError unless a folder could take this name without harm."""
    if os.path.lexists(target) and not (os.path.isdir(target) and not os.listdir(target)):
        fact = "is a folder that is not empty" if os.path.isdir(target) else "is not a folder"
        raise RnntagError(fact, where=os.fspath(path), hint=ELSEWHERE)


def _begun(target: str, folder: bool = False) -> tuple[int | None, str]:
    """A temporary file or folder beside a target: a descriptor that locks it, where there are locks, and its name."""
    import tempfile

    parent, prefix = os.path.dirname(target), f".{os.path.basename(target)[:NAMED]}.rnntag-tmp-"
    _clean(parent, prefix)
    while True:
        if folder:
            made, name = None, tempfile.mkdtemp(dir=parent, prefix=prefix)
        else:
            made, name = tempfile.mkstemp(dir=parent, prefix=prefix)
        try:
            if made is not None:
                os.close(made)
            return None if sys.platform == "win32" else _locked(name, folder), name
        except FileNotFoundError:  # another process took it for abandoned before it was locked
            _drop(None, name)
        except BaseException:
            _drop(None, name)
            raise


def _locked(name: str, folder: bool) -> int:
    """A descriptor that locks what was just made. Raises FileNotFoundError where it is gone, or will be at once."""
    lock = os.open(name, os.O_RDONLY if folder else os.O_RDWR)
    with contextlib.ExitStack() as unless_locked:
        unless_locked.callback(os.close, lock)
        if sys.platform != "win32":
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FileNotFoundError(name) from None
            except OSError:  # a file system without locks: nothing is taken for abandoned there
                pass
        if not os.path.lexists(name):
            raise FileNotFoundError(name)
        unless_locked.pop_all()
    return lock


def _clean(parent: str, prefix: str) -> None:
    """Remove what writers of this target have left who were killed."""
    ours = re.compile(re.escape(prefix) + "[a-z0-9_]{8}")  # as tempfile has it
    with contextlib.suppress(OSError):  # whoever may not list a folder may still write to it
        for name in filter(ours.fullmatch, os.listdir(parent)):
            _remove_abandoned(os.path.join(parent, name))


def _remove_abandoned(path: str) -> None:
    """Remove a temporary file or folder that nobody has locked."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        mode = os.O_RDONLY if os.path.isdir(path) else os.O_RDWR  # over a network only what may be written is locked
        descriptor = os.open(path, mode | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(path)
        finally:
            os.close(descriptor)


def _drop(lock: int | None, name: str) -> None:
    """Remove a temporary file or folder, if it has not taken another name, and end its lock."""
    with contextlib.suppress(OSError):
        _remove(name)
    if lock is not None:
        with contextlib.suppress(OSError):
            os.close(lock)


def _remove(path: str) -> None:
    import shutil

    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        os.unlink(path)


def _onto_disk(descriptor: int) -> None:
    """Wait until what was written is on the disk, as far as the file system can say."""
    try:
        if hasattr(fcntl, "F_FULLFSYNC"):  # macOS, whose fsync is content with the disk's own memory
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)
    except OSError as error:
        if error.errno not in UNABLE:
            raise


def _keep_entries(folder: str) -> None:
    """Get the names in a folder onto the disk. Where that fails a power cut may bring back the old ones, as whole."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _take_mode(temporary: str, old: os.stat_result | None) -> None:
    """Give a temporary file, which is for its owner alone, the mode of the one it replaces, or of any new one."""
    if old is None:
        os.chmod(temporary, 0o666 & ~_umask())
        return
    mode = stat.S_IMODE(old.st_mode) & 0o777
    if sys.platform != "win32":
        with contextlib.suppress(OSError):  # who is not the superuser cannot give it away, but may have its group
            os.chown(temporary, -1, old.st_gid)
            os.chown(temporary, old.st_uid, -1)
        if os.stat(temporary).st_gid != old.st_gid:  # a group that could not read it before must not be able to now
            mode = mode & ~0o070 | (mode & 0o007) << 3
    os.chmod(temporary, mode)


def _umask() -> int:
    umask = os.umask(0o077)  # other threads may make files at this moment
    os.umask(umask)
    return umask


def _settle(temporary: str, target: str) -> None:
    """Let a folder of files, once they are on the disk, take its name; a folder that is there is filled."""
    names = sorted(os.listdir(temporary))
    for name in names:
        with open(os.path.join(temporary, name), "r+b") as file:
            _onto_disk(file.fileno())
    if os.path.isdir(target):
        _move(names, temporary, target)
        _keep_entries(target)
    else:
        os.chmod(temporary, 0o777 & ~_umask())
        _keep_entries(temporary)
        os.rename(temporary, target)
    _keep_entries(os.path.dirname(target))


def _move(names: list[str], source: str, target: str) -> None:
    """Move files from one folder to another, all of them or none."""
    with contextlib.ExitStack() as moved:
        for name in names:
            place = os.path.join(target, name)
            os.replace(os.path.join(source, name), place)
            moved.callback(os.unlink, place)
        moved.pop_all()
