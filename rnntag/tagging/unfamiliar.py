"""What is to be told of text before it is tagged: words that the model does not know, lines that are not cut."""

from __future__ import annotations

from collections.abc import Sequence

from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.model.model import Model

ENOUGH = 50  # tokens, below which nothing can be said
BEYOND = 30.0  # percent of unknown words above the dev set's from which on it is told


def unfamiliar(model: Model, sentences: Sequence[Sentence]) -> str | None:
    """A warning where far more words are unknown to a model than in its dev set; None where all is well."""
    usual = model.record.unknown
    tokens = [token for sentence in sentences for token in sentence.tokens]
    found = model.lexicon.unknown(tokens)
    if usual is None or found is None or len(tokens) < ENOUGH or found < usual + BEYOND:
        return None
    return (
        f"{found:.0f} % of the first {len(tokens):,} tokens are words that the model does not know; in its dev set "
        f"{usual:.0f} % were: its training had other text, or text that was cut otherwise (--characters, --spaces)"
    )


def left_alone(cut: Cut, sentences: Sequence[Sentence]) -> str | None:
    """A note where lines are taken for tokens with spaces between; None where there are none."""
    count = sum(cut.leaves(sentence.text or "") for sentence in sentences)
    if not count:
        return None
    lines = "the first line is" if len(sentences) == 1 else f"{count} of the first {len(sentences)} lines are"
    return f"{lines} taken for tokens with spaces between, and not cut (--characters cuts)"
