"""The NumPy twins of cells and of rows, against the slope of what they compute and against plain loops."""

import math

import numpy as np
import pytest
from numerics import (
    at_starts,
    lstm_by_hand,
    lstm_column,
    panels,
    ragged,
    rnn_by_hand,
    rows_of,
    slope,
    states_before,
)

from rnntag.plain import lstm, pooling, rnn

# One step alone is where first-step faults show, several where time goes wrong, a mix where rows get mixed up.
every_mix = pytest.mark.parametrize("lengths", [(1,), (2,), (5,), (5, 2, 1), (3, 3, 2, 2)], ids=str)
both_ways = pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reverse"])
with_and_without = pytest.mark.parametrize("initial", [False, True], ids=["zeros", "initial"])


def some_states(rng, batch, N, initial):
    return rng.normal(size=(batch.sentences if initial else 0, N))


# The long short-term memory


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


# The simple recurrent network


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


# States that are pooled


class Pooled:
    """Random states of a batch, pooled by the twins."""

    def __init__(self, lengths, W=5):
        rng = np.random.default_rng(sum(lengths))
        self.batch, self.W = ragged(lengths), W
        self.H = rng.normal(size=(self.batch.rows, W))
        self.weights = rng.normal(size=(self.batch.sentences, 2 * W))

    def run(self):
        S, top = np.full_like(self.weights, np.nan), np.full((self.batch.sentences, self.W), -1, np.int32)
        pooling.pool(self.H, self.batch.sizes, self.batch.offsets, S, top)
        return S, top

    def loss(self):
        return float((self.run()[0] * self.weights).sum())

    def gradient(self, before):
        """``before`` and the gradient at the states, which is added to it."""
        dH = before.copy()
        pooling.pool_backward(self.weights, self.run()[1], self.batch.sizes, self.batch.offsets, dH)
        return dH


@every_mix
def test_pool_backward_is_the_slope_of_pool(lengths):
    case = Pooled(lengths)
    before = np.random.default_rng(1).normal(size=case.H.shape)
    np.testing.assert_allclose(case.gradient(before), before + slope(case.loss, case.H), atol=1e-8)


@every_mix
def test_pool_is_what_plain_loops_give(lengths):
    case = Pooled(lengths)
    S, top = case.run()
    for sentence in range(case.batch.sentences):
        rows = rows_of(case.batch, sentence)
        for j in range(case.W):
            states = [float(case.H[row, j]) for row in rows]
            assert S[sentence, j] == max(states)
            assert S[sentence, case.W + j] == pytest.approx(math.fsum(states) / len(states), rel=1e-12)
            assert top[sentence, j] == rows[states.index(max(states))]


def test_of_equal_states_the_first_is_the_largest_and_learns():
    case = Pooled((4, 3, 1), W=2)
    case.H[:] = 0.5
    first, second = rows_of(case.batch, 0), rows_of(case.batch, 1)
    case.H[[first[1], first[3]], 0] = 0.75
    assert case.run()[1].tolist() == [[first[1], first[0]], [second[0]] * 2, [rows_of(case.batch, 2)[0]] * 2]
    case.weights[:, 2:] = 0.0  # of the means
    dH = case.gradient(np.zeros_like(case.H))
    np.testing.assert_array_equal(dH[first[1]], [case.weights[0, 0], 0.0])
    np.testing.assert_array_equal(dH[first[0]], [0.0, case.weights[0, 1]])
    assert not dH[[first[2], first[3], *second[1:]]].any()
