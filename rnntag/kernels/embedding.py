"""Vectors looked up in tables, their gradients, and the masks of dropout: what moves rows about, without the lock."""

from __future__ import annotations

from typing import Any

from rnntag.kernels.compiling import kernel


@kernel("void(f4[:,::1], i4[:,::1], i8, f4[:,::1], i8)")
def embed(table: Any, ids: Any, feature: int, X: Any, column: int) -> None:
    """x = table[id]

    table    (n, width)  in   vectors
    ids      (R, F)      in   rows of tables, a column a feature
    feature              in   the column of ids
    X        (R, D)      out  vectors side by side, in the columns from ``column`` on
    """
    for r in range(ids.shape[0]):
        row = ids[r, feature]
        for j in range(table.shape[1]):
            X[r, column + j] = table[row, j]


@kernel("void(f4[:,::1], i4[:,::1], i8, f4[:,::1], i8)")
def embed_backward(dtable: Any, ids: Any, feature: int, dX: Any, column: int) -> None:
    """dtable[id] = Σ dx over the tokens with that id, in their order; 0 for an id that none has

    dtable  (n, width)  out  gradient at the vectors
    dX      (R, D)      in   gradient at what embed wrote

    ``ids``, ``feature`` and ``column`` are those that embed was given.
    """
    for i in range(dtable.shape[0]):
        for j in range(dtable.shape[1]):
            dtable[i, j] = 0.0
    for r in range(ids.shape[0]):
        row = ids[r, feature]
        for j in range(dtable.shape[1]):
            dtable[row, j] += dX[r, column + j]


@kernel("void(f4[:,::1], f4[:,::1], i8[::1])")
def mask(X: Any, kept: Any, sequence: Any) -> None:
    """x = x · kept, one mask a sentence

    X         (R, width)  in/out  numbers, or gradients at what the mask left of them
    kept      (B, width)  in      0 or what makes up for the zeros
    sequence  (R,)        in      the sentence of each row
    """
    for r in range(X.shape[0]):
        b = sequence[r]
        for j in range(X.shape[1]):
            X[r, j] *= kept[b, j]
