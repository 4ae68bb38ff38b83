"""The table of cells: how gradients fare over many steps, and how the gates of units lie in weights."""

import numpy as np
import pytest
from networks import every_cell
from numerics import lstm_column, panels, ragged

from rnntag.arrays.workspace import Workspace
from rnntag.network.cells import CELLS, State

# Gradients over many steps


def gradient_over_time(plain, cell, U, Z):
    """Norm of the gradient at each step's input, when only the last step is judged (T,)."""
    T, N = len(Z), len(U)
    batch, H, dH = ragged([T]), np.zeros((T, N)), np.zeros((T, N))
    dH[-1] = np.random.default_rng(4).normal(size=N)
    none, where, V = np.empty((0, N)), (batch.sizes, batch.offsets, False), panels(U.T, 16)
    if cell == "lstm":
        C = np.empty((T, N))
        plain.lstm_forward(Z, panels(U, 32), none, none, *where, H, 0, C)
        plain.lstm_backward(dH, 0, V, Z, C, none, *where, np.empty((1, N)))
        dZ = Z
    else:
        plain.rnn_forward(Z, panels(U, 16), none, *where, H, 0)
        dZ = np.empty_like(Z)
        plain.rnn_backward(dH, 0, V, H, *where, dZ)
    return np.linalg.norm(dZ, axis=1)


def rotation(rng, N):
    return np.linalg.qr(rng.normal(size=(N, N)))[0]


def test_the_gradient_of_sixty_steps_lives_behind_open_forget_gates_and_dies_in_a_simple_network(plain):
    rng, T, N = np.random.default_rng(6), 60, 16
    Z = rng.normal(size=(T, 4 * N))
    Z[:, [lstm_column(1, unit) for unit in range(N)]] += 6.0
    lstm = gradient_over_time(plain, "lstm", 0.1 * rng.normal(size=(N, 4 * N)), Z)
    rnn = gradient_over_time(plain, "rnn", 0.5 * rotation(rng, N), rng.normal(size=(T, N)))
    assert lstm[0] / lstm[-1] > 0.05
    assert rnn[0] / rnn[-1] < 0.5**59


def test_the_gradient_of_sixty_steps_explodes_under_large_recurrent_weights_and_clipping_bounds_it(plain):
    rng, T, N = np.random.default_rng(6), 60, 16
    norms = gradient_over_time(plain, "rnn", 1.5 * rotation(rng, N), np.zeros((T, N)))
    assert norms[0] / norms[-1] == pytest.approx(1.5**59, rel=1e-6)
    G = np.resize(norms, (4, 16))
    P, M, V = np.zeros_like(G), np.zeros_like(G), np.zeros_like(G)
    plain.adam(P, G, M, V, 5.0 / np.sqrt(plain.squared_norm(G)), 0.1, 0.0, 0.0, 1.0)
    assert np.linalg.norm(M) == pytest.approx(5.0)
    assert np.linalg.norm(P) <= 0.5


# Weights


@every_cell
def test_each_column_of_weights_belongs_to_one_gate_of_one_unit(cell):
    row, N, N_gates = CELLS[cell], 32, CELLS[cell].gates
    W = np.arange(3 * N_gates * N).reshape(3, -1)
    assert len(row.bias) == N_gates
    gates = [row.gate(W, g).reshape(3, N) for g in range(N_gates)]
    for g, view in enumerate(gates):
        columns = [lstm_column(g, unit) if N_gates == 4 else unit for unit in range(N)]
        np.testing.assert_array_equal(view, W[:, columns])
        assert np.shares_memory(row.gate(W, g), W)
    assert sorted(np.concatenate(gates, axis=1)[0].tolist()) == W[0].tolist()


@pytest.mark.parametrize(("cell", "width"), [("lstm", 32), ("rnn", 16)])
def test_recurrent_weights_are_packed_in_panels_of_the_cells_width(cell, width):
    U = np.random.default_rng(1).normal(size=(16, CELLS[cell].gates * 16)).astype(np.float32)
    np.testing.assert_array_equal(CELLS[cell].packed(U, Workspace()), panels(U, width))


def test_the_state_before_the_first_token_has_no_rows():
    assert [part.shape for part in State.none(48)] == [(0, 48), (0, 48)]
