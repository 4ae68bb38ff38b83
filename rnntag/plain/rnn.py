"""The simple recurrent cell. What the arrays are: ``rnntag.kernels.rnn``."""

from __future__ import annotations

import numpy as np

from rnntag.plain.ragged import Array, alive, earlier, rows, steps, unpack


def rnn_forward(
    Z: Array, U: Array, H0: Array, sizes: Array, offsets: Array, reverse: bool, H: Array, column: int
) -> None:
    """h = tanh(z + h₋₁ · U)"""
    N, W = Z.shape[1], unpack(U)
    for t, before, _ in steps(sizes, reverse):
        live = rows(offsets, t, int(sizes[t]))
        if alive(sizes, before) or len(H0):
            Z[live] += earlier(H, H0, sizes, offsets, t, before, column) @ W
        H[live, column : column + N] = np.tanh(Z[live])


def rnn_backward(
    dH: Array, column: int, V: Array, H: Array, sizes: Array, offsets: Array, reverse: bool, dZ: Array
) -> None:
    """dh += dz₊₁ · Uᵀ    dz = dh (1 - h²)"""
    units, W = slice(column, column + dZ.shape[1]), unpack(V)
    for t, after, _ in steps(sizes, not reverse):
        live = rows(offsets, t, int(sizes[t]))
        if going := min(int(sizes[t]), alive(sizes, after)):
            dH[rows(offsets, t, going), units] += dZ[rows(offsets, after, going)] @ W
        dZ[live] = dH[live, units] * (1 - H[live, units] ** 2)
