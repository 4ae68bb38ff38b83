"""Parameters: views into one flat vector, and first values."""

import numpy as np
import pytest

from rnntag.arrays.parameters import LANES, Parameters, glorot, orthogonal

SHAPES = {"table": (3, 5), "bias": (16,), "weights": (2, 9)}  # 1, 1 and 2 rows of 16


def test_every_array_is_a_view_of_one_vector_that_begins_a_row():
    P = Parameters(SHAPES)
    assert P.flat.shape == (4, LANES)
    assert {name: view.shape for name, view in P} == SHAPES
    for number, (name, start) in enumerate((("table", 0), ("bias", 16), ("weights", 32)), 1):
        P[name][:] = number
        assert (P.flat.reshape(-1)[start : start + P[name].size] == number).all()
    assert P.flat.sum() == 15 * 1 + 16 * 2 + 18 * 3  # and nothing beside


def test_memory_that_is_given_is_used_as_it_is():
    memory = np.full((6, LANES), 7.0)
    P = Parameters(SHAPES, memory=memory)
    assert (P["weights"] == 7).all()
    P["bias"][:] = 1
    assert (memory[1] == 1).all()
    assert P.flat.shape == (4, LANES)


def test_the_vector_can_be_cut_behind_any_array():
    P = Parameters(SHAPES)
    assert [len(P.before(count)) for count in range(4)] == [0, 1, 2, 4]
    assert [len(P.after(count)) for count in range(4)] == [4, 3, 2, 0]
    P.after(2)[:] = 5
    assert (P["weights"] == 5).all()
    assert not P["bias"].any()


def test_some_arrays_may_be_replaced_by_others_of_any_number_of_rows():
    P = Parameters(SHAPES)
    table = np.ones((1, 5), np.float32)
    other = P.replacing({"table": table})
    assert other["table"] is table
    assert other["bias"] is P["bias"]
    assert P["table"].shape == (3, 5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_copy_has_the_same_values_and_like_has_none_of_them(dtype):
    P = Parameters(SHAPES, dtype)
    P["bias"][:] = 3
    copied, empty = P.copy(), P.like()
    np.testing.assert_array_equal(copied.flat, P.flat)
    np.testing.assert_array_equal(copied["bias"], P["bias"])
    assert not empty.flat.any()
    assert copied.flat.dtype == empty.flat.dtype == dtype
    copied["bias"][:] = 4
    assert (P["bias"] == 3).all()


def test_first_values_are_those_of_their_papers():
    rng = np.random.default_rng(1)
    W, bound = glorot(rng, 200, 100), np.sqrt(6 / 300)
    assert W.shape == (200, 100)
    assert np.abs(W).max() <= bound
    assert W.std() == pytest.approx(bound / np.sqrt(3), rel=0.02)
    Q = orthogonal(rng, 20)
    np.testing.assert_allclose(Q @ Q.T, np.eye(20), atol=1e-12)
