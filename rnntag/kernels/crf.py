"""The linear-chain conditional random field: all tag sequences at once, and the best one.

Sums run over probabilities scaled to 1 at every step, not over logarithms: one exponential a tag and step in place
of one a transition. Rabiner, Proceedings of the IEEE 77(2), 1989, section V.A; Lafferty, McCallum & Pereira, ICML 2001.
A transition that the scheme forbids has score -inf and so weight exactly 0.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rnntag.kernels.activations import exp16
from rnntag.kernels.compiling import kernel, part
from rnntag.kernels.products import add_product16, best_sum16
from rnntag.kernels.ragged import alive
from rnntag.kernels.simd import largest, load16, splat16, store, total, where_greater

LOWEST = -3.0e38
TINY = 1.1754944e-38  # the smallest normal float32: a tag with a smaller share counts as out of reach


@part
def _scores(E: Any, r: int, j: int, bounds: Any, first: bool, last: bool) -> Any:
    """Sixteen tag scores, with what opening or closing a sentence adds."""
    e = load16(E, r, j)
    if first:
        e = e + load16(bounds, 0, j)
    if last:
        e = e + load16(bounds, 1, j)
    return e


@kernel("void(f4[:,::1], f4[:,:,::1], f4[:,::1], i8[::1], i8[::1], f4[:,::1], f4[:,::1], f8[::1])")
def crf_forward(E: Any, K: Any, bounds: Any, sizes: Any, offsets: Any, A: Any, F: Any, logZ: Any) -> None:
    """a = (a₋₁ · K) f,  f = exp(e - m) / n,  with n such that a sums to 1;    log Z = Σ m + log n

    m is the largest score among tags that can be reached, so neither f nor 1 / n overflows, however large the scores;
    f is 0 where a tag cannot be reached, or only by e^-87 of all there is.

    E        (R, Y)         in   tag scores
    K        (Y/16, Y, 16)  in   exp of the transitions, packed: from tag k to the tags of a panel
    bounds   (2, Y)         in   scores of opening (row 0) and closing (row 1) a sentence with a tag
    sizes    (T,)           in   sequences alive at each step
    offsets  (T,)           in   row of each step's first sequence
    A        (R, Y)         out  scaled forward probabilities
    F        (R, Y)         out  scaled tag factors, which crf_backward needs
    logZ     (B,)           out  log of the partition function
    """
    T, Y = sizes.shape[0], E.shape[1]
    lowest, tiny, zero, one = splat16(LOWEST), splat16(TINY), splat16(0.0), splat16(1.0)
    for t in range(T):
        row, size, going = offsets[t], sizes[t], alive(sizes, t + 1)
        for j in range(0, Y, 16):
            for r in range(row, row + size):
                store(A, r, j, where_greater(load16(bounds, 0, j), lowest, one, zero) if t == 0 else zero)
            if t > 0:
                add_product16(A, row, j, A, offsets[t - 1], 0, size, K, j // 16)
        for b in range(size):
            r = row + b
            m = lowest
            for j in range(0, Y, 16):
                e = _scores(E, r, j, bounds, t == 0, b >= going)
                e = where_greater(load16(A, r, j), tiny, e, lowest)
                m = where_greater(e, m, e, m)
            highest = largest(m)
            m = splat16(highest)
            n = zero
            for j in range(0, Y, 16):
                a = load16(A, r, j)
                e = _scores(E, r, j, bounds, t == 0, b >= going)
                f = where_greater(a, tiny, exp16(e - m), zero)
                n = n + a * f
                store(F, r, j, f)
            norm = total(n)
            n = splat16(norm)
            for j in range(0, Y, 16):
                f = load16(F, r, j) / n
                store(F, r, j, f)
                store(A, r, j, load16(A, r, j) * f)
            if t == 0:
                logZ[b] = 0.0
            logZ[b] += highest + math.log(norm)


@kernel("void(f4[:,::1], f4[:,::1], f4[:,:,::1], i8[::1], i8[::1], f4[:,::1])")
def crf_backward(A: Any, F: Any, V: Any, sizes: Any, offsets: Any, dE: Any) -> None:
    """b = K · q₊₁ (1 after the last step)    q = f b    ∂ log Z / ∂e = a b

    The gradient at the transitions is K ∘ Σ a₋₁ᵀ q, one matrix product over all rows, left to the caller.

    A        (R, Y)         in      as crf_forward left it
    F        (R, Y)         in/out  as crf_forward left it; on return q
    V        (Y/16, Y, 16)  in      exp of the transitions, transposed and packed
    dE       (R, Y)         out     marginal probability of each tag

    ``sizes`` and ``offsets`` are those that crf_forward was given.
    """
    T, Y = sizes.shape[0], A.shape[1]
    zero, one = splat16(0.0), splat16(1.0)
    for t in range(T - 1, -1, -1):
        row, size, going = offsets[t], sizes[t], alive(sizes, t + 1)
        for j in range(0, Y, 16):
            for b in range(size):
                store(dE, row + b, j, zero if b < going else one)
            if going > 0:
                add_product16(dE, row, j, F, offsets[t + 1], 0, going, V, j // 16)
        for r in range(row, row + size):
            for j in range(0, Y, 16):
                b = load16(dE, r, j)
                store(F, r, j, load16(F, r, j) * b)
                store(dE, r, j, load16(A, r, j) * b)


@kernel("void(f4[:,::1], f4[:,:,::1], f4[:,::1], i8[::1], i8[::1], f4[:,::1], i4[::1])")
def viterbi(E: Any, M: Any, bounds: Any, sizes: Any, offsets: Any, V: Any, path: Any) -> None:
    """v = e + max over the tag before of (v₋₁ + m)

    Viterbi, IEEE Transactions on Information Theory 13(2), 1967. No back pointers are kept: backtracking asks again,
    for one tag a step, which transition attained the maximum. Of equal paths the one with the smaller tag ids, from the
    end on, is taken.

    E        (R, Y)         in   tag scores
    M        (Y/16, Y, 16)  in   transitions, packed: from tag k to the tags of a panel
    bounds   (2, Y)         in   scores of opening (row 0) and closing (row 1) a sentence with a tag
    sizes    (T,)           in   sequences alive at each step
    offsets  (T,)           in   row of each step's first sequence
    V        (R, Y)         out  score of the best path that ends in a tag
    path     (R,)           out  tag ids of the best path
    """
    T, Y = sizes.shape[0], E.shape[1]
    lowest = splat16(-math.inf)
    for t in range(T):
        row, size, going = offsets[t], sizes[t], alive(sizes, t + 1)
        for j in range(0, Y, 16):
            if t > 0:
                for r in range(row, row + size):
                    store(V, r, j, lowest)
                best_sum16(V, row, j, V, offsets[t - 1], size, M, j // 16)
            for b in range(size):
                e = _scores(E, row + b, j, bounds, t == 0, b >= going)
                store(V, row + b, j, e if t == 0 else e + load16(V, row + b, j))
    for t in range(T - 1, -1, -1):
        going = alive(sizes, t + 1)
        for b in range(sizes[t]):
            r = offsets[t] + b
            best, tag = np.float32(-np.inf), 0
            following = path[offsets[t + 1] + b] if b < going else 0
            for y in range(Y):
                v = V[r, y]
                if b < going:
                    v += M[following // 16, y, following % 16]
                if v > best:
                    best, tag = v, y
            path[r] = tag


@kernel("f8(f4[:,::1], f4[:,::1], f4[:,::1], i8[::1], i8[::1], i8[::1], f4, f4[:,::1], f4[:,::1], f4[:,::1])")
def crf_gold(
    E: Any,
    M: Any,
    bounds: Any,
    gold: Any,
    sizes: Any,
    offsets: Any,
    scale: float,
    dE: Any,
    dM: Any,
    dbounds: Any,
) -> float:
    """s = Σ e + m + what opening and closing add, along the gold tags; its gradient is subtracted

    E        (R, Y)  in      tag scores
    M        (Y, Y)  in      transitions
    bounds   (2, Y)  in      scores of opening (row 0) and closing (row 1) a sentence with a tag
    gold     (R,)    in      gold tags
    sizes    (T,)    in      sequences alive at each step
    offsets  (T,)    in      row of each step's first sequence
    scale            in      what each tag and transition counts
    dE       (R, Y)  in/out  less ``scale`` at each gold tag
    dM       (Y, Y)  in/out  less ``scale`` at each gold transition
    dbounds  (2, Y)  out     sums of dE over first and last rows
    """
    T, Y = sizes.shape[0], E.shape[1]
    score = 0.0
    for j in range(Y):
        dbounds[0, j] = 0.0
        dbounds[1, j] = 0.0
    for t in range(T):
        going = alive(sizes, t + 1)
        for b in range(sizes[t]):
            r = offsets[t] + b
            y = gold[r]
            score += E[r, y]
            dE[r, y] -= scale
            if t > 0:
                k = gold[offsets[t - 1] + b]
                score += M[k, y]
                dM[k, y] -= scale
            else:
                score += bounds[0, y]
                for j in range(Y):
                    dbounds[0, j] += dE[r, j]
            if b >= going:
                score += bounds[1, y]
                for j in range(Y):
                    dbounds[1, j] += dE[r, j]
    return score
