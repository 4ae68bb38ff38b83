"""How probable what is found is: against every tagging there is, the best taggings, and what to annotate next."""

import math
from itertools import pairwise, product

import numpy as np
import pytest

import rnntag
from rnntag.data.bio import SCHEMES
from rnntag.data.bio_check import check
from rnntag.data.sentence import Certainty, Sentence
from rnntag.formats import read_corpus
from rnntag.model.file import load_model
from rnntag.model.record import Temperatures
from rnntag.tagging.confidence import Recalibrator, confident, least_sure
from rnntag.tagging.request import Request
from rnntag.tagging.scorer import Scorer
from rnntag.tagging.tagger import Tagger

BIO = SCHEMES["bio"]
WORDS = ["wake", "me", "at", "seven", "tomorrow"]


@pytest.fixture(scope="module")
def tagger(trained):
    return Tagger(load_model(trained.path))


@pytest.fixture(scope="module")
def dev(trained):
    return read_corpus(trained.dev)


def score(tagger, tokens, tags):
    """What the network says of a tagging, by the definition."""
    model, scorer, found = tagger.model, tagger.scorer, []
    scorer.score([model.keys(Sentence(tokens))], lambda scored, space: found.append(scored.tags.astype(float)))
    [E], (M, bounds) = found, scorer.inference.transitions
    path = [model.tags.index(tag) for tag in tags]
    transitions = sum(float(M[before, after]) for before, after in pairwise(path))
    return bounds[0, path[0]] + bounds[1, path[-1]] + sum(E[step, tag] for step, tag in enumerate(path)) + transitions


@pytest.mark.parametrize("temperature", [1.0, 1.7])
def test_probabilities_are_those_of_every_tagging(trained, temperature):
    tagger = Tagger(load_model(trained.path))
    tagger.model.temperatures = Temperatures(temperature, 1.0)
    tokens = WORDS[3:]
    [found] = tagger.tag([tokens], certain=True)
    taggings = list(product(tagger.model.tags, repeat=len(tokens)))
    scores = np.array([score(tagger, tokens, tags) for tags in taggings]) / temperature
    p = np.exp(scores - scores.max())
    p /= p.sum()
    assert found.tags == list(taggings[int(p.argmax())])
    assert found.certainty.tagging == pytest.approx(p.max(), rel=1e-4)
    for place, tag in enumerate(found.tags):
        share = sum(weight for weight, tags in zip(p, taggings, strict=True) if tags[place] == tag)
        assert found.certainty.tags[place] == pytest.approx(share, rel=1e-4)
    spans = BIO.spans(found.tags)
    assert len(found.certainty.spans) == len(spans) > 0
    for span, probability in zip(spans, found.certainty.spans, strict=True):
        share = sum(weight for weight, tags in zip(p, taggings, strict=True) if span in BIO.spans(tags))
        assert probability == pytest.approx(share, rel=1e-4)


def test_the_tags_are_the_same_with_certainty_and_without(trained, tagger, dev):
    sure = list(tagger.tag(dev, certain=True))
    assert [each.tags for each in sure] == [each.tags for each in tagger.tag(dev)]
    assert [each.intent for each in sure] == [each.intent for each in tagger.tag(dev)]
    assert all(each.certainty is None for each in tagger.tag(dev))
    for each in sure:
        certainty = each.certainty
        assert 0 < certainty.tagging <= min([1.0, *certainty.tags, *certainty.spans]) + 1e-5
        assert certainty.rank is None
        assert len(certainty.tags) == len(each)


def test_threads_and_engines_agree_on_probabilities(trained, dev, kernels, plain):
    model = load_model(trained.path)
    of = [
        [each.certainty.tagging for each in Tagger(model, threads, engine=engine).tag(dev, certain=True)]
        for threads, engine in ((1, plain), (1, kernels), (3, kernels))
    ]
    np.testing.assert_allclose(of[1], of[0], rtol=1e-3)
    np.testing.assert_allclose(of[2], of[1], rtol=1e-3)


def test_intents_have_probabilities_where_there_are_intents():
    tagger = rnntag.load()
    [found] = tagger.tag([WORDS], certain=True)
    assert found.intent == "set_alarm"
    assert 0.5 < found.certainty.intent <= 1.0
    before = found.certainty.intent
    tagger.model.temperatures = Temperatures(tagger.model.temperatures.tags, 50.0)
    [found] = tagger.tag([WORDS], certain=True)
    assert 1 / len(tagger.model.intents) < found.certainty.intent < before


def test_a_sentence_without_tokens_is_certain(tagger):
    found = list(tagger.tag([[], WORDS], certain=True))
    assert found[0].certainty == Certainty(1.0, [], [])
    assert [len(each) for each in found] == [0, 5]
    assert [each.certainty.rank for each in tagger.tag([[], WORDS], best=2)][1:] == [0, 1]


