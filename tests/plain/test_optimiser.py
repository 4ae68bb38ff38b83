"""The twins of the optimiser against its paper."""

import math

import numpy as np
import pytest

from rnntag.plain import optimiser


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
