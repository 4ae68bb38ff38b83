"""Files whose lines, columns or tags are not what they are taken for are told to the letter."""

import pytest
from suspects import sound, told

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
    fact += "; where a column numbers sentences, name it with --sentence-column"
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