def test_the_best_taggings(tagger, dev):
    several = list(tagger.tag(dev[:20], best=4))
    alone = list(tagger.tag(dev[:20]))
    place = 0
    for sentence in alone:
        own = several[place : place + 4]
        assert [each.certainty.rank for each in own] == [0, 1, 2, 3]
        assert own[0].tags == sentence.tags
        p = [each.certainty.tagging for each in own]
        assert p == sorted(p, reverse=True)
        assert sum(p) <= 1 + 1e-6
        assert len({tuple(each.tags) for each in own}) == 4
        ours, theirs = (math.log(x.certainty.tagging) for x in (own[0], own[3]))
        temperature = tagger.model.temperatures.tags
        apart = (
            score(tagger, sentence.tokens, own[0].tags) - score(tagger, sentence.tokens, own[3].tags)
        ) / temperature
        assert ours - theirs == pytest.approx(apart, abs=2e-3)
        for each in own:
            check(BIO, each)
        place += 4
    assert place == len(several)


def test_more_taggings_than_there_are(tagger):
    found = list(tagger.tag([["seven"]], best=1000))
    legal = [tag for tag in tagger.model.tags if not tag.startswith("I-")]
    assert sorted(each.tags[0] for each in found) == sorted(legal)
    assert sum(each.certainty.tagging for each in found) == pytest.approx(1.0, abs=1e-5)


def test_sentences_share_nothing(tagger):
    first, second = tagger.tag([[], []], certain=True)
    first.tags.append("x")
    first.certainty.spans.append(1.0)
    assert (second.tags, second.certainty.spans) == ([], [])
    assert next(iter(tagger.tag([[]], certain=True))).tags == []


def test_probabilities_are_no_more_than_one(tagger, dev):
    model = tagger.model
    before, model.temperatures = model.temperatures, Temperatures(0.5)
    try:
        found = list(tagger.tag(dev, certain=True))
    finally:
        model.temperatures = before
    assert max(p for each in found for p in (*each.certainty.tags, *each.certainty.spans, each.certainty.tagging)) <= 1


@pytest.mark.parametrize("best", [0, -3])
def test_no_taggings_at_all_cannot_be_asked_for(tagger, best):
    with pytest.raises(rnntag.SpecError, match=f"best is {best}, but must be at least 1"):
        list(tagger.tag([WORDS], best=best))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_recalibrated_sentences_are_those_that_a_calibrated_model_gives(trained, dev, plain, temperature):
    model, temperatures = load_model(trained.path), Temperatures(temperature, 1.0)
    found = Recalibrator(Scorer(model, engine=plain), dev).at(temperatures)
    model.temperatures = temperatures
    expected = Tagger(model, engine=plain).tagged(dev, Request(probabilities=True))
    assert [each.tags for each in found] == [each.tags for each in expected]
    assert [each.certainty for each in found] == [each.certainty for each in expected]


def test_a_recalibrator_asks_the_network_once(trained, dev, monkeypatch):
    scorer = Scorer(load_model(trained.path))
    recalibrator = Recalibrator(scorer, dev)
    monkeypatch.setattr(scorer.inference, "scores", None)
    taggings = [[each.certainty.tagging for each in recalibrator.at(Temperatures(t))] for t in (1.0, 4.0, 1.0)]
    assert taggings[0] == taggings[2] != taggings[1]


# What follows from certainty


def sure(tags, *p, tagging=0.5, intent=None):
    return Sentence(["w"] * len(tags), tags, certainty=Certainty(tagging, [0.9] * len(tags), list(p), intent))


def test_spans_below_a_probability_are_left_out():
    sentence = sure(["B-a", "I-a", "O", "B-b", "B-c"], 0.9, 0.3, 0.5)
    assert confident(sentence, BIO, 0.3) is sentence
    kept = confident(sentence, BIO, 0.5)
    assert kept.tags == ["B-a", "I-a", "O", "O", "B-c"]
    assert kept.certainty.spans == [0.9, 0.5]
    assert kept.certainty.tags == []  # those are of the tags that were there
    assert confident(sentence, BIO, 1.0).tags == ["O"] * 5
    iob1 = sure(["I-a", "B-a"], 0.2, 0.8)
    assert confident(iob1, SCHEMES["iob1"], 0.5).tags == ["O", "I-a"]


def test_the_least_sure_come_first_by_their_length():
    short, long = sure(["O"], tagging=0.5), sure(["O"] * 10, tagging=0.2)
    certain, empty = sure(["O"] * 3, tagging=1.0), Sentence([], [], certainty=Certainty(1.0, [], []))
    doubted = sure(["O"] * 3, tagging=1.0, intent=0.01)
    never = sure(["O"], tagging=0.0)
    assert least_sure([certain, short, empty, long, doubted, never], 4) == [never, doubted, short, long]
    assert least_sure([], 3) == []
