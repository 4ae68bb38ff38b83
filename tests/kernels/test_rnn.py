"""The kernels of the simple recurrent cell against their twins, and against themselves."""

import cells
import pytest
from cases import Recurrent
from cells import both_ways, every_number, every_width
from hypothesis import given, settings
from hypothesis import strategies as st

from rnntag.arrays import engine


@every_width
@every_number
def test_the_cell_agrees_with_its_twin(kernels, plain, N, sentences):
    cells.agrees(kernels, plain, Recurrent, N, sentences)


@both_ways
@pytest.mark.parametrize("initial", [False, True], ids=["zeros", "initial"])
@pytest.mark.parametrize("column", [0, 32])
def test_the_cell_leaves_other_columns_alone(kernels, plain, reverse, initial, column):
    cells.leaves_other_columns_alone(kernels, plain, Recurrent, reverse, initial, column)


@both_ways
def test_the_cell_agrees_with_its_twin_when_it_is_saturated(kernels, plain, reverse):
    cells.agrees_when_saturated(kernels, plain, Recurrent, reverse)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=40), st.booleans(), st.booleans())
def test_any_lengths_will_do(lengths, reverse, initial):
    cells.agrees_at_any_lengths(engine.kernels(), engine.plain(), Recurrent, lengths, reverse, initial)


@both_ways
def test_a_sentence_alone_has_the_bits_it_has_in_a_batch(kernels, reverse):
    cells.has_the_bits_alone_that_it_has_in_a_batch(kernels, Recurrent, reverse)


@both_ways
def test_nan_goes_on_in_its_sentence_and_nowhere_else(kernels, reverse):
    cells.keeps_nan_in_its_sentence(kernels, Recurrent, reverse)


@both_ways
def test_nan_in_the_gradient_goes_back_in_time(kernels, reverse):
    cells.takes_nan_in_the_gradient_back_in_time(kernels, Recurrent, reverse)
