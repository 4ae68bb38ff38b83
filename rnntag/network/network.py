"""Ids to tag scores and back: the order in which kernels and matrix products are called.

Letters as in ``rnntag.kernels``: R rows (tokens) of a ragged batch of B sentences, D input width, N units, Y tags;
W input, U recurrent, P output weights; a ``d`` before a name is the gradient there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.parameters import LANES, Parameters, Shapes, glorot
from rnntag.arrays.ragged import Array, Batch
from rnntag.arrays.workspace import Workspace
from rnntag.features import table as features
from rnntag.features.vocabulary import UNKNOWN
from rnntag.network.cells import CELLS, State
from rnntag.network.char_lstm import CharLstm, CharTrace
from rnntag.network.decoders import DECODERS, Legal, Transitions
from rnntag.network.inputs import Gold, Noise, Reach, Tokens
from rnntag.network.intent_head import IntentHead
from rnntag.network.layer import Kept, Layer
from rnntag.network.spec import Spec


class Trace(NamedTuple):
    """What the way back wants of the way forward.

    inputs   (R, width) of each layer and of the output layer, dropout applied
    states   H (R, W) of each layer
    kept     of each layer and direction, the gates Z and the cells C if there are any
    masks    dropout of each of ``inputs``, a row a sentence
    letters  that of the network of letters
    """

    inputs: list[Array]
    states: list[Array]
    kept: list[Kept]
    masks: list[Array | None]
    letters: list[CharTrace]


class Network:
    """The architecture over given vocabulary sizes; it holds no weights, they are passed in.

    vocabularies  name and vocabulary size of each token feature, in the order of the columns of ids
    tags          number of tags
    legal         what the scheme allows, unpadded
    within        the same for a stretch of running text, which may begin and end anywhere
    intents       number of intents; 0: none are learned
    """

    def __init__(self, spec: Spec, vocabularies: dict[str, int], tags: int, legal: Legal, intents: int = 0) -> None:
        self.spec, self.tags = spec, tags
        self.decoder = DECODERS[spec.decoder]
        self.Y = -(-tags // LANES) * LANES
        self.tables = {name: features.width(name) or spec.embedding for name in vocabularies}
        if features.VECTOR in vocabularies:
            self.tables[features.VECTOR] = spec.vectors
        self.char_lstm: CharLstm | None = None
        if features.CHARACTERS in vocabularies:
            self.char_lstm = CharLstm(vocabularies[features.CHARACTERS])
            del self.tables[features.CHARACTERS]
        self._sizes = vocabularies
        self.columns = {name: column for column, name in enumerate(vocabularies)}
        self.D = sum(self.tables.values()) + (self.char_lstm.width if self.char_lstm else 0)
        self.layers: list[Layer] = []
        seen = np.ones(self.D, bool)
        for number in range(spec.layers):
            layer = Layer(f"layer{number}", CELLS[spec.cell], spec.directions, spec.hidden, seen, spec.window)
            self.layers.append(layer)
            # Of the states below, those of units beyond the ones asked for are always zero: they get no weights.
            seen = layer.states
        self.W = self.layers[-1].width
        self.intents = IntentHead(intents, seen) if intents else None
        self.legal = Legal(np.zeros((self.Y, self.Y), bool), np.zeros((2, self.Y), bool))
        self.legal.transitions[:tags, :tags] = legal.transitions
        self.legal.bounds[:, :tags] = legal.bounds
        self.within = self.legal._replace(bounds=np.tile(np.arange(self.Y) < tags, (2, 1)))

    def write_positional(self, ids: Array, positional: Array | None) -> None:
        """Write what tokens show by where they stand (R, placed) to columns of ids; see `rnntag.features.table`."""
        if positional is not None:
            for place, name in enumerate(features.POSITIONAL):
                if name in self.columns:
                    ids[:, self.columns[name]] = positional[:, place]

    def shapes(self) -> Shapes:
        """Name and shape of every parameter, embeddings first."""
        shapes: Shapes = {f"embedding.{name}": (self._sizes[name], width) for name, width in self.tables.items()}
        for part in (self.char_lstm, *self.layers):
            shapes |= part.shapes() if part else {}
        shapes["output.weights"] = (self.W, self.Y)
        shapes["output.bias"] = (self.Y,)
        shapes |= self.intents.shapes() if self.intents else {}
        return shapes | self.decoder.shapes(self.Y)

    def initial(self, rng: np.random.Generator) -> Parameters:
        """First values; embeddings are small."""
        P = Parameters(self.shapes())
        for name, width in self.tables.items():
            if name == features.VECTOR:  # it comes from elsewhere
                continue
            table = P[f"embedding.{name}"]
            table[:] = rng.uniform(-1, 1, table.shape) * np.sqrt(3.0 / width)
            table[UNKNOWN] = 0.0  # an affix or a shape is never shown as unknown in training: it adds nothing
        for part in (self.char_lstm, *self.layers, self.intents):
            if part:
                part.initial(rng, P)
        seen = self.layers[-1].states
        P["output.weights"][np.ix_(seen, np.arange(self.Y) < self.tags)] = glorot(rng, int(seen.sum()), self.tags)
        return P

    def transitions(self, P: Parameters) -> Transitions:
        """What the decoder adds to tag scores, -inf where the scheme forbids a transition."""
        return self.decoder.transitions(P, self.legal)

    def forward(
        self,
        engine: Engine,
        P: Parameters,
        batch: Batch,
        tokens: Tokens,
        space: Workspace,
        noise: Noise | None = None,
        reach: Reach | None = None,
    ) -> tuple[Array, Trace]:
        """Tag scores E (R, Y) of tokens; the states they come from are the last of the trace's inputs.

        Of windows, the batch is all that is seen, and only their own tokens have scores.
        """
        R, running = batch.rows, reach is not None and reach.running
        trace = Trace([], [], [], [], [])
        X = self.embedded(engine, P, tokens, space("input", R, self.D), space, trace if noise else None)
        trace.masks.append(self._drop(engine, X, batch, noise))
        for number, layer in enumerate(self.layers):
            H = space(f"states{number}", R, layer.width)
            before = reach.before[number] if reach and running else None
            trace.kept.append(layer.forward(engine, P, batch, X, H, space, noise is not None, before))
            trace.inputs.append(X)
            trace.states.append(H)
            X = H
            if noise:
                X = space(f"dropped{number}", R, layer.width)
                np.copyto(X, H)
            trace.masks.append(self._drop(engine, X, batch, noise))
        if reach and reach.windows.rows is not None:
            X = X.take(reach.windows.rows, axis=0, out=space("own", reach.windows.own.rows, self.W), mode="clip")
        trace.inputs.append(X)
        E = np.matmul(X, P["output.weights"], out=space("scores", len(X), self.Y))
        E += P["output.bias"]
        return E, trace

    def embedded(
        self, engine: Engine, P: Parameters, tokens: Tokens, X: Array, space: Workspace, trace: Trace | None = None
    ) -> Array:
        """The vectors of what tokens show, side by side, written to X (rows, D), which is given back."""
        column = 0
        for name, width in self.tables.items():
            engine.embed(P[f"embedding.{name}"], tokens.ids, self.columns[name], X, column)
            column += width
        if self.char_lstm and tokens.spelled:
            vectors, letters = self.char_lstm.forward(engine, P, tokens.spelled, space)
            engine.embed(vectors, tokens.ids, self.columns[features.CHARACTERS], X, column)
            if trace:
                trace.letters.append(letters)
        return X

    def _embedded_backward(
        self, engine: Engine, P: Parameters, G: Parameters, tokens: Tokens, trace: Trace, dX: Array, space: Workspace
    ) -> None:
        column = 0
        for name, width in self.tables.items():
            if name == features.VECTOR:  # under a gradient of 0 it stays as it is
                G[f"embedding.{name}"][:] = 0.0
                column += width
                continue
            engine.embed_backward(G[f"embedding.{name}"], tokens.ids, self.columns[name], dX, column)
            column += width
        if self.char_lstm and tokens.spelled:
            dvectors = space("characters.vectors.gradient", tokens.spelled.batch.sentences, self.char_lstm.width)
            engine.embed_backward(dvectors, tokens.ids, self.columns[features.CHARACTERS], dX, column)
            self.char_lstm.backward(engine, P, G, tokens.spelled, trace.letters[0], dvectors, space)

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
        tokens: Tokens,
        trace: Trace,
        dE: Array,
        dX: Array,
        space: Workspace,
        reach: Reach | None = None,
    ) -> None:
        """Gradients of all parameters but the decoder's and the intents', written to G.

        dE, dX  (R, Y), (R, W): gradients at the tag scores, and at the states they come from from elsewhere
        """
        np.matmul(trace.inputs[-1].T, dE, out=G["output.weights"])
        dE.sum(axis=0, out=G["output.bias"])
        dX += np.matmul(dE, P["output.weights"].T, out=space("output.gradient", len(dE), self.W))
        if reach and reach.windows.rows is not None:
            own, dX = dX, space("seen.states.gradient", batch.rows, self.W)
            dX[:] = 0.0
            dX[reach.windows.rows] = own
        for number in reversed(range(len(self.layers))):
            dH = self._undrop(engine, dX, batch, trace.masks[number + 1])
            X, H = trace.inputs[number], trace.states[number]
            dX = space(f"input{number}.gradient", batch.rows, X.shape[1])
            before = reach.before[number] if reach and reach.running else None
            self.layers[number].backward(engine, P, G, batch, X, H, trace.kept[number], dH, dX, space, before)
        self._undrop(engine, dX, batch, trace.masks[0])
        self._embedded_backward(engine, P, G, tokens, trace, dX, space)

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
        tokens: Tokens,
        gold: Gold,
        scale: float,
        space: Workspace,
        noise: Noise,
        consistency: float = 0.0,
        reach: Reach | None = None,
    ) -> float:
        """Negative log-likelihood of gold tags and intents, summed over the batch; ``scale`` times its gradient to G.

        consistency  how strongly twins are drawn to each other (`rnntag.network.decoders`)
        reach        of windows, whose ``before`` is what they leave behind afterwards
        """
        E, trace = self.forward(engine, P, batch, tokens, space, noise, reach)
        own = reach.windows.own if reach else batch
        pull = consistency if gold.twins else 0.0
        dX = space("states.gradient", own.rows, self.W)
        dX[:] = 0.0
        loss = 0.0
        if self.intents:
            loss = self.intents.loss(engine, P, G, own, trace.inputs[-1], gold.intents, scale, dX, space, pull)
        running = reach is not None and reach.running
        legal = self.within if running else self.legal
        tags, dE = self.decoder.loss(engine, P, G, legal, own, E, gold.tags, scale, space, pull)
        after = self._after(trace, reach.windows.last) if reach and reach.running else []
        self.backward(engine, P, G, batch, tokens, trace, dE, dX, space, reach)
        if reach and reach.running:
            reach.before[:] = after
            if "bounds" in G.shapes:
                G["bounds"][:] = 0.0  # a window opens and closes nothing
        return loss + tags

    def _after(self, trace: Trace, rows: Array) -> list[State]:
        """What each layer has read up to some rows, left to right."""
        layers = zip(self.layers, trace.states, trace.kept, strict=True)
        return [layer.after(H, kept[0][1], rows) for layer, H, kept in layers]
