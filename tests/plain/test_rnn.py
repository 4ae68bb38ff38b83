"""The twins of the simple recurrent cell against the slope of what they compute and against plain loops."""

import numpy as np
import pytest
from mixes import both_ways, every_mix, some_states, with_and_without
from numerics import at_starts, panels, ragged, rnn_by_hand, rows_of, slope, states_before

from rnntag.plain import rnn


class Rnn:
    """A batch with random inputs, run by the twins."""

    def __init__(self, lengths, N, reverse, initial, scale=1.0, column=0):
        rng = np.random.default_rng(sum(lengths) + N)
        self.batch, self.N, self.reverse, self.column = ragged(lengths), N, reverse, column
        self.Z = rng.normal(size=(self.batch.rows, N)) * scale
        self.U = rng.normal(size=(N, N)) * 0.5
        self.H0 = some_states(rng, self.batch, N, initial)
        self.weights = rng.normal(size=(self.batch.rows, N + 2 * column))

    def run(self):
        Z, H, b = self.Z.copy(), np.zeros_like(self.weights), self.batch
        rnn.rnn_forward(Z, panels(self.U, self.N), self.H0, b.sizes, b.offsets, self.reverse, H, self.column)
        return Z, H

    def loss(self):
        return float((self.run()[1] * self.weights).sum())

    def gradient(self):
        dZ, b = np.full_like(self.Z, np.nan), self.batch
        V = panels(self.U.T, self.N)
        rnn.rnn_backward(self.weights.copy(), self.column, V, self.run()[1], b.sizes, b.offsets, self.reverse, dZ)
        return dZ

    def states(self):
        return self.run()[1][:, self.column : self.column + self.N]


@every_mix
@both_ways
@with_and_without
@pytest.mark.parametrize("column", [0, 5])
def test_rnn_backward_is_the_slope_of_rnn_forward(lengths, reverse, initial, column):
    case = Rnn(lengths, 5, reverse, initial, column=column)
    dZ = case.gradient()
    np.testing.assert_allclose(dZ, slope(case.loss, case.Z), atol=1e-8)
    dU = states_before(case.batch, case.states(), case.H0, reverse).T @ dZ
    np.testing.assert_allclose(dU, slope(case.loss, case.U), atol=1e-8)
    if initial:
        np.testing.assert_allclose(at_starts(case.batch, dZ, case.U, reverse), slope(case.loss, case.H0), atol=1e-8)


@both_ways
def test_rnn_backward_when_saturated(reverse):
    case = Rnn((5, 2, 1), 5, reverse, True, scale=30.0)
    np.testing.assert_allclose(case.gradient(), slope(case.loss, case.Z), atol=1e-8)


@every_mix
@both_ways
@with_and_without
def test_rnn_forward_is_what_plain_loops_give(lengths, reverse, initial):
    case = Rnn(lengths, 5, reverse, initial, column=5)
    _, H = case.run()
    order = slice(None, None, -1 if reverse else 1)
    for sentence in range(case.batch.sentences):
        rows = rows_of(case.batch, sentence)[order]
        h = case.H0[sentence] if initial else np.zeros(5)
        np.testing.assert_allclose(H[rows, 5:10], rnn_by_hand(case.Z[rows], case.U, h), atol=1e-12)
    assert not H[:, :5].any()
    assert not H[:, 10:].any()
