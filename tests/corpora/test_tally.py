"""Counts of a training set, on sentences few enough to be counted by hand."""

import pytest

from rnntag.corpora.tally import Tally, and_more, listed, opening_labels, percent
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence


def sentence(line, *pairs, source="case"):
    tokens, tags = zip(*(pair.split("/") for pair in pairs), strict=True)
    return Sentence(list(tokens), list(tags), list(tokens), source=source, line=line)


TRAIN = [
    sentence(1, "to/O", "Oslo/B-city"),
    sentence(4, "to/O", "New/B-city", "York/I-city", "now/B-time"),
    sentence(9, "to/O", "Oslo/B-name"),
]


@pytest.fixture
def tally():
    return Tally("train", TRAIN, SCHEMES["bio"])


def test_tokens_tags_and_transitions_are_counted(tally):
    assert (tally.tokens, tally.lengths) == (8, [2, 4, 2])
    assert tally.vocabulary == {"to": 3, "Oslo": 2, "New": 1, "York": 1, "now": 1}
    assert tally.tags == {"O": 3, "B-city": 2, "I-city": 1, "B-time": 1, "B-name": 1}
    assert tally.transitions == {
        ("O", "O"): 3,  # at the heads of sentences
        ("O", "B-city"): 2,
        ("B-city", "I-city"): 1,
        ("I-city", "B-time"): 1,
        ("O", "B-name"): 1,
    }


def test_transitions_that_open_spans_have_labels(tally):
    assert tally.opened == {("O", "B-city"): "city", ("I-city", "B-time"): "time", ("O", "B-name"): "name"}
    assert opening_labels([("O", "I-x"), ("I-x", "B-x"), ("B-x", "I-x")], SCHEMES["iob1"]) == {
        ("O", "I-x"): "x",
        ("I-x", "B-x"): "x",
    }


def test_labels_are_counted_by_sentences(tally):
    assert tally.label_counts == {"city": 2, "time": 1, "name": 1}
    speech = Tally("train", [sentence(1, "a/NOUN", "b/NOUN"), sentence(4, "c/O")], SCHEMES["tokens"])
    assert speech.label_counts == {"NOUN": 1}
    assert (speech.label("B-x"), tally.label("B-x")) == ("B-x", "x")


def test_places_are_the_first(tally):
    assert (tally.first_token("Oslo"), tally.first_tag("B-time"), tally.where(2, 1)) == ("case:2", "case:7", "case:10")
    unnamed = Tally("dev", [sentence(0, "a/O", source=""), sentence(0, "b/O", source="")], SCHEMES["bio"])
    assert unnamed.first_token("b") == "dev, sentence 2"


def test_sentences_of_the_same_tokens_are_found(tally):
    assert tally.duplicates == {("to", "Oslo"): [0, 2], ("to", "New", "York", "now"): [1]}


@pytest.mark.parametrize(("count", "sizes"), [(3, [1] * 3), (10, [1] * 10), (25, [2, 3] * 5)])
def test_blocks_are_tenths_in_order(count, sizes):
    sentences = [sentence(1, f"w{number}/O") for number in range(count)]
    tally = Tally("train", sentences, SCHEMES["bio"])
    assert [len(block) for block in tally.blocks] == sizes
    assert [each for block in tally.blocks for each in block] == sentences
    assert [sum(words.values()) for words in tally.block_words] == sizes


def test_what_messages_say():
    assert listed(["a", "b"]) == "a, b"
    assert listed(list("abcdefg")) == "a, b, c, d, e and 2 more"
    assert (and_more(0), and_more(3)) == ("", ", and 3 more like it")
    assert percent(0.1234) == "12.3 %"
