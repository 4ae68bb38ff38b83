"""The network: its whole gradient, what it can see, what it starts from, and that it never leaves the scheme."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import TAGS, gold_path, legal, lstm_column, panels, ragged, row, rows_of, slope

from rnntag.arrays import engine
from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Batch, spelled
from rnntag.arrays.workspace import Workspace
from rnntag.data.bio import SCHEMES
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence
from rnntag.features.lexicon import Lexicon
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.inference import Inference, TypedTokens
from rnntag.network.cells import CELLS
from rnntag.network.inputs import Gold, Inputs, Noise, Tokens
from rnntag.network.losses import Objective
from rnntag.network.network import Network
from rnntag.network.run import Run
from rnntag.network.spec import DECODERS, DIRECTIONS, Spec

TINY = Spec(hidden=3, embedding=4, window=2)

every_cell = pytest.mark.parametrize("cell", CELLS)
every_decoder = pytest.mark.parametrize("decoder", DECODERS)
every_direction = pytest.mark.parametrize("direction", DIRECTIONS)
every_depth = pytest.mark.parametrize("layers", [1, 2])
dropped_or_not = pytest.mark.parametrize("dropout", [0.0, 0.5])


class Case:
    """A network over a ragged batch with repeated words, its weights random; its loss and gradient by any engine.

    ``whole``: it looks at the letters of words too, and tells of three intents, of which one sentence's is not known.
    """

    def __init__(self, spec, dtype=np.float64, lengths=(4, 2, 1), dropout=0.0, words=6, jitter=0.5, whole=False):
        rng = np.random.default_rng(17)
        sizes = {"word": words, "char": 5, "shape": 3} if whole else {"word": words, "shape": 3}
        self.network = Network(spec, sizes, len(TAGS), legal(), intents=3 if whole else 0)
        self.batch, self.dropout = ragged(lengths), dropout
        first = self.network.initial(rng)
        self.P = Parameters(self.network.shapes(), dtype)
        self.P.flat[:] = first.flat
        self.real = real(self.network)
        for name, view in self.P:  # nothing is left at zero but the padding
            view += rng.normal(size=view.shape) * self.real[name] * jitter
        columns = [rng.integers(0, words, self.batch.rows), rng.integers(0, 3, self.batch.rows)]
        columns[0][:2] = 1
        letters = None
        if whole:
            long = rng.integers(1, 6, words)
            letters = spelled(long, np.cumsum(long) - long, rng.integers(0, 5, long.sum()).astype(np.int32))
            columns.insert(1, letters.place[columns[0]])
        self.ids = np.stack(columns, 1).astype(np.int32)
        self.tokens = Tokens(self.ids, letters)
        intents = np.array([2, -1, 0, 2, 1, 0, 1])[: self.batch.sentences]
        self.gold = Gold(gold_path(self.batch), intents)

    def run(self, engine, P=None, dtype=np.float64, space=None):
        P = P or self.P
        G = P.like()
        G.flat[:] = np.nan
        noise = Noise(np.random.default_rng(5), self.dropout)
        run = Run(engine, P, G, space or Workspace(dtype))
        loss = self.network.loss(run, Inputs(self.batch, self.tokens), self.gold, Objective(0.25), noise)
        return loss.value, G

    def loss(self, engine, space):
        """The same without the backward pass, for finite differences."""
        self.network.backward = lambda *_: None
        try:
            return self.run(engine, space=space)[0]
        finally:
            del self.network.backward

    def converted(self, dtype):
        P = Parameters(self.network.shapes(), dtype)
        P.flat[:] = self.P.flat
        return P


def real(network):
    """For each parameter, which elements belong to units and tags that were asked for."""
    spec, Y = network.spec, network.tags
    gates = CELLS[spec.cell].gates
    column = lstm_column if gates == 4 else lambda gate, unit: unit
    columns = np.zeros(gates * spec.units, bool)
    columns[[column(gate, unit) for gate in range(gates) for unit in range(spec.hidden)]] = True
    units = np.arange(spec.units) < spec.hidden
    states, tags = np.tile(units, len(spec.directions)), np.arange(network.Y) < Y
    masks = {}
    for name, shape in network.shapes().items():
        place, _, part = name.rpartition(".")
        if name in ("moves", "bounds"):
            masks[name] = np.zeros(shape, bool)
            allowed = network.legal.transitions if name == "moves" else network.legal.bounds
            masks[name][:Y, :Y] = allowed[:Y, :Y]
        elif name == "output.weights":
            masks[name] = np.outer(states, tags)
        elif name == "output.bias":
            masks[name] = tags
        elif place == "embedding" or place.startswith("characters"):  # whose units are all asked for
            masks[name] = np.ones(shape, bool)
        elif place == "intents":
            intents = np.arange(shape[-1]) < network.intents.count
            masks[name] = np.outer(np.tile(states, 2), intents) if part == "weights" else intents
        elif part == "input":
            rows = np.ones(shape[0], bool) if place.startswith("layer0") else np.resize(states, shape[0])
            masks[name] = np.outer(rows, columns)
        elif part == "recurrent":
            masks[name] = np.outer(units, columns)
        else:
            masks[name] = columns
    return masks


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


def test_dropout_is_one_mask_a_sentence_and_keeps_the_mean(either):
    batch = ragged([400, 300, 2])
    kept = Noise(np.random.default_rng(1), 0.25).mask(batch, 5000)
    mask = np.ones((batch.rows, 5000), np.float32)
    either.mask(mask, kept, batch.sequence)
    for sentence in range(3):
        assert (mask[rows_of(batch, sentence)] == kept[sentence]).all()
    assert (mask[0] != mask[1]).any()
    assert set(np.unique(mask)) == {np.float32(0), np.float32(4 / 3)}
    assert mask[:3].mean() == pytest.approx(1, abs=0.03)


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


# What a token can see


def rows_changed(spec, sentence, step, engine, lengths=(7, 7, 5, 1)):
    """The steps of each sentence whose tag scores change with the word at one place."""
    case = Case(spec, np.float32, lengths)
    case.ids[:, 0] = np.arange(case.batch.rows) % 5
    run, inputs = Run.forward_only(engine, case.P, Workspace()), Inputs(case.batch, case.tokens)
    before = case.network.forward(run, inputs)[0].copy()
    case.ids[row(case.batch, sentence, step), 0] = 5
    E, _ = case.network.forward(run, inputs)
    changed = (before != E).any(axis=1)
    steps = case.batch.step
    return [set(steps[changed & (case.batch.sequence == other)].tolist()) for other in range(len(lengths))]


@every_cell
@every_direction
@pytest.mark.parametrize("window", [0, 1, 2])
def test_a_token_sees_its_side_of_its_own_sentence(either, cell, direction, window):
    spec = replace(TINY, cell=cell, direction=direction, window=window)
    reach = window if cell == "window" else 7
    for step in (0, 3, 6):
        later = set(range(step, min(step + reach, 6) + 1))
        earlier = set(range(max(step - reach, 0), step + 1))
        seen = {"forward": later, "backward": earlier, "both": later | earlier}[direction]
        assert rows_changed(spec, 1, step, either) == [set(), seen, set(), set()]


def test_two_layers_of_windows_see_twice_as_far(either):
    spec = replace(TINY, cell="window", layers=2, window=1)
    assert rows_changed(spec, 0, 3, either)[0] == {1, 2, 3, 4, 5}


# Where training starts


@pytest.mark.parametrize(("cell", "hidden"), [("lstm", 20), ("rnn", 20), ("lstm", 16)])
def test_recurrent_weights_start_orthogonal_and_forget_gates_open(cell, hidden):
    network = Network(Spec(cell=cell, hidden=hidden, layers=2), {"word": 9}, len(TAGS), legal())
    P, masks = network.initial(np.random.default_rng(1)), real(network)
    for layer in range(2):
        for direction in ("forward", "backward"):
            place = f"layer{layer}.{direction}"
            for gate in range(CELLS[cell].gates):
                column = lstm_column if cell == "lstm" else lambda gate, unit: unit
                columns = [column(gate, unit) for unit in range(hidden)]
                U = P[f"{place}.recurrent"][:hidden, columns]
                np.testing.assert_allclose(U @ U.T, np.eye(hidden), atol=1e-6)
                assert (P[f"{place}.bias"][columns] == (cell == "lstm" and gate == 1)).all()
    for name, mask in masks.items():
        assert not P[name][~mask].any(), name
    assert not np.array_equal(P["layer0.forward.recurrent"], P["layer0.backward.recurrent"])


def test_the_same_seed_starts_from_the_same_weights():
    network = Case(TINY).network
    one, two, other = (network.initial(np.random.default_rng(seed)).flat for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)


# Gradients over many steps


def gradient_over_time(plain, cell, U, Z):
    """Norm of the gradient at each step's input, when only the last step is judged (T,)."""
    T, N = len(Z), len(U)
    batch, H, dH = ragged([T]), np.zeros((T, N)), np.zeros((T, N))
    dH[-1] = np.random.default_rng(4).normal(size=N)
    none, where, V = np.empty((0, N)), (batch.sizes, batch.offsets, False), panels(U.T, 16)
    if cell == "lstm":
        C = np.empty((T, N))
        plain.lstm_forward(Z, panels(U, 32), none, none, *where, H, 0, C)
        plain.lstm_backward(dH, 0, V, Z, C, none, *where, np.empty((1, N)))
        dZ = Z
    else:
        plain.rnn_forward(Z, panels(U, 16), none, *where, H, 0)
        dZ = np.empty_like(Z)
        plain.rnn_backward(dH, 0, V, H, *where, dZ)
    return np.linalg.norm(dZ, axis=1)


