"""The arithmetic as one value: the compiled kernels, or their NumPy twins, which need not be loaded.

Both give the same functions under the same names; whoever holds one may change to the other between two batches. What
the functions take is described in ``rnntag.kernels`` and in the docstring of each.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from rnntag.arrays.ragged import Array


class Engine(NamedTuple):
    """The functions of the kernels, or those of their twins. To load one that lacks a function raises KeyError."""

    name: str
    rnn_forward: Callable[[Array, Array, Array, Array, Array, bool, Array, int], None]
    rnn_backward: Callable[[Array, int, Array, Array, Array, Array, bool, Array], None]
    lstm_forward: Callable[[Array, Array, Array, Array, Array, Array, bool, Array, int, Array], None]
    lstm_backward: Callable[[Array, int, Array, Array, Array, Array, Array, Array, bool, Array], None]
    embed: Callable[[Array, Array, int, Array, int], None]
    embed_backward: Callable[[Array, Array, int, Array, int], None]
    mask: Callable[[Array, Array, Array], None]
    pool: Callable[[Array, Array, Array, Array, Array], None]
    pool_backward: Callable[[Array, Array, Array, Array, Array], None]
    crf_forward: Callable[[Array, Array, Array, Array, Array, Array, Array, Array], None]
    crf_backward: Callable[[Array, Array, Array, Array, Array, Array], None]
    crf_gold: Callable[[Array, Array, Array, Array, Array, Array, float, Array, Array, Array], float]
    viterbi: Callable[[Array, Array, Array, Array, Array, Array, Array], None]
    viterbi_online: Callable[[Array, Array, Array, Array, Array, Array, Array], int]
    viterbi_close: Callable[[Array, Array, Array, Array, Array], int]
    squared_norm: Callable[[Array], float]
    adam: Callable[[Array, Array, Array, Array, float, float, float, float, float], None]
    average: Callable[[Array, Array, float], None]
    catch_up: Callable[[Array, Array, Array, Array, Array, Array, int, Array, float], None]
    adam_rows: Callable[
        [Array, Array, Array, Array, Array, Array, Array, int, float, float, float, float, float, float], None
    ]


FUNCTIONS = Engine._fields[1:]


@cache
def plain() -> Engine:
    """The NumPy twins: ready at once, the faster of the two for a few hundred words."""
    from rnntag import plain

    return Engine("plain", **plain.load(FUNCTIONS))


_kernels: list[Engine] = []


def kernels(notice: Callable[[str], None] | None = None) -> Engine:
    """The compiled kernels, or the NumPy twins where NUMBA_DISABLE_JIT is set.

    They take about a second to load, or the time to compile them once. ``notice`` is called with a sentence when that
    begins, or when the cache cannot be written.
    """
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return plain()
    if not _kernels:
        from rnntag import kernels

        _kernels.append(Engine("kernels", **kernels.load(FUNCTIONS, notice)))
    return _kernels[0]


def machine() -> dict[str, str]:
    """What the last bits of a result depend on besides what is computed: versions and processor, by name."""
    import numpy as np

    engine = kernels()
    found = {"NumPy": np.__version__, "the engine": engine.name}
    if engine.name == "kernels":
        from rnntag.kernels import identity

        found |= identity()
    return found
