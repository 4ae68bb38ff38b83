"""Rows of tables that are looked up, and their gradient, against their twins."""

import numpy as np


def test_looking_up_and_its_gradient_agree_with_their_twins(kernels, plain):
    rng = np.random.default_rng(2)
    table, ids = rng.normal(size=(7, 5)).astype(np.float32), rng.integers(0, 5, (40, 3)).astype(np.int32)
    results = []
    for hands in (kernels, plain):
        X, dtable = np.zeros((40, 12), np.float32), np.full((7, 5), np.nan, np.float32)
        hands.embed(table, ids, 1, X, 4)
        assert (X[:, 4:9] == table[ids[:, 1]]).all()
        assert not X[:, :4].any()
        assert not X[:, 9:].any()
        dX = np.random.default_rng(3).normal(size=X.shape).astype(np.float32)
        hands.embed_backward(dtable, ids, 1, dX, 4)
        for number in range(7):
            np.testing.assert_allclose(dtable[number], dX[ids[:, 1] == number, 4:9].sum(axis=0), atol=2e-6)
        results.append(dtable)
    np.testing.assert_array_equal(*results)
