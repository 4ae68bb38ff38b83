"""Text to tokens and back: what is one token in which script, and that nothing of a text is lost or moved."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import TEXTS, spanned_texts

from rnntag.data.bio import SCHEMES
from rnntag.data.tokenisation import ASCII, _characters, cut, joined, located, tokens_of
from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan, annotated, char_spans, text_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't pay 3.5 or 1,000: e-mail me!", ["Don't", "pay", "3.5", "or", "1,000", ":", "e-mail", "me", "!"]),
        ("U.S. 'quoted' snake_case _x", ["U.S", ".", "'", "quoted", "'", "snake_case", "_", "x"]),
        ("l’été naïve cafe\u0301s Straße", ["l’été", "naïve", "cafe\u0301s", "Straße"]),
        ("https://a.example/x?y=1", ["https", ":", "/", "/", "a.example", "/", "x", "?", "y", "=", "1"]),
        ("+47 22-33 50% $5 C++", ["+", "47", "22-33", "50", "%", "$", "5", "C", "+", "+"]),
        ("北京3号,IBM电脑。", ["北", "京", "3", "号", ",", "IBM", "电", "脑", "。"]),
        ("東京タワーへ", ["東", "京", "タ", "ワ", "ー", "へ"]),
        ("か\u3099ﾊﾟ", ["か\u3099", "ﾊﾟ"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("한국어 사전", ["한국어", "사전"]),
        ("नमस्ते दुनिया।", ["नमस्ते", "दुनिया", "।"]),
        ("שָׁלוֹם עולם", ["שָׁלוֹם", "עולם"]),
        ("العَرَبِيَّة", ["العَرَبِيَّة"]),
        ("👩🏽\u200d🚀👍🏿❤\ufe0f", ["👩🏽\u200d🚀", "👍🏿", "❤\ufe0f"]),
        ("🇳🇴🇫🇷", ["🇳🇴", "🇫🇷"]),
        ("🏴\U000e0067\U000e0062\U000e007f1\ufe0f\u20e3", ["🏴\U000e0067\U000e0062\U000e007f", "1\ufe0f\u20e3"]),
        ("ok🙂🙂", ["ok", "🙂", "🙂"]),
        ("a\u3000b\u2028c\x1fd", ["a", "b", "c", "d"]),
        (" \t", []),
    ],
)
def test_tokens(text, tokens):
    assert cut(text, True) == (tokens, located(tokens, text))
    assert cut(text, False)[0] == text.split()


@given(TEXTS, st.booleans())
def test_a_token_stands_where_its_place_says_and_all_but_white_space_is_in_tokens(text, characters):
    tokens, offsets = cut(text, characters)
    assert [text[start:end] for start, end in offsets] == tokens
    assert "".join(tokens) == "".join(text.split())
    assert [place for offset in offsets for place in offset] == sorted(place for offset in offsets for place in offset)


@given(st.text(st.characters(max_codepoint=127)))
def test_what_cuts_ascii_cuts_it_as_all_else_is_cut(text):
    assert ASCII.findall(text) == _characters().findall(text)


def test_white_space_is_the_same_to_both_ways_of_cutting():
    signs = "".join(map(chr, range(0x110000)))
    assert re.findall(r"\s", signs) == [sign for sign in signs if sign.isspace()]


@given(st.lists(TEXTS.filter(bool)))
@example(["北", "京", ",", "a", "。", "b"])
def test_joined_tokens_stand_where_their_places_say(tokens):
    text, offsets = joined(tokens)
    assert [text[start:end] for start, end in offsets] == tokens


def test_spaces_stand_between_joined_tokens_but_not_in_scripts_that_have_none():
    assert joined(["去", "New", "York", "，", "北", "京", "。", "ok"])[0] == "去 New York ，北京。 ok"


@given(spanned_texts(), st.booleans(), st.sampled_from(["bio", "bioes", "bmes", "bilou", "iob1"]))
@example((" to  Oslo\n", [CharSpan(0, 5, "x"), CharSpan(5, 10, "y")]), True, "bio")
@example(("unhappiness", [CharSpan(2, 7, "x"), CharSpan(7, 11, "x")]), False, "iob1")
def test_marks_come_back_as_they_were(case, characters, name):
    text, marks = case
    sentence = annotated(text, reversed(marks), characters, "case", 1)
    assert "".join(sentence.tokens) == "".join(text.split())
    tags = SCHEMES["bio"].rewritten(sentence.tags, SCHEMES[name])
    assert char_spans(sentence.with_tags(tags), SCHEMES[name]) == (text, marks)
    for token, (start, end) in zip(sentence.tokens, text_of(sentence)[1], strict=True):
        assert text[start:end].strip() == token


def test_a_text_is_cut_where_a_mark_begins_and_ends():
    sentence = annotated(
        "unhappiness, don't", [CharSpan(2, 7, "stem"), CharSpan(13, 16, "x"), CharSpan(13, 16, "x")], True, "f", 3
    )
    assert sentence.tokens == ["un", "happi", "ness", ",", "don", "'", "t"]
    assert sentence.tags == ["O", "B-stem", "O", "O", "B-x", "O", "O"]
    assert (sentence.source, sentence.line, sentence.where(2)) == ("f", 3, "f:3")


@pytest.mark.parametrize(("marks", "tags"), [(None, None), ([], ["O", "O"])])
def test_a_text_without_marks(marks, tags):
    assert annotated("to Oslo", marks, True, "f", 1).tags == tags


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
        annotated("to Oslo", [CharSpan(*mark) for mark in marks], True, "f", 2)
    assert str(caught.value) == message


def test_tokens_are_words_or_smaller():
    assert tokens_of("to Oslo!", False) == ["to", "Oslo!"]
    assert tokens_of("to Oslo!", True) == ["to", "Oslo", "!"]
