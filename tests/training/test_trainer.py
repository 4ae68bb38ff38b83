"""Training: the same seed gives the same bytes, the best weights are kept, and what goes wrong is said."""

import math

import numpy as np
import pytest
from trainings import SMALL, corpus, finished, saved, trainer, training_set

from rnntag.arrays.workspace import Workspace
from rnntag.data.bio import SCHEMES
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.evaluation.compare import score
from rnntag.model.file import load_model, save_model
from rnntag.network.network import Network
from rnntag.network.spec import Spec
from rnntag.tagging.tagger import Tagger
from rnntag.training import trainer as trainer_module
from rnntag.training.optimiser import HOPELESS, Optimiser
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Epoch, Step

# The same bytes


@pytest.mark.parametrize(
    ("cell", "decoder", "shards"), [("lstm", "crf", 2), ("rnn", "softmax", 3), ("window", "crf", 2)]
)
def test_the_same_seed_gives_the_same_bytes_on_one_thread_and_on_two(tmp_path, cell, decoder, shards):
    spec = Spec(cell=cell, decoder=decoder, hidden=8, embedding=8)
    data = corpus(30)

    def bytes_of(threads, seed):
        return saved(trainer(data, spec=spec, threads=threads, seed=seed, shards=shards), tmp_path / "model")

    first = bytes_of(1, 7)
    assert first == bytes_of(1, 7)
    assert first == bytes_of(2, 7)
    assert first != bytes_of(1, 8)


def test_another_seed_gives_other_weights_from_the_first_update_on():
    weights = []
    for seed in (1, 1, 2):
        one = trainer(corpus(8), seed=seed)
        for _ in one.run():
            break
        weights.append(one.model.parameters.flat)
    np.testing.assert_array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def test_more_shards_than_sentences(tmp_path):
    one = trainer(corpus(3), shards=5, threads=2, batch=2)
    steps, _ = finished(one)
    assert all(math.isfinite(step.loss) and step.gradient_norm > 0 for step in steps)
    assert np.isfinite(one.model.parameters.flat).all()


def test_a_batch_of_fewer_sentences_than_shards_trains():
    one = trainer(corpus(7), shards=3, batch=2)  # the last of its batches holds one sentence
    steps, _ = finished(one)
    assert all(0 < step.gradient_norm < 100 for step in steps)
    assert np.isfinite(one.model.parameters.flat).all()


def test_what_an_earlier_batch_left_in_the_workspace_is_not_in_a_gradient(monkeypatch):
    """Between two tables of a gradient there is room that no one writes to, elsewhere in every batch."""
    expected = [step.gradient_norm for step in finished(trainer(corpus(24)))[0]]
    fresh = Workspace.__call__

    def spoilt(self, name, *shape):
        array = fresh(self, name, *shape)
        array[...] = np.nan
        return array

    monkeypatch.setattr(Workspace, "__call__", spoilt)
    assert [step.gradient_norm for step in finished(trainer(corpus(24)))[0]] == expected


def test_with_letters_intents_and_consistency_the_same_seed_gives_the_same_bytes_too(tmp_path):
    spec, data = Spec(hidden=8, embedding=8, features=("word", "char", "suffix")), corpus(30, intents=True)

    def bytes_of(threads, seed, consistency=2.0):
        one = trainer(data, spec=spec, threads=threads, seed=seed, shards=3, consistency=consistency)
        assert one.model.intents == ["trip", "wish"]
        return saved(one, tmp_path / "model")

    first = bytes_of(1, 7)
    assert first == bytes_of(1, 7)
    assert first == bytes_of(2, 7)
    assert first != bytes_of(1, 8)
    assert first != bytes_of(1, 7, consistency=0.0)


# What is learnt, and what is kept


