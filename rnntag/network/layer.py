"""One layer of a cell, in one direction or both, over a ragged batch: shapes, first values, forward and backward pass.

Letters as in ``rnntag.kernels``: R rows of B sentences, N units; X the layer's input, H its states, Z projected input,
C cells; a ``d`` before a name is the gradient there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.parameters import LANES, Parameters, Shapes, glorot, orthogonal
from rnntag.arrays.ragged import Array, Batch
from rnntag.network.cells import Cell, Scan, State
from rnntag.network.run import Run


class LayerTrace(NamedTuple):
    """What the forward pass of a layer keeps for the backward pass.

    X       (R, width below)  its input
    H       (R, width)        its states
    kept                      of each direction the gates Z (R, gates · N) and, if there are any, the cells C (R, N)
    before                    the state it went on from, left to right; None where that was zeros
    """

    X: Array
    H: Array
    kept: list[tuple[Array, Array | None]]
    before: State | None


class Layer:
    """A layer whose parameters are named ``NAME.DIRECTION.input``, ``.recurrent`` and ``.bias``.

    cell        a row of the table of cells
    directions  ``forward``, ``backward`` or both: their states stand side by side
    hidden      units a direction that are asked for
    active      (width below,) bool: columns of X that are ever other than zero; the others get no weights
    window      of a cell that does not recur: rows it sees on each side that its direction looks to
    """

    def __init__(
        self, name: str, cell: Cell, directions: Sequence[str], hidden: int, active: Array, window: int = 0
    ) -> None:
        self.cell, self.hidden = cell, hidden
        self.units = -(-hidden // LANES) * LANES
        self.places = [f"{name}.{direction}" for direction in directions]
        self.window = 0 if cell.recurs else window
        self._active = np.tile(active, 1 + self.window)

    @property
    def width(self) -> int:
        """The columns of H."""
        return self.units * len(self.places)

    @property
    def states(self) -> Array:
        """Which columns of H belong to units that were asked for (width,): bool."""
        return np.tile(np.arange(self.units) < self.hidden, len(self.places))

    def shapes(self) -> Shapes:
        """Name and shape of every parameter."""
        columns = self.cell.gates * self.units
        shapes: Shapes = {}
        for place in self.places:
            shapes[f"{place}.input"] = (len(self._active), columns)
            if self.cell.recurs:
                shapes[f"{place}.recurrent"] = (self.units, columns)
            shapes[f"{place}.bias"] = (columns,)
        return shapes

    def initial(self, rng: np.random.Generator, P: Parameters) -> None:
        """First values: Glorot input weights, orthogonal recurrent weights, open forget gates."""
        wanted = np.arange(self.units) < self.hidden
        fan_in = int(self._active.sum())
        for place in self.places:
            for g, bias in enumerate(self.cell.bias):
                first = {"input": np.zeros((len(self._active), self.units)), "bias": bias * wanted}
                first["input"][np.ix_(self._active, wanted)] = glorot(rng, fan_in, self.hidden)
                if self.cell.recurs:
                    first["recurrent"] = np.zeros((self.units, self.units))
                    first["recurrent"][: self.hidden, : self.hidden] = orthogonal(rng, self.hidden)
                for part, values in first.items():
                    view = self.cell.gate(P[f"{place}.{part}"], g)
                    view[:] = values.reshape(view.shape)

    def recurrent(self, P: Parameters, place: str) -> Array:
        """The recurrent weights of a direction (N, gates · N); none for a cell that does not recur."""
        return P[f"{place}.recurrent"] if self.cell.recurs else np.empty((0, 0), np.float32)

    def packed(self, P: Parameters, place: str, buffers: Callable[..., Array]) -> Array:
        """The recurrent weights of a direction as the cell's forward pass takes them."""
        return self.cell.packed(self.recurrent(P, place), buffers)

    def scan(
        self, engine: Engine, batch: Batch, i: int, buffers: Callable[..., Array], before: State | None = None
    ) -> Scan:
        """Direction i over a batch; ``before`` is the state to go on from, which counts left to right alone."""
        reverse = self.places[i].endswith("backward")
        if before is None or reverse:
            before = State.none(self.units)
        return Scan(engine, batch, reverse, i * self.units, buffers, before)

    def after(self, H: Array, C: Array | None, rows: Array) -> State:
        """The state left to right after some rows of H (R, width) and of the cells (R, N), if there are any."""
        state = State.none(self.units)
        return state._replace(H=H[rows, : self.units], C=state.C if C is None else C[rows])

    def forward(
        self, run: Run, batch: Batch, X: Array, H: Array, keep: bool, before: State | None = None
    ) -> LayerTrace:
        """Write the states of X (R, width below) to H (R, width).

        keep    the backward pass follows: gates and cells stand in memory of this layer alone
        before  the state to go on from, left to right, a row a sentence of the batch; None for zeros
        """
        trace = LayerTrace(X, H, [], before)
        for i, place in enumerate(self.places):
            scan = self.scan(run.engine, batch, i, run.space.scope(place if keep else "layer"), before)
            Z = scan.buffers("gates", batch.rows, self.cell.gates * self.units)
            np.matmul(self._view(X, scan), run.P[f"{place}.input"], out=Z)
            Z += run.P[f"{place}.bias"]
            trace.kept.append((Z, self.cell.forward(scan, Z, self.packed(run.P, place, scan.buffers), H)))
        return trace

    def backward(self, run: Run, batch: Batch, trace: LayerTrace, dH: Array, dX: Array) -> None:
        """Write the gradients of the parameters to G and that of X to dX, from that at H.

        dH (R, width) and what the trace keeps are overwritten.

        No gradient reaches the state before the first step: there backpropagation through time is truncated (Williams
        & Peng, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network Trajectories", Neural
        Computation 2(4), 1990).
        """
        P, G, H = run.P, run.G, trace.H
        N, B, previous = self.units, batch.sentences, batch.previous
        for i, place in enumerate(self.places):
            scan = self.scan(run.engine, batch, i, run.space.scope(place), trace.before)
            dZ, C = trace.kept[i]
            self.cell.backward(scan, dH, dZ, self.recurrent(P, place), H, C)
            if self.cell.recurs:
                # Of a row and its neighbour in time, the direction says which has the state, which the gates.
                h, z = (slice(B, None), previous) if scan.reverse else (previous, slice(B, None))
                dU = np.matmul(H[h, i * N : (i + 1) * N].T, dZ[z], out=G[f"{place}.recurrent"])
                if len(scan.before.H):
                    dU += scan.before.H.T @ dZ[:B]
            view = self._view(trace.X, scan)
            np.matmul(view.T, dZ, out=G[f"{place}.input"])
            dZ.sum(axis=0, out=G[f"{place}.bias"])
            part = scan.buffers("view.gradient", batch.rows, view.shape[1])
            self._add_view(dX, np.matmul(dZ, P[f"{place}.input"].T, out=part), scan, fresh=i == 0)

    def _view(self, X: Array, scan: Scan) -> Array:
        """What a unit reads of X (R, width): the token's own row, or the rows of its window side by side."""
        if self.cell.recurs:
            return X
        R, width = X.shape
        view = scan.buffers("view", R, (1 + self.window) * width)
        view[:, :width] = X
        for distance in range(1, self.window + 1):
            here, there = _neighbours(scan, distance)
            block = view[:, distance * width : (distance + 1) * width]
            block[:] = 0.0  # beyond the sentence
            block[here] = X[there]
        return view

    def _add_view(self, dX: Array, dview: Array, scan: Scan, fresh: bool) -> None:
        """Add the gradient at what units read to that of the rows it came from; ``fresh``: dX holds nothing yet."""
        width = dX.shape[1]
        if fresh:
            dX[:] = dview[:, :width]
        else:
            dX += dview[:, :width]
        for distance in range(1, dview.shape[1] // width):
            here, there = _neighbours(scan, distance)
            dX[there] += dview[here, distance * width : (distance + 1) * width]


def _neighbours(scan: Scan, distance: int) -> tuple[Array, Array]:
    """Rows that have a token so far before them (right to left, behind them) in their sentence, and its rows."""
    batch = scan.batch
    later = np.flatnonzero(batch.step >= distance)
    earlier = batch.offsets[batch.step[later] - distance] + batch.sequence[later]
    return (earlier, later) if scan.reverse else (later, earlier)
