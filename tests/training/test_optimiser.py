"""The optimiser: Adam against its paper, kernels against twins, rows that no batch touches, clipping."""

import math

import numpy as np
import pytest

from rnntag.arrays.parameters import Parameters
from rnntag.plain import optimiser
from rnntag.training import optimiser as optimiser_module
from rnntag.training.optimiser import Optimiser
from rnntag.training.recipe import Recipe

# The twins


def test_adam_is_algorithm_1_of_its_paper():
    rng = np.random.default_rng(3)
    P, M, V = rng.normal(size=(3, 16)), np.zeros((3, 16)), np.zeros((3, 16))
    theta, m, v = P.copy(), np.zeros((3, 16)), np.zeros((3, 16))
    rate, beta1, beta2, scale = 0.01, 0.9, 0.999, 0.25
    for t in range(1, 8):
        G = rng.normal(size=P.shape)
        corrected = rate * math.sqrt(1 - beta2**t) / (1 - beta1**t)
        # The correction of v falls on ε as well, which the paper's short form leaves out.
        optimiser.adam(P, G, M, V, scale, corrected, beta1, beta2, 1e-8 * math.sqrt(1 - beta2**t))
        g = scale * G
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        theta -= rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + 1e-8)
        np.testing.assert_allclose(P, theta, rtol=1e-12)


def test_averaging_moves_a_share_of_the_way():
    A, P = np.full((1, 16), 3.0), np.full((1, 16), 5.0)
    optimiser.average(A, P, 0.75)
    np.testing.assert_allclose(A, 3.5)
    assert (P == 5.0).all()


def test_squared_norm_does_not_overflow_in_float32():
    G = np.array([[3e19] + [0.0] * 15, [4e19] + [0.0] * 15], np.float32)
    assert optimiser.squared_norm(G) == pytest.approx(25e38, rel=1e-6)


# The kernels against them


@pytest.mark.parametrize("rows", [1, 255, 256, 257, 5000])
def test_the_optimiser_agrees_with_its_twin(kernels, plain, rows):
    rng = np.random.default_rng(rows)
    P, G, M, A = (rng.normal(size=(rows, 16)).astype(np.float32) for _ in range(4))
    V = rng.uniform(0.1, 2, (rows, 16)).astype(np.float32)
    wide = [array.astype(np.float64) for array in (P, G, M, V, A)]
    settings = 0.3, 0.01, 0.9, 0.999, 1e-8
    for _ in range(3):
        kernels.adam(P, G, M, V, *settings)
        kernels.average(A, P, 0.9)
        plain.adam(*wide[:4], *settings)
        plain.average(wide[4], wide[0], 0.9)
    for found, expected in zip((P, G, M, V, A), wide, strict=True):
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-7)
    assert kernels.squared_norm(G) == pytest.approx(plain.squared_norm(G), rel=1e-6)
    G[-1, -1] = np.nan
    assert math.isnan(kernels.squared_norm(G))


@pytest.mark.parametrize("width", [1, 8, 100])
def test_updates_of_some_rows_agree_with_their_twins(kernels, plain, width):
    rng, rows = np.random.default_rng(width), np.array([0, 3, 7], np.int64)
    P, M, A = (rng.normal(size=(9, width)).astype(np.float32) for _ in range(3))
    G, V = rng.normal(size=(3, width)).astype(np.float32), rng.uniform(0.1, 2, (9, width)).astype(np.float32)
    tables, wide = (P, M, V, A), [array.astype(np.float64) for array in (P, M, V, A)]
    drift = rng.uniform(0, 1, (6, 5)).astype(np.float32)
    since = [np.array([0, 1, 2, 5, 0, 1, 2, 6, 0], np.int32) for _ in range(2)]
    for hands, (p, m, v, a), seen in ((kernels, tables, since[0]), (plain, wide, since[1])):
        hands.catch_up(p, m, v, a, rows, seen, 6, drift, 1e-8)
        hands.adam_rows(p, G, m, v, a, rows, seen, 7, 0.3, 0.01, 0.9, 0.999, 1e-8, 0.9)
        assert seen.tolist() == [7, 1, 2, 7, 0, 1, 2, 7, 0]
    for found, expected in zip(tables, wide, strict=True):
        np.testing.assert_allclose(found, expected, rtol=3e-6, atol=3e-7)


def test_the_norm_of_a_long_gradient_keeps_its_digits(kernels):
    assert kernels.squared_norm(np.full((200_000, 16), 0.1, np.float32)) == pytest.approx(32_000, rel=1e-6)


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
