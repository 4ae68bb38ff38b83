"""The conditional random field: its twin against every path there is, its kernel against the twin."""

from itertools import pairwise

import numpy as np
import pytest
from cases import Chain
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import SENTENCES, Paths, agree, panels, ragged, rows_of, slope, some_lengths

from rnntag.arrays import engine
from rnntag.plain import crf

every_number = pytest.mark.parametrize("sentences", SENTENCES)


# The twin against every path


class Crf:
    """A batch with random scores, run by the twins; tag 0 may go anywhere, other transitions may be forbidden."""

    def __init__(self, lengths, Y, forbidden=0.0, scale=1.0, whole=False):
        rng = np.random.default_rng(len(lengths) * 10 + Y)

        def some(*shape):
            return rng.integers(-2, 3, shape).astype(float) if whole else rng.normal(size=shape)

        self.batch = ragged(lengths)
        self.E, self.M, self.bounds = some(self.batch.rows, Y) * scale, some(Y, Y), some(2, Y)
        self.M[1:, 1:][rng.random((Y - 1, Y - 1)) < forbidden] = -np.inf
        self.bounds[:, 1:][rng.random((2, Y - 1)) < forbidden] = -np.inf

    def forward(self):
        A, F = np.empty_like(self.E), np.empty_like(self.E)
        logZ = np.full(self.batch.sentences, np.nan)
        K = panels(np.exp(self.M), len(self.M))
        crf.crf_forward(self.E, K, self.bounds, self.batch.sizes, self.batch.offsets, A, F, logZ)
        return A, F, logZ

    def gradient(self):
        """Marginals and the expected number of each transition."""
        A, F, _ = self.forward()
        dE, K, before = np.empty_like(A), np.exp(self.M), self.batch.previous
        crf.crf_backward(A, F, panels(K.T, len(K)), self.batch.sizes, self.batch.offsets, dE)
        return dE, K * (A[before].T @ F[self.batch.sentences :])

    def viterbi(self):
        path, V = np.empty(self.batch.rows, np.int32), np.empty_like(self.E)
        M = panels(self.M, len(self.M))
        crf.viterbi(self.E, M, self.bounds, self.batch.sizes, self.batch.offsets, V, path)
        return path, V

    def enumerated(self):
        """(sentence, its rows, all its paths)"""
        for sentence in range(self.batch.sentences):
            rows = rows_of(self.batch, sentence)
            yield sentence, rows, Paths(self.E[rows], self.M, self.bounds)


@pytest.mark.parametrize("lengths", [(1,), (2,), (3,), (4,), (5,), (5, 2, 1), (4, 4, 3, 1, 1)], ids=str)
@pytest.mark.parametrize("Y", [3, 4])
@pytest.mark.parametrize("forbidden", [0.0, 0.4])
@pytest.mark.parametrize("scale", [1.0, 200.0])
def test_crf_is_what_enumerating_every_path_gives(lengths, Y, forbidden, scale):
    case = Crf(lengths, Y, forbidden, scale)
    _, _, logZ = case.forward()
    marginals, transitions = case.gradient()
    path, V = case.viterbi()
    expected = np.zeros((Y, Y))
    for sentence, rows, paths in case.enumerated():
        np.testing.assert_allclose(logZ[sentence], paths.logZ, rtol=1e-12, atol=1e-9)
        np.testing.assert_allclose(marginals[rows], paths.marginals, atol=1e-9)
        assert tuple(path[rows]) == paths.best
        np.testing.assert_allclose(V[rows[-1]].max(), paths.highest, rtol=1e-12)
        expected += paths.transitions
    np.testing.assert_allclose(transitions, expected, atol=1e-9)
    assert not transitions[np.isneginf(case.M)].any()


@pytest.mark.parametrize("lengths", [(1,), (2,), (5,), (5, 2, 1)], ids=str)
@pytest.mark.parametrize("forbidden", [0.0, 0.4])
def test_crf_backward_is_the_slope_of_log_z(lengths, forbidden):
    case = Crf(lengths, 4, forbidden)
    marginals, transitions = case.gradient()

    def logZ():
        return float(case.forward()[2].sum())

    np.testing.assert_allclose(marginals, slope(logZ, case.E), atol=1e-8)
    legal = np.flatnonzero(np.isfinite(case.M))
    np.testing.assert_allclose(transitions.reshape(-1)[legal], slope(logZ, case.M, where=legal), atol=1e-8)
    ends = np.array([marginals[: case.batch.sentences].sum(0), marginals[case.batch.last].sum(0)])
    legal = np.flatnonzero(np.isfinite(case.bounds))
    np.testing.assert_allclose(ends.reshape(-1)[legal], slope(logZ, case.bounds, where=legal), atol=1e-8)


def test_of_equal_paths_viterbi_takes_the_smaller_tags_from_the_end_on():
    case = Crf((5, 4, 4, 3, 2, 2, 1), 3, forbidden=0.3, whole=True)
    path, _ = case.viterbi()
    for _, rows, paths in case.enumerated():
        assert tuple(path[rows]) == paths.best


# The kernel against the twin


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


def test_the_exponential_of_the_crf_is_right_to_four_in_ten_million(kernels):
    E = np.linspace(-100, 0, 160_000, dtype=np.float32).reshape(-1, 16)
    E[:, 0] = 0  # its factor is that of 1
    A, F, logZ = np.empty_like(E), np.empty_like(E), np.empty(len(E))
    sizes, offsets = np.array([len(E)], np.int64), np.zeros(1, np.int64)
    kernels.crf_forward(E, np.ones((1, 16, 16), np.float32), np.zeros((2, 16), np.float32), sizes, offsets, A, F, logZ)
    wide = np.exp(E.astype(np.float64))
    found = F.astype(np.float64) / F[:, :1]
    here = (E > -86.9) & (wide / wide.sum(axis=1, keepdims=True) > 1.2e-38)
    assert here.sum() > 130_000
    np.testing.assert_allclose(found[here], wide[here], rtol=4e-7)
    assert not found[E < -87.1].any()
    np.testing.assert_allclose(logZ, np.log(wide.sum(axis=1)), atol=1e-6)


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
