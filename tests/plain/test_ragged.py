"""Walking a ragged batch: rows of a step, neighbours in running order, packed weights, what stood one step before."""

import numpy as np
import pytest
from numerics import panels, ragged, states_before

from rnntag.plain.ragged import alive, earlier, rows, steps, unpack


def test_before_the_first_step_and_after_the_last_no_sequence_is_alive():
    sizes = np.array([4, 3, 3, 1])
    assert [alive(sizes, t) for t in range(-1, 6)] == [0, 4, 3, 3, 1, 0, 0]


def test_the_rows_of_a_step_are_those_of_its_first_sequences():
    batch = ragged([3, 2, 2])
    found = [rows(batch.offsets, t, int(batch.sizes[t])) for t in range(3)]
    assert found == [slice(0, 3), slice(3, 6), slice(6, 7)]
    assert rows(batch.offsets, 1, 2) == slice(3, 5)


def test_each_step_comes_with_its_neighbours_in_running_order():
    sizes = np.array([2, 2, 1])
    assert list(steps(sizes, False)) == [(0, -1, 1), (1, 0, 2), (2, 1, 3)]
    assert list(steps(sizes, True)) == [(2, 3, 1), (1, 2, 0), (0, 1, -1)]


@pytest.mark.parametrize("width", [8, 16, 32])
def test_what_is_unpacked_is_what_was_packed(width):
    W = np.random.default_rng(1).normal(size=(5, 3 * width))
    np.testing.assert_array_equal(unpack(panels(W, width)), W)


@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reverse"])
@pytest.mark.parametrize("initial", [False, True], ids=["zeros", "initial"])
def test_what_stood_one_step_before_is_that_of_the_same_sentence(reverse, initial):
    batch, rng, column, N = ragged([4, 3, 3, 1]), np.random.default_rng(2), 2, 3
    X = rng.normal(size=(batch.rows, column + N + 1))
    X0 = rng.normal(size=(batch.sentences if initial else 0, N))
    expected = states_before(batch, X[:, column : column + N], X0, reverse)
    for t, before, _ in steps(batch.sizes, reverse):
        found = earlier(X, X0, batch.sizes, batch.offsets, t, before, column)
        np.testing.assert_array_equal(found, expected[rows(batch.offsets, t, int(batch.sizes[t]))])
