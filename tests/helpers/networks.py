"""A small network over random weights and words, its loss and gradient by any engine."""

import numpy as np
import pytest
from numerics import TAGS, gold_path, legal, lstm_column, ragged

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import spelled
from rnntag.arrays.workspace import Workspace
from rnntag.network.cells import CELLS
from rnntag.network.inputs import Gold, Inputs, Noise, Tokens
from rnntag.network.losses import Objective
from rnntag.network.network import Network
from rnntag.network.run import Run
from rnntag.network.spec import DECODERS, DIRECTIONS, Spec

TINY = Spec(hidden=3, embedding=4, window=2)
every_cell = pytest.mark.parametrize("cell", CELLS)
every_decoder = pytest.mark.parametrize("decoder", DECODERS)
every_direction = pytest.mark.parametrize("direction", DIRECTIONS)


class Case:
    """A network over a ragged batch with repeated words, its weights random; its loss and gradient by any engine.

    ``whole``: it looks at the letters of words too, and tells of three intents, of which one sentence's is not known.
    """

    def __init__(self, spec, dtype=np.float64, lengths=(4, 2, 1), dropout=0.0, words=6, jitter=0.5, whole=False):
        rng = np.random.default_rng(17)
        sizes = {"word": words, "char": 5, "shape": 3} if whole else {"word": words, "shape": 3}
        self.network = Network(spec, sizes, len(TAGS), legal(), intents=3 if whole else 0)
        self.batch, self.dropout = ragged(lengths), dropout
        first = self.network.initial(rng)
        self.P = Parameters(self.network.shapes(), dtype)
        self.P.flat[:] = first.flat
        self.real = real(self.network)
        for name, view in self.P:  # nothing is left at zero but the padding
            view += rng.normal(size=view.shape) * self.real[name] * jitter
        columns = [rng.integers(0, words, self.batch.rows), rng.integers(0, 3, self.batch.rows)]
        columns[0][:2] = 1
        letters = None
        if whole:
            long = rng.integers(1, 6, words)
            letters = spelled(long, np.cumsum(long) - long, rng.integers(0, 5, long.sum()).astype(np.int32))
            columns.insert(1, letters.place[columns[0]])
        self.ids = np.stack(columns, 1).astype(np.int32)
        self.tokens = Tokens(self.ids, letters)
        intents = np.array([2, -1, 0, 2, 1, 0, 1])[: self.batch.sentences]
        self.gold = Gold(gold_path(self.batch), intents)

    def run(self, engine, P=None, dtype=np.float64, space=None):
        P = P or self.P
        G = P.like()
        G.flat[:] = np.nan
        noise = Noise(np.random.default_rng(5), self.dropout)
        run = Run(engine, P, G, space or Workspace(dtype))
        loss = self.network.loss(run, Inputs(self.batch, self.tokens), self.gold, Objective(0.25), noise)
        return loss.value, G

    def loss(self, engine, space):
        """The same without the backward pass, for finite differences."""
        self.network.backward = lambda *_: None
        try:
            return self.run(engine, space=space)[0]
        finally:
            del self.network.backward

    def converted(self, dtype):
        P = Parameters(self.network.shapes(), dtype)
        P.flat[:] = self.P.flat
        return P


def real(network):
    """For each parameter, which elements belong to units and tags that were asked for."""
    spec, Y = network.spec, network.tags
    gates = CELLS[spec.cell].gates
    column = lstm_column if gates == 4 else lambda gate, unit: unit
    columns = np.zeros(gates * spec.units, bool)
    columns[[column(gate, unit) for gate in range(gates) for unit in range(spec.hidden)]] = True
    units = np.arange(spec.units) < spec.hidden
    states, tags = np.tile(units, len(spec.directions)), np.arange(network.Y) < Y
    masks = {}
    for name, shape in network.shapes().items():
        place, _, part = name.rpartition(".")
        if name in ("moves", "bounds"):
            masks[name] = np.zeros(shape, bool)
            allowed = network.legal.transitions if name == "moves" else network.legal.bounds
            masks[name][:Y, :Y] = allowed[:Y, :Y]
        elif name == "output.weights":
            masks[name] = np.outer(states, tags)
        elif name == "output.bias":
            masks[name] = tags
        elif place == "embedding" or place.startswith("characters"):  # whose units are all asked for
            masks[name] = np.ones(shape, bool)
        elif place == "intents":
            intents = np.arange(shape[-1]) < network.intents.count
            masks[name] = np.outer(np.tile(states, 2), intents) if part == "weights" else intents
        elif part == "input":
            rows = np.ones(shape[0], bool) if place.startswith("layer0") else np.resize(states, shape[0])
            masks[name] = np.outer(rows, columns)
        elif part == "recurrent":
            masks[name] = np.outer(units, columns)
        else:
            masks[name] = columns
    return masks
