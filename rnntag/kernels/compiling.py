"""How a function becomes a kernel, and where its machine code is kept.

Numba's own cache keys a kernel on its own source file and misses an edit in a file that it calls. Here the folder is
named by a hash of every source in this package, the versions of Numba, llvmlite and Python, and the processor.
A cache that cannot be read or written costs a notice and the compiling, never a failure.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import llvmlite
import llvmlite.binding
import numba
from numba.core import caching

COMPILING = "compiling the kernels for this processor (once; about 10 seconds)"


class Compiler:
    """Gives notice of what compiling costs, each sentence once.

    notice  called with the sentence
    """

    def __init__(self) -> None:
        self.notice: Callable[[str], None] = lambda sentence: None
        self._said: set[str] = set()

    def say(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            self.notice(sentence)


compiler = Compiler()  # kernels are compiled where their modules are imported


def folder() -> Path:
    """The cache folder of this very code on this very processor."""
    home = os.environ.get("RNNTAG_CACHE") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if home.startswith("~"):  # nobody's home
        home = os.path.join(tempfile.gettempdir(), f"cache-of-{os.getuid() if hasattr(os, 'getuid') else 'nobody'}")
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    features = llvmlite.binding.get_host_cpu_features().flatten()
    for part in (
        numba.__version__,
        llvmlite.__version__,
        sys.version,
        llvmlite.binding.get_host_cpu_name(),
        features,
    ):
        digest.update(part.encode())
    for name in sorted(name for name in os.environ if name.startswith("NUMBA_")):
        digest.update(f"{name}={os.environ[name]}".encode())
    return Path(home) / "rnntag" / digest.hexdigest()[:16]


class _Locator(caching._CacheLocator):
    folder = str(folder())

    def get_cache_path(self) -> str:
        return self.folder

    def get_source_stamp(self) -> str:
        return "the folder's name says it"

    def get_disambiguator(self) -> str:
        return "kernel"

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> _Locator:
        return cls()


class _Impl(caching.CompileResultCacheImpl):
    _locator_classes: ClassVar[list[Any]] = [_Locator]


class _Cache(caching.Cache):
    """Numba's cache, in our folder; whatever goes wrong with a file is a miss."""

    _impl_class: Any = _Impl

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            found = super().load_overload(sig, target_context)
        except Exception:  # a cut or foreign file: compile anew and write it again
            found = None
            with contextlib.suppress(OSError):
                self.flush()  # an index that cannot be read could not be added to either
        if found is None:
            compiler.say(COMPILING)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except Exception as error:  # of a damaged index, unpickling raises whatever it likes
            fact = getattr(error, "strerror", None) or error
            compiler.say(f"the compiled kernels cannot be kept in {self.cache_path}: {fact}")


def kernel(signature: str) -> Callable[[Callable[..., Any]], Any]:
    """Compile at once for one signature, or load what an earlier process compiled."""

    def compiled(function: Callable[..., Any]) -> Any:
        dispatcher = numba.njit(nogil=True, error_model="numpy")(function)
        dispatcher._cache = _Cache(function)
        dispatcher.compile(signature)
        dispatcher.disable_compile()
        return dispatcher

    return compiled


def assembly(dispatcher: Any) -> str:
    """The machine code of a kernel as text, compiled anew: what comes from the cache cannot be read."""
    fresh = numba.njit(nogil=True, error_model="numpy")(dispatcher.py_func)
    (signature,) = dispatcher.signatures
    fresh.compile(signature)
    return str(fresh.inspect_asm(signature))


# A part of kernels: compiled into each one that calls it.
part = numba.njit(nogil=True, error_model="numpy", forceinline=True)
