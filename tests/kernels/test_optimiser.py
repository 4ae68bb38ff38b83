"""The kernels of the optimiser against their twins."""

import math

import numpy as np
import pytest


@pytest.mark.parametrize("rows", [1, 255, 256, 257, 5000])
def test_the_optimiser_agrees_with_its_twin(kernels, plain, rows):
    rng = np.random.default_rng(rows)
    P, G, M, A = (rng.normal(size=(rows, 16)).astype(np.float32) for _ in range(4))
    V = rng.uniform(0.1, 2, (rows, 16)).astype(np.float32)
    wide = [array.astype(np.float64) for array in (P, G, M, V, A)]
    settings = 0.3, 0.01, 0.9, 0.999, 1e-8
    for _ in range(3):
        kernels.adam(P, G, M, V, *settings)
        kernels.average(A, P, 0.9)
        plain.adam(*wide[:4], *settings)
        plain.average(wide[4], wide[0], 0.9)
    for found, expected in zip((P, G, M, V, A), wide, strict=True):
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-7)
    assert kernels.squared_norm(G) == pytest.approx(plain.squared_norm(G), rel=1e-6)
    G[-1, -1] = np.nan
    assert math.isnan(kernels.squared_norm(G))


@pytest.mark.parametrize("width", [1, 8, 100])
def test_updates_of_some_rows_agree_with_their_twins(kernels, plain, width):
    rng, rows = np.random.default_rng(width), np.array([0, 3, 7], np.int64)
    P, M, A = (rng.normal(size=(9, width)).astype(np.float32) for _ in range(3))
    G, V = rng.normal(size=(3, width)).astype(np.float32), rng.uniform(0.1, 2, (9, width)).astype(np.float32)
    tables, wide = (P, M, V, A), [array.astype(np.float64) for array in (P, M, V, A)]
    drift = rng.uniform(0, 1, (6, 5)).astype(np.float32)
    since = [np.array([0, 1, 2, 5, 0, 1, 2, 6, 0], np.int32) for _ in range(2)]
    for hands, (p, m, v, a), seen in ((kernels, tables, since[0]), (plain, wide, since[1])):
        hands.catch_up(p, m, v, a, rows, seen, 6, drift, 1e-8)
        hands.adam_rows(p, G, m, v, a, rows, seen, 7, 0.3, 0.01, 0.9, 0.999, 1e-8, 0.9)
        assert seen.tolist() == [7, 1, 2, 7, 0, 1, 2, 7, 0]
    for found, expected in zip(tables, wide, strict=True):
        np.testing.assert_allclose(found, expected, rtol=3e-6, atol=3e-7)


def test_the_norm_of_a_long_gradient_keeps_its_digits(kernels):
    assert kernels.squared_norm(np.full((200_000, 16), 0.1, np.float32)) == pytest.approx(32_000, rel=1e-6)
