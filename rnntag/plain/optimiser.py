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
