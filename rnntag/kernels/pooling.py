"""A sentence as a whole: the largest and the mean of each of its states."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnntag.kernels.compiling import kernel


@kernel("void(f4[:,::1], i8[::1], i8[::1], f4[:,::1], i4[:,::1])")
def pool(H: Any, sizes: Any, offsets: Any, S: Any, top: Any) -> None:
    """s = (max over t of h | mean over t of h)

    Collobert & Weston, ICML 2008, section 4 (max over time).

    H        (R, W)   in   states
    sizes    (T,)     in   sequences alive at each step
    offsets  (T,)     in   row of each step's first sequence
    S        (B, 2W)  out  largest states, then means
    top      (B, W)   out  the row of the largest state; of equal ones, the first
    """
    W = H.shape[1]
    for t in range(sizes.shape[0]):
        ending = sizes[t + 1] if t + 1 < sizes.shape[0] else 0
        for b in range(sizes[t]):
            r = offsets[t] + b
            for j in range(W):
                h = H[r, j]
                if t == 0:
                    S[b, j], S[b, W + j], top[b, j] = h, h, r
                else:
                    S[b, W + j] += h
                    if h > S[b, j]:
                        S[b, j], top[b, j] = h, r
            if b >= ending:
                share = np.float32(1.0) / np.float32(t + 1)
                for j in range(W):
                    S[b, W + j] *= share


@kernel("void(f4[:,::1], i4[:,::1], i8[::1], i8[::1], f4[:,::1])")
def pool_backward(dS: Any, top: Any, sizes: Any, offsets: Any, dH: Any) -> None:
    """dh += ds of the maximum, where h was it, and ds of the mean / T, everywhere

    dS   (B, 2W)  in      gradient at what pool wrote
    top  (B, W)   in      as pool wrote it
    dH   (R, W)   in/out  gradient at the states

    ``sizes`` and ``offsets`` are those that pool was given.
    """
    W, T = dH.shape[1], sizes.shape[0]
    for b in range(dS.shape[0]):
        for j in range(W):
            dH[top[b, j], j] += dS[b, j]
    for b in range(dS.shape[0]):
        length = 0
        while length < T and sizes[length] > b:
            length += 1
        share = np.float32(1.0) / np.float32(length)
        for t in range(length):
            r = offsets[t] + b
            for j in range(W):
                dH[r, j] += share * dS[b, W + j]
