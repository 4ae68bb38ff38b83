"""A word's vector out of its letters: a bidirectional LSTM over them, whose last state of each direction it is.

Lample et al., "Neural Architectures for Named Entity Recognition", NAACL 2016, section 4.1. It is the same layer, and
the same kernels, that read a sentence's words, and it is run once for each distinct word.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.parameters import Parameters, Shapes
from rnntag.arrays.ragged import Array, Spelled
from rnntag.arrays.workspace import Workspace
from rnntag.network.cells import CELLS
from rnntag.network.layer import Kept, Layer

LETTER = 32  # width of a letter's vector
UNITS = 32  # a direction


class CharTrace(NamedTuple):
    """What the way back wants of the way forward."""

    inputs: Array
    states: Array
    kept: Kept


class CharLstm:
    """The network over letters; ``letters`` is the size of their vocabulary."""

    def __init__(self, letters: int) -> None:
        self.letters = letters
        self._layer = Layer("characters", CELLS["lstm"], ("forward", "backward"), UNITS, np.ones(LETTER, bool))

    @property
    def width(self) -> int:
        """Numbers in a word's vector."""
        return self._layer.width

    def shapes(self) -> Shapes:
        """Name and shape of every parameter."""
        return {"characters.embedding": (self.letters, LETTER), **self._layer.shapes()}

    def initial(self, rng: np.random.Generator, P: Parameters) -> None:
        """First values; a letter that was never seen adds nothing."""
        table = P["characters.embedding"]
        table[1:] = rng.uniform(-1, 1, table[1:].shape) * np.sqrt(3.0 / LETTER)
        self._layer.initial(rng, P)

    def forward(self, engine: Engine, P: Parameters, words: Spelled, space: Workspace) -> tuple[Array, CharTrace]:
        """Vectors of words (sequences of the batch, width)."""
        batch, half = words.batch, self._layer.units
        X = space("characters.input", batch.rows, LETTER)
        engine.embed(P["characters.embedding"], words.ids, 0, X, 0)
        H = space("characters.states", batch.rows, self.width)
        # In memory of its own: a layer may be in the midst of its work where layers share theirs.
        kept = self._layer.forward(engine, P, batch, X, H, space, keep=True)
        vectors = space("characters.vectors", batch.sentences, self.width)
        vectors[:, :half] = H[batch.last, :half]
        vectors[:, half:] = H[: batch.sentences, half:]  # right to left, the first letter is the last
        return vectors, CharTrace(X, H, kept)

    def backward(
        self,
        engine: Engine,
        P: Parameters,
        G: Parameters,
        words: Spelled,
        trace: CharTrace,
        dvectors: Array,
        space: Workspace,
    ) -> None:
        """Gradients of the parameters, from those at the vectors, written to G."""
        batch, half = words.batch, self._layer.units
        dH = space("characters.states.gradient", batch.rows, self.width)
        dH[:] = 0.0
        dH[batch.last, :half] = dvectors[:, :half]
        dH[: batch.sentences, half:] = dvectors[:, half:]
        dX = space("characters.input.gradient", batch.rows, LETTER)
        self._layer.backward(engine, P, G, batch, trace.inputs, trace.states, trace.kept, dH, dX, space)
        engine.embed_backward(G["characters.embedding"], words.ids, 0, dX, 0)
