"""Adam, the norm that clipping needs, and weight averaging. What the arrays are: ``rnntag.kernels.optimiser``."""

from __future__ import annotations

import numpy as np

from rnntag.plain.ragged import Array


def squared_norm(G: Array) -> float:
    """The sum of squares."""
    return float(np.square(G, dtype=np.float64).sum())


def adam(
    P: Array,
    G: Array,
    M: Array,
    V: Array,
    scale: float,
    rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> None:
    """m = β₁ m + (1 - β₁) g    v = β₂ v + (1 - β₂) g²    p -= rate · m / (√v + ε)    with g = scale · G"""
    g = scale * G
    M[:] = beta1 * M + (1 - beta1) * g
    V[:] = beta2 * V + (1 - beta2) * g * g
    P -= rate * M / (np.sqrt(V) + epsilon)


def average(A: Array, P: Array, decay: float) -> None:
    """a += (1 - decay) (p - a)"""
    A += (1 - decay) * (P - A)


def catch_up(
    P: Array, M: Array, V: Array, A: Array, rows: Array, since: Array, now: int, drift: Array, epsilon: float
) -> None:
    """p -= s u    a = d a + (1 - d) p - q u    m = x m    v = y v    with u = m / (√v + ε), all read before"""
    rows = rows[since[rows] < now]
    s, q, d, x, y = drift[since[rows]].T[:, :, None]
    since[rows] = now
    p, m, v = P[rows], M[rows], V[rows]
    u = m / (np.sqrt(v) + epsilon)
    A[rows] = d * A[rows] + (1 - d) * p - q * u
    P[rows], M[rows], V[rows] = p - s * u, x * m, y * v


def adam_rows(
    P: Array,
    G: Array,
    M: Array,
    V: Array,
    A: Array,
    rows: Array,
    since: Array,
    now: int,
    scale: float,
    rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    decay: float,
) -> None:
    """What adam and average do, to some rows of a table."""
    since[rows] = now
    p, m, v, a = P[rows], M[rows], V[rows], A[rows]
    adam(p, G, m, v, scale, rate, beta1, beta2, epsilon)
    average(a, p, decay)
    P[rows], M[rows], V[rows], A[rows] = p, m, v, a
