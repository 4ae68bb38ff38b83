"""Fingerprints of corpora, and the line that makes a score reproducible."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from rnntag.data.sentence import Sentence


def fingerprint(sentences: Iterable[Sentence]) -> str:
    """Eight hex digits of SHA-256 over tokens, tags and intents: white space and other comments change nothing."""
    digest = hashlib.sha256()
    for sentence in sentences:
        columns = (sentence.tokens, sentence.tags) if sentence.tags is not None else (sentence.tokens,)
        lines = [*map("\t".join, zip(*columns, strict=True))]
        if sentence.intent is not None:
            lines.append(f"# {sentence.intent}")
        digest.update("\n".join((*lines, "", "")).encode())
    return digest.hexdigest()[:8]


def signature(**parts: object) -> str:
    """The parts in their order, as ``rnntag 0.1.0 | rule conlleval | seed 1``; what is None is left out."""
    return " | ".join(f"{name} {value}" for name, value in parts.items() if value is not None)
