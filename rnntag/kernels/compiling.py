"""How a function becomes a kernel: compiled, or loaded where an earlier process has compiled it.

Numba's own cache keys a kernel on its own source file and misses an edit in a file that it calls. Here the version of
all code is a hash of every source in this package, the versions of Numba, llvmlite and Python, and the processor.
A cache that cannot be read or written costs a notice and the compiling, never a failure.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding
import numba
from numba.core import caching
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from rnntag.kernels.cache import CodeCache

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


def version() -> str:
    """A hash of this very code on this very processor."""
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
    return digest.hexdigest()


_kept = CodeCache(version())


class _Cache(caching.NullCache):
    """What Numba asks for the code of a kernel, and gives it to; whatever goes wrong with a file is a miss."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._name = f"{function.__module__}.{function.__qualname__}".translate({ord("<"): None, ord(">"): None})

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        target_context.refresh()
        try:
            if data := _kept.read(self._name):
                return CompileResult._rebuild(target_context, *pickle.loads(data))
        except Exception:  # code as it was written, which this very Numba cannot load all the same
            pass
        compiler.say(COMPILING)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            _kept.write(self._name, dumps(data._reduce()))
        except OSError as error:
            fact = f"{error.filename}: {(error.strerror or str(error)).lower()}"
            compiler.say(f"the compiled kernels cannot be kept in {fact}; RNNTAG_CACHE=FOLDER names another place")


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
