"""Text under its tags: where tokens and spans stand in it, by characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.formats.charspans import text_of

SHOWN = 4  # spans in one line


class TextToken(NamedTuple):
    """A token of a text: characters ``start`` up to, not including, ``end``.

    probability  that of its tag; None if it was not asked for
    """

    start: int
    end: int
    tag: str
    text: str
    probability: float | None = None


class TextSpan(NamedTuple):
    """A labelled stretch of a text: characters ``start`` up to, not including, ``end``.

    probability  None if it was not asked for
    """

    start: int
    end: int
    label: str
    text: str
    probability: float | None = None


@dataclass(frozen=True, repr=False)
class TaggedText:
    """A text, and what was found in it; places are those of characters in the whole text.

    text       as it was given
    sentences  one a line, those without words among them; what is known of places in one counts from its line
    tokens     with their tags
    spans      labelled stretches, in order
    """

    text: str
    sentences: Sequence[Sentence]
    tokens: Sequence[TextToken]
    spans: Sequence[TextSpan]

    @property
    def intents(self) -> list[str | None]:
        """The intent of each sentence; None where there is none."""
        return [sentence.intent for sentence in self.sentences]

    def __repr__(self) -> str:
        spans = [f"{span.text!r} {span.label}" for span in self.spans[:SHOWN]]
        if len(self.spans) > SHOWN:
            spans.append(f"… {len(self.spans)} spans")
        lines = f"{len(self.sentences)} line{'s' * (len(self.sentences) != 1)}"
        return f"TaggedText({', '.join([lines, *spans])})"


def located(text: str, sentences: Sequence[Sentence], scheme: Scheme) -> TaggedText:
    """The tokens and the spans of a text by their places in it; ``sentences`` are its lines, tagged."""
    tokens: list[TextToken] = []
    spans: list[TextSpan] = []
    begin = 0  # of the line
    for sentence in sentences:
        line, offsets = text_of(sentence)
        places = [(begin + start, begin + end) for start, end in offsets]
        tags = sentence.tags or []
        certainty = sentence.certainty
        sure_tags = certainty.tags if certainty else [None] * len(tags)
        for (start, end), tag, p in zip(places, tags, sure_tags, strict=True):
            tokens.append(TextToken(start, end, tag, text[start:end], p))
        found = scheme.spans(tags)
        for (first, last, label), p in zip(found, certainty.spans if certainty else [None] * len(found), strict=True):
            start, end = places[first][0], places[last - 1][1]
            spans.append(TextSpan(start, end, label, text[start:end], p))
        begin += len(line) + 1
    return TaggedText(text, sentences, tokens, spans)
