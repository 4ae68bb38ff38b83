"""Whose hands do the arithmetic: the compiled kernels, or their NumPy twins that start at once.

Both give the same functions under the same names; whoever holds one may change to the other between two batches.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace

Engine = SimpleNamespace


@cache
def plain() -> Engine:
    """The NumPy twins: nothing to load, right for a few hundred words."""
    from rnntag import plain

    return plain.load()


_kernels: list[Engine] = []


def kernels(notice: Callable[[str], None] | None = None) -> Engine:
    """The compiled kernels: about a second to load, or the time to compile them once (``notice`` is told)."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return plain()
    if not _kernels:
        from rnntag import kernels

        _kernels.append(kernels.load(notice))
    return _kernels[0]
