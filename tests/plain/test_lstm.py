"""The twins of the long short-term memory against the slope of what they compute and against plain loops."""

import numpy as np
import pytest
from mixes import both_ways, every_mix, some_states, with_and_without
from numerics import at_starts, lstm_by_hand, lstm_column, panels, ragged, rows_of, slope, states_before

from rnntag.plain import lstm


class Lstm:
    """A batch with random inputs, run by the twins."""

    def __init__(self, lengths, N, reverse, initial, scale=1.0, column=0):
        rng = np.random.default_rng(sum(lengths) + N)
        self.batch, self.N, self.reverse, self.column = ragged(lengths), N, reverse, column
        self.Z = rng.normal(size=(self.batch.rows, 4 * N)) * scale
        self.U = rng.normal(size=(N, 4 * N)) * 0.5
        self.H0, self.C0 = (some_states(rng, self.batch, N, initial) for _ in range(2))
        # Uneven weights: a plain sum would hide swapped units, steps and sentences.
        self.weights = rng.normal(size=(self.batch.rows, N + 2 * column))

    def run(self):
        Z, C = self.Z.copy(), np.full((self.batch.rows, self.N), np.nan)
        H = np.zeros_like(self.weights)
        b = self.batch
        lstm.lstm_forward(Z, panels(self.U, 32), self.H0, self.C0, b.sizes, b.offsets, self.reverse, H, self.column, C)
        return Z, H, C

    def loss(self):
        return float((self.run()[1] * self.weights).sum())

    def gradient(self):
        """Gradients at Z and at C0."""
        Z, _, C = self.run()
        dC = np.full((self.batch.sentences, self.N), np.nan)
        b = self.batch
        V = panels(self.U.T, min(self.N, 16))
        lstm.lstm_backward(self.weights.copy(), self.column, V, Z, C, self.C0, b.sizes, b.offsets, self.reverse, dC)
        return Z, dC

    def states(self):
        return self.run()[1][:, self.column : self.column + self.N]


@every_mix
@both_ways
@with_and_without
def test_lstm_backward_is_the_slope_of_lstm_forward(lengths, reverse, initial):
    case = Lstm(lengths, 8, reverse, initial)
    dZ, dC = case.gradient()
    np.testing.assert_allclose(dZ, slope(case.loss, case.Z), atol=1e-8)
    dU = states_before(case.batch, case.states(), case.H0, reverse).T @ dZ
    np.testing.assert_allclose(dU, slope(case.loss, case.U), atol=1e-8)
    if initial:
        np.testing.assert_allclose(dC, slope(case.loss, case.C0), atol=1e-8)
        np.testing.assert_allclose(at_starts(case.batch, dZ, case.U, reverse), slope(case.loss, case.H0), atol=1e-8)


@both_ways
@pytest.mark.parametrize("scale", [8.0, 200.0])
def test_lstm_backward_with_saturated_gates(reverse, scale):
    case = Lstm((5, 2, 1), 8, reverse, True, scale)
    dZ, dC = case.gradient()
    np.testing.assert_allclose(dZ, slope(case.loss, case.Z), atol=1e-8)
    np.testing.assert_allclose(dC, slope(case.loss, case.C0), atol=1e-8)


@both_ways
def test_lstm_backward_of_two_panels_beside_other_columns(reverse):
    case = Lstm((3, 2), 16, reverse, True, column=16)
    dZ, dC = case.gradient()
    np.testing.assert_allclose(dZ, slope(case.loss, case.Z), atol=1e-8)
    np.testing.assert_allclose(dC, slope(case.loss, case.C0), atol=1e-8)


@every_mix
@both_ways
@with_and_without
@pytest.mark.parametrize("scale", [1.0, 40.0])
def test_lstm_forward_is_what_plain_loops_give(lengths, reverse, initial, scale):
    case = Lstm(lengths, 16, reverse, initial, scale, column=16)
    Z, H, C = case.run()
    order = slice(None, None, -1 if reverse else 1)
    for sentence in range(case.batch.sentences):
        rows = rows_of(case.batch, sentence)[order]
        h, c = (X0[sentence] if initial else np.zeros(16) for X0 in (case.H0, case.C0))
        states, cells = lstm_by_hand(case.Z[rows], case.U, h, c)
        np.testing.assert_allclose(H[rows, 16:32], states, atol=1e-12)
        np.testing.assert_allclose(C[rows], cells, atol=1e-12)
    assert not H[:, :16].any()
    assert not H[:, 32:].any()
    output = [lstm_column(3, unit) for unit in range(16)]
    np.testing.assert_allclose(H[:, 16:32], Z[:, output] * np.tanh(C), atol=1e-12)
