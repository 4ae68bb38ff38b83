"""Running text in windows: what is carried from one to the next, where gradients stop, what is read beyond."""

from dataclasses import replace

import numpy as np
import pytest
from numerics import TAGS, legal, slope

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Batch, windows
from rnntag.arrays.workspace import Workspace
from rnntag.network.cells import State
from rnntag.network.inputs import Gold, Inputs, Noise, Reach, Tokens
from rnntag.network.losses import Objective
from rnntag.network.network import Network
from rnntag.network.run import Run
from rnntag.network.spec import Spec
from rnntag.training.sampler import Carried, Sentences, Streams

TINY = Spec(hidden=3, embedding=4, direction="forward")
WORDS = 6


class Text:
    """A few texts as one run of tokens, each with ``pad`` tokens behind it, and a network over them in float64."""

    def __init__(self, spec, lengths, seed=3):
        rng = np.random.default_rng(seed)
        self.spec, self.pad = spec, spec.look_ahead
        self.network = Network(spec, {"word": WORDS}, len(TAGS), legal())
        self.P = Parameters(self.network.shapes(), np.float64)
        self.P.flat[:] = self.network.initial(rng).flat
        for _, view in self.P:
            view += 0.3 * rng.normal(size=view.shape) * (view != 0)
        self.lengths = np.array(lengths)
        whole = self.lengths + self.pad
        self.starts = np.cumsum(whole) - whole
        self.ids = rng.integers(1, WORDS, (whole.sum(), 1)).astype(np.int32)
        for start, length in zip(self.starts, self.lengths, strict=True):
            self.ids[start + length : start + length + self.pad] = 0
        self.tags = rng.choice([0, 1, 3], whole.sum())

    def loss(self, engine, chosen, before, running=True, dtype=np.float64):
        """Loss, gradient and states afterwards of some windows; ``before``: the states that they go on from."""
        found = windows(chosen.lengths, chosen.beyond, self.pad)
        P = Parameters(self.network.shapes(), dtype)
        P.flat[:] = self.P.flat
        G = P.like()
        read = [State(*(part[found.order[: len(part)]].astype(dtype) for part in state)) for state in before]
        reach = Reach(found, read, running)
        tokens = Tokens(self.ids[found.seen.gather(chosen.starts[found.order])])
        gold = Gold(self.tags[found.own.gather(chosen.starts)], np.full(found.own.sentences, -1))
        noise, run = Noise(np.random.default_rng(5), 0.0), Run(engine, P, G, Workspace(dtype))
        given = [part.copy() for state in read for part in state]
        loss = self.network.loss(run, Inputs(found.seen, tokens, reach), gold, Objective(), noise)
        for part, left in zip((part for state in read for part in state), given, strict=True):
            np.testing.assert_array_equal(part, left)
        after = [State(*(np.empty_like(part) for part in state)) for state in loss.after]
        for state, new in zip(after, loss.after, strict=True):
            for part, values in zip(state, new, strict=True):
                part[found.order[: len(values)] if len(values) else []] = values
        return loss.value, G, after

    def nothing(self, count):
        return [State(*np.zeros((2, count, self.spec.units))) for _ in range(self.spec.layers)]


def chosen_of(source, rng=1):
    return list(source.epoch(np.random.default_rng(rng)))


# What an epoch holds


@pytest.mark.parametrize(("window", "size"), [(4, 3), (5, 1), (100, 2), (1, 7), (3, 50)])
def test_every_token_is_taught_once_an_epoch(window, size):
    lengths = np.array([9, 1, 4, 23, 6, 5])
    source = Streams(lengths, 2, window, 3, size)
    updates = chosen_of(source)
    assert len(updates) == source.updates
    taught = [
        start + place
        for each in updates
        for start, n in zip(each.starts, each.lengths, strict=True)
        for place in range(n)
    ]
    starts = np.cumsum(lengths + 2) - lengths - 2
    assert sorted(taught) == sorted(s + place for s, n in zip(starts, lengths, strict=True) for place in range(n))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_window_goes_on_where_the_one_before_it_in_its_stream_ended_unless_it_begins(size):
    lengths = np.array([9, 1, 4, 23, 6, 5])
    starts = set((np.cumsum(lengths) - lengths).tolist())
    ends, carried_on = {}, 0
    for update in chosen_of(Streams(lengths, 0, 4, 0, size)):
        assert len(set(update.number.tolist())) == len(update.number) <= size
        assert (np.diff(update.lengths) <= 0).all()
        for start, length, number, begins in zip(*(update[i] for i in (0, 1, 3, 4)), strict=True):
            if begins:
                assert start in starts or number not in ends  # a text, or the first window of a stream
            else:
                assert ends[number] == start
                carried_on += 1
            ends[number] = start + length
    assert carried_on > 0


def test_what_is_read_beyond_a_window_ends_with_the_text_and_its_pad():
    for update in chosen_of(Streams(np.array([10, 3]), 2, 4, 5, 2)):
        for start, length, beyond in zip(*update[:3], strict=True):
            end = 12 if start < 12 else 17
            assert beyond == min(5, end - start - length)


def test_epochs_differ_and_have_as_many_updates():
    source = Streams(np.array([9, 1, 4, 23, 6, 5]), 0, 4, 0, 2)
    one, two = chosen_of(source, 1), chosen_of(source, 2)
    assert len(one) == len(two)
    assert [each.starts.tolist() for each in one] != [each.starts.tolist() for each in two]


def test_one_long_text_fills_all_streams():
    first = chosen_of(Streams(np.array([1000]), 0, 10, 0, 8))[0]
    assert len(first.starts) == 8
    assert first.begins.all()


