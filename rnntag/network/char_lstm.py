"""A word's vector from its letters: the last states of both directions of an LSTM that reads them.

Lample et al., "Neural Architectures for Named Entity Recognition", NAACL 2016, section 4.1. It is the same layer, and
the same kernels, that read a sentence's words, and it is run once for each distinct word.
"""

from __future__ import annotations

import numpy as np

from rnntag.arrays.parameters import Parameters, Shapes
from rnntag.arrays.ragged import Array, Spelled
from rnntag.network.cells import CELLS
from rnntag.network.layer import Layer, LayerTrace
from rnntag.network.run import Run

LETTER = 32  # width of a letter's vector
UNITS = 32  # a direction


class CharLstm:
    """A bidirectional LSTM over the letters of words; ``letters`` is the size of their vocabulary."""

    def __init__(self, letters: int) -> None:
        self.letters = letters
        self._layer = Layer("characters", CELLS["lstm"], ("forward", "backward"), UNITS, np.ones(LETTER, bool))

    @property
    def width(self) -> int:
        """The width of a word's vector."""
        return self._layer.width

    def shapes(self) -> Shapes:
        """Name and shape of every parameter."""
        return {"characters.embedding": (self.letters, LETTER), **self._layer.shapes()}

    def initial(self, rng: np.random.Generator, P: Parameters) -> None:
        """First values; the vector of the unknown letter is zero."""
        table = P["characters.embedding"]
        table[1:] = rng.uniform(-1, 1, table[1:].shape) * np.sqrt(3.0 / LETTER)
        self._layer.initial(rng, P)

    def forward(self, run: Run, words: Spelled) -> tuple[Array, LayerTrace]:
        """Vectors (words, width) in the order of the sequences of ``words``, and what the backward pass needs."""
        batch, half = words.batch, self._layer.units
        X = run.space("characters.input", batch.rows, LETTER)
        run.engine.embed(run.P["characters.embedding"], words.ids, 0, X, 0)
        H = run.space("characters.states", batch.rows, self.width)
        # In memory of its own: a layer may be in the midst of its work where layers share theirs.
        trace = self._layer.forward(run, batch, X, H, keep=True)
        vectors = run.space("characters.vectors", batch.sentences, self.width)
        vectors[:, :half] = H[batch.last, :half]
        vectors[:, half:] = H[: batch.sentences, half:]  # right to left, the first letter is the last
        return vectors, trace

    def backward(self, run: Run, words: Spelled, trace: LayerTrace, dvectors: Array) -> None:
        """Write the gradients of the parameters to G, from those at the vectors (words, width)."""
        batch, half = words.batch, self._layer.units
        dH = run.space("characters.states.gradient", batch.rows, self.width)
        dH[:] = 0.0
        dH[batch.last, :half] = dvectors[:, :half]
        dH[: batch.sentences, half:] = dvectors[:, half:]
        dX = run.space("characters.input.gradient", batch.rows, LETTER)
        self._layer.backward(run, batch, trace, dH, dX)
        run.engine.embed_backward(run.G["characters.embedding"], words.ids, 0, dX, 0)
