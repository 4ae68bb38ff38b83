"""The linear-chain conditional random field. What the arrays are: ``rnntag.kernels.crf``."""

from __future__ import annotations

import numpy as np

from rnntag.plain.ragged import Array, alive, rows, steps, unpack


def _scores(E: Array, bounds: Array, sizes: Array, offsets: Array, t: int) -> Array:
    """Tag scores of step t with what opening or closing a sentence adds."""
    e: Array = E[rows(offsets, t, int(sizes[t]))].copy()
    if t == 0:
        e += bounds[0]
    e[alive(sizes, t + 1) :] += bounds[1]
    return e


def crf_forward(
    E: Array, K: Array, bounds: Array, sizes: Array, offsets: Array, A: Array, F: Array, logZ: Array
) -> None:
    """a = (a₋₁ · K) f,  f = exp(e - m) / n,  with n such that a sums to 1;    log Z = Σ m + log n"""
    W = unpack(K)
    logZ[:] = 0.0
    for t, before, _ in steps(sizes, False):
        size = int(sizes[t])
        live = rows(offsets, t, size)
        a = A[rows(offsets, before, size)] @ W if t else np.tile(bounds[0] > -np.inf, (size, 1)).astype(A.dtype)
        e = np.where(a > np.finfo(A.dtype).tiny, _scores(E, bounds, sizes, offsets, t), -np.inf)
        m = e.max(axis=1, keepdims=True)
        f = np.exp(e - m)
        n = (a * f).sum(axis=1, keepdims=True)
        F[live] = f / n
        A[live] = a * F[live]
        logZ[:size] += (m + np.log(n))[:, 0]


def crf_backward(A: Array, F: Array, V: Array, sizes: Array, offsets: Array, dE: Array) -> None:
    """b = K · q₊₁ (1 after the last step)    q = f b    ∂ log Z / ∂e = a b"""
    W = unpack(V)
    for t, after, _ in steps(sizes, True):
        live, going = rows(offsets, t, int(sizes[t])), alive(sizes, after)
        b = np.ones_like(A[live])
        if going:
            b[:going] = F[rows(offsets, after, going)] @ W
        F[live] *= b
        dE[live] = A[live] * b


def viterbi(E: Array, M: Array, bounds: Array, sizes: Array, offsets: Array, V: Array, path: Array) -> None:
    """v = e + max over the tag before of (v₋₁ + m)"""
    W = unpack(M)
    for t, before, _ in steps(sizes, False):
        size = int(sizes[t])
        e = _scores(E, bounds, sizes, offsets, t)
        best = (V[rows(offsets, before, size), :, None] + W).max(axis=1) if t else 0
        V[rows(offsets, t, size)] = e + best
    for t, after, _ in steps(sizes, True):
        live, going = rows(offsets, t, int(sizes[t])), alive(sizes, after)
        v = V[live].copy()
        if going:
            v[:going] += W[:, path[rows(offsets, after, going)]].T
        path[live] = v.argmax(axis=1)


def crf_gold(
    E: Array,
    M: Array,
    bounds: Array,
    gold: Array,
    sizes: Array,
    offsets: Array,
    scale: float,
    dE: Array,
    dM: Array,
    dbounds: Array,
) -> float:
    """s = Σ e + m + what opening and closing add, along the gold tags; its gradient is subtracted"""
    score, dbounds[:] = 0.0, 0.0
    for t, before, after in steps(sizes, False):
        size, going = int(sizes[t]), alive(sizes, after)
        live = rows(offsets, t, size)
        last = slice(live.start + going, live.stop)
        y = gold[live]
        score += E[live][np.arange(size), y].sum(dtype=np.float64)
        np.subtract.at(dE[live], (np.arange(size), y), scale)
        if t:
            k = gold[rows(offsets, before, size)]
            score += M[k, y].sum(dtype=np.float64)
            np.subtract.at(dM, (k, y), scale)
        else:
            score += bounds[0, y].sum(dtype=np.float64)
            dbounds[0] = dE[live].sum(axis=0)
        score += bounds[1, gold[last]].sum(dtype=np.float64)
        dbounds[1] += dE[last].sum(axis=0)
    return float(score)
