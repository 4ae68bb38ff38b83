"""The twin of the conditional random field against every path there is."""

import numpy as np
import pytest
from numerics import Paths, panels, ragged, rows_of, slope

from rnntag.plain import crf


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
