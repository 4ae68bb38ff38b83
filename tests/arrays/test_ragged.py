"""The ragged layout: rows and steps of sentences, windows among what is only read, words as sequences of letters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import ragged, row

from rnntag.arrays.ragged import by_length, spelled, windows

lengths_of_some = st.lists(st.integers(1, 9), min_size=1, max_size=12)


@settings(deadline=None)
@given(lengths_of_some)
def test_each_row_is_one_step_of_one_sentence_step_by_step(lengths):
    batch = ragged(lengths)
    places = [(step, b) for step in range(max(lengths)) for b, length in enumerate(batch.lengths) if step < length]
    assert batch.rows == sum(lengths) == len(places)
    assert batch.sentences == len(lengths)
    assert list(zip(batch.step.tolist(), batch.sequence.tolist(), strict=True)) == places
    assert [row(batch, b, step) for step, b in places] == list(range(batch.rows))
    assert batch.sizes.tolist() == [sum(length > step for length in lengths) for step in range(max(lengths))]
    assert batch.last.tolist() == [row(batch, b, length - 1) for b, length in enumerate(batch.lengths)]
    assert batch.previous.tolist() == [row(batch, b, step - 1) for step, b in places if step]
    assert {array.dtype for array in (batch.sizes, batch.offsets, batch.step, batch.sequence)} == {np.dtype(np.int64)}


@settings(deadline=None)
@given(lengths_of_some)
def test_tokens_are_gathered_from_wherever_sentences_begin(lengths):
    batch = ragged(lengths)
    starts = 100 * np.arange(1, len(lengths) + 1)
    assert batch.gather(starts).tolist() == (starts[batch.sequence] + batch.step).tolist()


def test_longest_first_and_equal_lengths_in_their_order():
    assert by_length(np.array([2, 5, 2, 7, 5])).tolist() == [3, 1, 4, 0, 2]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 5)), min_size=1, max_size=8))
def test_the_rows_of_windows_are_those_of_their_own_tokens_among_all_that_is_read(pairs):
    pairs = sorted(pairs, key=lambda pair: -pair[0])
    lengths, beyond = np.array(pairs).T
    found = windows(lengths, beyond)
    assert found.own.lengths.tolist() == lengths.tolist()
    assert sorted(found.order.tolist()) == list(range(len(pairs)))
    assert found.seen.lengths.tolist() == (lengths + beyond)[found.order].tolist()
    rows = np.arange(found.own.rows) if found.rows is None else found.rows
    assert (found.rows is None) == (not beyond.any())
    np.testing.assert_array_equal(found.order[found.seen.sequence[rows]], found.own.sequence)
    np.testing.assert_array_equal(found.seen.step[rows], found.own.step)
    np.testing.assert_array_equal(found.seen.step[found.last], lengths[found.order] - 1)
    np.testing.assert_array_equal(found.seen.sequence[found.last], np.arange(len(pairs)))


def test_an_answer_that_comes_later_stands_in_a_later_row():
    found = windows(np.array([4, 2]), np.array([2, 3]), delay=2)
    assert (found.seen.step[found.rows] == found.own.step + 2).all()
    assert (found.order[found.seen.sequence[found.rows]] == found.own.sequence).all()
    assert found.seen.step[found.last].tolist() == [3, 1]  # what is carried on does not go beyond its own tokens


@pytest.mark.parametrize("words", [["ab", "c", "abcd", "dd"], ["a"]])
def test_words_are_spelled_longest_first_and_found_by_their_place(words):
    letters = np.array([ord(letter) for word in words for letter in word], np.int32)
    lengths = np.array(list(map(len, words)))
    found = spelled(lengths, np.cumsum(lengths) - lengths, letters)
    assert found.batch.lengths.tolist() == sorted(lengths.tolist(), reverse=True)
    for word, place in zip(words, found.place, strict=True):
        rows = [row(found.batch, place, step) for step in range(found.batch.lengths[place])]
        assert "".join(map(chr, found.ids[rows, 0])) == word
    assert (found.ids.dtype, found.place.dtype) == (np.int32, np.int32)
