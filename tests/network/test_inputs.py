"""What a network is given: masks of dropout, and windows with what stands around them."""

import numpy as np
import pytest
from numerics import ragged, rows_of

from rnntag.arrays.ragged import windows
from rnntag.network.cells import State
from rnntag.network.inputs import Inputs, Noise, Reach, Tokens


def test_dropout_is_one_mask_a_sentence_and_keeps_the_mean(either):
    batch = ragged([400, 300, 2])
    kept = Noise(np.random.default_rng(1), 0.25).mask(batch, 5000)
    mask = np.ones((batch.rows, 5000), np.float32)
    either.mask(mask, kept, batch.sequence)
    for sentence in range(3):
        assert (mask[rows_of(batch, sentence)] == kept[sentence]).all()
    assert (mask[0] != mask[1]).any()
    assert set(np.unique(mask)) == {np.float32(0), np.float32(4 / 3)}
    assert mask[:3].mean() == pytest.approx(1, abs=0.03)


def test_whole_sentences_are_tagged_whole_and_begin_with_nothing():
    batch = ragged([3, 2])
    inputs = Inputs(batch, Tokens(np.zeros((5, 1), np.int32)))
    assert inputs.own is batch
    assert not inputs.running
    assert inputs.before(0) is None


def test_windows_go_on_from_a_state_only_where_they_begin_within_a_text():
    found = windows(np.array([3, 2]), np.array([1, 4]))
    states = [State.none(16), State.none(8)]
    for running in (True, False):
        inputs = Inputs(found.seen, Tokens(np.zeros((10, 1), np.int32)), Reach(found, states, running))
        assert inputs.own is found.own
        assert inputs.running == running
        assert inputs.before(1) is (states[1] if running else None)
