"""Tokens to a text that they may have come from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnntag.data.detokeniser import as_written


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("I do n't , he 's here .", "I don't, he's here."),
        ('He said ( at last ) : " yes , now " !', 'He said (at last): "yes, now"!'),
        ("l' homme qu' il voit a -t -il dit ?", "l'homme qu'il voit a-t-il dit?"),
        ("third - party and / or 1 / 2", "third-party and/or 1/2"),
        ("$ 5 is 10 % , you can not", "$5 is 10%, you cannot"),
        ("¿ Qué ? ¡ Sí !", "¿Qué? ¡Sí!"),
        ("Hey ! 's late", "Hey! 's late"),
        ("我 要 去 北京 。", "我要去北京。"),
        ("flights from boston to st. louis", "flights from boston to st. louis"),
        ("", ""),
    ],
)
def test_texts(tokens, text):
    assert as_written(tokens.split())[0] == text


@given(st.lists(st.sampled_from(["a", "'s", ".", '"', "(", "-", "don", "l'", "京", "''", "5"]), max_size=12))
def test_tokens_stand_where_it_is_said(tokens):
    text, starts = as_written(tokens)
    assert [text[start : start + len(token)] for start, token in zip(starts, tokens, strict=True)] == tokens
    assert text.replace(" ", "") == "".join(tokens)
