"""Which stretches are taught: sentences, or windows of running text, what they carry on, where gradients stop."""

from dataclasses import replace

import numpy as np
import pytest
from numerics import TAGS, legal, slope
from trainings import corpus, running_text

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Batch, windows
from rnntag.arrays.workspace import Workspace
from rnntag.data.bio import SCHEMES
from rnntag.errors import SpecError
from rnntag.network.cells import State
from rnntag.network.inputs import Gold, Inputs, Noise, Reach, Tokens
from rnntag.network.losses import Objective
from rnntag.network.network import Network
from rnntag.network.run import Run
from rnntag.network.spec import Spec
from rnntag.punctuation.task import Task
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe
from rnntag.training.sampler import CarriedStates, SentenceSampler, StreamSampler, drawn, sampler_class, settled_mode

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


def epoch_of(sampler, size, rng=1):
    """The batches of an epoch, of ``size`` stretches at most."""
    return list(sampler.epoch(np.random.default_rng(rng), size))


# What an epoch holds


@pytest.mark.parametrize(("window", "size"), [(4, 3), (5, 1), (100, 2), (1, 7), (3, 50)])
def test_every_token_is_taught_once_an_epoch(window, size):
    lengths = np.array([9, 1, 4, 23, 6, 5])
    sampler = StreamSampler(lengths, 2, window, 3)
    updates = epoch_of(sampler, size)
    assert len(updates) == sampler.updates(size)
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
    for update in epoch_of(StreamSampler(lengths, 0, 4, 0), size):
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
    for update in epoch_of(StreamSampler(np.array([10, 3]), 2, 4, 5), 2):
        for start, length, beyond in zip(*update[:3], strict=True):
            end = 12 if start < 12 else 17
            assert beyond == min(5, end - start - length)


def test_every_sentence_is_seen_once_an_epoch_in_another_order_each_time():
    sampler = SentenceSampler(np.array([len(sentence) for sentence in corpus(50)]), 0)
    orders = [epoch_of(sampler, 4, epoch) for epoch in (1, 2)]
    for batches in orders:
        assert len(batches) == sampler.updates(4)
        assert sorted(np.concatenate([batch.number for batch in batches]).tolist()) == list(range(50))
        for batch in batches:
            assert (np.diff(batch.lengths) <= 0).all()
    assert [batch.number.tolist() for batch in orders[0]] != [batch.number.tolist() for batch in orders[1]]


def test_epochs_differ_and_have_as_many_updates():
    sampler = StreamSampler(np.array([9, 1, 4, 23, 6, 5]), 0, 4, 0)
    one, two = epoch_of(sampler, 2, 1), epoch_of(sampler, 2, 2)
    assert len(one) == len(two)
    assert [each.starts.tolist() for each in one] != [each.starts.tolist() for each in two]


def test_one_long_text_fills_all_streams():
    first = epoch_of(StreamSampler(np.array([1000]), 0, 10, 0), 8)[0]
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
        sampler, ended = StreamSampler(text.lengths, 0, window, 0), {}
        carried = text.nothing(1)
        for update in epoch_of(sampler, 1):
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
    [update] = epoch_of(StreamSampler(text.lengths, text.pad, 7, 3), 3)
    whole = epoch_of(SentenceSampler(text.lengths, text.pad), 3)[0]
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
    updates = epoch_of(StreamSampler(text.lengths, text.pad, 4, 3), 2)
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
    update = epoch_of(StreamSampler(text.lengths, 1, 4, 0), 2)[1]
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
    [update] = epoch_of(SentenceSampler(text.lengths, 2), 1)
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
    carried = CarriedStates([3], 4)
    rows = np.array([2, 0])
    carried.keep(rows, [State(np.ones((2, 3)), np.full((2, 3), 2.0))])
    [state] = carried.before(np.array([0, 1, 2]), np.array([False, False, True]))
    assert state.H[:, 0].tolist() == [1, 0, 0]
    assert state.C[:, 0].tolist() == [2, 0, 0]


# What else is different between sentences and running text


SENTENCES, STREAMS = SentenceSampler(np.array([3, 2, 4, 1]), 0), StreamSampler(np.array([6, 5, 9, 2]), 0, 2, 0)


@pytest.mark.parametrize("sampler", [SENTENCES, STREAMS], ids=["sentences", "streams"])
@pytest.mark.parametrize("shards", [1, 2, 3])
def test_the_shards_of_a_batch_have_each_of_its_stretches_once(sampler, shards):
    for batch in epoch_of(sampler, 4):
        parts = [sampler.shard(batch, part, shards) for part in range(shards)]
        assert sorted(np.concatenate([part.starts for part in parts]).tolist()) == sorted(batch.starts.tolist())
        assert all((np.diff(part.lengths) <= 0).all() for part in parts)


def test_a_stream_stays_with_its_shard():
    for batch in epoch_of(STREAMS, 4):
        for part in range(2):
            assert {number % 2 for number in STREAMS.shard(batch, part, 2).number.tolist()} <= {part}


def test_intents_are_those_of_sentences_and_of_running_text_there_are_none():
    [batch] = epoch_of(SENTENCES, 4)
    assert SENTENCES.intents(np.array([7, 8, 9, -1]), batch).tolist() == [9, 7, 8, -1]
    assert STREAMS.intents(np.array([7]), epoch_of(STREAMS, 3)[0]).tolist() == [-1, -1, -1]


