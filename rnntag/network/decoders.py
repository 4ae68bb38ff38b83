"""The table of decoders: what they add to tag scores, and their losses.

Letters as in ``rnntag.kernels``: R rows of B sentences, Y tags (padded to whole panels), E tag scores, M transitions.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from rnntag.arrays.parameters import LANES, Parameters, Shapes
from rnntag.arrays.ragged import Array, Batch
from rnntag.arrays.workspace import pack
from rnntag.network.losses import Objective, cross_entropy, draw_together
from rnntag.network.run import Run


class Legal(NamedTuple):
    """What the scheme allows, as bool.

    transitions  (Y, Y)  from the tag of the row to that of the column
    bounds       (2, Y)  opening (row 0) and closing (row 1) a sentence with a tag
    """

    transitions: Array
    bounds: Array


class Transitions(NamedTuple):
    """Scores of the same transitions and bounds, -inf where the scheme forbids one."""

    scores: Array
    bounds: Array


def masked(legal: Legal, scores: Array, bounds: Array) -> Transitions:
    """Scores with what is not legal put to -inf."""
    forbidden = np.array(-np.inf, scores.dtype)
    return Transitions(np.where(legal.transitions, scores, forbidden), np.where(legal.bounds, bounds, forbidden))


class Decoder(Protocol):
    """A row of the table."""

    def shapes(self, Y: int) -> Shapes:
        """Name and shape of its parameters."""
        ...

    def transitions(self, P: Parameters, legal: Legal) -> Transitions:
        """What it adds to tag scores, -inf where the scheme forbids a transition."""
        ...

    def loss(
        self, run: Run, legal: Legal, batch: Batch, E: Array, gold: Array, objective: Objective
    ) -> tuple[float, Array]:
        """-log p of the gold tags (R,), summed, and the gradient of the objective at the tag scores E (R, Y).

        That at the decoder's own parameters is written to G. E may be changed.
        """
        ...


class Crf:
    """A linear-chain conditional random field: each sentence's tags are one event (Lafferty et al., ICML 2001)."""

    def shapes(self, Y: int) -> Shapes:
        return {"moves": (Y, Y), "bounds": (2, Y)}

    def transitions(self, P: Parameters, legal: Legal) -> Transitions:
        return masked(legal, P["moves"], P["bounds"])

    def loss(
        self, run: Run, legal: Legal, batch: Batch, E: Array, gold: Array, objective: Objective
    ) -> tuple[float, Array]:
        (R, Y), B, previous = E.shape, batch.sentences, batch.previous
        (engine, _, G, space), (scale, consistency) = run, objective
        M, bounds = self.transitions(run.P, legal)
        # The best transition out of each tag counts as 0, so that no exponential overflows and no tag loses all of
        # them; what it was is added to the tag's score wherever a transition follows.
        # A tag with less than e^-87 of all there is at its step is lost all the same (`crf_forward`), even if later
        # scores make up for it: log Z is then too small, and the loss may be negative. Scores lie so far apart only
        # where steps are far too large.
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
        draw_together(dE, consistency)
        dE *= np.float32(scale)
        dM = np.matmul(A[previous].T, F[B:], out=G["moves"])
        K *= np.float32(scale)
        dM *= K
        score = engine.crf_gold(E, M, bounds, gold, batch.sizes, batch.offsets, scale, dE, dM, G["bounds"])
        return float(logZ.sum() - score), dE


class Softmax:
    """Each token's tag is an event of its own: no transition is learned, but the forbidden ones stay forbidden."""

    def shapes(self, Y: int) -> Shapes:
        return {}

    def transitions(self, P: Parameters, legal: Legal) -> Transitions:
        nothing = np.zeros((), np.float32)
        return masked(legal, nothing, nothing)

    def loss(
        self, run: Run, legal: Legal, batch: Batch, E: Array, gold: Array, objective: Objective
    ) -> tuple[float, Array]:
        real = legal.transitions.any(axis=0) | legal.bounds[0]  # there is no way into a tag that is padding
        return cross_entropy(np.where(real, E, np.array(-np.inf, E.dtype)), gold, objective)


DECODERS: dict[str, Decoder] = {"crf": Crf(), "softmax": Softmax()}
