"""Register tiles: some rows times packed weights, of every height, against the same in NumPy."""

import numba
import numpy as np
import pytest
from numerics import panels

from rnntag.kernels.products import add_product16, add_product32, best_sum16

ROWS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13)


@numba.njit(error_model="numpy")
def add16(Z, z, j, X, x, c, rows, W, p):
    add_product16(Z, z, j, X, x, c, rows, W, p)


@numba.njit(error_model="numpy")
def add32(Z, z, j, X, x, c, rows, W, p):
    add_product32(Z, z, j, X, x, c, rows, W, p)


@numba.njit(error_model="numpy")
def best16(Z, z, j, X, x, rows, W, p):
    best_sum16(Z, z, j, X, x, rows, W, p)


def some(*shape):
    return np.random.default_rng(list(shape)).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize(("add", "width"), [(add16, 16), (add32, 32)], ids=["16", "32"])
def test_a_product_is_added_to_its_rows_and_its_panel_alone(add, width, rows):
    K, p, z, x, c = 5, 1, 2, 3, 4
    Z, X, W = some(rows + 4, 3 * width), some(rows + 5, c + K + 2), some(K, 2 * width)
    expected = Z.copy()
    expected[z : z + rows, 2 * width :] += X[x : x + rows, c : c + K] @ W[:, width:]
    add(Z, z, 2 * width, X, x, c, rows, panels(W, width), p)
    np.testing.assert_allclose(Z, expected, rtol=0, atol=2e-6)
    changed = np.zeros(Z.shape, bool)
    changed[z : z + rows, 2 * width :] = True
    np.testing.assert_array_equal(Z[~changed], expected[~changed])


@pytest.mark.parametrize("rows", ROWS)
def test_the_best_sum_is_the_largest_of_all_ways(rows):
    K, z, x = 6, 1, 2
    Z, X, W = some(rows + 2, 48), some(rows + 3, K), some(K, 32)
    W[2, 17], X[-1, 3] = -np.inf, -np.inf  # what is forbidden is never the best
    expected = Z.copy()
    ways = X[x : x + rows, :, None] + W[:, 16:]
    expected[z : z + rows, 32:] = np.maximum(Z[z : z + rows, 32:], ways.max(axis=1))
    best16(Z, z, 32, X, x, rows, panels(W, 16), 1)
    np.testing.assert_array_equal(Z, expected)


def test_a_row_has_the_same_bits_whatever_rows_share_its_tile():
    K = 40
    X = some(13, K)
    for add, width in ((add16, 16), (add32, 32)):
        packed = panels(some(K, width), width)
        together = np.zeros((13, width), np.float32)
        add(together, 0, 0, X, 0, 0, 13, packed, 0)
        for row in range(13):
            alone = np.zeros((1, width), np.float32)
            add(alone, 0, 0, X, row, 0, 1, packed, 0)
            np.testing.assert_array_equal(alone[0], together[row])
