"""Adam, the norm that clipping needs, and weight averaging: over one flat vector seen as rows of 16, or over the rows
of a table that a batch touched.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rnntag.kernels.compiling import kernel
from rnntag.kernels.simd import fma, load16, root, splat16, store, total

BLOCK = 256  # rows summed in float32 before float64 takes over: keeps seven digits however long the vector is


@kernel("f8(f4[:,::1])")
def squared_norm(G: Any) -> float:
    """The sum of squares of a gradient.

    G  (n, 16)  in
    """
    norm = 0.0
    for start in range(0, G.shape[0], BLOCK):
        squares = splat16(0.0)
        for i in range(start, min(start + BLOCK, G.shape[0])):
            g = load16(G, i, 0)
            squares = fma(g, g, squares)
        norm += total(squares)
    return norm


@kernel("void(f4[:,::1], f4[:,::1], f4[:,::1], f4[:,::1], f8, f8, f8, f8, f8)")
def adam(P: Any, G: Any, M: Any, V: Any, scale: float, rate: float, beta1: float, beta2: float, epsilon: float) -> None:
    """m = β₁ m + (1 - β₁) g    v = β₂ v + (1 - β₂) g²    p -= rate · m / (√v + ε)    with g = scale · G

    Kingma & Ba, "Adam", ICLR 2015, algorithm 1 in the order that ends section 2: both bias corrections are in ``rate``.

    P     (n, 16)  in/out  parameters
    G     (n, 16)  in      gradient
    M, V  (n, 16)  in/out  moments
    scale          in      what clipping left of the gradient
    rate           in      step size, bias corrections included
    beta1, beta2   in      decay of the moments
    epsilon        in      keeps the quotient finite
    """
    b1, b2, e = splat16(beta1), splat16(beta2), splat16(epsilon)
    c1, c2 = splat16(1.0 - beta1), splat16(1.0 - beta2)
    s, r = splat16(scale), splat16(-rate)
    for i in range(P.shape[0]):
        g = s * load16(G, i, 0)
        m = fma(b1, load16(M, i, 0), c1 * g)
        v = fma(b2, load16(V, i, 0), c2 * g * g)
        store(M, i, 0, m)
        store(V, i, 0, v)
        store(P, i, 0, fma(r, m / (root(v) + e), load16(P, i, 0)))


@kernel("void(f4[:,::1], f4[:,::1], f8)")
def average(A: Any, P: Any, decay: float) -> None:
    """a += (1 - decay) (p - a): the exponential moving average of the weights.

    Polyak & Juditsky, SIAM Journal on Control and Optimization 30(4), 1992, with a window that forgets.

    A  (n, 16)  in/out  averaged parameters
    P  (n, 16)  in      parameters
    decay       in      share of the average that stays
    """
    share = splat16(1.0 - decay)
    for i in range(P.shape[0]):
        a = load16(A, i, 0)
        store(A, i, 0, fma(share, load16(P, i, 0) - a, a))


@kernel("void(f4[:,::1], f4[:,::1], f4[:,::1], f4[:,::1], i8[::1], i4[::1], i8, f4[:,::1], f8)")
def catch_up(P: Any, M: Any, V: Any, A: Any, rows: Any, since: Any, now: int, drift: Any, epsilon: float) -> None:
    """p -= s u    a = d a + (1 - d) p - q u    m = x m    v = y v    with u = m / (√v + ε), all read before

    What Adam and the average did, in the steps since a row was last seen, to a row whose gradient was 0 in all of
    them: with no new gradient m and √v shrink by a constant factor a step, so p moves along u, by an amount that
    depends on the steps alone. ε is taken to shrink with √v: a relative difference under ε / √v.

    P, M, V, A  (n, width)  in/out  table, its moments, its average
    rows        (k,)        in      the rows to bring up to now, no row twice
    since       (n,)        in/out  the step each row was brought up to; on return ``now`` for ``rows``
    now                     in      steps done
    drift       (now, 5)    in      s, q, d, x, y of a row that was last seen at each step
    epsilon                 in      as in adam
    """
    e, one = np.float32(epsilon), np.float32(1.0)
    for i in range(rows.shape[0]):
        r = rows[i]
        if since[r] == now:
            continue
        s, q, d, x, y = drift[since[r]]
        since[r] = now
        for j in range(P.shape[1]):
            u = M[r, j] / (math.sqrt(V[r, j]) + e)
            A[r, j] = d * A[r, j] + (one - d) * P[r, j] - q * u
            P[r, j] -= s * u
            M[r, j] *= x
            V[r, j] *= y


@kernel("void(f4[:,::1], f4[:,::1], f4[:,::1], f4[:,::1], f4[:,::1], i8[::1], i4[::1], i8, f8, f8, f8, f8, f8, f8)")
def adam_rows(
    P: Any,
    G: Any,
    M: Any,
    V: Any,
    A: Any,
    rows: Any,
    since: Any,
    now: int,
    scale: float,
    rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    decay: float,
) -> None:
    """What adam and average do, to some rows of a table.

    P, M, V, A  (n, width)  in/out  table, its moments, its average
    G           (k, width)  in      gradient at ``rows``
    rows        (k,)        in      no row twice
    since       (n,)        out     ``now`` at ``rows``
    now                     in      steps done, this one included

    The numbers are those of adam and average.
    """
    b1, b2, e = np.float32(beta1), np.float32(beta2), np.float32(epsilon)
    c1, c2 = np.float32(1.0 - beta1), np.float32(1.0 - beta2)
    s, a, share = np.float32(scale), np.float32(rate), np.float32(1.0 - decay)
    for i in range(rows.shape[0]):
        r = rows[i]
        since[r] = now
        for j in range(P.shape[1]):
            g = s * G[i, j]
            m = b1 * M[r, j] + c1 * g
            v = b2 * V[r, j] + c2 * g * g
            p = P[r, j] - a * (m / (math.sqrt(v) + e))
            M[r, j], V[r, j], P[r, j] = m, v, p
            A[r, j] += share * (p - A[r, j])
