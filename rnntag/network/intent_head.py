"""The intent of an utterance: a second head, over the states of all its tokens.

B sentences of a ragged batch, W numbers in a state, I intents; other letters as in ``rnntag.kernels``.
"""

from __future__ import annotations

import numpy as np

from rnntag.arrays.parameters import LANES, Parameters, Shapes, glorot
from rnntag.arrays.ragged import Array, Batch
from rnntag.network.losses import Objective, cross_entropy
from rnntag.network.run import Run


class IntentHead:
    """Scores of ``count`` intents from the largest and the mean of each state.

    Tags and intents share the network below and are learned together: Liu & Lane, "Attention-Based Recurrent Neural
    Network Models for Joint Intent Detection and Slot Filling", Interspeech 2016, section 3.3.

    active  (W,)  bool: columns of the states that are ever other than zero; the others get no weights
    """

    def __init__(self, count: int, active: Array) -> None:
        self.count, self._active = count, np.tile(active, 2)
        self._columns = -(-count // LANES) * LANES

    def shapes(self) -> Shapes:
        """Name and shape of every parameter."""
        return {"intents.weights": (len(self._active), self._columns), "intents.bias": (self._columns,)}

    def initial(self, rng: np.random.Generator, P: Parameters) -> None:
        """First values: Glorot weights, zero bias."""
        wanted = np.arange(self._columns) < self.count
        P["intents.weights"][np.ix_(self._active, wanted)] = glorot(rng, int(self._active.sum()), self.count)

    def scores(self, run: Run, batch: Batch, H: Array) -> tuple[Array, Array, Array]:
        """Scores of intents (B, I) from states H (R, W), and what the backward pass needs.

        That is the pooled states (B, 2W), and the rows in which the largest of them stand (B, W).
        """
        B, W = batch.sentences, H.shape[1]
        S, top = run.space("pooled", B, 2 * W), np.empty((B, W), np.int32)
        run.engine.pool(H, batch.sizes, batch.offsets, S, top)
        return (S @ run.P["intents.weights"] + run.P["intents.bias"])[:, : self.count], S, top

    def loss(self, run: Run, batch: Batch, H: Array, gold: Array, objective: Objective, dH: Array) -> float:
        """-log p of the gold intents (B,), summed over those that are known.

        The gradient of the objective is written to G and added to dH (R, W), that at the states H (R, W).
        """
        E, S, top = self.scores(run, batch, H)
        dE = np.zeros((len(E), self._columns), E.dtype)
        loss, dE[:, : self.count] = cross_entropy(E, gold, objective)
        np.matmul(S.T, dE, out=run.G["intents.weights"])
        dE.sum(axis=0, out=run.G["intents.bias"])
        run.engine.pool_backward(dE @ run.P["intents.weights"].T, top, batch.sizes, batch.offsets, dH)
        return loss
