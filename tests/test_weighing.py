"""A tagger that tells how sure it is: probabilities, the best taggings, forced tags, what to annotate next."""

import math
from itertools import pairwise, product

import numpy as np
import pytest

import rnntag
from rnntag.data.bio import SCHEMES
from rnntag.data.bio_check import check
from rnntag.data.sentence import Certainty, Sentence
from rnntag.errors import CorpusError
from rnntag.formats import read_corpus
from rnntag.model.model import Model
from rnntag.model.record import Temperatures
from rnntag.tagging.confidence import confident, least_sure
from rnntag.tagging.tagger import Tagger

BIO = SCHEMES["bio"]
WORDS = ["wake", "me", "at", "seven", "tomorrow"]


@pytest.fixture(scope="module")
def tagger(trained):
    return rnntag.load(trained.path)


@pytest.fixture(scope="module")
def dev(trained):
    return read_corpus(trained.dev)


def score(tagger, tokens, tags):
    """What the network says of a tagging, by the definition."""
    model, inference = tagger.model, tagger._inference
    scored = []
    tagger._score([model.lexicon.shown.keys(Sentence(tokens))], lambda *given: scored.append(given[3].copy()))
    E, (M, bounds) = scored[0].astype(float), inference.moves
    path = [model.tags.index(tag) for tag in tags]
    moves = sum(float(M[before, after]) for before, after in pairwise(path))
    return bounds[0, path[0]] + bounds[1, path[-1]] + sum(E[step, tag] for step, tag in enumerate(path)) + moves


@pytest.mark.parametrize("temperature", [1.0, 1.7])
def test_probabilities_are_those_of_every_tagging(trained, temperature):
    tagger = rnntag.load(trained.path)
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
    model = Model.load(trained.path)
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


# Forced tags


def test_forced_tags_stand_and_the_rest_follows(tagger):
    free = next(iter(tagger.tag([WORDS])))
    assert free.tags == ["O", "O", "O", "B-time", "B-date"]
    [found] = tagger.tag([Sentence(WORDS, ["?", "?", "?", "?", "I-time"])], forced=True)
    assert found.tags == ["O", "O", "O", "B-time", "I-time"]
    assert next(iter(tagger.tag([Sentence(WORDS, ["?"] * 5)], forced=True))).tags == free.tags
    assert next(iter(tagger.tag([Sentence(WORDS)], forced=True))).tags == free.tags


def test_probabilities_under_force_are_conditional(tagger):
    [found] = tagger.tag([Sentence(WORDS, ["?", "?", "?", "?", "I-time"])], forced=True, certain=True)
    assert found.certainty.tags[3:] == pytest.approx([1.0, 1.0], abs=1e-5)
    [found] = tagger.tag([Sentence(WORDS, free := ["O", "O", "O", "B-time", "B-date"])], forced=True, certain=True)
    assert found.tags == free
    # e to the difference of two float32 sums of about thirty: ten additions, each of which rounds by up to 1e-6.
    assert found.certainty.tagging == pytest.approx(1.0, abs=1e-5)


def test_forced_tags_that_cannot_stand(tagger):
    source = {"source": "given.conll", "line": 7, "rows": WORDS}
    with pytest.raises(CorpusError) as caught:
        list(tagger.tag([Sentence(WORDS, ["?", "X", "?", "?", "?"], **source)], forced=True))
    assert str(caught.value) == (
        "given.conll:8: tag 'X' is to stand here, but the model has no such tag\nhint: ? lets the model choose"
    )
    with pytest.raises(CorpusError) as caught:
        list(tagger.tag([Sentence(WORDS, ["I-time", "?", "?", "?", "?"], **source)], forced=True))
    assert str(caught.value) == (
        "given.conll:7: tag 'I-time' cannot stand here: BIO has no way through it\nhint: ? lets the model choose"
    )


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


def test_a_forced_tag_is_certain_however_unlikely_it_was(tagger):
    """What leads up to it is closed as well, or the sums would lose it below the smallest float32."""
    model = tagger.model
    before, model.temperatures = model.temperatures, Temperatures(0.05)
    try:
        for tag in model.tags:
            given = ["?", "?", "?", tag, "?"]
            [found] = tagger.tag([Sentence(WORDS, given)], forced=True, certain=True)
            assert found.tags[3] == tag
            assert found.certainty.tags[3] == pytest.approx(1.0, abs=1e-5)
    finally:
        model.temperatures = before


def test_forced_tags_are_as_many_as_tokens(tagger):
    with pytest.raises(CorpusError) as caught:
        list(tagger.tag([Sentence(["a", "b"], ["O"], source="x", line=3)], forced=True))
    assert str(caught.value) == "x:3: 2 tokens, but 1 tags to stand"


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
