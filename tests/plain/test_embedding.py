"""The twins of looking up and of masks, against the slope of what they compute."""

import numpy as np
from numerics import ragged, slope

from rnntag.plain import embedding


def test_embed_writes_the_vectors_of_one_column_of_ids_and_nothing_else():
    table, ids = np.arange(12.0).reshape(4, 3), np.array([[0, 3], [2, 1], [0, 3]], np.int32)
    X = np.full((3, 5), -1.0)
    embedding.embed(table, ids, 1, X, 2)
    assert X.tolist() == [[-1, -1, 9, 10, 11], [-1, -1, 3, 4, 5], [-1, -1, 9, 10, 11]]


def test_embed_backward_is_the_slope_of_embed():
    rng = np.random.default_rng(1)
    table, ids = rng.normal(size=(5, 3)), rng.integers(0, 4, (7, 2)).astype(np.int32)
    weights = rng.normal(size=(7, 6))

    def loss():
        X = np.zeros((7, 6))
        embedding.embed(table, ids, 1, X, 2)
        return float((X * weights).sum())

    dtable = np.full_like(table, np.nan)
    embedding.embed_backward(dtable, ids, 1, weights, 2)
    np.testing.assert_allclose(dtable, slope(loss, table), atol=1e-8)
    assert not dtable[4].any()  # an id that no token has


def test_mask_is_one_of_each_sentence_and_its_own_gradient():
    batch, rng = ragged([3, 2, 1]), np.random.default_rng(2)
    X, kept, weights = rng.normal(size=(6, 4)), rng.integers(0, 2, (3, 4)) * 2.0, rng.normal(size=(6, 4))

    def loss():
        masked = X.copy()
        embedding.mask(masked, kept, batch.sequence)
        return float((masked * weights).sum())

    dX = weights.copy()
    embedding.mask(dX, kept, batch.sequence)
    np.testing.assert_allclose(dX, slope(loss, X), atol=1e-8)
    for sentence, rows in enumerate(([0, 3, 5], [1, 4], [2])):
        np.testing.assert_array_equal(dX[rows], weights[rows] * kept[sentence])
