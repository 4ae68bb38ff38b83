"""How text was cut is remembered, and what cannot be found in raw text is told."""

import pytest

from rnntag.corpora.splits import cut_by_characters
from rnntag.corpora.warnings import within_words
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.formats.charspans import CharSpan, annotated, as_raw_text, projected

BIO = SCHEMES["bio"]


def text(line, *marks, characters=True, number=1):
    return annotated(line, [CharSpan(*mark) for mark in marks], characters, "t.jsonl", number)


@pytest.mark.parametrize("characters", [True, False])
def test_texts_tell_how_they_were_cut(characters):
    corpus = [
        text("go to Rome, now", (6, 10, "city"), characters=characters),
        text("go home, now", characters=characters),
        text("stop. Here.", characters=characters),
    ]
    assert cut_by_characters(corpus) is characters


def test_tokens_tell_by_being_characters():
    assert cut_by_characters([Sentence(list("我要去北京"))])
    assert not cut_by_characters([Sentence(["to", "Oslo"]), Sentence(["at", "ten"])])


def test_borders_within_words_are_told():
    sound = text("go to Rome, now", (6, 10, "city"))
    torn = text("to Romeward", (3, 7, "city"), number=5)
    assert within_words([sound, Sentence(["a"])]) == []
    [told] = within_words([sound, torn])
    assert told.startswith("t.jsonl:5: a span begins or ends within a word; raw text is not cut there")
    assert "and in 1 other sentences" in within_words([torn, torn])[0]


def test_bare_text_knows_nothing_of_its_spans():
    sentence = text("to Romeward", (3, 7, "city"))
    assert sentence.tokens == ["to", "Rome", "ward"]
    found = as_raw_text(sentence, True)
    assert (found.tokens, found.tags, found.offsets, found.text) == (["to", "Romeward"], None, None, "to Romeward")
    tokens = Sentence(["a"], ["O"])
    assert as_raw_text(tokens, True) is tokens


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
    assert projected(as_raw_text(sentence, True).with_tags(tags), sentence, BIO) == expected


def test_what_was_found_does_not_spread_to_what_touches_it():
    sentence = text("Rome, Oslo!", (6, 10, "city"))
    assert sentence.tokens == ["Rome", ",", "Oslo", "!"]
    for tags in (["B-x", "O", "O", "B-x"], ["O", "B-x", "B-y", "O"]):
        assert projected(as_raw_text(sentence, True).with_tags(tags), sentence, BIO) == tags
