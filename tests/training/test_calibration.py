"""How far probabilities can be trusted, and the temperature that puts it right."""

import numpy as np
import pytest
from shell import SAMPLE

import rnntag
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Certainty, Sentence
from rnntag.evaluation.reliability import Bin, Judged, bins, expected_error, judged_intents, judged_spans, thresholds
from rnntag.formats import read_corpus
from rnntag.model.file import load_model, save_model
from rnntag.model.record import Temperatures
from rnntag.training import calibration
from rnntag.training.calibration import calibrated

BIO = SCHEMES["bio"]


def judged(*pairs):
    return Judged(np.array([p for p, _ in pairs]), np.array([right for _, right in pairs], bool))


def test_bins_and_the_error_worked_out_by_hand():
    case = judged((0.95, True), (0.97, True), (1.0, False), (0.5, True), (0.52, False), (0.0, False))
    found = bins(case)
    assert [(each.predictions, round(each.low, 3), round(each.high, 3)) for each in found] == [
        (1, 0.0, 0.067),
        (2, 0.467, 0.533),
        (3, 0.933, 1.0),
    ]
    assert found[2] == Bin(14 / 15, 1.0, 3, pytest.approx(0.97333, abs=1e-4), pytest.approx(2 / 3))
    error = (1 * 0.0 + 2 * abs(0.51 - 0.5) + 3 * abs(0.973333 - 2 / 3)) / 6
    assert expected_error(case) == pytest.approx(error, abs=1e-6)


def test_of_nothing_there_is_no_error():
    assert expected_error(judged()) == 0.0
    assert bins(judged()) == []
    assert thresholds(judged(), 0)[0] == (0.0, 0.0, 0.0, 0.0)


def test_probabilities_that_mean_what_they_say_have_hardly_any_error():
    rng = np.random.default_rng(1)
    p = rng.random(200_000)
    assert expected_error(Judged(p, rng.random(len(p)) < p)) < 0.005
    assert expected_error(Judged(p, rng.random(len(p)) < p**3)) > 0.1


def test_what_a_threshold_wins_and_loses():
    case = judged((0.95, True), (0.85, False), (0.45, True), (0.05, False))
    found = {each.p: each[1:] for each in thresholds(case, 4)}
    assert found[0.0] == (50.0, 50.0, 50.0)
    assert found[0.1] == pytest.approx((200 / 3, 50.0, 400 / 7))
    assert found[0.9] == (100.0, 25.0, 40.0)
    assert found[0.99] == (0.0, 0.0, 0.0)


def test_spans_and_intents_are_judged_by_the_gold_ones():
    gold = [Sentence(["a", "b"], ["B-x", "O"], intent="go#stay"), Sentence(["c"], ["O"])]
    found = [
        Sentence(["a", "b"], ["B-x", "B-y"], intent="stay", certainty=Certainty(0.5, [0.9, 0.8], [0.9, 0.7], 0.6)),
        Sentence(["c"], ["O"], intent="go", certainty=Certainty(0.5, [0.9], [], 0.8)),
    ]
    spans = judged_spans(gold, found, BIO)
    assert (spans.p.tolist(), spans.right.tolist()) == ([0.9, 0.7], [True, False])
    intents = judged_intents(gold, found, calibration.ANY)
    assert (intents.p.tolist(), intents.right.tolist()) == ([0.6], [True])


def test_the_temperature_is_that_of_least_log_loss(trained):
    model, dev = load_model(trained.path), read_corpus(trained.dev)
    tagger = rnntag.load(trained.path)

    def loss(temperature):
        tagger.model.temperatures = Temperatures(temperature)
        return calibration._log_loss(judged_spans(dev, list(tagger.tag(dev, certain=True)), model.scheme))

    before = model.temperatures
    found = calibrated(model, dev)
    assert model.temperatures == before  # it is for the caller to set
    assert found.intents == 1.0  # that model learns none
    least = loss(found.tags)
    assert all(least <= loss(found.tags * factor) + 1e-6 for factor in (0.25, 0.5, 0.8, 1.25, 2.0, 4.0))


def test_scores_that_are_too_large_are_cooled_down(trained):
    """A model twice as sure of itself needs twice the temperature."""
    model, dev = load_model(trained.path), read_corpus(trained.dev)
    usual = calibrated(model, dev).tags
    P = model.parameters
    for name in ("output.weights", "output.bias", "moves", "bounds"):
        P[name][:] *= 2.0
    assert calibrated(model, dev).tags == pytest.approx(2 * usual, rel=0.03)


def test_of_too_few_spans_no_temperature_is_made(trained):
    model, dev = load_model(trained.path), read_corpus(trained.dev)
    assert calibrated(model, dev[:3]) == Temperatures(1.0, 1.0)


def test_the_temperature_goes_with_the_model(trained, tmp_path):
    model = load_model(trained.path)
    assert model.temperatures != Temperatures()  # training calibrates
    model.temperatures = Temperatures(1.25, 0.75)
    fingerprint = model.fingerprint()
    save_model(model, tmp_path / "m.rnntag")
    assert load_model(tmp_path / "m.rnntag").temperatures == (1.25, 0.75)
    assert load_model(tmp_path / "m.rnntag").fingerprint() == fingerprint == load_model(trained.path).fingerprint()


@pytest.mark.parametrize("wrong", [False, True], ids=["all right", "all wrong"])
def test_where_all_is_right_or_all_is_wrong_no_temperature_fits(trained, wrong):
    model, dev = load_model(trained.path), read_corpus(trained.dev)
    found = list(rnntag.load(trained.path).tag(dev))
    gold = [Sentence(each.tokens, ["O"] * len(each) if wrong else each.tags) for each in found]
    assert calibrated(model, gold) == Temperatures(1.0, 1.0)


def test_intents_have_a_temperature_of_their_own():
    model = rnntag.load().model
    dev = read_corpus(SAMPLE / "dev.conll")
    usual = calibrated(model, dev)
    model.parameters["intents.weights"][:] *= 2.0
    model.parameters["intents.bias"][:] *= 2.0
    twice = calibrated(model, dev)
    assert twice.intents == pytest.approx(2 * usual.intents, rel=0.03)
    assert twice.tags == usual.tags
