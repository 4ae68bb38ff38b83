"""Two passes over a sentence under other dropout, drawn together: each learns from the other, which stands still.

With p the probabilities of a pass and q those of its copy, the gradient of pull · KL(q ‖ p), q held fixed, is
pull · (p - q) at the scores. Both are found by enumerating every path.
"""

import numpy as np
import pytest
from numerics import TAGS, Paths, gold_path, legal, ragged, rows_of, slope

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.workspace import Workspace
from rnntag.network.decoders import DECODERS, Softmax
from rnntag.network.inputs import Gold, Inputs, Noise, Tokens
from rnntag.network.intent_head import IntentHead
from rnntag.network.losses import Objective
from rnntag.network.network import Network
from rnntag.network.run import Run
from rnntag.network.spec import Spec

Y = len(TAGS)
LENGTHS = (3, 3, 3, 3, 2, 2, 1, 1)  # copies stand one after the other
every_pull = pytest.mark.parametrize("pull", [0.5, 3.0])


def copy_of(sentence):
    return sentence ^ 1


class Tags:
    """Random tag scores of copies, and a decoder with random parameters over them."""

    def __init__(self, decoder):
        rng = np.random.default_rng(12)
        self.decoder, self.batch = DECODERS[decoder], ragged(LENGTHS)
        small = legal()
        self.legal = small._replace(transitions=np.zeros((16, 16), bool), bounds=np.zeros((2, 16), bool))
        self.legal.transitions[:Y, :Y], self.legal.bounds[:, :Y] = small.transitions, small.bounds
        self.P = Parameters(self.decoder.shapes(16), np.float64)
        for _, view in self.P:
            view[:] = rng.normal(size=view.shape)
        self.E = rng.normal(size=(self.batch.rows, 16))
        self.gold = gold_path(self.batch)

    def run(self, engine, pull, scale=1.0):
        G, E = self.P.like(), self.E.copy()
        run = Run(engine, self.P, G, Workspace(np.float64))
        return *self.decoder.loss(run, self.legal, self.batch, E, self.gold, Objective(scale, pull)), G

    def marginals(self):
        """The probability of each tag in each row (R, Y), by every path there is."""
        transitions = self.decoder.transitions(self.P, self.legal)
        found = np.zeros((self.batch.rows, Y))
        for sentence in range(self.batch.sentences):
            rows = rows_of(self.batch, sentence)
            if isinstance(self.decoder, Softmax):  # each token is an event of its own
                for row in rows:
                    found[row] = Paths(self.E[[row], :Y], np.zeros((Y, Y)), np.zeros((2, Y))).marginals
            else:
                found[rows] = Paths(self.E[rows, :Y], transitions.scores[:Y, :Y], transitions.bounds[:, :Y]).marginals
        return found


def rows_of_copies(batch):
    """For each row that of its copy (R,)."""
    other = np.empty(batch.rows, int)
    for sentence in range(batch.sentences):
        other[rows_of(batch, sentence)] = rows_of(batch, copy_of(sentence))
    return other


@every_pull
@pytest.mark.parametrize("scale", [1.0, 0.25])
@pytest.mark.parametrize("decoder", DECODERS)
def test_at_the_tag_scores_the_gradient_gains_what_a_copy_differs(plain, decoder, pull, scale):
    case = Tags(decoder)
    p = case.marginals()
    nll = p.copy()
    nll[np.arange(case.batch.rows), case.gold] -= 1.0
    loss, dE, G = case.run(plain, pull, scale)
    expected = scale * (nll + pull * (p - p[rows_of_copies(case.batch)]))
    np.testing.assert_allclose(dE[:, :Y], expected, atol=1e-9)
    assert not dE[:, Y:].any()
    assert np.abs(p - p[rows_of_copies(case.batch)]).max() > 0.1, "copies that agree prove nothing"

    alone, without, before = case.run(plain, 0.0, scale)
    assert loss == alone  # what is reported is the likelihood
    np.testing.assert_allclose(without[:, :Y], scale * nll, atol=1e-9)
    for name, view in G:  # at the transitions it cancels between the two
        np.testing.assert_allclose(view, before[name], atol=1e-12, err_msg=name)
        assert view.any()


@every_pull
def test_at_the_intents_scores_the_gradient_gains_what_a_copy_differs(plain, pull):
    """Also where no intent is known: the two are to agree all the same."""
    rng, batch, gold = np.random.default_rng(2), ragged(LENGTHS), np.array([2, 2, -1, -1, 0, 0, -1, -1])
    head = IntentHead(3, np.ones(4, bool))
    H, P = rng.normal(size=(batch.rows, 4)), Parameters(head.shapes(), np.float64)
    head.initial(rng, P)
    G, dH = P.like(), np.zeros_like(H)
    run = Run(plain, P, G, Workspace(np.float64))
    scores, S, _ = head.scores(run, batch, H)
    S = S.copy()
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    dE = pull * (p - p[[copy_of(sentence) for sentence in range(8)]])
    for sentence, right in enumerate(gold):
        if right >= 0:
            dE[sentence] += p[sentence] - np.eye(3)[right]
    loss = head.loss(run, batch, H, gold, Objective(0.5, pull), dH)
    np.testing.assert_allclose(G["intents.bias"][:3], 0.5 * dE.sum(axis=0), atol=1e-12)
    np.testing.assert_allclose(G["intents.weights"][:, :3], 0.5 * S.T @ dE, atol=1e-12)
    assert dH[rows_of(batch, 6)].any()
    known = gold >= 0
    assert loss == pytest.approx(-np.log(p[known, gold[known]]).sum(), rel=1e-12)


