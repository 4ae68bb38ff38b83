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
    """Lack of memory in Python: the n-th call that the package makes, of whatever function, raises MemoryError.

    It has the same face as `SystemCalls`, and needs nothing but Python.
    """

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 3 * 8)

    def arm(self, fault: Fault | None) -> None:
        """Count from here on, and let a call fail."""
        last, count = fault.number if fault else 0, 0

        def called(frame: FrameType, event: str, argument: object) -> None:
            nonlocal count
            code = frame.f_code
            # What a generator is called for may be to be thrown away.
            unfit = event == "call" and (code.co_name == "main" or code.co_flags & inspect.CO_GENERATOR)
            if event not in ("call", "c_call") or unfit or not code.co_filename.startswith(PACKAGE):
                return
            count += 1
            self._put(count, count == last, count == last and self._is_cleaning(frame))
            if count == last:
                sys.setprofile(None)
                raise MemoryError

        self._put(0, False, False)
        sys.setprofile(called)

    def disarm(self) -> None:
        """Count no more."""
        sys.setprofile(None)

    def _put(self, *values: int) -> None:
        self._shared[:] = struct.pack("3q", *values)

    @staticmethod
    def _is_cleaning(frame: FrameType | None) -> bool:
        while frame and frame.f_code.co_name not in CLEANING:
            frame = frame.f_back
        return frame is not None

    @property
    def fired(self) -> bool:
        """Whether a call has failed."""
        return bool(struct.unpack("3q", self._shared[:])[1])

    @property
    def cleaning(self) -> bool:
        """Whether that was one that was to remove what is temporary."""
        return bool(struct.unpack("3q", self._shared[:])[2])

    @property
    def counts(self) -> dict[str, int]:
        """The calls, as a kind of its own."""
        return {"call": struct.unpack("3q", self._shared[:])[0]}


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
