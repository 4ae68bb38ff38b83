"""Text to tokens and back: what is one token in which script, and that nothing of a text is lost or moved."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import TEXTS

from rnntag.data.tokenisation import ASCII, _characters, cut, joined, located, tokens_of


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


def test_tokens_are_words_or_smaller():
    assert tokens_of("to Oslo!", False) == ["to", "Oslo!"]
    assert tokens_of("to Oslo!", True) == ["to", "Oslo", "!"]
