"""The simple recurrent cell: a hidden state fed back to itself."""

from __future__ import annotations

from typing import Any

from rnntag.kernels.activations import tanh8
from rnntag.kernels.compiling import kernel
from rnntag.kernels.products import add_product16
from rnntag.kernels.ragged import alive
from rnntag.kernels.simd import fma, load8, splat8, store


@kernel("void(f4[:,::1], f4[:,:,::1], f4[:,::1], i8[::1], i8[::1], b1, f4[:,::1], i8)")
def rnn_forward(Z: Any, U: Any, H0: Any, sizes: Any, offsets: Any, reverse: bool, H: Any, column: int) -> None:
    """h = tanh(z + h₋₁ · U)

    Elman, "Finding Structure in Time", Cognitive Science 14(2), 1990, with the output layer left to the caller.

    Z        (R, N)          in/out  projected input, bias included; on return the sum under the tanh
    U        (N/16, N, 16)   in      recurrent weights, packed
    H0       (B or 0, N)     in      states before the first step; no rows stand for zeros
    sizes    (T,)            in      sequences alive at each step
    offsets  (T,)            in      row of each step's first sequence
    reverse                  in      run from the last step to the first
    H        (R, W)          out     states, in the N columns from ``column`` on
    """
    T, N = sizes.shape[0], Z.shape[1]
    for s in range(T):
        t = T - 1 - s if reverse else s
        before = t + 1 if reverse else t - 1
        row, size = offsets[t], sizes[t]
        begun = min(size, alive(sizes, before))
        for p in range(N // 16):
            j = 16 * p
            if begun > 0:
                add_product16(Z, row, j, H, offsets[before], column, begun, U, p)
            if begun < size and H0.shape[0] > 0:
                add_product16(Z, row + begun, j, H0, begun, 0, size - begun, U, p)
            for r in range(row, row + size):
                store(H, r, column + j, tanh8(load8(Z, r, j)))
                store(H, r, column + j + 8, tanh8(load8(Z, r, j + 8)))


@kernel("void(f4[:,::1], i8, f4[:,:,::1], f4[:,::1], i8[::1], i8[::1], b1, f4[:,::1])")
def rnn_backward(dH: Any, column: int, V: Any, H: Any, sizes: Any, offsets: Any, reverse: bool, dZ: Any) -> None:
    """dh += dz₊₁ · Uᵀ    dz = dh (1 - h²)

    Backpropagation through time: Werbos, Proceedings of the IEEE 78(10), 1990.

    dH       (R, W)          in/out  gradient at the states from above; on return with the part from later steps
    V        (N/16, N, 16)   in      recurrent weights, transposed and packed
    H        (R, W)          in      states as rnn_forward left them
    dZ       (R, N)          out     gradient at the projected input

    ``sizes``, ``offsets``, ``reverse`` and ``column`` are those that rnn_forward was given.
    """
    T, N = sizes.shape[0], dZ.shape[1]
    one = splat8(1.0)
    for s in range(T):
        t = s if reverse else T - 1 - s
        after = t - 1 if reverse else t + 1
        row, size = offsets[t], sizes[t]
        going = min(size, alive(sizes, after))
        for p in range(N // 16):
            if going > 0:
                add_product16(dH, row, column + 16 * p, dZ, offsets[after], 0, going, V, p)
            for r in range(row, row + size):
                for j in range(16 * p, 16 * p + 16, 8):
                    h = load8(H, r, column + j)
                    store(dZ, r, j, load8(dH, r, column + j) * fma(splat8(-1.0) * h, h, one))
