"""A training set encoded: ids of its tokens, tags and intents, and the vocabularies that number them."""

from __future__ import annotations

from typing import Any

from rnntag.data.sentence import Sentence
from rnntag.evaluation.signature import fingerprint

STEPS = 128  # tokens of running text between two cuts


def corpus_record(sentences: list[Sentence]) -> dict[str, Any]:
    """What a record says of a corpus."""
    return {"corpus": fingerprint(sentences), "sentences": len(sentences)}


def learned_intent(sentence: Sentence, rule: str) -> str | None:
    """The intent that is learned of a sentence: of several joined by ``#`` the first, or all as one."""
    if sentence.intent is None or rule == "none":
        return None
    parts = sentence.intent.split("#")
    return next(filter(None, parts), None) if rule == "first" else sentence.intent
