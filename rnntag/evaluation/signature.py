"""Fingerprints of corpora, and the line that makes a score reproducible."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from rnntag.data.sentence import Sentence


def fingerprint(sentences: Iterable[Sentence]) -> str:
    """Identify a corpus by eight hex digits of SHA-256 over tokens, tags and intents; nothing else changes them."""
    digest = hashlib.sha256()
    for sentence in sentences:
        columns = (sentence.tokens, sentence.tags) if sentence.tags is not None else (sentence.tokens,)
        lines = [*map("\t".join, zip(*columns, strict=True))]
        if sentence.intent is not None:
            lines.append(f"# {sentence.intent}")
        digest.update("\n".join((*lines, "", "")).encode())
    return digest.hexdigest()[:8]


def signature(**parts: object) -> str:
    """Join names and values in their order, as ``rnntag 0.1.0 | rule conlleval | seed 1``; None is left out."""
    return " | ".join(f"{name} {value}" for name, value in parts.items() if value is not None)
