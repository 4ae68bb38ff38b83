"""The table of cells: their gates, first biases, and the kernels of their forward and backward pass.

Letters as in ``rnntag.kernels``. A cell is run by a `Scan`: one direction of one layer over one batch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.ragged import Array, Batch
from rnntag.arrays.workspace import pack


class State(NamedTuple):
    """What a cell carries from step to step: its states H and cells C (B, N).

    No rows stand for zeros; a cell without C leaves it empty.
    """

    H: Array
    C: Array

    @classmethod
    def none(cls, N: int) -> State:
        """The state of N units before the first token: zeros."""
        return cls(np.empty((0, N), np.float32), np.empty((0, N), np.float32))


class Scan(NamedTuple):
    """One direction of one layer over one batch.

    reverse  from the last step to the first
    column   its states are the N columns of H from there on
    buffers  working memory, by name and shape
    before   the state before the first step
    """

    engine: Engine
    batch: Batch
    reverse: bool
    column: int
    buffers: Callable[..., Array]
    before: State


class Cell(Protocol):
    """A row of the table.

    gates   columns of the projected input a unit has
    bias    first value of each gate's bias
    recurs  whether the state of a step reaches the next through U; if not, a unit reads a window of the input instead
    """

    @property
    def gates(self) -> int: ...

    @property
    def bias(self) -> tuple[float, ...]: ...

    @property
    def recurs(self) -> bool: ...

    def gate(self, W: Array, g: int) -> Array:
        """The columns of gate g: a view (..., N/8, 8) of weights (..., gates · N)."""
        ...

    def packed(self, U: Array, buffers: Callable[..., Array]) -> Array:
        """The recurrent weights (N, gates · N) as `forward` takes them."""
        ...

    def forward(self, scan: Scan, Z: Array, W: Array, H: Array) -> Array | None:
        """Write the states to H (R, width); return the cells C (R, N), if there are any.

        Z  (R, gates · N)  projected input; overwritten with what `backward` needs
        W                  recurrent weights, as `packed` gives them
        """
        ...

    def backward(self, scan: Scan, dH: Array, Z: Array, U: Array, H: Array, C: Array | None) -> None:
        """Overwrite Z (R, gates · N) with the gradient at the projected input.

        dH       (R, width)  gradient at the states; overwritten
        Z, H, C              as `forward` left them
        U                    recurrent weights (N, gates · N)
        """
        ...


class Lstm:
    """Long short-term memory: see `rnntag.kernels.lstm`."""

    gates = 4
    # The forget gate starts open, so that gradients reach far from the first update on: Gers et al. 2000;
    # Jozefowicz, Zaremba & Sutskever, ICML 2015.
    bias = (0.0, 1.0, 0.0, 0.0)
    recurs = True

    def gate(self, W: Array, g: int) -> Array:
        return W.reshape(*W.shape[:-1], -1, 4, 8)[..., g, :]

    def packed(self, U: Array, buffers: Callable[..., Array]) -> Array:
        return _panels("packed", U, 32, buffers)

    def forward(self, scan: Scan, Z: Array, W: Array, H: Array) -> Array:
        batch = scan.batch
        C = scan.buffers("cells", batch.rows, W.shape[1])
        scan.engine.lstm_forward(Z, W, *scan.before, batch.sizes, batch.offsets, scan.reverse, H, scan.column, C)
        return C

    def backward(self, scan: Scan, dH: Array, Z: Array, U: Array, H: Array, C: Array | None) -> None:
        assert C is not None  # `forward` gave them
        N, batch = len(U), scan.batch
        dC = scan.buffers("carried", batch.sentences, N)
        V = _panels("transposed", U.T, 16, scan.buffers)
        scan.engine.lstm_backward(dH, scan.column, V, Z, C, scan.before.C, batch.sizes, batch.offsets, scan.reverse, dC)


class Rnn:
    """The simple recurrent network of Elman: see `rnntag.kernels.rnn`."""

    gates = 1
    bias = (0.0,)
    recurs = True

    def gate(self, W: Array, g: int) -> Array:
        return W.reshape(*W.shape[:-1], -1, 8)

    def packed(self, U: Array, buffers: Callable[..., Array]) -> Array:
        return _panels("packed", U, 16, buffers)

    def forward(self, scan: Scan, Z: Array, W: Array, H: Array) -> None:
        batch = scan.batch
        scan.engine.rnn_forward(Z, W, scan.before.H, batch.sizes, batch.offsets, scan.reverse, H, scan.column)

    def backward(self, scan: Scan, dH: Array, Z: Array, U: Array, H: Array, C: Array | None) -> None:
        batch, V = scan.batch, _panels("transposed", U.T, 16, scan.buffers)
        scan.engine.rnn_backward(dH, scan.column, V, H, batch.sizes, batch.offsets, scan.reverse, Z)


class Window(Rnn):
    """A feed-forward layer over a window of the input: the simple cell on sentences of a single step.

    Collobert et al., "Natural Language Processing (Almost) from Scratch", JMLR 12, 2011, section 3.3.1.
    """

    recurs = False

    def packed(self, U: Array, buffers: Callable[..., Array]) -> Array:
        return np.empty((0, 0, 16), np.float32)

    def forward(self, scan: Scan, Z: Array, W: Array, H: Array) -> None:
        none = np.empty((0, Z.shape[1]), np.float32)
        scan.engine.rnn_forward(Z, W, none, *_single_steps(scan.batch), False, H, scan.column)

    def backward(self, scan: Scan, dH: Array, Z: Array, U: Array, H: Array, C: Array | None) -> None:
        none = np.empty((0, 0, 16), np.float32)
        scan.engine.rnn_backward(dH, scan.column, none, H, *_single_steps(scan.batch), False, Z)


def _panels(name: str, W: Array, width: int, buffers: Callable[..., Array]) -> Array:
    """W (K, panels · width) as contiguous panels (panels, K, width)."""
    return pack(W, width, buffers(name, W.shape[1] // width, W.shape[0], width))


def _single_steps(batch: Batch) -> tuple[Array, Array]:
    """Sizes and offsets of as many sentences of one step as the batch has rows."""
    return np.array([batch.rows], np.int64), np.zeros(1, np.int64)


CELLS: dict[str, Cell] = {"lstm": Lstm(), "rnn": Rnn(), "window": Window()}
