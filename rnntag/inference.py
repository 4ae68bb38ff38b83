"""A network at work: its weights stand still, so whatever depends on them alone is computed once.

Recurrent weights and moves are packed once. What the first layer's gates see of a token is a function of its type:
``W · [word; affixes; shape] + b`` is computed when a type first comes and kept; a token's share is the copy of a row.
Letters as in ``rnntag.kernels``.
"""

from __future__ import annotations

import numpy as np

from rnntag.batches import Batch
from rnntag.cells import Pass
from rnntag.engine import Engine
from rnntag.network import Network
from rnntag.parameters import LANES, Parameters
from rnntag.workspace import Workspace, pack

Array = np.ndarray

TABLE = 32 << 20  # bytes of projected types kept: some thousand types, and all but a few tokens of most texts
CHUNK = 512  # types projected at a time


class Inference:
    """``network`` with weights ``P`` that do not change any more.

    `know` is called before `best` whenever types were added, by one thread; `best` by any number of them, each with
    a workspace of its own.
    """

    def __init__(self, network: Network, P: Parameters) -> None:
        self.network, self.P = network, P
        spec, own = network.spec, Workspace()
        self._places = [[f"layer{layer}.{direction}" for direction in spec.directions] for layer in range(spec.layers)]
        self._packed = {
            place: network.cell.packed(network.recurrent(P, place), own.scope(place))
            for places in self._places
            for place in places
        }
        self._moves = network.moves(P)
        Y = network.Y
        self._panels = pack(self._moves.scores, LANES, np.empty((Y // LANES, Y, LANES), np.float32))
        self._columns = network.cell.gates * spec.units
        room = TABLE // (4 * self._columns * len(spec.directions)) if network.cell.recurs else 0
        self._room, self._known = room, 0
        self._tables = {place: np.empty((0, self._columns), np.float32) for place in self._places[0]}

    def forget(self) -> None:
        """The types were numbered anew."""
        self._known = 0

    def know(self, engine: Engine, types: Array) -> None:
        """Project the types, rows of feature ids (types, features), that were added since the last call."""
        wanted = min(len(types), self._room)
        if wanted > len(next(iter(self._tables.values()))):
            rows = min(self._room, max(1024, 2 * wanted))
            for place, table in self._tables.items():
                self._tables[place] = np.empty((rows, self._columns), np.float32)
                self._tables[place][: self._known] = table[: self._known]
        while self._known < wanted:
            end = min(self._known + CHUNK, wanted)
            X = self._embedded(engine, types[self._known : end])
            for place, table in self._tables.items():
                self._project(X, place, table[self._known : end])
            self._known = end

    def _embedded(self, engine: Engine, ids: Array) -> Array:
        return self.network.embedded(engine, self.P, ids, np.empty((len(ids), self.network.D), np.float32))

    def _project(self, X: Array, place: str, Z: Array) -> Array:
        """W · x + b of each row, written to Z, which is given back."""
        np.matmul(X, self.P[f"{place}.input"], out=Z)
        Z += self.P[f"{place}.bias"]
        return Z

    def _projected(self, engine: Engine, numbers: Array, types: Array, place: str, Z: Array) -> None:
        """The first layer's input of each token, written to Z (R, gates · N)."""
        # For types that found no room in the table, its last row is copied, and then overwritten.
        self._tables[place].take(numbers, 0, Z, "clip")
        rest = np.flatnonzero(numbers >= self._known) if len(types) > self._known else ()
        if len(rest):
            X = self._embedded(engine, types[numbers[rest]])
            Z[rest] = self._project(X, place, np.empty((len(rest), self._columns), np.float32))

    def scores(self, engine: Engine, batch: Batch, numbers: Array, types: Array, space: Workspace) -> Array:
        """Tag scores E (R, Y) of tokens given by the numbers of their types (R,)."""
        network = self.network
        if not network.cell.recurs:  # a unit sees several tokens: there is no table of what it sees
            return network.forward(engine, self.P, batch, types[numbers], space)[0]
        R, N = batch.rows, network.spec.units
        X = np.empty((0, 0), np.float32)
        for layer, places in enumerate(self._places):
            H = space(f"states{layer % 2}", R, network.W)
            for i, place in enumerate(places):
                run = Pass(engine, batch, place.endswith("backward"), i * N, space.scope("layer"))
                Z = run.buffers("gates", R, self._columns)
                if layer:
                    self._project(X, place, Z)
                else:
                    self._projected(engine, numbers, types, place, Z)
                network.cell.forward(run, Z, self._packed[place], H)
            X = H
        E = np.matmul(X, self.P["output.weights"], out=space("scores", R, network.Y))
        E += self.P["output.bias"]
        return E

    def best(self, engine: Engine, batch: Batch, numbers: Array, types: Array, space: Workspace) -> Array:
        """The best tags that the scheme allows (R,)."""
        E = self.scores(engine, batch, numbers, types, space)
        path, V = np.empty(batch.rows, np.int32), space("best", *E.shape)
        engine.viterbi(E, self._panels, self._moves.bounds, batch.sizes, batch.offsets, V, path)
        return path
