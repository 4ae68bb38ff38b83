"""A sentence as a whole: largest and mean of each of its states. What the arrays are: ``rnntag.kernels.pooling``."""

from __future__ import annotations

import numpy as np

from rnntag.plain.ragged import Array


def _rows(sizes: Array, offsets: Array, b: int) -> Array:
    """The rows of sentence b."""
    return offsets[: int(np.count_nonzero(sizes > b))] + b


def pool(H: Array, sizes: Array, offsets: Array, S: Array, top: Array) -> None:
    """s = (max over t of h | mean over t of h)"""
    W = H.shape[1]
    for b in range(len(S)):
        live = _rows(sizes, offsets, b)
        top[b] = live[H[live].argmax(axis=0)]
        S[b, :W], S[b, W:] = H[live].max(axis=0), H[live].mean(axis=0)


def pool_backward(dS: Array, top: Array, sizes: Array, offsets: Array, dH: Array) -> None:
    """dh += ds of the maximum, where h was it, and ds of the mean / T, everywhere"""
    W = dH.shape[1]
    for b in range(len(dS)):
        live = _rows(sizes, offsets, b)
        dH[top[b], np.arange(W)] += dS[b, :W]
        dH[live] += dS[b, W:] / len(live)
