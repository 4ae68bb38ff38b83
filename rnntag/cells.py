"""The table of cells: how many gates a unit has, how they start, what they see, and which kernels run them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from rnntag.batches import Batch
from rnntag.engine import Engine

Array = np.ndarray
Buffers = Callable[..., Array]


class Cell(NamedTuple):
    """A row of the table.

    gates     columns of the projected input a unit has
    gate      how gate g of all units lies in a row of weights: a view (..., N/8, 8) of (..., gates · N)
    bias      first value of each gate's bias
    recurs    whether the states of one step reach the next; if not, a unit sees a window of the input instead
    forward   (engine, Z, U, batch, reverse, H, column, buffers) -> what backward wants
    backward  (engine, dH, column, U, kept, batch, reverse, buffers) -> dZ
    """

    gates: int
    gate: Callable[[Array, int], Array]
    bias: tuple[float, ...]
    recurs: bool
    forward: Callable[..., Any]
    backward: Callable[..., Array]


def packed(W: Array, width: int, buffer: Array) -> Array:
    """W (K, panels · width) as contiguous panels (panels, K, width), written to ``buffer``."""
    np.copyto(buffer, W.reshape(W.shape[0], -1, width).transpose(1, 0, 2))
    return buffer


def _none(N: int) -> Array:
    """No states before the first step."""
    return np.empty((0, N), np.float32)


def _lstm_forward(
    engine: Engine, Z: Array, U: Array, batch: Batch, reverse: bool, H: Array, column: int, buffers: Buffers
) -> Any:
    N = len(U)
    C = buffers("cells", batch.rows, N)
    W = packed(U, 32, buffers("packed", N // 8, N, 32))
    engine.lstm_forward(Z, W, _none(N), _none(N), batch.sizes, batch.offsets, reverse, H, column, C)
    return Z, C


def _lstm_backward(
    engine: Engine, dH: Array, column: int, U: Array, kept: Any, batch: Batch, reverse: bool, buffers: Buffers
) -> Array:
    Z, C = kept
    N = len(U)
    dC = buffers("carried", batch.sentences, N)
    V = packed(U.T, 16, buffers("transposed", N // 16, 4 * N, 16))
    engine.lstm_backward(dH, column, V, Z, C, _none(N), batch.sizes, batch.offsets, reverse, dC)
    return Z


def _rnn_forward(
    engine: Engine, Z: Array, U: Array, batch: Batch, reverse: bool, H: Array, column: int, buffers: Buffers
) -> Any:
    N = len(U)
    W = packed(U, 16, buffers("packed", N // 16, N, 16))
    engine.rnn_forward(Z, W, _none(N), batch.sizes, batch.offsets, reverse, H, column)
    return H


def _rnn_backward(
    engine: Engine, dH: Array, column: int, U: Array, kept: Any, batch: Batch, reverse: bool, buffers: Buffers
) -> Array:
    N = len(U)
    dZ = buffers("projected", batch.rows, N)
    V = packed(U.T, 16, buffers("transposed", N // 16, N, 16))
    engine.rnn_backward(dH, column, V, kept, batch.sizes, batch.offsets, reverse, dZ)
    return dZ


# A feed-forward unit is the simple cell on sentences of one step: what was (t, b) is (0, row).
def _window_forward(
    engine: Engine, Z: Array, U: None, batch: Batch, reverse: bool, H: Array, column: int, buffers: Buffers
) -> Any:
    N = Z.shape[1]
    engine.rnn_forward(Z, np.empty((0, N, 16), np.float32), _none(N), *_one_step(batch), False, H, column)
    return H


def _window_backward(
    engine: Engine, dH: Array, column: int, U: None, kept: Any, batch: Batch, reverse: bool, buffers: Buffers
) -> Array:
    N = buffers("gates", 1, 16).size
    raise NotImplementedError(N)


def _one_step(batch: Batch) -> tuple[Array, Array]:
    """Sizes and offsets of as many sentences of one token as the batch has tokens."""
    return np.array([batch.rows], np.int64), np.zeros(1, np.int64)


def _lstm_gate(W: Array, g: int) -> Array:
    return W.reshape(*W.shape[:-1], -1, 4, 8)[..., g, :]


def _rnn_gate(W: Array, g: int) -> Array:
    return W.reshape(*W.shape[:-1], -1, 8)


CELLS: dict[str, Cell] = {
    # The forget gate starts open, so that gradients reach far from the first update on: Gers et al. 2000;
    # Jozefowicz, Zaremba & Sutskever, ICML 2015.
    "lstm": Cell(4, _lstm_gate, (0.0, 1.0, 0.0, 0.0), _lstm_forward, _lstm_backward),
    "rnn": Cell(1, _rnn_gate, (0.0,), _rnn_forward, _rnn_backward),
}
