"""Plain tags out: a sentence's tags on one line, as plain text is its words on one line; an intent behind a TAB."""

from __future__ import annotations

from rnntag.formats.conll import check_intent, check_tags
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence


def write_plain_tags(sentence: Sentence, scheme: Scheme) -> str:
    """A line. Raises CorpusError for a tag or an intent that it cannot hold."""
    check_tags(sentence)
    check_intent(sentence)
    intent = "" if sentence.intent is None else f"\t{sentence.intent}"
    return f"{' '.join(sentence.tags or ())}{intent}\n"
