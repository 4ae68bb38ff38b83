"""Walking a ragged, time-major batch (``rnntag.kernels`` describes the layout)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def rows(offsets: Array, t: int, count: int) -> slice:
    """The rows of the first ``count`` sequences at step t."""
    return slice(int(offsets[t]), int(offsets[t]) + count)


def alive(sizes: Array, t: int) -> int:
    """How many sequences have a step t: 0 before the first step and after the last."""
    return int(sizes[t]) if 0 <= t < len(sizes) else 0


def steps(sizes: Array, backwards: bool) -> Iterator[tuple[int, int, int]]:
    """Each step in running order with its neighbours in that order: (t, before, after)."""
    T = len(sizes)
    for t in range(T - 1, -1, -1) if backwards else range(T):
        yield (t, t + 1, t - 1) if backwards else (t, t - 1, t + 1)


def unpack(W: Array) -> Array:
    """The matrix (K, panels · width) of which W (panels, K, width) is the packed form."""
    panels, K, width = W.shape
    matrix: Array = W.transpose(1, 0, 2).reshape(K, panels * width)
    return matrix


def earlier(X: Array, X0: Array, sizes: Array, offsets: Array, t: int, before: int, column: int = 0) -> Array:
    """X one step before, for each sequence alive at t (size, N): from X0, or zeros, where t is its first step."""
    size, N = int(sizes[t]), X0.shape[1]
    begun = min(size, alive(sizes, before))
    state = np.zeros((size, N), X.dtype)
    if len(X0):
        state[begun:] = X0[begun:size]
    if begun:
        state[:begun] = X[rows(offsets, before, begun), column : column + N]
    return state
