"""The table of decoders: from tag scores to a loss, and to the best path that the scheme allows.

Letters as in ``rnntag.kernels``: R rows of B sentences, Y tags (padded to whole panels), E tag scores, M moves.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from rnntag.batches import Batch
from rnntag.engine import Engine
from rnntag.parameters import LANES, Parameters, Shapes
from rnntag.workspace import Workspace, pack

Array = np.ndarray


class Legal(NamedTuple):
    """What the scheme allows: moves (Y, Y) from the tag of the row to that of the column; bounds (2, Y), opening a
    sentence with a tag and closing it with one."""

    moves: Array
    bounds: Array


class Moves(NamedTuple):
    """Scores of the same moves and bounds, -inf where the scheme forbids one."""

    scores: Array
    bounds: Array


def masked(legal: Legal, scores: Array, bounds: Array) -> Moves:
    """Scores with what is not legal put to -inf."""
    forbidden = np.array(-np.inf, scores.dtype)
    return Moves(np.where(legal.moves, scores, forbidden), np.where(legal.bounds, bounds, forbidden))


class Decoder(Protocol):
    """A row of the table."""

    def shapes(self, Y: int) -> Shapes:
        """Name and shape of its parameters."""
        ...

    def moves(self, P: Parameters, legal: Legal) -> Moves:
        """What it adds to tag scores."""
        ...

    def loss(
        self,
        engine: Engine,
        P: Parameters,
        G: Parameters,
        legal: Legal,
        batch: Batch,
        E: Array,
        gold: Array,
        scale: float,
        space: Workspace,
        pull: float,
    ) -> tuple[float, Array]:
        """-log p of gold tags (R,), summed, and ``scale`` times its gradient: at the tag scores as an array (R, Y), at
        the decoder's own parameters to G. E may be changed. ``pull``: see `draw_together`."""
        ...


class Crf:
    """A linear-chain conditional random field: each sentence's tags are one event (Lafferty et al., ICML 2001)."""

    def shapes(self, Y: int) -> Shapes:
        return {"moves": (Y, Y), "bounds": (2, Y)}

    def moves(self, P: Parameters, legal: Legal) -> Moves:
        return masked(legal, P["moves"], P["bounds"])

    def loss(
        self,
        engine: Engine,
        P: Parameters,
        G: Parameters,
        legal: Legal,
        batch: Batch,
        E: Array,
        gold: Array,
        scale: float,
        space: Workspace,
        pull: float,
    ) -> tuple[float, Array]:
        (R, Y), B, previous = E.shape, batch.sentences, batch.previous
        M, bounds = self.moves(P, legal)
        # The best move out of each tag counts as 0, so that no exponential overflows and no tag loses all its moves;
        # what it was is added to the tag's score wherever a move follows.
        best = np.where(np.isfinite(M).any(axis=1), M.max(axis=1), 0).astype(E.dtype)
        M -= best[:, None]
        K = np.exp(M)
        E[previous] += best
        A, F, dE = space("alphas", R, Y), space("factors", R, Y), space("marginals", R, Y)
        panels = (Y // LANES, Y, LANES)
        onward, back = pack(K, LANES, space("moves", *panels)), pack(K.T, LANES, space("moves.T", *panels))
        logZ = np.empty(B)
        engine.crf_forward(E, onward, bounds, batch.sizes, batch.offsets, A, F, logZ)
        engine.crf_backward(A, F, back, batch.sizes, batch.offsets, dE)
        draw_together(dE, pull)
        dE *= np.float32(scale)
        dM = np.matmul(A[previous].T, F[B:], out=G["moves"])
        K *= np.float32(scale)
        dM *= K
        score = engine.crf_gold(E, M, bounds, gold, batch.sizes, batch.offsets, scale, dE, dM, G["bounds"])
        return float(logZ.sum() - score), dE


class Softmax:
    """Each token's tag is an event of its own; nothing is learned of moves, but the forbidden ones stay forbidden."""

    def shapes(self, Y: int) -> Shapes:
        return {}

    def moves(self, P: Parameters, legal: Legal) -> Moves:
        return masked(legal, np.float32(0.0), np.float32(0.0))

    def loss(
        self,
        engine: Engine,
        P: Parameters,
        G: Parameters,
        legal: Legal,
        batch: Batch,
        E: Array,
        gold: Array,
        scale: float,
        space: Workspace,
        pull: float,
    ) -> tuple[float, Array]:
        real = legal.moves.any(axis=0) | legal.bounds[0]  # there is no way into a tag that is padding
        return cross_entropy(np.where(real, E, np.array(-np.inf, E.dtype)), gold, scale, pull)


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
    it. Its gradient at the moves cancels between the two.
    """
    if pull:
        p += pull * (p - swapped(p))


DECODERS: dict[str, Decoder] = {"crf": Crf(), "softmax": Softmax()}
