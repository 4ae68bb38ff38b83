"""Plain tags out: the tags of a sentence on one line, as plain text is its words on one line."""

from __future__ import annotations

from rnntag.scheme import Scheme
from rnntag.sentence import Sentence


def write_plain_tags(sentence: Sentence, scheme: Scheme) -> str:
    return " ".join(sentence.tags or ()) + "\n"
