"""Losses over classes, and the consistency term of R-Drop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnntag.arrays.ragged import Array


class Objective(NamedTuple):
    """What training minimises: ``scale`` · (negative log-likelihood + ``consistency`` · divergence between copies).

    scale        of the gradient alone: losses that are reported are not scaled
    consistency  see `draw_together`; 0 where sentences have no copies
    """

    scale: float = 1.0
    consistency: float = 0.0


def cross_entropy(E: Array, gold: Array, objective: Objective) -> tuple[float, Array]:
    """-log softmax(e) of the gold classes, summed, and the gradient of the objective at E (n, classes).

    E     (n, classes)  scores
    gold  (n,)          classes; a row whose class is -1 adds nothing to the loss

    The divergence between copies is in the gradient, but not in the loss.
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
    if objective.consistency:
        dE += objective.consistency * (p - swapped(p))
    dE *= np.float32(objective.scale)
    return float((logZ[known] - E[known, gold[known]]).sum()), dE


def swapped(p: Array) -> Array:
    """Rows (n, classes) of copies, which stand one after the other, each in the other's place."""
    other: Array = p.reshape(-1, 2, p.shape[1])[:, ::-1].reshape(p.shape)
    return other


def draw_together(p: Array, consistency: float) -> None:
    """Add the gradient of consistency · KL(q ‖ p) to p (n, classes), where q is what a row's copy has in place of p:
    p += consistency (p - q).

    Where every sentence stands in a batch twice, under two masks of dropout, both copies are to have the same
    probabilities: Liang et al., "R-Drop", NeurIPS 2021, equation 3, with each of the two distributions held fixed while
    the other learns from it. Its gradient at the transitions cancels between the two.
    """
    if consistency:
        p += consistency * (p - swapped(p))
