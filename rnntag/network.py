"""Ids to tag scores and back: the order in which kernels and matrix products are called.

Letters as in ``rnntag.kernels``: R rows (tokens) of a ragged batch of B sentences, D input width, N units, Y tags;
W input, U recurrent, P output weights; a ``d`` before a name is the gradient there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnntag.batches import Batch
from rnntag.cells import CELLS, Pass
from rnntag.decoders import DECODERS, Legal, Moves
from rnntag.engine import Engine
from rnntag.features import FEATURES
from rnntag.parameters import LANES, Parameters, Shapes, glorot, orthogonal
from rnntag.spec import Spec
from rnntag.vocabulary import UNKNOWN
from rnntag.workspace import Workspace

Array = np.ndarray


class Noise:
    """Dropout for one shard of a batch: one mask a sentence, the same at each of its steps.

    Gal & Ghahramani, "A Theoretically Grounded Application of Dropout in Recurrent Neural Networks", NeurIPS 2016.
    """

    def __init__(self, rng: np.random.Generator, rate: float) -> None:
        self.rng, self.rate = rng, rate

    def mask(self, batch: Batch, width: int) -> Array:
        """Zeros and 1 / (1 - rate) for each sentence (B, width)."""
        kept = self.rng.random((batch.sentences, width), np.float32) >= self.rate
        return kept * np.float32(1.0 / (1.0 - self.rate))


class Trace(NamedTuple):
    """What the way back wants of the way forward.

    inputs  (R, width) of each layer and of the output layer, dropout applied
    states  H (R, W) of each layer
    kept    of each layer and direction, the gates Z and the cells C if there are any
    masks   dropout of each of ``inputs``, a row a sentence
    """

    inputs: list[Array]
    states: list[Array]
    kept: list[list[tuple[Array, Array | None]]]
    masks: list[Array | None]


class Network:
    """The architecture over given vocabulary sizes; it holds no weights, they are passed in.

    features  name and vocabulary size of each token feature, in the order of the columns of ids
    tags      number of tags
    legal     what the scheme allows, unpadded
    """

    def __init__(self, spec: Spec, features: dict[str, int], tags: int, legal: Legal) -> None:
        self.spec, self.features, self.tags = spec, features, tags
        self.cell, self.decoder = CELLS[spec.cell], DECODERS[spec.decoder]
        self.Y = -(-tags // LANES) * LANES
        self.widths = [FEATURES[name].width or spec.embedding for name in features]
        self.D, self.W = sum(self.widths), spec.units * len(spec.directions)
        self.legal = Legal(np.zeros((self.Y, self.Y), bool), np.zeros((2, self.Y), bool))
        self.legal.moves[:tags, :tags] = legal.moves
        self.legal.bounds[:, :tags] = legal.bounds

    def shapes(self) -> Shapes:
        """Name and shape of every parameter, embeddings first."""
        N, Y, gates = self.spec.units, self.Y, self.cell.gates
        shapes: Shapes = {}
        for (name, size), width in zip(self.features.items(), self.widths, strict=True):
            shapes[f"embedding.{name}"] = (size, width)
        for layer in range(self.spec.layers):
            for direction in self.spec.directions:
                place = f"layer{layer}.{direction}"
                shapes[f"{place}.input"] = (self._seen(layer), gates * N)
                if self.cell.recurs:
                    shapes[f"{place}.recurrent"] = (N, gates * N)
                shapes[f"{place}.bias"] = (gates * N,)
        shapes["output.weights"] = (self.W, Y)
        shapes["output.bias"] = (Y,)
        return shapes | self.decoder.shapes(Y)

    def _seen(self, layer: int) -> int:
        """Numbers that a unit of this layer sees of the one below: those of one token, or of a window of them."""
        width = self.W if layer else self.D
        return width if self.cell.recurs else width * (1 + self.spec.window)

    def initial(self, rng: np.random.Generator) -> Parameters:
        """First values: Glorot input weights, orthogonal recurrent weights, open forget gates, small embeddings."""
        P = Parameters(self.shapes())
        hidden, units, cell = self.spec.hidden, self.spec.units, self.cell
        wanted = np.arange(units) < hidden
        for name, width in zip(self.features, self.widths, strict=True):
            table = P[f"embedding.{name}"]
            table[:] = rng.uniform(-1, 1, table.shape) * np.sqrt(3.0 / width)
            table[UNKNOWN] = 0.0  # an affix or a shape is never shown as unknown in training: it adds nothing
        for layer in range(self.spec.layers):
            # Of the states below, those of units beyond the ones asked for are always zero: they get no weights.
            seen = np.ones(self.D, bool) if layer == 0 else np.tile(wanted, len(self.spec.directions))
            seen = np.tile(seen, self._seen(layer) // len(seen))
            for direction in self.spec.directions:
                place = f"layer{layer}.{direction}"
                for g, bias in enumerate(cell.bias):
                    first = {"input": np.zeros((len(seen), units)), "bias": bias * wanted}
                    first["input"][np.ix_(seen, wanted)] = glorot(rng, int(seen.sum()), hidden)
                    if cell.recurs:
                        first["recurrent"] = np.zeros((units, units))
                        first["recurrent"][:hidden, :hidden] = orthogonal(rng, hidden)
                    for part, values in first.items():
                        view = cell.gate(P[f"{place}.{part}"], g)
                        view[:] = values.reshape(view.shape)
        seen = np.tile(wanted, len(self.spec.directions))
        P["output.weights"][np.ix_(seen, np.arange(self.Y) < self.tags)] = glorot(rng, int(seen.sum()), self.tags)
        return P

    def moves(self, P: Parameters) -> Moves:
        """What the decoder adds to tag scores, -inf where the scheme forbids a move."""
        return self.decoder.moves(P, self.legal)

    def forward(
        self,
        engine: Engine,
        P: Parameters,
        batch: Batch,
        ids: Array,
        space: Workspace,
        noise: Noise | None = None,
    ) -> tuple[Array, Trace]:
        """Tag scores E (R, Y) of tokens with feature ids (R, features)."""
        R, N, gates = batch.rows, self.spec.units, self.cell.gates
        trace = Trace([], [], [], [])
        X = self.embedded(engine, P, ids, space("input", R, self.D))
        trace.masks.append(self._drop(engine, X, batch, noise))
        for layer in range(self.spec.layers):
            H = space(f"states{layer}", R, self.W)
            kept = []
            for i, direction in enumerate(self.spec.directions):
                place = f"layer{layer}.{direction}"
                # The way back wants the gates of every layer; without one, all layers share their memory.
                run = Pass(engine, batch, direction == "backward", i * N, space.scope(place if noise else "layer"))
                Z = np.matmul(self._view(X, run), P[f"{place}.input"], out=run.buffers("gates", R, gates * N))
                Z += P[f"{place}.bias"]
                W = self.cell.packed(self.recurrent(P, place), run.buffers)
                kept.append((Z, self.cell.forward(run, Z, W, H)))
            trace.inputs.append(X)
            trace.states.append(H)
            trace.kept.append(kept)
            X = H
            if noise:
                X = space(f"dropped{layer}", R, self.W)
                np.copyto(X, H)
            trace.masks.append(self._drop(engine, X, batch, noise))
        trace.inputs.append(X)
        E = np.matmul(X, P["output.weights"], out=space("scores", R, self.Y))
        E += P["output.bias"]
        return E, trace

    def embedded(self, engine: Engine, P: Parameters, ids: Array, X: Array) -> Array:
        """The vectors of feature ids (rows, features) side by side, written to X (rows, D), which is given back."""
        column = 0
        for feature, (name, width) in enumerate(zip(self.features, self.widths, strict=True)):
            engine.embed(P[f"embedding.{name}"], ids, feature, X, column)
            column += width
        return X

    def _drop(self, engine: Engine, X: Array, batch: Batch, noise: Noise | None) -> Array | None:
        if noise is None or noise.rate == 0.0:
            return None
        mask = noise.mask(batch, X.shape[1])
        engine.mask(X, mask, batch.sequence)
        return mask

    def backward(
        self,
        engine: Engine,
        P: Parameters,
        G: Parameters,
        batch: Batch,
        ids: Array,
        trace: Trace,
        dE: Array,
        space: Workspace,
    ) -> None:
        """Gradients of all parameters but the decoder's, from those at the tag scores, written to G."""
        R, N = batch.rows, self.spec.units
        B, previous = batch.sentences, batch.previous
        np.matmul(trace.inputs[-1].T, dE, out=G["output.weights"])
        dE.sum(axis=0, out=G["output.bias"])
        dX = np.matmul(dE, P["output.weights"].T, out=space("states.gradient", R, self.W))
        for layer in reversed(range(self.spec.layers)):
            dH = self._undrop(engine, dX, batch, trace.masks[layer + 1])
            X, H = trace.inputs[layer], trace.states[layer]
            dX = space(f"input{layer}.gradient", R, X.shape[1])
            for i, direction in enumerate(self.spec.directions):
                place, reverse = f"layer{layer}.{direction}", direction == "backward"
                run = Pass(engine, batch, reverse, i * N, space.scope(place))
                dZ, C = trace.kept[layer][i]
                self.cell.backward(run, dH, dZ, self.recurrent(P, place), H, C)
                if self.cell.recurs:
                    # Of a row and its neighbour in time, the direction says which has the state, which the gates.
                    h, z = (slice(B, None), previous) if reverse else (previous, slice(B, None))
                    np.matmul(H[h, i * N : (i + 1) * N].T, dZ[z], out=G[f"{place}.recurrent"])
                seen = self._view(X, run)
                np.matmul(seen.T, dZ, out=G[f"{place}.input"])
                dZ.sum(axis=0, out=G[f"{place}.bias"])
                part = run.buffers("seen.gradient", R, seen.shape[1])
                self._add_view(dX, np.matmul(dZ, P[f"{place}.input"].T, out=part), run, fresh=i == 0)
        self._undrop(engine, dX, batch, trace.masks[0])
        column = 0
        for feature, (name, width) in enumerate(zip(self.features, self.widths, strict=True)):
            engine.embed_backward(G[f"embedding.{name}"], ids, feature, dX, column)
            column += width

    def recurrent(self, P: Parameters, place: str) -> Array:
        """The recurrent weights of a layer and direction (N, gates · N); none for a cell that does not recur."""
        return P[f"{place}.recurrent"] if self.cell.recurs else np.empty((0, 0), np.float32)

    def _view(self, X: Array, run: Pass) -> Array:
        """What a unit sees of X (R, width): the token's own row, or those of its window side by side."""
        if self.cell.recurs:
            return X
        R, width = X.shape
        seen = run.buffers("seen", R, (1 + self.spec.window) * width)
        seen[:, :width] = X
        for distance in range(1, self.spec.window + 1):
            here, there = _neighbours(run, distance)
            block = seen[:, distance * width : (distance + 1) * width]
            block[:] = 0.0  # beyond the sentence
            block[here] = X[there]
        return seen

    def _add_view(self, dX: Array, dseen: Array, run: Pass, fresh: bool) -> None:
        """Gradients of what units saw, added to those of the rows it came from; ``fresh``: dX holds nothing yet."""
        width = dX.shape[1]
        if fresh:
            dX[:] = dseen[:, :width]
        else:
            dX += dseen[:, :width]
        for distance in range(1, dseen.shape[1] // width):
            here, there = _neighbours(run, distance)
            dX[there] += dseen[here, distance * width : (distance + 1) * width]

    def _undrop(self, engine: Engine, dX: Array, batch: Batch, mask: Array | None) -> Array:
        if mask is not None:
            engine.mask(dX, mask, batch.sequence)
        return dX

    def loss(
        self,
        engine: Engine,
        P: Parameters,
        G: Parameters,
        batch: Batch,
        ids: Array,
        gold: Array,
        scale: float,
        space: Workspace,
        noise: Noise,
    ) -> float:
        """Negative log-likelihood of gold tags (R,), summed over the batch; ``scale`` times its gradient goes to G."""
        E, trace = self.forward(engine, P, batch, ids, space, noise)
        loss, dE = self.decoder.loss(engine, P, G, self.legal, batch, E, gold, scale, space)
        self.backward(engine, P, G, batch, ids, trace, dE, space)
        return loss


def _neighbours(run: Pass, distance: int) -> tuple[Array, Array]:
    """Rows that have a token so far before them (in a reverse pass, behind them) in their sentence, and its rows."""
    batch = run.batch
    later = np.flatnonzero(batch.step >= distance)
    earlier = batch.offsets[batch.step[later] - distance] + batch.sequence[later]
    return (earlier, later) if run.reverse else (later, earlier)
