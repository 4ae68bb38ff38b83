"""Sound data is let alone, and of what looks wrong a few lines are told."""

from random import Random

import pytest
from cut_texts import text
from suspects import corpus, sound, told

from rnntag.corpora.splits import hold_out
from rnntag.corpora.warnings import LINES, checked, several_intents, suspicions, within_words
from rnntag.data.bio import SCHEMES, detect
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.files import bundled
from rnntag.formats import read_corpus


def test_sound_data_is_let_alone():
    assert told(sound(40), sound(4, "q")) == []
    assert suspicions([], corpus(sound(1)), SCHEMES["bio"]) == []
    assert suspicions(corpus(sound(1)), [], SCHEMES["bio"]) == []


@pytest.mark.parametrize("name", ["assistant_en", "assistant_zh"])
def test_the_sample_corpora_are_let_alone(name):
    train, dev, test = (read_corpus(bundled.sample(name, part)) for part in ("train", "dev", "test"))
    scheme = detect(sentence.tags for sentence in train)
    assert suspicions(train, dev, scheme) == []
    assert suspicions(train, test, scheme) == []
    assert suspicions(*hold_out(train, 1), scheme) == []
    part = Random(1).sample(train, 400)
    assert suspicions(part, dev, scheme) == []


def test_labels_seen_once():
    lines = [*sound(3), "go/O at/O ten/B-time sharp/I-time"]
    assert told(lines) == ["train.conll:21: 1 of 2 labels occurs only once in train: time"]
    lines = [*sound(3), " ".join(f"w/B-{label}" for label in "abcdef")]
    fact = "6 of 7 labels occur only once in train: a, b, c, d, e and 1 more"
    assert told(lines) == [f"train.conll:19: {fact}"]


@pytest.mark.parametrize(
    ("scheme", "lines", "more"),
    [
        ("iob1", ["a/I-x b/I-x", "a/I-x b/B-x"], "e/I-z f/I-z"),
        ("bioes", ["a/S-x c/O", "a/B-x b/E-x"], "e/B-z f/E-z"),
        ("tokens", ["a/x b/x", "c/x d/x"], "e/z f/x"),
    ],
)
def test_labels_are_counted_by_spans_in_every_scheme(scheme, lines, more):
    lines, fact = [*lines, more], "1 of 2 labels occurs"
    assert told(lines, lines[:1], scheme) == [f"train.conll:7: {fact} only once in train: z"]


# All together.


def test_never_more_than_a_few_lines():
    train = [line.replace("I-city now/O", "B-city now/B-time") for line in sound(300)]  # cut spans
    train += [f"go/O to/O p{number:03}/O hall/O now/O" for number in range(40)]  # in two ways
    train += [" ".join(["go/O"] * 1001), "rare/B-rare"]  # a document, a label seen once
    assert len(told(train)) == 4
    dev = [line.replace("to/O", "Neu/O").replace("now/O", "Wort/O") for line in sound(40, "q")]  # case, words
    dev = [f"{line}\task" for line in [*dev, *train[:40]]]  # intents, repeated
    dev = [line.replace("B-time", "O").replace("I-city", "B-city") for line in dev]  # no such label
    lines = told(train, dev)
    assert len(lines) == LINES
    assert lines[:3] == told(train)[:3]
    assert lines[-1] == "and 4 more suspicions, told when these are gone"


def test_sentences_without_a_file_are_called_by_their_number():
    train = [Sentence(["go", f"p{number}"], ["O", "B-city" if number else "B-rare"]) for number in range(3)]
    assert suspicions(train, train[1:], SCHEMES["bio"]) == [
        "train, sentence 1: 1 of 2 labels occurs only once in train: rare"
    ]


def test_borders_within_words_are_told():
    sound = text("go to Rome, now", (6, 10, "city"))
    torn = text("to Romeward", (3, 7, "city"), number=5)
    assert within_words([sound, Sentence(["a"])]) == []
    [told] = within_words([sound, torn])
    assert told.startswith("t.jsonl:5: a span begins or ends within a word; raw text is not cut there")
    assert "and in 1 other sentences" in within_words([torn, torn])[0]


# What is made of a training set and its dev set.


BIO = SCHEMES["bio"]


def one(tags, source):
    return [Sentence(["w"] * len(tags.split()), tags.split(), source=source, line=1)]


def test_what_was_held_back_is_of_the_scheme_of_the_whole():
    found = checked(one("O I-city", "a.conll"), one("O B-city", "b.conll"))
    assert (found.scheme, found.dev[0].tags) == (SCHEMES["iob1"], ["O", "I-city"])
    assert found.notes[0] == "b.conll: BIO beside IOB1: its tags are converted"
    with pytest.raises(CorpusError) as caught:  # of one file: who has B- means it
        checked(one("O I-city", "a.conll"), one("O B-city", "a.conll"))
    assert caught.value.fact == "tag 'I-city' cannot follow 'O'"
    found = checked(one("B-city I-city", "a.conll"), one("O I-city", "a.conll"))  # a slip there as well
    assert found.warnings[0].startswith("a.conll:1: tag 'I-city' cannot follow 'O'; read as conlleval does")


@pytest.mark.parametrize("dev", ["a.conll", "b.conll", "c.conll"])  # held back from either, or of its own
def test_files_in_several_schemes_are_of_the_commonest(dev):
    train = [*one("B-x I-x O B-x", "a.conll") * 5, *one("S-x O B-x E-x", "b.conll")]
    found = checked(train, one("S-x O" if dev == "b.conll" else "B-x O", dev))
    assert (found.scheme, found.train[-1].tags, found.dev[0].tags) == (BIO, ["B-x", "O", "B-x", "I-x"], ["B-x", "O"])
    assert found.notes[0] == "b.conll: BIOES beside BIO: its tags are converted"
    assert not [warning for warning in found.warnings if "--strict" in warning]


def test_a_dev_set_is_small_below_fifty_spans():
    train, tags = one("B-a O", "a.conll"), " ".join(["B-a"] * 49)
    assert checked(train, one(tags, "b.conll")).notes == [
        "dev has 49 spans, each worth 2 points of recall: which epoch is best is left to chance"
    ]
    assert checked(train, one(f"{tags} B-a", "b.conll")).notes == []
    assert checked(train, one("O", "b.conll")).notes == []  # that is worth a warning
    assert checked(one("X", "a.conll"), one("X O", "b.conll")).notes == [
        "dev has 1 tag other than O, each worth 100 points of recall: which epoch is best is left to chance"
    ]


@pytest.mark.parametrize("intent", [None, "fly", "C#", "#", "fly#"])
def test_one_intent_is_not_several(intent):
    assert several_intents([Sentence(["a"], ["O"], intent=intent)]) == []