def rotation(rng, N):
    return np.linalg.qr(rng.normal(size=(N, N)))[0]


def test_the_gradient_of_sixty_steps_lives_behind_open_forget_gates_and_dies_in_a_simple_network(plain):
    rng, T, N = np.random.default_rng(6), 60, 16
    Z = rng.normal(size=(T, 4 * N))
    Z[:, [lstm_column(1, unit) for unit in range(N)]] += 6.0
    lstm = gradient_over_time(plain, "lstm", 0.1 * rng.normal(size=(N, 4 * N)), Z)
    rnn = gradient_over_time(plain, "rnn", 0.5 * rotation(rng, N), rng.normal(size=(T, N)))
    assert lstm[0] / lstm[-1] > 0.05
    assert rnn[0] / rnn[-1] < 0.5**59


def test_the_gradient_of_sixty_steps_explodes_under_large_recurrent_weights_and_clipping_bounds_it(plain):
    rng, T, N = np.random.default_rng(6), 60, 16
    norms = gradient_over_time(plain, "rnn", 1.5 * rotation(rng, N), np.zeros((T, N)))
    assert norms[0] / norms[-1] == pytest.approx(1.5**59, rel=1e-6)
    G = np.resize(norms, (4, 16))
    P, M, V = np.zeros_like(G), np.zeros_like(G), np.zeros_like(G)
    plain.adam(P, G, M, V, 5.0 / np.sqrt(plain.squared_norm(G)), 0.1, 0.0, 0.0, 1.0)
    assert np.linalg.norm(M) == pytest.approx(5.0)
    assert np.linalg.norm(P) <= 0.5


