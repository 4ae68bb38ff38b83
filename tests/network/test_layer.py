"""A layer: what a token can see, where training starts, and the states to go on from."""

from dataclasses import replace

import numpy as np
import pytest
from networks import TINY, Case, every_cell, every_direction, real
from numerics import TAGS, legal, lstm_column, ragged, row

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.workspace import Workspace
from rnntag.network.cells import CELLS, State
from rnntag.network.inputs import Inputs
from rnntag.network.layer import Layer
from rnntag.network.network import Network
from rnntag.network.run import Run
from rnntag.network.spec import Spec

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


# States to go on from


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
def test_a_layer_goes_on_left_to_right_from_the_state_after_the_tokens_before(plain, cell):
    """A sentence in two parts, the second from where the first ended; right to left each part stands alone."""
    layer = Layer("some", CELLS[cell], ("forward", "backward"), 16, np.ones(5, bool))
    P, rng = Parameters(layer.shapes(), np.float64), np.random.default_rng(1)
    layer.initial(rng, P)
    X, run = rng.normal(size=(7, 5)), Run.forward_only(plain, P, Workspace(np.float64))

    def states(X, before=None):
        H = np.full((len(X), layer.width), np.nan)
        trace = layer.forward(run, ragged([len(X)]), X, H, True, before)
        return H, layer.after(H, trace.kept[0][1], np.array([len(X) - 1]))

    whole, end = states(X)
    first, middle = states(X[:4])
    second, last = states(X[4:], middle)
    np.testing.assert_allclose(np.concatenate([first, second])[:, :16], whole[:, :16], rtol=1e-12)
    np.testing.assert_allclose(second[:, 16:], whole[4:, 16:], rtol=1e-12)
    assert np.abs(first[:, 16:] - whole[:4, 16:]).max() > 1e-3
    for found, expected in zip(last, end, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert middle.C.shape == ((1, 16) if cell == "lstm" else (0, 16))
    np.testing.assert_array_equal(states(X[4:], State.none(16))[0], states(X[4:])[0])
