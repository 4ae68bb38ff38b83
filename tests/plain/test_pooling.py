"""The twins of pooling against the slope of what they compute and against plain loops."""

import math

import numpy as np
import pytest
from mixes import every_mix
from numerics import ragged, rows_of, slope

from rnntag.plain import pooling


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
