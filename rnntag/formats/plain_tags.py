"""Plain tags out: a sentence's tags on one line, as plain text is its words on one line; an intent behind a TAB."""

from __future__ import annotations

from rnntag.formats.plain import ending
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence


def write_plain_tags(sentence: Sentence, scheme: Scheme) -> str:
    return " ".join(sentence.tags or ()) + ending(sentence)