# The scheme

KINDS = ("a", "b", "c", "d")
every_tag = {
    name: [f"{prefix}-{kind}" for kind in KINDS for prefix in sorted(SCHEMES[name].prefixes)]
    for name in ("bio", "bioes", "iob1")
}


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(sorted(every_tag)), st.sampled_from(DECODERS), st.sampled_from([0.1, 3.0, 1e4]))
def test_the_best_path_never_leaves_the_scheme(data, scheme, decoder, scale):
    tags = ["O", *data.draw(st.lists(st.sampled_from(every_tag[scheme]), unique=True), label="tags")]
    lengths = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=8), label="lengths")
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16), label="seed"))
    spec = Spec(cell="rnn", hidden=3, embedding=4, decoder=decoder)
    network = Network(spec, {"word": 20}, len(tags), legal(tags, scheme))
    P, batch = Parameters(network.shapes()), ragged(lengths)
    P.flat[:] = rng.normal(size=P.flat.shape) * scale
    lexicon = Lexicon({"word": Vocabulary("abcdefghijklmnopqrs", frozen=True)})
    numbers = lexicon.numbers(rng.choice(list("abcdefghijklmnopqrst"), batch.rows).tolist())
    for hands in (engine.plain(), engine.kernels()):
        work = Inference(network, [P], lexicon)
        work.know(hands)
        space = Workspace()
        path = work.best(hands, batch, work.scores(hands, batch, TypedTokens(numbers), space)[0], space)
        for sentence in range(batch.sentences):
            words = [tags[number] for number in path[rows_of(batch, sentence)]]
            check(SCHEMES[scheme], Sentence(words, words))


def test_a_tag_whose_moves_are_all_far_below_the_others_keeps_them(either):
    """Scaled by one number for all tags, the transitions out of tag 0 would all count as none."""
    network = Network(TINY, {"word": 5}, 2, legal(["a", "b"], "tokens"))
    P = network.initial(np.random.default_rng(1))
    for name, view in P:
        if name.startswith("output"):
            view[:] = 0.0
    P["moves"][0, :2], P["moves"][1, :2] = -150.0, 0.0
    P["bounds"][0, 1] = -300.0  # a sentence opens with tag 0, or nearly so
    batch, tokens = Batch(np.array([2])), Tokens(np.array([[1], [2]], np.int32))
    gold = Gold(np.array([0, 1]), np.array([-1]))
    run = Run(either, P, P.like(), Workspace())
    loss = network.loss(run, Inputs(batch, tokens), gold, Objective(), Noise(None, 0.0)).value
    assert loss == pytest.approx(np.log(2), abs=1e-5)