@pytest.mark.parametrize("cell", ["lstm", "rnn", "window"])
def test_ten_sentences_are_learnt_by_heart(cell):
    data = corpus(10, seed=3)
    spec = Spec(cell=cell, hidden=16, embedding=16)
    one = trainer(data, spec=spec, epochs=25, learning_rate=0.02, dropout=0.0)
    _, epochs = finished(one)
    assert max(epoch.scores.overall.f1 for epoch in epochs) == 100.0
    tags = Tagger(one.model).tags([sentence.tokens for sentence in data])
    assert tags == [sentence.tags for sentence in data]
    assert epochs[-1].loss < 0.1 * epochs[0].loss


@pytest.mark.parametrize("consistency", [0.0, 1.0])
def test_intents_are_learnt_beside_the_tags(tmp_path, consistency):
    train, dev = corpus(60, intents=True), corpus(20, seed=5, intents=True)
    for sentence in train[::10]:
        sentence.intent = None  # not known: neither learnt nor scored
    spec = Spec(hidden=16, embedding=16)
    one = trainer(train, dev, spec, epochs=12, batch=8, learning_rate=0.02, dropout=0.2, consistency=consistency)
    _, epochs = finished(one)
    save_model(one.model, tmp_path / "model")
    model = load_model(tmp_path / "model")
    assert model.intents == one.model.intents == ["trip", "wish"]
    blank = [Sentence(sentence.tokens) for sentence in dev]
    for found in (Tagger(one.model).tagged(blank), Tagger(model, 2).tagged(blank)):
        assert [sentence.intent for sentence in found] == [sentence.intent for sentence in dev]
        assert [sentence.tags for sentence in found] == [sentence.tags for sentence in dev]
    best = epochs[model.record.epoch - 1]
    assert best.scores.intents.utterances == 20
    assert best.scores.quality == max(epoch.scores.quality for epoch in epochs) == 100.0
    assert model.record.figures["intent_accuracy"] == model.record.figures["utterance_accuracy"] == 100.0


def test_of_several_intents_the_first_is_learnt_and_any_is_right():
    train = corpus(20, intents=True)
    for sentence in train:
        sentence.intent = {"trip": "trip#flight", "wish": "wish"}[sentence.intent]
    one = trainer(train, [train[0].with_tags(train[0].tags, "flight#trip")], epochs=8, learning_rate=0.05, dropout=0.0)
    assert one.model.intents == ["trip", "wish"]
    _, epochs = finished(one)
    assert epochs[-1].scores.intents.correct == 1


@pytest.mark.parametrize("intents", [[None, None], ["trip", None], ["trip", "trip"]], ids=["none", "one", "the same"])
def test_with_less_than_two_intents_none_are_learnt_nor_scored(intents):
    train = [sentence.with_tags(sentence.tags, intents[place % 2]) for place, sentence in enumerate(corpus(10))]
    one = trainer(train, corpus(10, intents=True))
    _, epochs = finished(one)
    assert one.model.intents == []
    assert not [name for name, _ in one.model.parameters if name.startswith("intents")]
    assert [epoch.scores.intents for epoch in epochs] == [None, None]
    assert Tagger(one.model).tagged([Sentence(["from", "Oslo"])])[0].intent is None


@pytest.mark.parametrize("decoder", ["crf", "softmax"])
def test_what_was_learnt_from_bio_writes_only_legal_bio(decoder):
    """Little is learnt in an epoch, so that any path that is open is taken."""
    one = trainer(corpus(40, noise=0.3), spec=Spec(hidden=8, embedding=8, decoder=decoder), epochs=1)
    finished(one)
    assert one.model.scheme is SCHEMES["bio"]
    rng = np.random.default_rng(2)
    one.model.parameters["output.weights"][:] *= rng.normal(size=one.model.parameters["output.weights"].shape) * 30
    words = ["from", "to", "Oslo", "New", "York", "please", "at", "7", "xyzzy"]
    asked = [Sentence(rng.choice(words, rng.integers(1, 9)).tolist()) for _ in range(300)]
    found = Tagger(one.model).tagged(asked)
    for sentence in found:
        check(SCHEMES["bio"], sentence)
    tags = {tag for sentence in found for tag in sentence.tags}
    assert {tag[0] for tag in tags} == set("OBI")
    assert tags <= set(one.model.tags)


