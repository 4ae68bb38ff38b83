"""Texts that are cut at their spans."""

from rnntag.data.tokenisation import Cut
from rnntag.formats.charspans import CharSpan, annotated


def text(line, *marks, characters=True, number=1):
    return annotated(line, [CharSpan(*mark) for mark in marks], Cut(characters), "t.jsonl", number)
