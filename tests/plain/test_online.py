"""On-line Viterbi, the twin and the kernel, against paths that are kept in full, and against Viterbi."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import legal
from online import NONE, Online, Text, by_hand, joined, lags, run, seeds, shares

from rnntag.arrays import engine

# Against the long way


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 30), st.integers(1, 6), lags, shares, seeds)
def test_a_tag_is_final_when_the_surviving_paths_agree_or_the_lag_is_over_and_not_before(
    steps, tags, lag, forbidden, seed
):
    text = Text(steps, tags, forbidden=forbidden, seed=seed, whole=True)
    counts, path = by_hand(text, lag)
    for hands in (engine.kernels(), engine.plain()):
        online = Online(hands, text, lag)
        found = online.blocks(range(1, steps))
        assert [len(tags) for tags in found] == counts, hands.name
        assert joined([*found, online.close()]) == path, hands.name
    assert text.legal(path)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 40), st.integers(1, 16), st.integers(0, 3), shares, seeds)
def test_with_a_lag_as_long_as_the_sequence_it_is_viterbi_and_takes_the_same_of_equal_paths(
    steps, tags, more, forbidden, seed
):
    text = Text(steps, tags, forbidden=forbidden, seed=seed, whole=True)
    for hands in (engine.kernels(), engine.plain()):
        assert run(hands, text, steps + more) == text.viterbi(hands).tolist(), hands.name


def test_of_paths_that_are_all_equal_the_smallest_tags_are_taken(either):
    text = Text(20, 5, forbidden=0.0)
    text.E[:], text.M[:5, :5], text.bounds[:, :5] = 0, 0, 0
    for lag in (0, 3, 30):
        assert run(either, text, lag) == [0] * 20


def test_without_a_lag_each_tag_is_the_best_that_may_follow(either):
    text, expected = Text(50, 7), []
    for e in text.E:
        expected.append(int((e + (text.M[expected[-1]] if expected else text.bounds[0])).argmax()))
    online = Online(either, text, 0)
    assert online.blocks(range(1, 50)) == [[tag] for tag in expected]
    assert online.close() == []


def test_a_later_word_changes_a_tag_only_if_it_comes_within_the_lag(either):
    text = Text(4, 5).only(legal())  # O B-a I-a B-b I-b
    text.E[:] = 0
    text.E[0, 1], text.E[0, 3], text.E[3, 4] = 1, 0.5, 9  # at first it looks like a, at the end it is b
    text.E[1:3, [0, 1, 3]] = -20  # in between it goes on
    assert run(either, text, 2) == [1, 2, 2, 0]
    assert run(either, text, 3) == [3, 4, 4, 4]


# Legal and bounded


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 60), st.integers(1, 16), lags, shares, seeds)
def test_whatever_is_written_is_one_legal_path(steps, tags, lag, forbidden, seed):
    text = Text(steps, tags, forbidden=forbidden, seed=seed)
    for hands in (engine.kernels(), engine.plain()):
        path = run(hands, text, lag)
        assert len(path) == steps
        assert text.legal(path), hands.name


def test_scores_of_a_long_text_stay_exact_where_their_sum_does_not(kernels, plain):
    steps, tags = 100_000, 4
    text = Text(steps, tags, forbidden=0.0, whole=True)
    text.E += np.float32(1000)
    text.E[::3] -= np.float32(0.25)
    online, path = Online(kernels, text, 200), []
    spread = np.ptp(text.E[:, :tags], axis=1).max() + np.ptp(text.M[:tags, :tags])
    for block in np.split(text.E, 100):
        path += online.feed(block)
        assert online.v[0, :tags].max() == 0
        assert online.v[0, :tags].min() >= -spread
        assert (online.v[0, tags:] == NONE).all()
    path += online.close()
    assert path == text.viterbi(plain, np.float64).tolist()
    assert path != text.viterbi(kernels).tolist()  # its sums have lost the quarters
