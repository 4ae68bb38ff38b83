"""Losses over classes, and the consistency term of R-Drop."""

from __future__ import annotations

import numpy as np

from rnntag.arrays.ragged import Array


def cross_entropy(E: Array, gold: Array, scale: float, pull: float) -> tuple[float, Array]:
    """-log softmax(e) of the gold classes (n,), summed, and the gradient at E (n, classes), ``scale`` times.

    A row whose gold class is -1 counts for nothing in the loss. ``pull``: what draws twins together is in the gradient,
    but not in the loss (see `draw_together`).
    """
    known = np.flatnonzero(gold >= 0)
    highest = E.max(axis=1, keepdims=True)
    p = np.exp(E - highest)
    sums = p.sum(axis=1, keepdims=True)
    logZ = highest[:, 0].astype(np.float64) + np.log(sums[:, 0])
    p /= sums
    dE = p.copy()
    dE[gold < 0] = 0.0
    dE[known, gold[known]] -= 1.0
    if pull:
        dE += pull * (p - swapped(p))
    dE *= np.float32(scale)
    return float((logZ[known] - E[known, gold[known]]).sum()), dE


def swapped(p: Array) -> Array:
    """Rows of twins, each in the other's place."""
    return p.reshape(-1, 2, p.shape[1])[:, ::-1].reshape(p.shape)


def draw_together(p: Array, pull: float) -> None:
    """p += pull (p - q), where q are the probabilities of a row's twin: the gradient of pull · KL(q ‖ p) added.

    Where every sentence stands in a batch twice, under two masks of dropout, both are to find the same: Liang et al.,
    "R-Drop", NeurIPS 2021, equation 3, with each of the two distributions standing still while the other learns from
    it. Its gradient at the transitions cancels between the two.
    """
    if pull:
        p += pull * (p - swapped(p))