def test_the_weights_of_the_best_epoch_are_kept(tmp_path):
    train, dev = corpus(24, noise=0.3), corpus(40, seed=1, noise=0.1)
    one = trainer(train, dev, epochs=20, learning_rate=0.05)
    _, epochs = finished(one)
    reached = [(epoch.scores.overall.f1, epoch.scores.accuracy) for epoch in epochs]
    best = reached.index(max(reached))
    assert best < len(epochs) - 1, "the last epoch being the best proves nothing"
    save_model(one.model, tmp_path / "model")
    for model in (one.model, load_model(tmp_path / "model")):
        again = score(dev, Tagger(model).tag(sentence.tokens for sentence in dev), model.scheme)
        assert (again.overall.f1, again.accuracy) == reached[best]
        assert model.record.epoch == best + 1
        assert (model.record.figures["f1"], model.record.figures["accuracy"]) == reached[best]
    better = [now > max(reached[:number], default=(-1,)) for number, now in enumerate(reached)]
    assert [epoch.best for epoch in epochs] == better


def test_the_weights_that_are_judged_and_kept_are_the_averaged_ones(monkeypatch):
    made = []

    class Remembered(Optimiser):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            made.append(self)

    monkeypatch.setattr(trainer_module, "Optimiser", Remembered)
    one = trainer(corpus(24), epochs=6, learning_rate=0.02)
    for report in one.run():
        if isinstance(report, Epoch) and report.best:
            np.testing.assert_array_equal(one.model.parameters.flat, made[0].averaged.flat)
            assert not np.array_equal(made[0].averaged.flat, made[0].P.flat)
            found = Tagger(one.model).tag(sentence.tokens for sentence in corpus(24))
            again = score(corpus(24), found, one.model.scheme)
            assert again.overall == report.scores.overall


def test_training_stops_when_patience_is_used_up():
    _, epochs = finished(trainer(corpus(6), epochs=60, learning_rate=0.05, dropout=0.0, patience=3))
    assert len(epochs) < 60
    assert [epoch.best for epoch in epochs[-4:]] == [True, False, False, False]


def test_leaving_after_the_first_update_leaves_a_usable_model(tmp_path):
    one = trainer(corpus(12))
    for report in one.run():
        assert isinstance(report, Step)
        break
    weights = one.model.parameters
    for name in ("embedding.word", "layer0.forward.input", "layer0.backward.recurrent", "output.weights"):
        assert weights[name].any(), name
    save_model(one.model, tmp_path / "model")
    words = ["from", "Cape", "Town"]
    assert Tagger(load_model(tmp_path / "model")).tags([words]) == Tagger(one.model).tags([words])


def test_leaving_later_leaves_the_best_so_far():
    one, seen = trainer(corpus(12), epochs=5), []
    for report in one.run():
        if isinstance(report, Epoch):
            seen.append(one.model.parameters.flat.copy())
        elif report.epoch == 2 and report.batch == 2:
            break
    np.testing.assert_array_equal(one.model.parameters.flat, seen[0])


# Reports


def test_every_update_and_every_epoch_is_reported():
    data = corpus(10)
    steps, epochs = finished(trainer(data, epochs=3, batch=4, learning_rate=0.02))
    assert [(step.epoch, step.batch) for step in steps] == [(e, b) for e in (1, 2, 3) for b in (1, 2, 3)]
    assert {(step.epochs, step.batches) for step in steps} == {(3, 3)}
    assert [epoch.epoch for epoch in epochs] == [1, 2, 3]
    for report in (*steps, *epochs):
        assert report.epochs == 3
        assert math.isfinite(report.loss)
        assert report.loss > 0
        assert report.gradient_norm > 0
        assert report.tokens_per_second > 0
    assert epochs[0].best
    assert epochs[0].loss > epochs[-1].loss
    assert [epoch.skipped for epoch in epochs] == [0, 0, 0]
    rates = [epoch.learning_rate for epoch in epochs]
    assert rates == sorted(rates, reverse=True)
    assert 0 < rates[-1] < rates[0] < 0.02
    assert epochs[0].seconds < epochs[-1].seconds
    for epoch in epochs:
        own = sorted(step.gradient_norm for step in steps if step.epoch == epoch.epoch)
        assert epoch.gradient_norm == own[1]
        assert epoch.clipped == pytest.approx(sum(norm > Recipe().clip for norm in own) / 3)
        assert epoch.as_dict()["f1"] == epoch.scores.overall.f1


