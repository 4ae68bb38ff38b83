"""The files of compiled code: in a folder of one's own, and checked before they are believed.

To load compiled code is to run it, and so is to unpickle what goes with it. Hence nothing counts that anyone else may
have written: folder and file must be this user's, and nobody else's to write to. Nor does anything that has changed
since: a file begins with the SHA-256 of what it is and what it holds. What does not count is compiled anew.

Windows knows no such modes; there the folders of a user are closed to others by themselves.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from pathlib import Path

_POSIX = hasattr(os, "geteuid")
_OTHERS, _OTHERS_WRITE = 0o077, 0o022
# Links are not followed and pipes not waited for. A system without one of these flags has no need of it.
_READ = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
_DIGEST = hashlib.sha256().digest_size


class CodeCache:
    """Compiled code by name.

    version  a number in hexadecimals of all that the code depends on: another one is another folder
    """

    def __init__(self, version: str) -> None:
        self._version = version
        self._found: Path | None = None

    def folder(self) -> Path:
        """Where the files are, made if it is missing. Raises OSError where it cannot be, or is not one's own."""
        if self._found is None:
            self._found = _claimed(_claimed(_home() / "rnntag") / self._version[:16])
        return self._found

    def read(self, name: str) -> bytes | None:
        """What was written under a name, unchanged and by nobody else; None if there is no such thing."""
        try:
            with open(os.open(self.folder() / name, _READ), "rb") as file:
                found = file.read() if _private(os.fstat(file.fileno())) else b""
        except OSError:
            return None
        data = found[_DIGEST:]
        return data if found[:_DIGEST] == self._digest(name, data) else None

    def write(self, name: str, data: bytes) -> None:
        """Keep something under a name, whole or not at all. Raises OSError, with the folder as its filename."""
        folder = self.folder()
        try:
            # Of mode 600, whatever the umask.
            descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
            try:
                with open(descriptor, "wb") as file:
                    file.write(self._digest(name, data) + data)
                os.replace(temporary, folder / name)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
                raise
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(folder)) from None

    def _digest(self, name: str, data: bytes) -> bytes:
        digest = hashlib.sha256(f"{self._version}\n{name}\n".encode())
        digest.update(data)
        return digest.digest()


def _home() -> Path:
    """The folder of caches, made if it is missing. Raises OSError where it cannot be, or is not one's own."""
    home = os.environ.get("RNNTAG_CACHE") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if home.startswith("~"):  # nobody's home: anyone may have made a folder of this name in the temporary one
        return _claimed(Path(tempfile.gettempdir(), f"cache-of-{os.geteuid() if _POSIX else 'nobody'}"))
    os.makedirs(home, 0o700, exist_ok=True)
    return Path(home)


def _claimed(folder: Path) -> Path:
    """A folder that is one's own and closed to others, made or closed if need be. Raises OSError if it is not to be."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(0o700)
    if not _POSIX:
        return folder
    for found in (os.lstat(folder), os.stat(folder)):  # a link of another user's leads wherever that one likes
        if found.st_uid != os.geteuid():
            raise PermissionError(errno.EPERM, "it belongs to another user", str(folder))
    if found.st_mode & _OTHERS:
        with contextlib.suppress(OSError):  # a disk that cannot be written to
            folder.chmod(0o700)
        if os.stat(folder).st_mode & _OTHERS_WRITE:
            raise PermissionError(errno.EPERM, "others can write to it", str(folder))
    return folder


def _private(found: os.stat_result) -> bool:
    """Whether nobody else can have written a file: not even under another name, which a hard link would be."""
    return not _POSIX or (found.st_uid == os.geteuid() and found.st_nlink == 1 and not found.st_mode & _OTHERS_WRITE)
