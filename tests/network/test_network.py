"""The whole network: its gradient is the slope of its loss, on either engine, and padding stays zero."""

from dataclasses import replace

import numpy as np
import pytest
from networks import TINY, Case, every_cell, every_decoder, every_direction
from numerics import slope

from rnntag.arrays.workspace import Workspace
from rnntag.network.spec import Spec

every_depth = pytest.mark.parametrize("layers", [1, 2])
dropped_or_not = pytest.mark.parametrize("dropout", [0.0, 0.5])


# The gradient


@every_cell
@every_decoder
@every_direction
@pytest.mark.parametrize(("layers", "dropout"), [(1, 0.0), (2, 0.5)], ids=["one layer", "two with dropout"])
def test_the_gradient_is_the_slope_of_the_loss_at_every_parameter(plain, cell, decoder, direction, layers, dropout):
    assert_slope(plain, replace(TINY, cell=cell, decoder=decoder, direction=direction, layers=layers), dropout=dropout)


@pytest.mark.parametrize(("cell", "decoder"), [("lstm", "crf"), ("window", "softmax")])
def test_the_gradient_with_letters_and_intents_is_the_slope_of_the_loss(plain, cell, decoder):
    assert_slope(plain, replace(TINY, cell=cell, decoder=decoder, layers=2), places=15, dropout=0.3, whole=True)


def assert_slope(plain, spec, places=60, **more):
    """Against finite differences, at so many elements of each parameter, and at some of the padding."""
    case = Case(spec, **more)
    _, G = case.run(plain)
    rng, space = np.random.default_rng(2), Workspace(np.float64)

    def loss():
        return 0.25 * case.loss(plain, space)

    for name, view in case.P:
        inside, padding = np.flatnonzero(case.real[name]), np.flatnonzero(~case.real[name])
        if len(inside) > places:
            inside = rng.choice(inside, places, replace=False)
        tried = np.concatenate([inside, rng.choice(padding, min(3, len(padding)), replace=False)])
        expected = slope(loss, view, where=tried)
        np.testing.assert_allclose(G[name].reshape(-1)[tried], expected, atol=1e-8, err_msg=name)


@every_cell
@every_decoder
@every_direction
@every_depth
@dropped_or_not
@pytest.mark.parametrize("lengths", [(4, 2, 1), (1, 1), (2,)], ids=str)
def test_the_gradient_is_the_slope_along_a_line(plain, cell, decoder, direction, layers, dropout, lengths):
    spec = replace(TINY, cell=cell, decoder=decoder, direction=direction, layers=layers)
    case = Case(spec, dropout=dropout, lengths=lengths)
    _, G = case.run(plain)
    rng, space = np.random.default_rng(3), Workspace(np.float64)
    for name, view in case.P:
        line, start, place = rng.normal(size=view.shape), view.copy(), np.zeros(1)

        def loss(view=view, line=line, start=start, place=place):
            view[:] = start + place * line
            return 0.25 * case.loss(plain, space)

        expected = slope(loss, place)[0]
        view[:] = start
        assert (G[name] * line).sum() == pytest.approx(expected, rel=1e-6, abs=1e-8), name


@every_cell
@every_decoder
@pytest.mark.parametrize("hidden", [8, 20, 100, 136])
def test_kernels_and_twins_give_the_same_loss_and_gradient(kernels, plain, cell, decoder, hidden):
    spec = Spec(cell=cell, decoder=decoder, hidden=hidden, embedding=10, layers=2 if hidden == 20 else 1)
    lengths = (9, 7, 7, 4, 2, 1, 1)
    case = Case(spec, np.float32, lengths, dropout=0.5, words=20, jitter=0.05, whole=hidden in (20, 100))
    expected, right = case.run(plain, case.converted(np.float64))
    found, G = case.run(kernels, dtype=np.float32)
    assert found == pytest.approx(expected, rel=1e-5)
    for name, view in G:
        size = max(1e-3, float(np.abs(right[name]).max()))
        np.testing.assert_allclose(view, right[name], rtol=0, atol=1e-5 * size, err_msg=name)


def test_a_workspace_used_for_a_larger_batch_before_changes_nothing(either):
    large = Case(TINY, np.float32, lengths=(9, 8, 3, 1), whole=True)
    small = Case(TINY, np.float32, lengths=(3, 2), whole=True)
    space = Workspace(np.float32)
    large.run(either, dtype=np.float32, space=space)
    again, G = small.run(either, dtype=np.float32, space=space)
    loss, fresh = small.run(either, dtype=np.float32)
    assert again == loss
    np.testing.assert_array_equal(G.flat, fresh.flat)


# Padding, and what is forbidden


@every_cell
@every_decoder
def test_padding_and_forbidden_moves_stay_zero(kernels, cell, decoder):
    spec = Spec(cell=cell, decoder=decoder, hidden=20, embedding=10, layers=2)
    case = Case(spec, np.float32, lengths=(6, 5, 2, 1), dropout=0.3, whole=True)
    P, M, V, space = case.P, case.P.like(), case.P.like(), Workspace()
    before = P.copy()
    for _ in range(20):
        _, G = case.run(kernels, dtype=np.float32, space=space)
        for name, mask in case.real.items():
            assert not G[name][~mask].any(), name
        G.flat[~np.isfinite(G.flat)] = 0  # between the views
        kernels.adam(P.flat, G.flat, M.flat, V.flat, 1.0, 0.05, 0.9, 0.999, 1e-8)
    for name, mask in case.real.items():
        assert not P[name][~mask].any(), name
        assert (P[name] != before[name])[mask].any(), name


# Where training starts


def test_the_same_seed_starts_from_the_same_weights():
    network = Case(TINY).network
    one, two, other = (network.initial(np.random.default_rng(seed)).flat for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)