def test_what_the_network_is_told_of_stretches():
    [batch] = epoch_of(SENTENCES, 4)
    assert SENTENCES.reach(windows(batch.lengths, batch.beyond)) is None
    ahead = SentenceSampler(np.array([3, 2, 4, 1]), 2)
    [batch] = epoch_of(ahead, 4)
    assert not ahead.reach(windows(batch.lengths, batch.beyond, 2)).running
    batch = epoch_of(STREAMS, 4)[0]
    assert STREAMS.reach(windows(batch.lengths, batch.beyond)).running


def test_sentences_carry_no_states():
    carried = SENTENCES.states([16, 16], 4)
    assert carried.before(np.array([0, 1]), np.array([True, False])) == []
    carried.keep(np.array([0, 1]), [])
    assert len(STREAMS.states([16, 16], 4).before(np.array([0]), np.array([False]))) == 2


def test_running_text_is_read_over_the_borders_of_sentences_but_not_of_texts():
    sentences = running_text(3, 2, 4)
    sentences[1].comments = ()
    assert StreamSampler.texts(sentences) == [sentences[:2], sentences[2:]]
    assert SentenceSampler.texts(sentences) == [[sentence] for sentence in sentences]


def test_both_directions_read_on_beyond_a_window_and_the_forward_one_looks_ahead_alone():
    lengths, recipe = np.array([20]), Recipe(bptt=4, context=3)
    assert StreamSampler.of(recipe, Spec(), lengths).stretches.beyond.tolist() == [3, 3, 3, 3, 0]
    assert not StreamSampler.of(recipe, Spec(direction="forward"), lengths).stretches.beyond.any()
    ahead = StreamSampler.of(recipe, Spec(direction="forward", look_ahead=1), lengths)
    assert ahead.stretches.beyond.tolist() == [1, 1, 1, 1, 1]
    assert SentenceSampler.of(Recipe(), Spec(direction="forward", look_ahead=1), lengths).stretches.beyond == [1]


TOKENS, BIO = SCHEMES["tokens"], SCHEMES["bio"]
COMMAS = ["O", "COMMA"]


@pytest.mark.parametrize(
    ("tags", "scheme", "cell", "bptt", "expected"),
    [
        (COMMAS, TOKENS, "lstm", -1, 128),
        (COMMAS, TOKENS, "window", -1, 0),
        (COMMAS, TOKENS, "rnn", 0, 0),
        (COMMAS, TOKENS, "rnn", 5, 5),
        (["NOUN", "VERB"], TOKENS, "lstm", -1, 0),
        (["O", "B-x"], BIO, "lstm", -1, 0),
    ],
)
def test_tags_of_punctuation_are_learned_as_running_text(tags, scheme, cell, bptt, expected):
    recipe = settled_mode(Job([], [], Spec(cell=cell), Recipe(bptt=bptt)), scheme, tags)
    assert recipe.bptt == expected
    assert sampler_class(recipe) is (StreamSampler if expected else SentenceSampler)


def test_ordinary_text_is_learned_as_running_text():
    job = Job([], [], task=Task("sentences"))
    assert settled_mode(job, TOKENS, ["O", "END"]).bptt == 128


@pytest.mark.parametrize(
    ("scheme", "cell", "fact"),
    [
        (BIO, "lstm", "running text (--bptt) is for tags of single tokens, but these are spans"),
        (TOKENS, "window", "--bptt is for cells that recur"),
    ],
)
def test_running_text_is_not_for_spans_nor_for_cells_that_do_not_recur(scheme, cell, fact):
    with pytest.raises(SpecError) as caught:
        settled_mode(Job([], [], Spec(cell=cell), Recipe(bptt=8)), scheme, COMMAS)
    assert caught.value.fact == fact


def test_of_sentences_that_are_replayed_an_epoch_has_a_share_drawn_anew():
    sampler = SentenceSampler(np.arange(1, 41), 0, again=20, share=0.25)
    assert (sampler.count, sampler.updates(10)) == (25, 3)
    epochs = [
        np.concatenate([batch.number for batch in sampler.epoch(np.random.default_rng(n), 10)]) for n in (1, 1, 2)
    ]
    for numbers in epochs:
        assert len(set(numbers)) == 25
        assert set(numbers) > set(range(20))
    assert epochs[0].tolist() == epochs[1].tolist() != epochs[2].tolist()
    assert set(epochs[0]) != set(epochs[2])


@pytest.mark.parametrize(
    ("share", "again", "count"), [(0.1, 4, 1), (0.1, 25, 2), (1.0, 7, 7), (0.0, 9, 0), (0.5, 0, 0)]
)
def test_some_are_replayed_wherever_there_are_any(share, again, count):
    assert drawn(share, again) == count


def test_of_texts_that_are_replayed_an_epoch_has_as_many_windows_as_it_is_to_have():
    """Those of a text stand in order and without a gap; of the last text, any stretch of them."""
    sampler, seen = StreamSampler(np.array([8, 40, 12, 90]), 0, 4, 0, again=2, share=0.5), set()
    assert sampler.count == 2 + 10 + 13
    for seed in range(20):
        updates = list(sampler.epoch(np.random.default_rng(seed), 1))
        assert len(updates) == 25
        starts, begins = (np.concatenate([getattr(each, name) for each in updates]) for name in ("starts", "begins"))
        assert set(range(0, 48, 4)) < set(starts.tolist())
        assert len(set(starts.tolist())) == 25
        ordered = np.diff(starts) == 4
        assert (begins[1:] | ordered).all()
        seen |= set(starts.tolist())
    assert seen == set(range(0, 150, 4))  # in the course of time, all of them
