"""The intent of an utterance: the gradient of its head, what is not known, and what stays zero."""

import numpy as np
import pytest
from numerics import ragged, rows_of, slope

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.workspace import Workspace
from rnntag.network.intent_head import IntentHead
from rnntag.network.losses import Objective
from rnntag.network.run import Run

SEEN = np.array([True, True, False, True, False])  # the third and fifth number of a state never hold anything
COUNT = 3


class Case:
    """A head with random weights over random states of some sentences; the intent of the second is not known."""

    def __init__(self, lengths=(4, 3, 2, 2, 1), gold=(2, -1, 0, 1, 2), dtype=np.float64):
        rng = np.random.default_rng(8)
        self.head, self.batch, self.gold = IntentHead(COUNT, SEEN), ragged(lengths), np.array(gold)
        self.H = (rng.normal(size=(self.batch.rows, len(SEEN))) * SEEN).astype(dtype)
        self.P = Parameters(self.head.shapes(), dtype)
        self.head.initial(rng, self.P)
        self.P["intents.bias"][:COUNT] = rng.normal(size=COUNT)

    def run(self, engine, scale=1.0, before=0.0, pull=0.0):
        """The loss, its gradient at the parameters, and that at the states, which held ``before``."""
        dtype = self.H.dtype.type
        G, dH = self.P.like(), np.full_like(self.H, before)
        G.flat[:] = np.nan
        run = Run(engine, self.P, G, Workspace(dtype))
        return self.head.loss(run, self.batch, self.H, self.gold, Objective(scale, pull), dH), G, dH

    def scores(self, engine):
        """What the head gives (B, intents)."""
        run = Run.forward_only(engine, self.P, Workspace(self.H.dtype.type))
        return self.head.scores(run, self.batch, self.H)[0]

    def probabilities(self, engine):
        """What the head finds, computed the long way (B, intents)."""
        scores = self.scores(engine)
        weights = np.exp(scores.astype(np.float64))
        return weights / weights.sum(axis=1, keepdims=True)


def test_scores_are_of_the_largest_and_the_mean_of_each_state(plain):
    case = Case()
    scores = case.scores(plain)
    assert scores.shape == (5, COUNT)
    W, bias = case.P["intents.weights"][:, :COUNT], case.P["intents.bias"][:COUNT]
    for sentence in range(5):
        states = case.H[rows_of(case.batch, sentence)]
        pooled = np.concatenate([states.max(axis=0), states.mean(axis=0)])
        np.testing.assert_allclose(scores[sentence], pooled @ W + bias, atol=1e-12)


def test_the_loss_is_that_of_the_gold_intents(plain):
    case = Case()
    p = case.probabilities(plain)
    expected = -sum(np.log(p[sentence, gold]) for sentence, gold in enumerate(case.gold) if gold >= 0)
    assert case.run(plain)[0] == pytest.approx(expected, rel=1e-12)
    assert case.run(plain, scale=0.25)[0] == pytest.approx(expected, rel=1e-12)  # which is of the gradient alone


@pytest.mark.parametrize(
    ("lengths", "gold"),
    [((4, 3, 2, 2, 1), (2, -1, 0, 1, 2)), ((1,), (0,)), ((3, 3), (1, 1))],
    ids=["mixed", "one word", "equal lengths"],
)
def test_the_gradient_is_the_slope_of_the_loss_at_every_element(plain, lengths, gold):
    case = Case(lengths, gold)
    _, G, dH = case.run(plain, scale=0.25, before=2.0)

    def loss():
        return 0.25 * case.run(plain)[0]

    for name, view in case.P:
        np.testing.assert_allclose(G[name], slope(loss, view), atol=1e-8, err_msg=name)
    np.testing.assert_allclose(dH, 2.0 + slope(loss, case.H), atol=1e-8)


def test_kernels_and_twins_give_the_same_loss_and_gradient(kernels, plain):
    (expected, right, states), (found, G, dH) = Case().run(plain), Case(dtype=np.float32).run(kernels)
    assert found == pytest.approx(expected, rel=1e-5)
    np.testing.assert_allclose(dH, states, atol=1e-6)
    for name, view in G:
        np.testing.assert_allclose(view, right[name], atol=1e-6, err_msg=name)


def test_an_intent_that_is_not_known_counts_for_nothing(either):
    """Neither in the loss nor in a gradient: all is as if the sentence were not there."""
    case, known = Case(dtype=np.float32), Case((4, 2, 2, 1), (2, 0, 1, 2), np.float32)
    hidden = rows_of(case.batch, 1)
    known.P = case.P
    for mine, theirs in zip((0, 2, 3, 4), range(4), strict=True):
        known.H[rows_of(known.batch, theirs)] = case.H[rows_of(case.batch, mine)]
    (loss, G, dH), (expected, right, _) = case.run(either), known.run(either)
    assert loss == pytest.approx(expected, rel=1e-6)
    assert not dH[hidden].any()
    assert dH[np.setdiff1d(np.arange(case.batch.rows), hidden)][:, SEEN].any(axis=1).all()
    for name, view in G:
        np.testing.assert_allclose(view, right[name], atol=1e-6, err_msg=name)


def test_where_no_intent_is_known_nothing_is_learned(either):
    loss, G, dH = Case(gold=(-1,) * 5, dtype=np.float32).run(either)
    assert loss == 0.0
    assert not dH.any()
    assert not any(view.any() for _, view in G)


def test_padding_stays_zero(kernels):
    """Columns beyond the intents, and rows of numbers that are none of a state's."""
    case = Case(dtype=np.float32)
    real = np.outer(np.tile(SEEN, 2), np.arange(16) < COUNT)
    assert case.P["intents.weights"].shape == real.shape
    M, V = case.P.like(), case.P.like()
    for _ in range(20):
        _, G, dH = case.run(kernels)
        G.flat[~np.isfinite(G.flat)] = 0  # between the views
        kernels.adam(case.P.flat, G.flat, M.flat, V.flat, 1.0, 0.05, 0.9, 0.999, 1e-8)
        assert not G["intents.weights"][~real].any()
        assert not G["intents.bias"][COUNT:].any()
        assert not dH[:, ~SEEN].any()
    assert not case.P["intents.weights"][~real].any()
    assert not case.P["intents.bias"][COUNT:].any()
    assert case.P["intents.weights"][real].all()
    assert case.run(kernels)[0] < 0.5 * Case(dtype=np.float32).run(kernels)[0]