# What is carried, and where gradients stop


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
@pytest.mark.parametrize("layers", [1, 2])
def test_states_carried_over_small_windows_are_those_of_the_whole(plain, cell, layers):
    text = Text(replace(TINY, cell=cell, layers=layers), [11, 7, 4])
    batch, run = Batch(text.lengths), Run.forward_only(plain, text.P, Workspace(np.float64))
    _, whole = text.network.forward(run, Inputs(batch, Tokens(text.ids[batch.gather(text.starts)])))
    end = [layer.H[batch.last] for layer in whole.layers]
    for window in (1, 2, 3, 20):
        source, ended = Streams(text.lengths, 0, window, 0, 1), {}
        carried = text.nothing(1)
        for update in chosen_of(source):
            before = text.nothing(1) if update.begins[0] else carried
            _, _, carried = text.loss(plain, update, before)
            ended[int(update.starts[0] + update.lengths[0])] = [state.H[0] for state in carried]
        for place, (start, length) in enumerate(zip(text.starts, text.lengths, strict=True)):
            for layer in range(layers):
                np.testing.assert_allclose(ended[start + length][layer], end[layer][place], rtol=1e-12)


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
@pytest.mark.parametrize(("direction", "look_ahead"), [("forward", 0), ("forward", 2), ("both", 0)])
def test_with_windows_as_long_as_the_texts_the_gradient_is_that_of_full_backpropagation(
    plain, cell, direction, look_ahead
):
    spec = replace(TINY, cell=cell, direction=direction, look_ahead=look_ahead, decoder="softmax", layers=2)
    text = Text(spec, [7, 5, 2])
    [update] = chosen_of(Streams(text.lengths, text.pad, 7, 3, 3))
    whole = chosen_of(Sentences(text.lengths, text.pad, 3))[0]
    found, G, _ = text.loss(plain, update, text.nothing(3))
    expected, full, _ = text.loss(plain, whole, text.nothing(3), running=False)
    assert found == pytest.approx(expected)
    np.testing.assert_allclose(G.flat, full.flat, atol=1e-12)
    assert np.abs(full.flat).max() > 0.01


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
@pytest.mark.parametrize(("direction", "look_ahead"), [("forward", 0), ("forward", 2), ("both", 0)])
@pytest.mark.parametrize("decoder", ["crf", "softmax"])
def test_the_gradient_of_a_window_is_the_slope_of_its_loss_with_what_was_before_held_still(
    plain, cell, direction, look_ahead, decoder
):
    spec = replace(TINY, cell=cell, direction=direction, look_ahead=look_ahead, decoder=decoder, layers=2)
    text = Text(spec, [9, 8, 5])
    updates = chosen_of(Streams(text.lengths, text.pad, 4, 3, 2))
    rng = np.random.default_rng(1)
    before = [State(*rng.normal(size=(2, 2, spec.units))) for _ in range(2)]
    update = max(updates, key=lambda each: (~each.begins).sum())
    _, G, _ = text.loss(plain, update, before)
    for name, view in text.P:
        if name == "bounds":  # a window opens and closes nothing
            assert not G[name].any()
            continue
        inside = np.flatnonzero(G[name])
        where = rng.choice(inside, min(25, len(inside)), replace=False)
        expected = slope(lambda: text.loss(plain, update, before)[0], view, where=where)
        np.testing.assert_allclose(G[name].reshape(-1)[where], expected, atol=1e-7, err_msg=name)
    assert np.abs(G["layer0.forward.recurrent"]).max() > 0.001


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
def test_the_kernels_carry_what_their_twins_do(plain, kernels, cell):
    spec = replace(TINY, cell=cell, hidden=20, look_ahead=1, layers=2)
    text = Text(spec, [9, 8, 5])
    update = chosen_of(Streams(text.lengths, 1, 4, 0, 2))[1]
    before = [State(*np.random.default_rng(1).normal(size=(2, 2, spec.units))) for _ in range(2)]
    for found, expected in zip(
        text.loss(kernels, update, before, dtype=np.float32), text.loss(plain, update, before), strict=True
    ):
        if isinstance(expected, float):
            assert found == pytest.approx(expected, rel=1e-5)
        elif isinstance(expected, list):
            for ours, theirs in zip(found, expected, strict=True):
                np.testing.assert_allclose(ours.H, theirs.H, atol=1e-5)
        else:
            np.testing.assert_allclose(found.flat, expected.flat, atol=1e-4)


def test_a_network_that_looks_ahead_sees_so_much_and_no_more(plain):
    text = Text(replace(TINY, look_ahead=2, decoder="softmax"), [8])
    [update] = chosen_of(Sentences(text.lengths, 2, 1))
    found = windows(update.lengths, update.beyond, 2)

    def scores(ids):
        run = Run.forward_only(plain, text.P, Workspace(np.float64))
        return text.network.forward(run, Inputs(found.seen, Tokens(ids), Reach(found, [], False)))[0].copy()

    first = scores(text.ids)
    assert len(first) == 8
    for place in range(8):
        changed = text.ids.copy()
        changed[place] = 1 + changed[place] % (WORDS - 1)
        different = np.abs(scores(changed) - first).max(axis=1) > 1e-9
        assert different.tolist() == [row >= place - 2 for row in range(8)]


def test_what_was_carried_is_kept_by_stream_and_forgotten_where_one_begins():
    carried = Carried([3], 4)
    rows = np.array([2, 0])
    carried.keep(rows, [State(np.ones((2, 3)), np.full((2, 3), 2.0))])
    [state] = carried.before(np.array([0, 1, 2]), np.array([False, False, True]))
    assert state.H[:, 0].tolist() == [1, 0, 0]
    assert state.C[:, 0].tolist() == [2, 0, 0]
