"""The kernel of on-line Viterbi against its twin, and what it does where little or nothing is left to choose."""

import platform
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from online import NONE, Online, Text, run, seeds, shares

from rnntag.arrays import engine
from rnntag.kernels import compiling


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_kernel_is_its_twin_to_the_bit_wherever_blocks_are_cut(data):
    Y = data.draw(st.sampled_from([16, 48, 128]))
    steps, lag = data.draw(st.integers(1, 60)), data.draw(st.integers(0, 20))
    tags, forbidden = data.draw(st.integers(max(1, Y - 20), Y)), data.draw(shares)
    text = Text(steps, tags, Y, forbidden, data.draw(seeds), data.draw(st.booleans()))
    cuts = sorted(data.draw(st.lists(st.integers(0, steps), max_size=6)))
    online, twin = Online(engine.kernels(), text, lag), Online(engine.plain(), text, lag)
    assert online.blocks(cuts) == twin.blocks(cuts)
    whole = Online(engine.kernels(), text, lag)
    whole.blocks([])
    for other in (twin, whole):
        for name, kept in online.kept().items():
            np.testing.assert_array_equal(kept, other.kept()[name], err_msg=name)
    assert online.close() == twin.close() == whole.close()
    assert run(engine.kernels(), text, lag, cuts) == run(engine.kernels(), text, lag)


def test_after_the_end_another_sequence_begins_as_if_it_were_the_first(either):
    first, second = Text(23, 6), Text(31, 6, seed=1)
    second.M, second.bounds = first.M, first.bounds
    online = Online(either, first, 5)
    online.blocks([])
    online.close()
    assert not online.state.any()
    assert online.feed(second.E) + online.close() == run(either, second, 5)


@pytest.mark.parametrize("lag", [0, 4])
def test_of_nothing_nothing_becomes_final(either, lag):
    text = Text(3, 5)
    online = Online(either, text, lag)
    online.v[:] = np.inf  # memory that was not written may hold anything
    assert online.feed(text.E[:0]) == online.close() == []
    online.feed(text.E)
    before = online.kept()
    assert online.feed(text.E[:0]) == []
    np.testing.assert_equal(online.kept(), before)


def test_where_no_path_is_left_the_kernel_still_does_as_its_twin(kernels, plain):
    text = Text(30, 6)
    text.E[12] = NONE
    for lag in (0, 2, 50):
        online, twin = Online(kernels, text, lag), Online(plain, text, lag)
        assert online.blocks([]) == twin.blocks([])
        assert (online.v[0] == NONE).all()
        assert (twin.v[0] == NONE).all()
        assert online.close() == twin.close()
        assert run(kernels, text, lag)[12:] == [0] * 18


@pytest.mark.filterwarnings("ignore:invalid value")  # NumPy's word on the same NaN
def test_of_scores_that_are_no_numbers_still_only_tags_come(either):
    text = Text(30, 6)
    text.E[7, 2], text.E[20] = np.nan, np.nan
    for lag in (0, 2, 50):
        path = run(either, text, lag)
        assert len(path) == 30
        assert set(path) <= set(range(6))


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64", "aarch64", "arm64"), reason="other instructions")
def test_it_adds_and_chooses_on_whole_registers(kernels):
    code = compiling.assembly(kernels.viterbi_online)
    assert re.search(r"\bv?addps\b|\bfadd\b", code)
    assert re.search(r"\bv?cmp\w*ps\b|\bfcmgt\b", code)