class Whole:
    """A network that sees copies under two masks, and what its gradient is to be the slope of, the long way."""

    def __init__(self, decoder):
        rng = np.random.default_rng(4)
        spec = Spec(hidden=3, embedding=4, decoder=decoder, features=("word",))
        self.network, self.batch = Network(spec, {"word": 6}, Y, legal(), intents=3), ragged(LENGTHS)
        self.P = Parameters(self.network.shapes(), np.float64)
        self.P.flat[:] = self.network.initial(rng).flat
        for name, view in self.P:
            view *= 2.0  # so that copies differ
            view += rng.normal(size=view.shape) * (name in ("moves", "bounds"))
        words = rng.integers(1, 6, self.batch.rows)  # not the unknown one, whose states tie at 0
        words = words[np.minimum(np.arange(self.batch.rows), rows_of_copies(self.batch))]
        self.tokens = Tokens(words[:, None].astype(np.int32))
        self.gold = Gold(gold_path(self.batch), np.repeat([2, -1, 0, 1], 2), copies=True)

    def run(self, engine, consistency, copies=True):
        G, noise = self.P.like(), Noise(np.random.default_rng(9), 0.5)
        run, gold = Run(engine, self.P, G, Workspace(np.float64)), self.gold._replace(copies=copies)
        inputs, objective = Inputs(self.batch, self.tokens), Objective(consistency=consistency)
        return self.network.loss(run, inputs, gold, objective, noise).value, G

    def events(self, engine):
        """The scores of each thing that has a distribution, as (E, M, bounds): copies one after the other."""
        run, noise = Run.forward_only(engine, self.P, Workspace(np.float64)), Noise(np.random.default_rng(9), 0.5)
        E, trace = self.network.forward(run, Inputs(self.batch, self.tokens), noise)
        transitions, none = self.network.transitions(self.P), (np.zeros((Y, Y)), np.zeros((2, Y)))
        for sentence in range(0, self.batch.sentences, 2):
            pair = [E[rows_of(self.batch, number), :Y].copy() for number in (sentence, sentence + 1)]
            if self.network.spec.decoder == "softmax":
                yield from ((e[[t]], *none) for t in range(len(pair[0])) for e in pair)
            else:
                yield from ((e, transitions.scores[:Y, :Y], transitions.bounds[:, :Y]) for e in pair)
        scores, _, _ = self.network.intents.scores(run, self.batch, trace.states)
        yield from ((e[None], np.zeros((3, 3)), np.zeros((2, 3))) for e in scores)

    def divergence(self, engine, fixed):
        """KL(q ‖ p), summed, but for what only depends on the q: each the distribution of a copy, held fixed."""
        whole = 0.0
        for number, (E, M, bounds) in enumerate(self.events(engine)):
            q = fixed[copy_of(number)]
            scored = [(q.marginals, E), (q.transitions, M), (q.marginals[[0, -1]], bounds)]
            whole += Paths(E, M, bounds).logZ - sum(share[share > 0] @ x[share > 0] for share, x in scored)
        return whole


@pytest.mark.parametrize("decoder", DECODERS)
def test_the_networks_gradient_is_the_slope_of_loss_and_divergence(plain, decoder):
    case, consistency = Whole(decoder), 2.0
    loss, G = case.run(plain, consistency)
    likelihood, alone = case.run(plain, 0.0)
    assert loss == likelihood
    fixed = [Paths(*event) for event in case.events(plain)]
    rng = np.random.default_rng(1)
    for name, view in case.P:
        line, start, place = rng.normal(size=view.shape), view.copy(), np.zeros(1)

        def moved(view=view, line=line, start=start, place=place):
            view[:] = start + place * line
            return case.run(plain, 0.0)[0] + consistency * case.divergence(plain, fixed)

        expected = slope(moved, place)[0]
        view[:] = start
        assert (G[name] * line).sum() == pytest.approx(expected, rel=1e-6, abs=1e-7), name
        if name not in ("moves", "bounds", "output.bias", "intents.bias"):  # where it cancels between the two
            assert np.abs(G[name] - alone[name]).max() > 1e-3, name


def test_without_copies_or_consistency_there_is_nothing_to_draw_together(plain):
    case = Whole("crf")
    for consistency, copies in ((5.0, False), (0.0, True)):
        for (name, found), (_, expected) in zip(
            case.run(plain, consistency, copies)[1], case.run(plain, 0.0)[1], strict=True
        ):
            np.testing.assert_array_equal(found, expected, err_msg=name)
