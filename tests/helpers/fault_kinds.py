"""Which calls can fail, and how: those of the system by a library in C, memory also in Python alone."""

from __future__ import annotations

import ctypes
import errno
import inspect
import mmap
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

SOURCE = Path(__file__).with_name("fault_shim.c")
SHORT = -1  # in the place of an errno: less is read or written than was asked for
LARGE = 1 << 17  # bytes of memory whose lack is tried; for want of small ones NumPy itself falls
KINDS = (
    "open",
    "read",
    "write",
    "fsync",
    "rename",
    "close",
    "mmap",
    "unlink",
    "mkdir",
    "chmod",
    "stat",
    "lock",
    "memory",
)
# Functions of Python's that call the system, by kind, and where they are at home.
FUNCTIONS = {
    name: kind
    for kind, names in {
        "open": "open listdir scandir",
        "read": "read read1 readinto readall readline peek",
        "write": "write flush truncate",
        "fsync": "fsync",
        "rename": "rename replace",
        "close": "close",
        "unlink": "unlink remove rmdir",
        "mkdir": "mkdir",
        "chmod": "chmod chown",
        "stat": "stat lstat fstat access",
        "lock": "flock",
    }.items()
    for name in names.split()
}
HOMES = {"posix", "nt", "io", "_io", "fcntl"}
KINDS_OF_PYTHON = [*dict.fromkeys(FUNCTIONS.values()), "call"]
PACKAGE = str(Path(__file__).parents[2] / "rnntag") + os.sep
CLEANING = ("_drop", "_remove", "_rmtree", "rmtree")  # where the lack of memory may leave what was to be removed
ERRORS = {
    "open": ("ENOSPC", "EIO", "EACCES", "EINTR", "EMFILE"),
    "read": ("EIO", "EINTR", "SHORT"),
    "write": ("ENOSPC", "EIO", "EINTR", "SHORT", "ENOSPC..."),
    "fsync": ("EIO", "ENOSPC", "EINTR"),
    "rename": ("EIO", "EACCES", "ENOSPC"),
    "close": ("EIO", "ENOSPC", "EINTR"),
    "mmap": ("ENOMEM", "EACCES"),
    "unlink": ("EIO", "EACCES"),
    "mkdir": ("ENOSPC", "EACCES"),
    "chmod": ("EIO", "EPERM"),
    "stat": ("EIO", "EACCES"),
    "lock": ("EIO", "ENOLCK"),
    "memory": ("ENOMEM", "ENOMEM..."),
    "call": ("ENOMEM",),  # of any function, in Python
}


class Fault(NamedTuple):
    """The n-th call of a kind fails; with three points behind the error, so do all that follow."""

    kind: str
    error: str
    number: int

    @property
    def lasting(self) -> bool:
        return self.error.endswith("...")

    @property
    def code(self) -> int:
        name = self.error.removesuffix("...")
        return SHORT if name == "SHORT" else getattr(errno, name)

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.error}"


class _State(ctypes.Structure):
    _fields_ = (
        ("armed", ctypes.c_int32),
        ("error", ctypes.c_int32),
        ("lasting", ctypes.c_int32),
        ("fired", ctypes.c_int32),
        ("number", ctypes.c_int64),
        ("least", ctypes.c_int64),
        ("counts", ctypes.c_int64 * len(KINDS)),
    )


class SystemCalls:
    """The library as it is loaded into this process; its state is shared with all that are forked from it."""

    def __init__(self, library: str) -> None:
        loaded = ctypes.CDLL(library)
        loaded.fault_state.restype = ctypes.POINTER(_State)
        self._state = loaded.fault_state().contents

    def arm(self, fault: Fault | None) -> None:
        """Count from here on, and let a call fail."""
        state = self._state
        state.fired, state.least = 0, LARGE
        state.counts[:] = [0] * len(KINDS)
        state.armed, state.error, state.lasting = -1, 0, 0
        if fault:
            state.armed, state.error, state.lasting = KINDS.index(fault.kind), fault.code, fault.lasting
        state.number = fault.number if fault else 1

    def disarm(self) -> None:
        """Count no more."""
        self._state.number = 0

    def errors(self, kind: str) -> list[str]:
        """The errors of a kind."""
        return list(ERRORS[kind])

    @property
    def fired(self) -> bool:
        """Whether a call has failed."""
        return bool(self._state.fired)

    @property
    def cleaning(self) -> bool:
        """Whether what is temporary could not be removed for that."""
        return KINDS[self._state.armed] == "unlink" or bool(self._state.lasting)

    @property
    def counts(self) -> dict[str, int]:
        """The calls of each kind."""
        return dict(zip(KINDS, self._state.counts, strict=True))


