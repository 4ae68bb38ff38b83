"""What looks wrong with training data is told to the letter, and sound data is let alone."""

from random import Random

import pytest

from rnntag.corpora.splits import hold_out
from rnntag.corpora.warnings import LINES, suspicions
from rnntag.data.bio import SCHEMES, detect
from rnntag.data.sentence import Sentence
from rnntag.files import bundled
from rnntag.formats import read_corpus


def corpus(lines, source="train.conll"):
    """Sentences of ``word/TAG word/TAG`` lines, an intent behind a TAB, placed as in a file; ~ is a space."""
    sentences, line = [], 1
    for text in lines:
        text, _, intent = text.partition("\t")
        pairs = [pair.rsplit("/", 1) for pair in text.split(" ")]
        tokens, tags = [token.replace("~", " ") for token, _ in pairs], [tag for _, tag in pairs]
        sentences.append(Sentence(tokens, tags, tokens, (), source, line, intent or None))
        line += len(tokens) + 1
    return sentences


def sound(count, name="p"):
    """Lines that differ in digits alone, which are one word to the network, and have nothing wrong."""
    return [f"go/O to/O {name}{number:03}/B-city hall/I-city now/O" for number in range(count)]


def told(train, dev=(), scheme=None):
    train, dev = corpus(train), corpus(dev or sound(3, "q"), "dev.conll")
    return suspicions(train, dev, SCHEMES[scheme] if scheme else detect(sentence.tags for sentence in train))


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


# The file as a whole.


def test_numbers_in_the_place_of_words():
    lines = ["1/O 2/B-city 3/I-city", "1/O 2/B-city", "go/O to/B-city"]
    fact = "the tokens are numbers, 1, 2 and so on; the word must be the first column"
    assert told(lines) == [f"train.conll:1: {fact}"]
    assert told([*sound(9), *lines]) == []


@pytest.mark.parametrize(("tags", "found"), [(103, True), (102, False)])
def test_as_many_tags_as_words(tags, found):
    words = [f"word{number}/tag{number % tags}" for number in range(204)] * 2
    lines = [" ".join(pair) for pair in zip(words[::2], words[1::2], strict=True)]
    fact = f"{tags} different tags for 204 different words; the tag must be the last column"
    assert told(lines, lines[:1]) == ([f"train.conll:1: {fact}"] if found else [])


def test_a_single_tag():
    lines = ["go/O home/O", "stay/O here/O"]
    fact = "every tag is 'O', so there is nothing to learn; the tag must be the last column"
    assert told(lines) == [f"train.conll:1: {fact}"]
    assert told([f"{line}\t{line[:4]}" for line in lines]) == []  # intents are learned


def test_a_single_sentence():
    fact = "all of train is one sentence (5 tokens); a blank line ends a sentence"
    assert told(sound(1)) == [f"train.conll:1: {fact}"]
    fact = "all of dev is one sentence (1005 tokens); a blank line ends a sentence"
    assert told(sound(40), [" ".join(sound(201, "q"))]) == [f"dev.conll:1: {fact}"]
    assert told(sound(40), sound(1, "q")) == []


def test_sentences_of_one_token():
    lines = [f"go{number}/{'O' if number % 2 else 'B-city'}" for number in range(19)]
    fact = "19 of 20 sentences are one token long; a blank line ends a sentence"
    assert told([*sound(1), *lines]) == [f"train.conll:7: {fact}"]
    assert told([*sound(2), *lines]) == []


def test_tokens_that_hold_sentences():
    lines = [*sound(5), "book~a~room~in~this~hotel/O at/O once/O", "go~to~the~hall~or~home~now/O"]
    fact = "a token holds 6 words, and 1 more like it; each word has a line and a tag of its own"
    assert told(lines) == [f"train.conll:31: {fact}"]
    assert told([*sound(5), "a~hall~of~five~words/O"]) == []