def test_the_loss_reported_before_anything_is_learnt_is_that_of_guessing():
    data = [Sentence(["a"] * 4, ["X", "Y", "X", "Y"])] * 8
    spec = Spec(hidden=8, embedding=8, decoder="softmax")
    steps, _ = finished(trainer(data, spec=spec, epochs=1, batch=8, learning_rate=1e-7))
    assert steps[0].loss == pytest.approx(math.log(2), rel=0.5)


# What goes wrong


def broken_start(monkeypatch, name, place, value):
    """Let training start with a value that is not finite."""
    initial = Network.initial

    def broken(self, rng):
        P = initial(self, rng)
        P[name][place] = value
        return P

    monkeypatch.setattr(Network, "initial", broken)


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:overflow")
@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_training_that_cannot_go_on_says_so(monkeypatch, value):
    broken_start(monkeypatch, "output.bias", 0, value)
    steps = []
    with pytest.raises(SpecError, match=f"exploded: {HOPELESS} updates") as caught:
        steps += trainer(corpus(4 * HOPELESS + 40), epochs=3).run()
    assert "--learning-rate" in caught.value.hint


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:overflow")
@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_updates_without_a_finite_gradient_are_left_out(monkeypatch, value):
    data = [*corpus(20), Sentence(["xyzzy"], ["O"])]
    vocabulary = training_set(data).lexicon.vocabularies["word"]
    broken_start(monkeypatch, "embedding.word", vocabulary.id("xyzzy"), value)
    one = trainer(data, epochs=2, dropout=0.0)
    steps, epochs = finished(one)
    bad = [step for step in steps if not math.isfinite(step.gradient_norm)]
    assert 1 <= len(bad) <= 2
    assert epochs[-1].skipped >= 1
    for name, view in one.model.parameters:
        healthy = np.delete(view, vocabulary.id("xyzzy"), 0) if name == "embedding.word" else view
        assert np.isfinite(healthy).all(), name


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:overflow")
def test_an_epoch_tells_of_the_updates_that_were_done(monkeypatch):
    data = [*corpus(20), Sentence(["xyzzy"], ["O"])]
    one = trainer(data, epochs=2, dropout=0.0)
    broken_start(monkeypatch, "embedding.word", one.model.lexicon.vocabularies["word"].id("xyzzy"), np.inf)
    steps, epochs = finished(one)
    for epoch in epochs:
        assert math.isfinite(epoch.loss)
        assert math.isfinite(epoch.gradient_norm)
        bad = [step for step in steps if step.epoch == epoch.epoch and not math.isfinite(step.gradient_norm)]
        assert epoch.skipped == len(bad)


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:overflow")
@pytest.mark.parametrize("spec", [SMALL, Spec(cell="rnn", hidden=8, embedding=8, decoder="softmax")])
def test_a_learning_rate_beyond_reason_ends_in_finite_weights_or_a_clear_error(spec):
    one = trainer(corpus(40), spec=spec, epochs=6, learning_rate=10.0)
    try:
        finished(one)
    except SpecError as error:
        assert "--learning-rate" in error.hint  # noqa: PT017  either end is right
    assert np.isfinite(one.model.parameters.flat).all()
    Tagger(one.model).tags([["from", "Oslo"]])
