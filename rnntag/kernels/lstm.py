"""The long short-term memory cell: a sum that is carried, not multiplied, from step to step, behind three gates.

Columns of gates stand in panels of 8 units x 4 gates, ``(i8 | f8 | g8 | o8)``, so that a register tile of 32 columns
holds all that a group of units needs.
"""

from __future__ import annotations

from typing import Any

from rnntag.kernels.activations import sigmoid8, tanh8
from rnntag.kernels.compiling import kernel, part
from rnntag.kernels.products import add_product16, add_product32
from rnntag.kernels.ragged import alive
from rnntag.kernels.simd import fma, load8, splat8, store


@part
def _cell_forward(Z: Any, r: int, p: int, c: Any, H: Any, column: int, C: Any) -> None:
    """The gates of units 8p to 8p + 8 in row r, and their step from the cells ``c`` before."""
    k, j = 32 * p, 8 * p
    i, f = sigmoid8(load8(Z, r, k)), sigmoid8(load8(Z, r, k + 8))
    g, o = tanh8(load8(Z, r, k + 16)), sigmoid8(load8(Z, r, k + 24))
    c = fma(f, c, i * g)
    store(Z, r, k, i)
    store(Z, r, k + 8, f)
    store(Z, r, k + 16, g)
    store(Z, r, k + 24, o)
    store(C, r, j, c)
    store(H, r, column + j, o * tanh8(c))


@kernel("void(f4[:,::1], f4[:,:,::1], f4[:,::1], f4[:,::1], i8[::1], i8[::1], b1, f4[:,::1], i8, f4[:,::1])")
def lstm_forward(
    Z: Any, U: Any, H0: Any, C0: Any, sizes: Any, offsets: Any, reverse: bool, H: Any, column: int, C: Any
) -> None:
    """(i f g o) = (σ σ tanh σ)(z + h₋₁ · U)    c = f c₋₁ + i g    h = o tanh(c)

    The constant error carousel is c: Hochreiter & Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8),
    1997; its forget gate f: Gers, Schmidhuber & Cummins, "Learning to Forget", Neural Computation 12(10), 2000.
    No peepholes.

    Z        (R, 4N)         in/out  projected input, bias included; on return the gates
    U        (N/8, N, 32)    in      recurrent weights, packed
    H0, C0   (B or 0, N)     in      states and cells before the first step; no rows stand for zeros
    sizes    (T,)            in      sequences alive at each step
    offsets  (T,)            in      row of each step's first sequence
    reverse                  in      run from the last step to the first
    H        (R, W)          out     states, in the N columns from ``column`` on
    C        (R, N)          out     cells
    """
    T, N = sizes.shape[0], C.shape[1]
    for s in range(T):
        t = T - 1 - s if reverse else s
        before = t + 1 if reverse else t - 1
        row, size = offsets[t], sizes[t]
        begun = min(size, alive(sizes, before))
        for p in range(N // 8):
            if begun > 0:
                last = offsets[before]
                add_product32(Z, row, 32 * p, H, last, column, begun, U, p)
                for b in range(begun):
                    _cell_forward(Z, row + b, p, load8(C, last + b, 8 * p), H, column, C)
            if begun < size:
                if H0.shape[0] > 0:
                    add_product32(Z, row + begun, 32 * p, H0, begun, 0, size - begun, U, p)
                for b in range(begun, size):
                    c = load8(C0, b, 8 * p) if C0.shape[0] > 0 else splat8(0.0)
                    _cell_forward(Z, row + b, p, c, H, column, C)


@part
def _cell_backward(dH: Any, r: int, column: int, p: int, c0: Any, Z: Any, C: Any, dc: Any, dC: Any, b: int) -> None:
    """Gates to their gradients for units 8p to 8p + 8 in row r; ``dc`` comes from the step after."""
    k, j = 32 * p, 8 * p
    one = splat8(1.0)
    i, f, g, o = load8(Z, r, k), load8(Z, r, k + 8), load8(Z, r, k + 16), load8(Z, r, k + 24)
    dh = load8(dH, r, column + j)
    h = tanh8(load8(C, r, j))
    dc = fma(dh * o, one - h * h, dc)
    store(Z, r, k, dc * g * i * (one - i))
    store(Z, r, k + 8, dc * c0 * f * (one - f))
    store(Z, r, k + 16, dc * i * (one - g * g))
    store(Z, r, k + 24, dh * h * o * (one - o))
    store(dC, b, j, dc * f)


@kernel("void(f4[:,::1], i8, f4[:,:,::1], f4[:,::1], f4[:,::1], f4[:,::1], i8[::1], i8[::1], b1, f4[:,::1])")
def lstm_backward(
    dH: Any, column: int, V: Any, Z: Any, C: Any, C0: Any, sizes: Any, offsets: Any, reverse: bool, dC: Any
) -> None:
    """dh += dz₊₁ · Uᵀ    dc = dc₊₁ f₊₁ + dh o (1 - tanh² c)
    dz = (dc g i(1-i) | dc c₋₁ f(1-f) | dc i (1-g²) | dh tanh(c) o(1-o))

    Full backpropagation through time, as Graves & Schmidhuber, Neural Networks 18(5-6), 2005, appendix A, without
    peepholes.

    dH       (R, W)          in/out  gradient at the states from above; on return with the part from later steps
    V        (N/16, 4N, 16)  in      recurrent weights, transposed and packed
    Z        (R, 4N)         in/out  gates as lstm_forward left them; on return the gradient at the projected input
    C        (R, N)          in      cells as lstm_forward left them
    C0       (B or 0, N)     in      cells before the first step
    dC       (B, N)          out     gradient at C0

    ``sizes``, ``offsets``, ``reverse`` and ``column`` are those that lstm_forward was given.
    """
    T, N = sizes.shape[0], C.shape[1]
    zero = splat8(0.0)
    for s in range(T):
        t = s if reverse else T - 1 - s
        before, after = (t + 1, t - 1) if reverse else (t - 1, t + 1)
        row, size = offsets[t], sizes[t]
        begun, going = min(size, alive(sizes, before)), min(size, alive(sizes, after))
        for p in range(N // 16):
            if going > 0:
                add_product16(dH, row, column + 16 * p, Z, offsets[after], 0, going, V, p)
            for b in range(size):
                for q in range(2 * p, 2 * p + 2):
                    c0 = zero
                    if b < begun:
                        c0 = load8(C, offsets[before] + b, 8 * q)
                    elif C0.shape[0] > 0:
                        c0 = load8(C0, b, 8 * q)
                    dc = load8(dC, b, 8 * q) if b < going else zero
                    _cell_backward(dH, row + b, column, q, c0, Z, C, dc, dC, b)
