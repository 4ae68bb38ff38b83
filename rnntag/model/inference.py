"""Scores by a network whose weights do not change any more: whatever depends on them alone is computed once.

Recurrent weights and transitions are packed once. The first layer's projected input of a token is a function of its
type: ``W · [word; affixes; shape; letters] + b`` is computed when a type first comes and kept; for a token a row is
copied. Only positional features, which hang on a token's place, are projected for each token.
Letters as in ``rnntag.kernels``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from rnntag.arrays.blas import one_thread
from rnntag.arrays.engine import Engine
from rnntag.arrays.parameters import LANES, Parameters
from rnntag.arrays.ragged import Array, Batch
from rnntag.arrays.workspace import Workspace, pack
from rnntag.features.lexicon import Lexicon
from rnntag.features.table import CHARACTERS, POSITIONAL
from rnntag.network.cells import State
from rnntag.network.decoders import Transitions
from rnntag.network.inputs import Inputs, Tokens
from rnntag.network.network import Network
from rnntag.network.run import Run

States = list[list[State]]  # of each member, of each layer

TABLE = 32 << 20  # bytes of projected types kept: some thousand types, and all but a few tokens of most texts
CHUNK = 512  # types projected at a time


class TypedTokens(NamedTuple):
    """The tokens of a batch by their types.

    numbers     (R,)      the type of each, by its number in the lexicon
    positional  (R, 2 or 3)  ids of its positional features, as `Lexicon.positional_ids` gives them, or None
    delay                 how many tokens later the answer for one comes: the first answers of a sentence are dropped
    """

    numbers: Array
    positional: Array | None = None
    delay: int = 0


class Inference:
    """Networks of one architecture over the types of one lexicon, whose scores are averaged.

    members  the weights of each, which do not change any more

    transitions  what the decoder adds to tag scores
    panels       those from tag to tag, packed for the kernels

    `know` is called before `scores` whenever types were added, by one thread; `scores` and `best` by any number of
    them, each with a workspace of its own.
    """

    def __init__(self, network: Network, members: Sequence[Parameters], lexicon: Lexicon) -> None:
        self.network = network
        self._members = [_Member(network, P, lexicon) for P in members]
        transitions = [network.transitions(P) for P in members]
        self.transitions = Transitions(
            *(sum(arrays[1:], arrays[0]) / np.float32(len(members)) for arrays in zip(*transitions, strict=True))
        )
        self.panels = pack(self.transitions.scores, LANES, np.empty((network.Y // LANES, network.Y, LANES), np.float32))

    @one_thread()
    def know(self, engine: Engine) -> None:
        """Project the types that were added to the lexicon since the last call."""
        for member in self._members:
            member.know(engine)

    @one_thread()
    def scores(
        self, engine: Engine, batch: Batch, tokens: TypedTokens, space: Workspace, states: States | None = None
    ) -> tuple[Array, Array | None]:
        """Scores of tags E (R, Y), and of intents (B, I) if there are any.

        states  of running text, read left to right: those to go on from, of every member and layer, a row a sentence;
                they are replaced by those after the batch
        """
        each: Sequence[list[State] | None] = states if states is not None else [None] * len(self._members)
        E, intents = self._members[0].scores(engine, batch, tokens, space, each[0])
        if len(self._members) > 1:
            E = E.copy()
            for member, own in zip(self._members[1:], each[1:], strict=True):
                tags, meant = member.scores(engine, batch, tokens, space, own)
                E += tags
                intents = None if intents is None else intents + meant
            E /= np.float32(len(self._members))
            intents = None if intents is None else intents / np.float32(len(self._members))
        return E, intents

    def initial_states(self) -> States:
        """The states at the beginning of a text, of every member and layer."""
        return [[State.none(layer.units) for layer in self.network.layers] for _ in self._members]

    def best(self, engine: Engine, batch: Batch, E: Array, space: Workspace) -> Array:
        """The best tags (R,) that the scheme allows."""
        path, V = np.empty(batch.rows, np.int32), space("best", *E.shape)
        engine.viterbi(E, self.panels, self.transitions.bounds, batch.sizes, batch.offsets, V, path)
        return path


class _Member:
    """``network`` with weights ``P``, over the types of a lexicon."""

    def __init__(self, network: Network, P: Parameters, lexicon: Lexicon) -> None:
        self.network, self.P, self.lexicon = network, P, lexicon
        own = Workspace()
        self._packed = {
            place: layer.packed(P, place, own.scope(place)) for layer in network.layers for place in layer.places
        }
        first = network.layers[0]
        self._recurs = first.cell.recurs
        self._columns = first.cell.gates * first.units
        self._room = TABLE // (4 * self._columns * len(first.places)) if self._recurs else 0
        self._known, self._emptied = 0, lexicon.emptied
        self._tables = {place: np.empty((0, self._columns), np.float32) for place in first.places}
        self._space = Workspace()
        # Of a token's input only its positional features are no function of its type.
        starts = dict(zip(network.tables, accumulate(network.tables.values(), initial=0), strict=False))
        self._positional = [
            (place, P[f"embedding.{name}"], slice(starts[name], starts[name] + network.tables[name]))
            for place, name in enumerate(POSITIONAL)
            if name in network.tables
        ]

    def know(self, engine: Engine) -> None:
        """Project the types that were added to the lexicon since the last call."""
        if self._emptied != self.lexicon.emptied:  # types are numbered anew
            self._known, self._emptied = 0, self.lexicon.emptied
        wanted = min(len(self.lexicon.types), self._room)
        if wanted > len(next(iter(self._tables.values()))):
            rows = min(self._room, max(1024, 2 * wanted))
            for place, table in self._tables.items():
                self._tables[place] = np.empty((rows, self._columns), np.float32)
                self._tables[place][: self._known] = table[: self._known]
        while self._known < wanted:
            end = min(self._known + CHUNK, wanted)
            X = self._embedded(engine, np.arange(self._known, end), self._space)
            for place, table in self._tables.items():
                self._project(X, place, table[self._known : end])
            self._known = end

    def _embedded(self, engine: Engine, numbers: Array, space: Workspace) -> Array:
        """The vectors of types (types, D); 0 in the columns of positional features."""
        X = np.empty((len(numbers), self.network.D), np.float32)
        self.network.embed(Run.forward_only(engine, self.P, space), self._tokens(TypedTokens(numbers)), X)
        for _, _, columns in self._positional:
            X[:, columns] = 0.0
        return X

    def _tokens(self, tokens: TypedTokens) -> Tokens:
        """What tokens show, as the network is given it."""
        ids, spelled = self.lexicon.types[tokens.numbers], self.lexicon.spelled(tokens.numbers)
        self.network.write_positional(ids, tokens.positional)
        if spelled:
            ids[:, self.network.columns[CHARACTERS]] = spelled.place
        return Tokens(ids, spelled)

    def _project(self, X: Array, place: str, Z: Array) -> Array:
        """W · x + b of each row, written to Z, which is given back."""
        np.matmul(X, self.P[f"{place}.input"], out=Z)
        Z += self.P[f"{place}.bias"]
        return Z

    def _projected(self, engine: Engine, tokens: TypedTokens, place: str, Z: Array, space: Workspace) -> None:
        """Write the first layer's projected input of each token to Z (R, gates · N)."""
        numbers, positional = tokens.numbers, tokens.positional
        # For types that found no room in the table, its last row is copied, and then overwritten.
        self._tables[place].take(numbers, 0, Z, "clip")
        rest = np.flatnonzero(numbers >= self._known) if len(self.lexicon.types) > self._known else ()
        if len(rest):
            X = self._embedded(engine, numbers[rest], space)
            Z[rest] = self._project(X, place, np.empty((len(rest), self._columns), np.float32))
        if positional is not None:
            part = space("positional", *Z.shape)
            for which, table, columns in self._positional:
                Z += np.matmul(table[positional[:, which]], self.P[f"{place}.input"][columns], out=part)

    def states(
        self, engine: Engine, batch: Batch, tokens: TypedTokens, space: Workspace, before: list[State] | None
    ) -> Array:
        """The last layer's states (R, W), from which tags and intents are scored.

        before  of each layer, the states to go on from; replaced by those after the batch
        """
        network = self.network
        if not self._recurs:  # a unit sees several tokens: there is no table of what it sees
            run = Run.forward_only(engine, self.P, space)
            return network.forward(run, Inputs(batch, self._tokens(tokens)))[1].states
        X = np.empty((0, 0), np.float32)
        for depth, layer in enumerate(network.layers):
            H = space(f"states{depth % 2}", batch.rows, layer.width)
            for i, place in enumerate(layer.places):
                scan = layer.scan(engine, batch, i, space.scope("layer"), before[depth] if before else None)
                Z = scan.buffers("gates", batch.rows, self._columns)
                if depth:
                    self._project(X, place, Z)
                else:
                    self._projected(engine, tokens, place, Z, space)
                C = layer.cell.forward(scan, Z, self._packed[place], H)
                if before and not i:
                    before[depth] = layer.after(H, C, batch.last)
            X = H
        return X

    def scores(
        self, engine: Engine, batch: Batch, tokens: TypedTokens, space: Workspace, before: list[State] | None
    ) -> tuple[Array, Array | None]:
        """Scores of tags E (R, Y), and of intents (B, I) if there are any."""
        H, intents = self.states(engine, batch, tokens, space, before), self.network.intents
        if tokens.delay:  # the first answers are to nothing
            H, batch = H[tokens.delay * batch.sentences :], Batch(batch.lengths - tokens.delay)
        E = np.matmul(H, self.P["output.weights"], out=space("scores", len(H), self.network.Y))
        E += self.P["output.bias"]
        if intents is None:
            return E, None
        return E, intents.scores(Run.forward_only(engine, self.P, space), batch, H)[0]
