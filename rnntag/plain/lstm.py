"""The long short-term memory cell. What the arrays are: ``rnntag.kernels.lstm``."""

from __future__ import annotations

import numpy as np

from rnntag.plain.ragged import Array, alive, earlier, rows, steps, unpack


def sigmoid(x: Array) -> Array:
    """½ + ½ tanh(½ x): cannot overflow on either side."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def gates(Z: Array) -> Array:
    """Rows of panels (i8 | f8 | g8 | o8) as a view (4, rows, N/8, 8)."""
    view: Array = Z.reshape(len(Z), -1, 4, 8).transpose(2, 0, 1, 3)
    return view


def lstm_forward(
    Z: Array,
    U: Array,
    H0: Array,
    C0: Array,
    sizes: Array,
    offsets: Array,
    reverse: bool,
    H: Array,
    column: int,
    C: Array,
) -> None:
    """(i f g o) = (σ σ tanh σ)(z + h₋₁ · U)    c = f c₋₁ + i g    h = o tanh(c)"""
    N, W = C.shape[1], unpack(U)
    for t, before, _ in steps(sizes, reverse):
        live = rows(offsets, t, int(sizes[t]))
        Z[live] += earlier(H, H0, sizes, offsets, t, before, column) @ W
        c = earlier(C, C0, sizes, offsets, t, before).reshape(-1, N // 8, 8)
        step = gates(Z[live])
        i, f, o = (sigmoid(step[gate]) for gate in (0, 1, 3))
        g = np.tanh(step[2])
        c = f * c + i * g
        gates(Z[live])[:] = i, f, g, o
        C[live] = c.reshape(-1, N)
        H[live, column : column + N] = (o * np.tanh(c)).reshape(-1, N)


def lstm_backward(
    dH: Array,
    column: int,
    V: Array,
    Z: Array,
    C: Array,
    C0: Array,
    sizes: Array,
    offsets: Array,
    reverse: bool,
    dC: Array,
) -> None:
    """dh += dz₊₁ · Uᵀ    dc = dc₊₁ f₊₁ + dh o (1 - tanh² c)
    dz = (dc g i(1-i) | dc c₋₁ f(1-f) | dc i (1-g²) | dh tanh(c) o(1-o))"""
    N, W = C.shape[1], unpack(V)
    units = slice(column, column + N)
    for t, after, before in steps(sizes, not reverse):
        size = int(sizes[t])
        live = rows(offsets, t, size)
        going = min(size, alive(sizes, after))
        if going:
            dH[rows(offsets, t, going), units] += Z[rows(offsets, after, going)] @ W
        i, f, g, o = gates(Z[live]).copy()
        c0 = earlier(C, C0, sizes, offsets, t, before).reshape(i.shape)
        dh, h = dH[live, units].reshape(i.shape), np.tanh(C[live]).reshape(i.shape)
        carried = np.zeros((size, N), Z.dtype)
        carried[:going] = dC[:going]
        dc = carried.reshape(i.shape) + dh * o * (1 - h * h)
        gates(Z[live])[:] = (
            dc * g * i * (1 - i),
            dc * c0 * f * (1 - f),
            dc * i * (1 - g * g),
            dh * h * o * (1 - o),
        )
        dC[:size] = (dc * f).reshape(size, N)
