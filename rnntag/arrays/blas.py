"""One thread inside each matrix product, however many BLAS was told to take.

A product cut into parts for several threads adds up in another order, and so the last bits of scores, and after
thousands of updates the weights, would depend on a setting that nobody takes for one of the training. Threads here take
whole shards and batches; more of them inside a product would only get in their way.

The functions are those of the very library that NumPy calls, found among what NumPy's own module is linked with. A BLAS
that has none of them (Apple's Accelerate) goes on as it is.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import product
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy  # noqa: F401  it is NumPy's BLAS that this is about

# How a library calls what tells and what sets its number of threads: one for the whole process, but for OpenMP, where
# each thread of a program has its own.
_OPENBLAS = [f"{prefix}openblas_{{}}_num_threads{suffix}" for prefix, suffix in product(("scipy_", ""), ("64_", ""))]
_OF_PROCESS = [(name.format("get"), name.format("set")) for name in _OPENBLAS]
_OF_PROCESS += [("MKL_Get_Max_Threads", "MKL_Set_Num_Threads")]
_OF_PROCESS += [("bli_thread_get_num_threads", "bli_thread_set_num_threads")]
_OF_THREAD = [("omp_get_max_threads", "omp_set_num_threads")]


class _Number(NamedTuple):
    """A number of threads."""

    get: Callable[[], int]
    set: Callable[[int], object]

    def to_one(self) -> int:
        """Set it to one; gives what it was."""
        before = self.get()
        if before != 1:
            self.set(1)
        return before

    def back(self, before: int) -> None:
        """Set it to what it was."""
        if before != 1:
            self.set(before)


class _Numbers(NamedTuple):
    """What NumPy's BLAS has of them."""

    of_process: list[_Number]
    of_thread: list[_Number]


@cache
def _numbers() -> _Numbers:
    modules = ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath")  # NumPy 2, NumPy 1
    paths = [Path(str(sys.modules[name].__file__)) for name in modules if name in sys.modules][:1]
    if os.name == "nt":  # a name is not looked for in what a library is linked with
        paths += paths[0].parents[2].glob("numpy.libs/*.dll")
    libraries = [ctypes.CDLL(str(path)) for path in paths]

    def found(names: list[tuple[str, str]]) -> list[_Number]:
        pairs = ((library, *pair) for library in libraries for pair in names)
        return [_Number(lib[get], lib[put]) for lib, get, put in pairs if hasattr(lib, get) and hasattr(lib, put)]

    return _Numbers(found(_OF_PROCESS), found(_OF_THREAD))


class _Turn:
    """The numbers of the process are one from when the first comes in until the last has left, on whatever thread."""

    def __init__(self) -> None:
        self._lock, self._inside, self._before = Lock(), 0, list[int]()

    def enter(self, numbers: list[_Number]) -> None:
        with self._lock:
            if not self._inside:
                self._before = [number.to_one() for number in numbers]
            self._inside += 1

    def leave(self, numbers: list[_Number]) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                for number, before in zip(numbers, self._before, strict=True):
                    number.back(before)


_turn = _Turn()


@contextmanager
def one_thread() -> Iterator[None]:
    """Let BLAS take one thread; at the end it may take as many as before. To be used around products, or as decorator.

    May be nested, and used on several threads at the same time.
    """
    of_process, of_thread = _numbers()
    own = [number.to_one() for number in of_thread]
    _turn.enter(of_process)
    try:
        yield
    finally:
        _turn.leave(of_process)
        for number, before in zip(of_thread, own, strict=True):
            number.back(before)
