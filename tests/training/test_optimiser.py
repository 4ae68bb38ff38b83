"""The optimiser: rows that no batch touches, clipping."""

import numpy as np
import pytest

from rnntag.arrays.parameters import Parameters
from rnntag.training import optimiser as optimiser_module
from rnntag.training.optimiser import Optimiser
from rnntag.training.recipe import Recipe

# Rows that no batch touches


@pytest.mark.parametrize("window", [3, 512])
def test_updating_touched_rows_alone_is_updating_all_of_them(either, monkeypatch, window):
    """Against Adam on the whole table at every step, over more steps than a window has, with one left out."""
    monkeypatch.setattr(optimiser_module, "WINDOW", window)
    rng, recipe = np.random.default_rng(4), Recipe(clip=2.0, learning_rate=0.05)
    shapes = {"table": (9, 5), "other": (4, 8), "rest": (4, 16)}
    sparse, dense = Parameters(shapes), Parameters(shapes)
    dense.flat[:] = rng.normal(size=dense.flat.shape)
    for name, view in dense:
        sparse[name][:] = view
    ours, theirs = (Optimiser(either, P, recipe, 40, tables) for P, tables in ((sparse, 2), (dense, 0)))
    for step in range(30):
        rows = {name: np.sort(rng.permutation(shapes[name][0])[: rng.integers(1, 4)]) for name in ("table", "other")}
        copies = ours.touch(rows)
        for name, copy in copies.items():
            np.testing.assert_allclose(copy, dense[name][rows[name]], rtol=2e-5, atol=2e-6)
        G = Parameters(shapes | {name: copy.shape for name, copy in copies.items()})
        whole = dense.like()
        for name, view in G:
            view[:] = rng.normal(size=view.shape) * (np.nan if step == 12 else 1)
            whole[name][rows.get(name, slice(None))] = view
        np.testing.assert_allclose(ours.step([G]), theirs.step([whole]), rtol=1e-6)
    assert ours.skipped == 1
    ours.settle()
    for name, view in dense:
        np.testing.assert_allclose(sparse[name], view, rtol=2e-5, atol=2e-6)
        np.testing.assert_allclose(ours.averaged[name], theirs.averaged[name], rtol=2e-5, atol=2e-6)


# Clipping


def test_a_gradient_is_clipped_to_the_norm_asked_for(either):
    P = Parameters({"all": (4, 16)})
    optimiser = Optimiser(either, P, Recipe(clip=2.0, learning_rate=0.1), 10)
    G = P.like()
    G.flat[:] = 1e6 * np.random.default_rng(1).normal(size=G.flat.shape)
    norm = optimiser.step([G])
    assert norm == pytest.approx(np.linalg.norm(G.flat), rel=1e-5)
    first_moment = optimiser._M.flat / (1 - 0.9)
    assert np.linalg.norm(first_moment) == pytest.approx(2.0, rel=1e-5)
    # Adam's first step is the learning rate in the direction of each sign, whatever the size of the gradient.
    np.testing.assert_allclose(P.flat, -0.1 * np.sign(G.flat), rtol=1e-3)
    np.testing.assert_allclose(optimiser.averaged.flat, 0.9 * P.flat, rtol=1e-5)


def test_a_small_gradient_is_not_scaled_and_none_at_all_changes_nothing(either):
    P = Parameters({"all": (4, 16)})
    optimiser = Optimiser(either, P, Recipe(clip=2.0), 10)
    G = P.like()
    assert optimiser.step([G]) == 0.0
    assert not P.flat.any()
    G.flat[0, 0] = 0.5
    optimiser.step([G])
    assert optimiser._M.flat[0, 0] == pytest.approx(0.05)