def test_a_document_among_sentences():
    lines = [*sound(9), " ".join(["word/O"] * 1001), " ".join(["word/O"] * 2000)]
    fact = "a sentence of 1001 tokens, and 1 more like it, where the median is 5; a blank line ends a sentence"
    assert told(lines) == [f"train.conll:55: {fact}"]
    assert told([*sound(9), " ".join(["word/O"] * 1000)]) == []
    assert told(["go/O", *(" ".join(sound(number)) for number in (201, 202, 203))]) == []  # most are long


# Tags that are not what they seem.


@pytest.mark.parametrize(
    ("first", "second", "hint"),
    [
        ("B_x", "I_x", "spans are written 'B-x', 'I-x'"),
        ("x-B", "x-I", "spans are written 'B-x', 'I-x'"),
        ("b-x", "i-x", "spans are written 'B-x', 'I-x'"),
        ("B", "I", "spans are written 'B-TYPE', 'I-TYPE'"),
        ("B", "M", "in BIOES L is E, M is I, and U is S"),
    ],
)
def test_spans_in_other_letters(first, second, hint):
    lines = [f"go/O to{number}/{first} hall/{second}" for number in range(3)]
    fact = f"tags like '{first}' and '{second}' look like spans, but are taken as one tag a token"
    assert told(lines, lines[:2]) == [f"train.conll:2: {fact}; {hint}"]


@pytest.mark.parametrize(("second", "scheme"), [("I-x", "bio"), ("E-x", "bioes")])
def test_spans_among_other_tags(second, scheme):
    lines = ["go/GO to/TO p/B-x hall/" + second, "to/TO q/B-x hall/" + second + " go/GO"]
    fact = f"tags like 'B-x' and '{second}' look like spans, but are taken as one tag a token"
    assert told(lines, lines[:1]) == [f"train.conll:3: {fact}; if they are, add --scheme {scheme}"]
    rare = ["go/GO to/TO " * 10 + "go/GO"] * 2
    assert told([*lines, *rare], lines[:1]) == []


def test_letters_that_are_no_spans():
    for line in ("go/b to/i", "go/B to/I hall/N", "go/V-I hall/N-S"):  # parts of speech
        assert told([line, line], [line]) == []


@pytest.mark.parametrize(("only", "scheme", "second"), [("B", "bio", "I-city"), ("S", "bioes", "E-city")])
def test_spans_that_were_cut(only, scheme, second):
    lines = [f"to/O p{number}/{only}-city hall/{only}-city" for number in range(5)]
    dev = [f"to/O q/{only}-city"]
    fact = "no span is longer than one token, but 5 of 10 follow one of their own type"
    hint = f"a span of two tokens is 'B-city', '{second}'"
    assert told(lines, dev, scheme) == [f"train.conll:3: {fact}; {hint}"]
    assert told(lines[:4], dev, scheme) == []
    assert told([*lines, f"to/O p/B-city hall/{second}"], dev, scheme) == []
    other = [f"to/O p{number}/{only}-city hall/{only}-hall" for number in range(5)]
    assert told(other, dev, scheme) == []


def test_the_same_sentence_tagged_in_several_ways():
    lines = [line for number in range(5) for line in (f"go/O p{number}/B-city", f"go/O p{number}/O")]
    fact = "5 of 6 sentences that train has more than once are tagged in several ways; compare train.conll:7"
    lines = [*sound(1), *lines, *sound(1)]
    assert told(lines) == [f"train.conll:10: {fact}"]
    assert told(lines[:9]) == []
    assert told([*lines, *(line for line in sound(46, "r") for _ in range(2))]) == []  # 5 of 52


# Dev that is not like train.


def test_capitals_in_one_of_both():
    low, high = sound(40), [line.replace("hall/", "Hall/") for line in sound(30, "q")]
    fact = "20.0 % of the words of dev have a capital, in train 0.0 %; write both in the same case"
    assert told(low, high) == [f"dev.conll:4: {fact}"]
    assert told(low, high[:29]) == []
    fact = "20.0 % of the words of train have a capital, in dev 0.0 %; write both in the same case"
    assert told(high, sound(30, "r")) == [f"train.conll:4: {fact}"]
    assert told([*high, *sound(200)], [line.replace("q", "r") for line in high]) == []  # some are capitals there


