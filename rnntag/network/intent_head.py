"""What an utterance as a whole is about: a second head, over the states of all its tokens.

B sentences of a ragged batch, W numbers in a state, I intents; other letters as in ``rnntag.kernels``.
"""

from __future__ import annotations

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.parameters import LANES, Parameters, Shapes, glorot
from rnntag.arrays.ragged import Array, Batch
from rnntag.arrays.workspace import Workspace
from rnntag.network.losses import cross_entropy


class IntentHead:
    """Scores of ``count`` intents from the largest and the mean of each state; ``seen`` (W,): which ever hold anything.

    Tags and intents share the network below and are learned together: Liu & Lane, "Attention-Based Recurrent Neural
    Network Models for Joint Intent Detection and Slot Filling", Interspeech 2016, section 3.3.
    """

    def __init__(self, count: int, seen: Array) -> None:
        self.count, self._seen = count, np.tile(seen, 2)
        self._columns = -(-count // LANES) * LANES

    def shapes(self) -> Shapes:
        """Name and shape of every parameter."""
        return {"intents.weights": (len(self._seen), self._columns), "intents.bias": (self._columns,)}

    def initial(self, rng: np.random.Generator, P: Parameters) -> None:
        """First values."""
        wanted = np.arange(self._columns) < self.count
        P["intents.weights"][np.ix_(self._seen, wanted)] = glorot(rng, int(self._seen.sum()), self.count)

    def scores(
        self, engine: Engine, P: Parameters, batch: Batch, H: Array, space: Workspace
    ) -> tuple[Array, Array, Array]:
        """Scores of intents (B, I), and what the way back wants: the pooled states and where their largest stand."""
        B, W = batch.sentences, H.shape[1]
        S, top = space("pooled", B, 2 * W), np.empty((B, W), np.int32)
        engine.pool(H, batch.sizes, batch.offsets, S, top)
        return (S @ P["intents.weights"] + P["intents.bias"])[:, : self.count], S, top

    def loss(
        self,
        engine: Engine,
        P: Parameters,
        G: Parameters,
        batch: Batch,
        H: Array,
        gold: Array,
        scale: float,
        dH: Array,
        space: Workspace,
        pull: float,
    ) -> float:
        """-log p of the gold intents (B,), summed over those that are known; ``scale`` times its gradient.

        The gradient is added to dH (R, W) and written to G.
        """
        E, S, top = self.scores(engine, P, batch, H, space)
        dE = np.zeros((len(E), self._columns), E.dtype)
        loss, dE[:, : self.count] = cross_entropy(E, gold, scale, pull)
        np.matmul(S.T, dE, out=G["intents.weights"])
        dE.sum(axis=0, out=G["intents.bias"])
        engine.pool_backward(dE @ P["intents.weights"].T, top, batch.sizes, batch.offsets, dH)
        return loss
