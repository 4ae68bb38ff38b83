"""The NumPy twins against the slope of what they compute, against every path there is, and against plain loops."""

import math

import numpy as np
import pytest
from numerics import (
    Paths,
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

from rnntag.plain import crf, lstm, optimiser, rnn

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


# The conditional random field


class Crf:
    """A batch with random scores, run by the twins; tag 0 may go anywhere, of the other moves some are forbidden."""

    def __init__(self, lengths, Y, forbidden=0.0, scale=1.0, whole=False):
        rng = np.random.default_rng(len(lengths) * 10 + Y)

        def some(*shape):
            return rng.integers(-2, 3, shape).astype(float) if whole else rng.normal(size=shape)

        self.batch = ragged(lengths)
        self.E, self.M, self.bounds = some(self.batch.rows, Y) * scale, some(Y, Y), some(2, Y)
        self.M[1:, 1:][rng.random((Y - 1, Y - 1)) < forbidden] = -np.inf
        self.bounds[:, 1:][rng.random((2, Y - 1)) < forbidden] = -np.inf

    def forward(self):
        A, F = np.empty_like(self.E), np.empty_like(self.E)
        logZ = np.full(self.batch.sentences, np.nan)
        K = panels(np.exp(self.M), len(self.M))
        crf.crf_forward(self.E, K, self.bounds, self.batch.sizes, self.batch.offsets, A, F, logZ)
        return A, F, logZ

    def gradient(self):
        """Marginals and the expected number of each move."""
        A, F, _ = self.forward()
        dE, K, before = np.empty_like(A), np.exp(self.M), self.batch.previous
        crf.crf_backward(A, F, panels(K.T, len(K)), self.batch.sizes, self.batch.offsets, dE)
        return dE, K * (A[before].T @ F[self.batch.sentences :])

    def viterbi(self):
        path, V = np.empty(self.batch.rows, np.int32), np.empty_like(self.E)
        M = panels(self.M, len(self.M))
        crf.viterbi(self.E, M, self.bounds, self.batch.sizes, self.batch.offsets, V, path)
        return path, V

    def enumerated(self):
        """(sentence, its rows, all its paths)"""
        for sentence in range(self.batch.sentences):
            rows = rows_of(self.batch, sentence)
            yield sentence, rows, Paths(self.E[rows], self.M, self.bounds)


@pytest.mark.parametrize("lengths", [(1,), (2,), (3,), (4,), (5,), (5, 2, 1), (4, 4, 3, 1, 1)], ids=str)
@pytest.mark.parametrize("Y", [3, 4])
@pytest.mark.parametrize("forbidden", [0.0, 0.4])
@pytest.mark.parametrize("scale", [1.0, 200.0])
def test_crf_is_what_enumerating_every_path_gives(lengths, Y, forbidden, scale):
    case = Crf(lengths, Y, forbidden, scale)
    _, _, logZ = case.forward()
    marginals, moves = case.gradient()
    path, V = case.viterbi()
    expected = np.zeros((Y, Y))
    for sentence, rows, paths in case.enumerated():
        np.testing.assert_allclose(logZ[sentence], paths.logZ, rtol=1e-12, atol=1e-9)
        np.testing.assert_allclose(marginals[rows], paths.marginals, atol=1e-9)
        assert tuple(path[rows]) == paths.best
        np.testing.assert_allclose(V[rows[-1]].max(), paths.highest, rtol=1e-12)
        expected += paths.moves
    np.testing.assert_allclose(moves, expected, atol=1e-9)
    assert not moves[np.isneginf(case.M)].any()


@pytest.mark.parametrize("lengths", [(1,), (2,), (5,), (5, 2, 1)], ids=str)
@pytest.mark.parametrize("forbidden", [0.0, 0.4])
def test_crf_backward_is_the_slope_of_log_z(lengths, forbidden):
    case = Crf(lengths, 4, forbidden)
    marginals, moves = case.gradient()

    def logZ():
        return float(case.forward()[2].sum())

    np.testing.assert_allclose(marginals, slope(logZ, case.E), atol=1e-8)
    legal = np.flatnonzero(np.isfinite(case.M))
    np.testing.assert_allclose(moves.reshape(-1)[legal], slope(logZ, case.M, where=legal), atol=1e-8)
    ends = np.array([marginals[: case.batch.sentences].sum(0), marginals[case.batch.last].sum(0)])
    legal = np.flatnonzero(np.isfinite(case.bounds))
    np.testing.assert_allclose(ends.reshape(-1)[legal], slope(logZ, case.bounds, where=legal), atol=1e-8)


def test_of_equal_paths_viterbi_takes_the_smaller_tags_from_the_end_on():
    case = Crf((5, 4, 4, 3, 2, 2, 1), 3, forbidden=0.3, whole=True)
    path, _ = case.viterbi()
    for _, rows, paths in case.enumerated():
        assert tuple(path[rows]) == paths.best


# The optimiser


def test_adam_is_algorithm_1_of_its_paper():
    rng = np.random.default_rng(3)
    P, M, V = rng.normal(size=(3, 16)), np.zeros((3, 16)), np.zeros((3, 16))
    theta, m, v = P.copy(), np.zeros((3, 16)), np.zeros((3, 16))
    rate, beta1, beta2, scale = 0.01, 0.9, 0.999, 0.25
    for t in range(1, 8):
        G = rng.normal(size=P.shape)
        corrected = rate * math.sqrt(1 - beta2**t) / (1 - beta1**t)
        # The correction of v falls on ε as well, which the paper's short form leaves out.
        optimiser.adam(P, G, M, V, scale, corrected, beta1, beta2, 1e-8 * math.sqrt(1 - beta2**t))
        g = scale * G
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        theta -= rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + 1e-8)
        np.testing.assert_allclose(P, theta, rtol=1e-12)


def test_averaging_moves_a_share_of_the_way():
    A, P = np.full((1, 16), 3.0), np.full((1, 16), 5.0)
    optimiser.average(A, P, 0.75)
    np.testing.assert_allclose(A, 3.5)
    assert (P == 5.0).all()


def test_squared_norm_does_not_overflow_in_float32():
    G = np.array([[3e19] + [0.0] * 15, [4e19] + [0.0] * 15], np.float32)
    assert optimiser.squared_norm(G) == pytest.approx(25e38, rel=1e-6)