def test_dev_in_other_words():
    train, known = sound(400), [line.replace("now", "go") for line in sound(70)]
    dev = [*known[:9], *sound(31, "q")]
    fact = "15.5 % of the tokens of dev are words that train never has, in a tenth of train 0.0 %"
    hint = "are both of one language and kind, and cut into tokens alike?"
    assert told(train, dev) == [f"dev.conll:57: {fact}; {hint}"]
    assert told(train, dev[:39]) == told(train[:399], dev) == []  # too few tokens to tell
    assert told(train, [*dev, *known[9:]]) == []
    varied = [line.replace("now", "abcdefghij"[number // 40] * 3) for number, line in enumerate(train)]
    assert told(varied, dev) == []  # a tenth of train is as far from the rest


def test_dev_without_tags():
    dev = [line.replace("B-city", "O").replace("I-city", "O") for line in sound(40, "q")]
    assert told(sound(40), dev) == ["dev.conll:1: every tag of dev is 'O', so whatever is found there is wrong"]


def test_dev_that_is_tagged_in_part():
    blank = [line.replace("B-city", "O").replace("I-city", "O") for line in sound(40, "q")]
    fact = "4.4 % of the tokens of dev have a tag other than 'O', in train 40.0 %; were both tagged in the same way?"
    assert told(sound(40), [*blank, *sound(5, "r")]) == [f"dev.conll:1: {fact}"]
    assert told(sound(40), [*blank[:15], *sound(2, "r")]) == []
    thin = [line for at in range(0, 200, 9) for line in (*blank[:9], sound(at + 1)[at])]
    fact = "40.0 % of the tokens of dev have a tag other than 'O', in train 4.0 %; were both tagged in the same way?"
    assert told(thin, sound(40, "r")) == [f"dev.conll:1: {fact}"]


def test_a_label_that_dev_should_have():
    train = [line.replace("now/O", "now/B-time") for line in sound(40)]
    fact = "label 'time' is in 40 of 40 sentences of train but in none of dev; was dev drawn as train was?"
    assert told(train, sound(40, "q")) == [f"dev.conll:1: {fact}"]
    assert told(train, sound(20, "q")) == []
    train = [line.replace("go/O", "go/B-verb") for line in train]
    fact = "label 'verb' is in 40 of 40 sentences of train but in none of dev, and 1 more likewise"
    assert told(train, sound(40, "q")) == [f"dev.conll:1: {fact}; was dev drawn as train was?"]


def test_dev_that_stands_in_train():
    fact = "5 of 24 sentences of dev also stand in train, so its scores will flatter; compare train.conll:13"
    both = sound(7)[2:]
    assert told(sound(40), [*sound(19, "q"), *both]) == [f"dev.conll:115: {fact}"]
    assert told(sound(40), [*sound(20, "q"), *both]) == []
    assert told(sound(40), both[:4]) == []


def test_intents_that_only_dev_has():
    train = [f"{line}\t{'buy#ask' if number % 2 else 'sell'}" for number, line in enumerate(sound(40))]
    dev = [f"{line}\t{intent}" for line, intent in zip(sound(4, "q"), ["buy", "ask#sell", "ask", "ask"], strict=True)]
    assert told(train, dev) == ["dev.conll:13: 1 intent of dev never occurs in train (2 here): ask"]
    dev = [f"{line}\t{'abcdefg'[number]}" for number, line in enumerate(sound(7, "q"))]
    fact = "7 intents of dev never occur in train (7 here): a, b, c, d, e and 2 more"
    assert told(train, dev) == [f"dev.conll:1: {fact}"]
    fact = "7 sentences of dev have an intent, but none of train, so none is learned"
    assert told(sound(40), dev) == [f"dev.conll:1: {fact}"]
    assert told(train, sound(7, "q")) == []


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
