"""The whole network, forward pass and backward pass: the order in which layers, kernels and products are called.

Letters as in ``rnntag.kernels``: R rows (tokens) of a ragged batch of B sentences, D input width, N units, Y tags;
W input, U recurrent, P output weights; a ``d`` before a name is the gradient there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnntag.arrays.blas import one_thread
from rnntag.arrays.parameters import LANES, Parameters, Shapes, glorot
from rnntag.arrays.ragged import Array, Batch
from rnntag.features import table as features
from rnntag.features.vocabulary import UNKNOWN
from rnntag.network.cells import CELLS, State
from rnntag.network.char_lstm import CharLstm
from rnntag.network.decoders import DECODERS, Legal, Transitions
from rnntag.network.inputs import Gold, Inputs, Noise, Tokens
from rnntag.network.intent_head import IntentHead
from rnntag.network.layer import Layer, LayerTrace
from rnntag.network.losses import Objective
from rnntag.network.run import Run
from rnntag.network.spec import Spec


class Trace(NamedTuple):
    """What the forward pass keeps for the backward pass.

    letters           that of the network of letters, if there is one
    layers            that of each layer
    masks             of dropout: for the input of each layer, and for the last states, a row a sentence; or None
    states   (R, W)   the last states, dropout applied, from which tags and intents are scored
    """

    letters: LayerTrace | None
    layers: list[LayerTrace]
    masks: list[Array | None]
    states: Array


class Loss(NamedTuple):
    """What a batch cost.

    value  negative log-likelihood, summed over the batch
    after  of windows that begin and end within a text, the state of each layer after them, left to right: a row a
           sentence of the inputs' batch; else empty
    """

    value: float
    after: list[State]


class Network:
    """The architecture over given vocabulary sizes; it holds no weights, they are passed in.

    vocabularies  name and vocabulary size of each token feature, in the order of the columns of ids
    tags          number of tags
    legal         what the scheme allows, unpadded
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
        active = np.ones(self.D, bool)
        for number in range(spec.layers):
            layer = Layer(f"layer{number}", CELLS[spec.cell], spec.directions, spec.hidden, active, spec.window)
            self.layers.append(layer)
            # Of the states below, those of units beyond the ones asked for are always zero: they get no weights.
            active = layer.states
        self.W = self.layers[-1].width
        self.intents = IntentHead(intents, active) if intents else None
        self.legal = Legal(np.zeros((self.Y, self.Y), bool), np.zeros((2, self.Y), bool))
        self.legal.transitions[:tags, :tags] = legal.transitions
        self.legal.bounds[:, :tags] = legal.bounds
        # What is allowed of a stretch of running text, which may begin and end anywhere.
        self.within = self.legal._replace(bounds=np.tile(np.arange(self.Y) < tags, (2, 1)))

    def write_positional(self, ids: Array, positional: Array | None) -> None:
        """Write positional features (R, 2 or 3), as `Lexicon.positional_ids` gives them, to their columns of ids."""
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
        """First values: small embeddings, Glorot output weights, and those of each part."""
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
        active = self.layers[-1].states
        P["output.weights"][np.ix_(active, np.arange(self.Y) < self.tags)] = glorot(rng, int(active.sum()), self.tags)
        return P

    def transitions(self, P: Parameters) -> Transitions:
        """What the decoder adds to tag scores, -inf where the scheme forbids a transition."""
        return self.decoder.transitions(P, self.legal)

    def forward(self, run: Run, inputs: Inputs, noise: Noise | None = None) -> tuple[Array, Trace]:
        """Tag scores E (R, Y), and what the backward pass needs.

        R counts the tokens that are tagged, ``inputs.own.rows``. Without noise no backward pass can follow.
        """
        batch, space = inputs.batch, run.space
        X = space("input", batch.rows, self.D)
        letters = self.embed(run, inputs.tokens, X)
        layers, masks = [], [self._drop(run, X, batch, noise)]
        for number, layer in enumerate(self.layers):
            H = space(f"states{number}", batch.rows, layer.width)
            layers.append(layer.forward(run, batch, X, H, noise is not None, inputs.before(number)))
            X = H
            if noise:
                X = space(f"dropped{number}", batch.rows, layer.width)
                np.copyto(X, H)
            masks.append(self._drop(run, X, batch, noise))
        if inputs.reach and inputs.reach.windows.rows is not None:
            X = X.take(inputs.reach.windows.rows, axis=0, out=space("own", inputs.own.rows, self.W), mode="clip")
        E = np.matmul(X, run.P["output.weights"], out=space("scores", len(X), self.Y))
        E += run.P["output.bias"]
        return E, Trace(letters, layers, masks, X)

    def embed(self, run: Run, tokens: Tokens, X: Array) -> LayerTrace | None:
        """Write the vectors of what tokens show, side by side, to X (R, D); gives what the network of letters keeps."""
        column = 0
        for name, width in self.tables.items():
            run.engine.embed(run.P[f"embedding.{name}"], tokens.ids, self.columns[name], X, column)
            column += width
        if self.char_lstm is None or tokens.spelled is None:
            return None
        vectors, letters = self.char_lstm.forward(run, tokens.spelled)
        run.engine.embed(vectors, tokens.ids, self.columns[features.CHARACTERS], X, column)
        return letters

    def _embed_backward(self, run: Run, tokens: Tokens, letters: LayerTrace | None, dX: Array) -> None:
        column = 0
        for name, width in self.tables.items():
            dtable = run.G[f"embedding.{name}"]
            if name == features.VECTOR:  # under a gradient of 0 it stays as it is
                dtable[:] = 0.0
            else:
                run.engine.embed_backward(dtable, tokens.ids, self.columns[name], dX, column)
            column += width
        if self.char_lstm and tokens.spelled and letters:
            words = tokens.spelled.batch.sentences
            dvectors = run.space("characters.vectors.gradient", words, self.char_lstm.width)
            run.engine.embed_backward(dvectors, tokens.ids, self.columns[features.CHARACTERS], dX, column)
            self.char_lstm.backward(run, tokens.spelled, letters, dvectors)

    def _drop(self, run: Run, X: Array, batch: Batch, noise: Noise | None) -> Array | None:
        """Apply dropout to X (R, width); its mask, or None where nothing is dropped."""
        if noise is None or noise.rate == 0.0:
            return None
        mask = noise.mask(batch, X.shape[1])
        run.engine.mask(X, mask, batch.sequence)
        return mask

    def backward(self, run: Run, inputs: Inputs, trace: Trace, dE: Array, dX: Array) -> None:
        """Write the gradients of all parameters but the decoder's and the intents' to G.

        dE  (R, Y)  gradient at the tag scores
        dX  (R, W)  gradient at the last states, but for the part that comes through the tag scores; overwritten
        """
        batch, space = inputs.batch, run.space
        np.matmul(trace.states.T, dE, out=run.G["output.weights"])
        dE.sum(axis=0, out=run.G["output.bias"])
        dX += np.matmul(dE, run.P["output.weights"].T, out=space("output.gradient", len(dE), self.W))
        if inputs.reach and inputs.reach.windows.rows is not None:
            own, dX = dX, space("all.states.gradient", batch.rows, self.W)
            dX[:] = 0.0
            dX[inputs.reach.windows.rows] = own
        for number in reversed(range(len(self.layers))):
            dH, layer = dX, trace.layers[number]
            self._drop_backward(run, dH, batch, trace.masks[number + 1])
            dX = space(f"input{number}.gradient", batch.rows, layer.X.shape[1])
            self.layers[number].backward(run, batch, layer, dH, dX)
        self._drop_backward(run, dX, batch, trace.masks[0])
        self._embed_backward(run, inputs.tokens, trace.letters, dX)

    def _drop_backward(self, run: Run, dX: Array, batch: Batch, mask: Array | None) -> None:
        if mask is not None:
            run.engine.mask(dX, mask, batch.sequence)

    @one_thread()
    def loss(self, run: Run, inputs: Inputs, gold: Gold, objective: Objective, noise: Noise) -> Loss:
        """Negative log-likelihood of gold tags and intents; the gradient of the objective is written to G.

        gold  of the tokens and sentences of ``inputs.own``; without copies, the objective's consistency does not apply
        """
        if not gold.copies:
            objective = objective._replace(consistency=0.0)
        E, trace = self.forward(run, inputs, noise)
        dX = run.space("states.gradient", inputs.own.rows, self.W)
        dX[:] = 0.0
        value = 0.0
        if self.intents:
            value = self.intents.loss(run, inputs.own, trace.states, gold.intents, objective, dX)
        legal = self.within if inputs.running else self.legal
        tags, dE = self.decoder.loss(run, legal, inputs.own, E, gold.tags, objective)
        after = self._after(trace, inputs.reach.windows.last) if inputs.reach and inputs.running else []
        self.backward(run, inputs, trace, dE, dX)
        if inputs.running and "bounds" in run.G.shapes:
            run.G["bounds"][:] = 0.0  # a window opens and closes nothing
        return Loss(value + tags, after)

    def _after(self, trace: Trace, rows: Array) -> list[State]:
        """The state of each layer after some rows, left to right."""
        pairs = zip(self.layers, trace.layers, strict=True)
        return [layer.after(kept.H, kept.kept[0][1], rows) for layer, kept in pairs]