class Calls:
    """The n-th call of a function of Python's fails: of those that call the system, or, for want of memory, of any.

    It has the same face as `SystemCalls`, and needs nothing but Python; but it cannot see what files call within.
    """

    def __init__(self) -> None:
        self._format = f"{len(KINDS_OF_PYTHON) + 2}q"
        self._shared = mmap.mmap(-1, struct.calcsize(self._format))

    def arm(self, fault: Fault | None) -> None:
        """Count from here on, and let a call fail."""
        counts = dict.fromkeys(KINDS_OF_PYTHON, 0)

        def called(frame: FrameType, event: str, function: object) -> None:
            for kind in kinds_of(frame, event, function):
                counts[kind] += 1
                hit = fault is not None and kind == fault.kind and counts[kind] == fault.number
                self._put(*counts.values(), hit, hit and (kind == "unlink" or _is_cleaning(frame)))
                if hit:
                    sys.setprofile(None)
                    raise MemoryError if kind == "call" else OSError(fault.code, os.strerror(fault.code))

        self._put(*counts.values(), False, False)
        sys.setprofile(called)

    def disarm(self) -> None:
        """Count no more."""
        sys.setprofile(None)

    def errors(self, kind: str) -> list[str]:
        """The errors of a kind; Python's functions do not see interruptions, and end only once."""
        return [error for error in ERRORS[kind] if error not in ("EINTR", "SHORT") and not error.endswith("...")]

    def _put(self, *values: int) -> None:
        self._shared[:] = struct.pack(self._format, *values)

    def _found(self) -> tuple[int, ...]:
        return struct.unpack(self._format, self._shared[:])

    @property
    def fired(self) -> bool:
        """Whether a call has failed."""
        return bool(self._found()[-2])

    @property
    def cleaning(self) -> bool:
        """Whether that was one that was to remove what is temporary."""
        return bool(self._found()[-1])

    @property
    def counts(self) -> dict[str, int]:
        """The calls of each kind."""
        return dict(zip(KINDS_OF_PYTHON, self._found(), strict=False))


def kinds_of(frame: FrameType, event: str, function: object) -> Iterator[str]:
    """The kinds of a call that Python is about to make, or has just begun."""
    code = frame.f_code
    # What a generator is called for may be to be thrown away.
    unfit = event == "call" and (code.co_name == "main" or code.co_flags & inspect.CO_GENERATOR)
    if event in ("call", "c_call") and not unfit and code.co_filename.startswith(PACKAGE):
        yield "call"
    if event == "c_call" and not code.co_filename.startswith("<frozen importlib"):
        kind = FUNCTIONS.get(getattr(function, "__name__", ""))
        home = getattr(function, "__module__", None) or type(getattr(function, "__self__", None)).__module__
        if kind and home in HOMES:
            yield kind


def _is_cleaning(frame: FrameType | None) -> bool:
    while frame and frame.f_code.co_name not in CLEANING:
        frame = frame.f_back
    return frame is not None


def unable() -> str | None:
    """Why calls of the system cannot be made to fail here; None where they can."""
    if sys.platform != "linux":
        return "LD_PRELOAD is Linux's"
    if not shutil.which(os.environ.get("CC", "cc")):
        return "there is no C compiler"
    return None


def compiled(folder: Path) -> Path:
    """The library, compiled into a folder. Raises CalledProcessError where it cannot be, as with another C library."""
    library = folder / "faults.so"
    command = [os.environ.get("CC", "cc"), "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return library
