"""The kernels of the conditional random field against their twins, and against a walk along the gold path."""

from itertools import pairwise

import numpy as np
import pytest
from cases import Chain
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import SENTENCES, agree, panels, ragged, rows_of, some_lengths

from rnntag.arrays import engine

every_number = pytest.mark.parametrize("sentences", SENTENCES)


@pytest.mark.parametrize("Y", [16, 48, 128])
@every_number
def test_the_crf_agrees_with_its_twin(kernels, plain, Y, sentences):
    case = Chain(some_lengths(sentences), Y, tags=Y - 5)
    found, expected = case.run(kernels), case.run(plain)
    np.testing.assert_array_equal(found.pop("path"), expected.pop("path"))
    np.testing.assert_array_equal(found.pop("best"), expected.pop("best"))
    wide = case.run(plain, np.float64)
    agree(found, {name: wide[name] for name in found}, 3e-6)


def test_the_crf_agrees_with_its_twin_where_a_plain_exponential_overflows(kernels, plain):
    case = Chain(some_lengths(13), 16, scale=200.0)
    # Every transition is allowed: scaled to sum to 1, a tag e^87 behind the best cannot be told from one out of reach.
    case.M = np.maximum(case.M, np.float32(-5))
    assert case.E.max() > 100
    found, expected = case.run(kernels), case.run(plain, np.float64)
    found.pop("path"), expected.pop("path")
    agree(found, expected, 3e-5)


@pytest.mark.parametrize(
    ("behind", "transition"),
    [(50, 0), (80, 0), (60, 20), (80, 15), (80, 30), (120, 0), (1000, 0)],
)
def test_the_crf_stays_finite_when_the_tag_far_behind_turns_out_best(kernels, behind, transition):
    case = Chain([3, 2, 1], 16, tags=3)
    case.E[:], case.M[:3, :3], case.bounds[:, :3] = 0, 0, 0
    case.M[0, 2] = case.bounds[0, 2] = -np.inf  # O B I: no I after O
    case.E[:3, 1], case.M[1, 2] = -behind, -transition
    case.E[3:, 2] = 500
    found = case.run(kernels)
    assert np.isfinite(found["logZ"]).all()
    assert np.isfinite(found["moves"]).all()
    np.testing.assert_allclose(found["marginals"].sum(axis=1), 1, atol=1e-5)
    if behind + transition < 87:  # beyond, the tag counts as out of reach
        assert found["logZ"][1] == pytest.approx(500 - behind - transition)


@pytest.mark.parametrize("Y", [16, 48])
def test_of_equal_paths_the_kernel_takes_the_same_as_its_twin(kernels, plain, Y):
    for sentences in SENTENCES:
        case = Chain(some_lengths(sentences), Y, whole=True)
        np.testing.assert_array_equal(case.run(kernels)["path"], case.run(plain)["path"])
    case.E[:], case.M[:], case.bounds[:] = 0, 0, 0
    assert not case.run(kernels)["path"].any()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=40))
def test_any_lengths_will_do(lengths):
    kernels, plain = engine.kernels(), engine.plain()
    case = Chain(lengths, 16)
    found, expected = case.run(kernels), case.run(plain, np.float64)
    np.testing.assert_array_equal(found.pop("path"), case.run(plain)["path"])
    expected.pop("path")
    agree(found, expected, 3e-6)


def test_a_sentence_alone_has_the_tags_and_marginals_it_has_in_a_batch(kernels):
    for sentences in (3, 5, 7, 13):
        case = Chain(some_lengths(sentences), 32)
        together = case.run(kernels)
        for sentence in range(sentences):
            rows, found = rows_of(case.batch, sentence), case.alone(sentence).run(kernels)
            for name in ("marginals", "best", "path"):
                np.testing.assert_array_equal(found[name], together[name][rows], err_msg=name)
            assert found["logZ"][0] == together["logZ"][sentence]


@pytest.mark.filterwarnings("ignore:invalid value")  # NumPy's word on the same NaN
@pytest.mark.parametrize("tags", [slice(7, 8), slice(None)], ids=["one", "all"])
def test_nan_among_the_tag_scores_reaches_log_z(kernels, plain, tags):
    case = Chain([3, 2, 2], 16)
    case.M[:], case.bounds[:] = 0, 0
    case.E[rows_of(case.batch, 1)[1], tags] = np.nan
    for hands in (plain, kernels):
        A, F, logZ = np.empty_like(case.E), np.empty_like(case.E), np.empty(3)
        K = panels(np.exp(case.M), 16)
        hands.crf_forward(case.E, K, case.bounds, case.batch.sizes, case.batch.offsets, A, F, logZ)
        assert np.isfinite(logZ).tolist() == [True, False, True], hands.name


def test_the_gold_path_agrees_with_its_twin_and_with_a_walk_along_it(kernels, plain):
    batch, rng = ragged([5, 4, 4, 1]), np.random.default_rng(6)
    R, Y = batch.rows, 16
    E, M, bounds = (rng.normal(size=shape).astype(np.float32) for shape in ((R, Y), (Y, Y), (2, Y)))
    gold = rng.integers(0, 5, R)
    expected, places, transitions = 0.0, np.zeros((R, Y)), np.zeros((Y, Y))
    for sentence in range(batch.sentences):
        tags = gold[rows_of(batch, sentence)]
        expected += bounds[0, tags[0]] + bounds[1, tags[-1]] + E[rows_of(batch, sentence), tags].sum()
        places[rows_of(batch, sentence), tags] = 0.25
        for before, tag in pairwise(tags):
            expected += M[before, tag]
            transitions[before, tag] += 0.25
    first, last = ([rows_of(batch, b)[end] for b in range(batch.sentences)] for end in (0, -1))
    for hands in (kernels, plain):
        dE, dM, dbounds = (np.ones(shape, np.float32) for shape in ((R, Y), (Y, Y), (2, Y)))
        score = hands.crf_gold(E, M, bounds, gold, batch.sizes, batch.offsets, 0.25, dE, dM, dbounds)
        assert score == pytest.approx(expected, rel=1e-6)
        np.testing.assert_array_equal(dE, 1 - places)
        np.testing.assert_array_equal(dM, 1 - transitions)
        np.testing.assert_allclose(dbounds, [dE[first].sum(axis=0), dE[last].sum(axis=0)], rtol=1e-6)
