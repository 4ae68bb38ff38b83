"""Vectors looked up in tables, their gradients, masks. What the arrays are: ``rnntag.kernels.embedding``."""

from __future__ import annotations

import numpy as np

from rnntag.plain.ragged import Array


def embed(table: Array, ids: Array, feature: int, X: Array, column: int) -> None:
    """x = table[id]"""
    X[:, column : column + table.shape[1]] = table[ids[:, feature]]


def embed_backward(dtable: Array, ids: Array, feature: int, dX: Array, column: int) -> None:
    """dtable[id] = Σ dx over the tokens with that id, in their order; 0 for an id that none has"""
    dtable[:] = 0.0
    np.add.at(dtable, ids[:, feature], dX[:, column : column + dtable.shape[1]])


def mask(X: Array, kept: Array, sequence: Array) -> None:
    """x = x · kept, one mask a sentence"""
    X *= kept[sequence]
