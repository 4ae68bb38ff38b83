"""Spans of characters become tags of tokens and come back as they were."""

import pytest
from cut_texts import text
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import spanned_texts

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan, annotated, as_raw_text, char_spans, projected, text_of


@given(spanned_texts(), st.booleans(), st.sampled_from(["bio", "bioes", "bmes", "bilou", "iob1"]))
@example((" to  Oslo\n", [CharSpan(0, 5, "x"), CharSpan(5, 10, "y")]), True, "bio")
@example(("unhappiness", [CharSpan(2, 7, "x"), CharSpan(7, 11, "x")]), False, "iob1")
def test_marks_come_back_as_they_were(case, characters, name):
    text, marks = case
    sentence = annotated(text, reversed(marks), Cut(characters), "case", 1)
    assert "".join(sentence.tokens) == "".join(text.split())
    tags = SCHEMES["bio"].rewritten(sentence.tags, SCHEMES[name])
    assert char_spans(sentence.with_tags(tags), SCHEMES[name]) == (text, marks)
    for token, (start, end) in zip(sentence.tokens, text_of(sentence)[1], strict=True):
        assert text[start:end].strip() == token


def test_a_text_is_cut_where_a_mark_begins_and_ends():
    sentence = annotated(
        "unhappiness, don't", [CharSpan(2, 7, "stem"), CharSpan(13, 16, "x"), CharSpan(13, 16, "x")], Cut(True), "f", 3
    )
    assert sentence.tokens == ["un", "happi", "ness", ",", "don", "'", "t"]
    assert sentence.tags == ["O", "B-stem", "O", "O", "B-x", "O", "O"]
    assert (sentence.source, sentence.line, sentence.where(2)) == ("f", 3, "f:3")


@pytest.mark.parametrize(("marks", "tags"), [(None, None), ([], ["O", "O"])])
def test_a_text_without_marks(marks, tags):
    assert annotated("to Oslo", marks, Cut(True), "f", 1).tags == tags


OUTSIDE = "which has 7 characters\nhint: a span's end is the place of the character after it"

OVERLAP = "overlap\nhint: a token has one tag: spans that lie in one another need a corpus each"


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ([(3, 8, "a")], f"f:2: span 3 to 8 (a) does not lie in the text, {OUTSIDE}"),
        ([(-1, 2, "a")], f"f:2: span -1 to 2 (a) does not lie in the text, {OUTSIDE}"),
        ([(9, 10, "a")], f"f:2: span 9 to 10 (a) does not lie in the text, {OUTSIDE}"),
        ([(0, 10**30, "a")], f"f:2: span 0 to {10**30} (a) does not lie in the text, {OUTSIDE}"),
        ([(3, 3, "a")], "f:2: span 3 to 3 (a) is empty"),
        ([(5, 3, "a")], "f:2: span 5 to 3 (a) is empty"),
        ([(0, 1, "a"), (2, 3, "b")], "f:2: span 2 to 3 (b) holds only white space"),
        ([(3, 7, "a"), (0, 4, "b")], f"f:2: spans 0 to 4 (b) and 3 to 7 (a) {OVERLAP}"),
        ([(0, 7, "a"), (1, 2, "b")], f"f:2: spans 0 to 7 (a) and 1 to 2 (b) {OVERLAP}"),
        ([(0, 2, "a"), (0, 2, "b")], f"f:2: spans 0 to 2 (a) and 0 to 2 (b) {OVERLAP}"),
    ],
)
def test_faults_of_marks(marks, message):
    with pytest.raises(CorpusError) as caught:
        annotated("to Oslo", [CharSpan(*mark) for mark in marks], Cut(True), "f", 2)
    assert str(caught.value) == message


BIO = SCHEMES["bio"]


def test_bare_text_knows_nothing_of_its_spans():
    sentence = text("to Romeward", (3, 7, "city"))
    assert sentence.tokens == ["to", "Rome", "ward"]
    found = as_raw_text(sentence, Cut(True))
    assert (found.tokens, found.tags, found.offsets, found.text) == (["to", "Romeward"], None, None, "to Romeward")
    tokens = Sentence(["a"], ["O"])
    assert as_raw_text(tokens, Cut(True)) is tokens


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["O", "B-x"], ["O", "B-x", "I-x"]),
        (["B-y", "I-y"], ["B-y", "I-y", "I-y"]),
        (["B-y", "O"], ["B-y", "O", "O"]),
    ],
)
def test_what_was_found_is_carried_to_the_finer_tokens(tags, expected):
    sentence = text("to Romeward", (3, 7, "city"))
    assert projected(as_raw_text(sentence, Cut(True)).with_tags(tags), sentence, BIO) == expected


def test_what_was_found_does_not_spread_to_what_touches_it():
    sentence = text("Rome, Oslo!", (6, 10, "city"))
    assert sentence.tokens == ["Rome", ",", "Oslo", "!"]
    for tags in (["B-x", "O", "O", "B-x"], ["O", "B-x", "B-y", "O"]):
        assert projected(as_raw_text(sentence, Cut(True)).with_tags(tags), sentence, BIO) == tags
