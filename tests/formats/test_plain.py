"""A line is a sentence, and tags alone are a line."""

import pytest
from readers import BIO, fault, read

from rnntag import formats
from rnntag.data.sentence import Sentence

# Plain


def test_plain_gives_one_sentence_a_line_and_knows_its_place():
    first, blank, last = read("to  Oslo\u3000now\n \n\tby ship", "plain")
    assert first.tokens == ["to", "Oslo", "now"]
    assert blank.tokens == []
    assert last.tokens == ["by", "ship"]
    assert (first.tags, first.rows, first.comments) == (None, None, ())
    assert [sentence.where(1) for sentence in (first, blank, last)] == ["case:1", "case:2", "case:3"]


def test_plain_text_has_no_tags():
    assert fault("to Oslo\n", "plain", tagged=True) == (
        "case: plain text has no tags\n"
        "hint: give it as conll: a token, a TAB and its tag a line, a blank line after each sentence"
    )


@pytest.mark.parametrize(
    ("form", "line"),
    [("inline", "to [new york](city)"), ("plain-tags", "O B-city I-city")],
    ids=["inline", "plain-tags"],
)
def test_a_line_ends_with_the_intent_behind_a_tab_if_there_is_one(form, line):
    sentence = Sentence(["to", "new", "york"], ["O", "B-city", "I-city"])
    assert formats.write([sentence], form, BIO) == f"{line}\n"
    told = sentence.with_tags(sentence.tags, "book flight")
    assert formats.write([told, sentence], form, BIO) == f"{line}\tbook flight\n{line}\n"
    assert formats.write([Sentence([], [])], form, BIO) == "\n"
