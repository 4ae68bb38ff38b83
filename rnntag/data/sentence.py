"""Sentence, Span and Certainty: the plain data that every room hands to the next."""

from __future__ import annotations

import re
from copy import copy
from itertools import zip_longest
from typing import Any, NamedTuple

DOCUMENT = re.compile(r"#\s*(newdoc|doc\s*=)")
SHOWN = 20  # tokens of a sentence in one line
# What whoever tags sentences from Python wants of one.
OFFERED = {"tokens", "tags", "intent", "certainty", "text", "offsets", "source", "line", "where", "with_tags"}


class Span(NamedTuple):
    """A labelled stretch of a sentence: tokens ``start`` up to, not including, ``end``."""

    start: int
    end: int
    label: str


class Certainty(NamedTuple):
    """How probable the tags and the intent of a sentence are.

    tagging  all of its tags together
    tags     each tag; empty where others took the place of those that were found
    spans    each span, in order
    intent   the intent, or None if there is none
    rank     which of the best taggings this is, from 0; None if only one was asked for
    """

    tagging: float
    tags: list[float]
    spans: list[float]
    intent: float | None = None
    rank: int | None = None


class Sentence:
    """Tokens in order, with what is known about them.

    tokens     the words
    tags       one tag a token, or None before tagging
    rows       the raw columns of each token, joined by TAB, or None if the input had no columns
    comments   comment lines that stood before the sentence, verbatim (``# intent = X``)
    intent     what the utterance is about, or None
    source     the file's name, or ``<stdin>``
    line       the line of the first token; with rows, token i stands in line + i; without a source, the number of the
               sentence
    lines      the line of each token where other lines stand between, else None
    text       the text that was cut into tokens, or None if they came as tokens
    offsets    where each token stands in the text, first character and the one after the last; None where that follows
               from text and tokens
    fields     what else the input said of the sentence, by name, for a writer of the same format
    certainty  how probable tags and intent are, if that was asked for
    """

    __slots__ = (
        "certainty",
        "comments",
        "fields",
        "intent",
        "line",
        "lines",
        "offsets",
        "rows",
        "source",
        "tags",
        "text",
        "tokens",
    )

    def __init__(
        self,
        tokens: list[str],
        tags: list[str] | None = None,
        rows: list[str] | None = None,
        comments: tuple[str, ...] = (),
        source: str = "",
        line: int = 0,
        intent: str | None = None,
        text: str | None = None,
        offsets: list[tuple[int, int]] | None = None,
        fields: dict[str, Any] | None = None,
        certainty: Certainty | None = None,
        lines: list[int] | None = None,
    ) -> None:
        self.tokens, self.tags, self.rows, self.intent = tokens, tags, rows, intent
        self.comments, self.source, self.line, self.lines = comments, source, line, lines
        self.text, self.offsets, self.fields, self.certainty = text, offsets, fields, certainty

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        tags = self.tags or [""] * len(self.tokens)
        words = [f"{token}/{tag}" if tag else token for token, tag in zip_longest(self.tokens, tags, fillvalue="")]
        if len(words) > SHOWN:
            words = [*words[:SHOWN], f"… {len(words)} tokens"]
        line = " ".join(words)
        return f"Sentence({line})" if self.intent is None else f"Sentence({line}, intent={self.intent!r})"

    def __eq__(self, other: object) -> bool:
        """Whether tokens, tags and intent are the same, wherever either comes from."""
        if not isinstance(other, Sentence):
            return NotImplemented
        return (self.tokens, self.tags, self.intent) == (other.tokens, other.tags, other.intent)

    def __dir__(self) -> list[str]:
        """What is shown of a sentence where names are completed; all else serves those who read and write files."""
        return [name for name in object.__dir__(self) if name.startswith("_") or name in OFFERED]

    @property
    def begins_text(self) -> bool:
        """Whether a comment says that another text begins here: ``# doc = NAME``, or CoNLL-U's ``# newdoc``."""
        return any(map(DOCUMENT.match, self.comments))

    def where(self, index: int = 0) -> str:
        """The place of token ``index`` as ``file:line``; of a sentence that is from no file, its number."""
        if not self.source:
            return f"sentence {self.line}" if self.line else "a sentence"
        return f"{self.source}:{self.line_of(index)}"

    def numbered(self, number: int) -> Sentence:
        """The same sentence under its number where messages can name no better place."""
        if self.source or self.line:
            return self
        found = copy(self)
        found.line = number
        return found

    def line_of(self, index: int) -> int:
        """The line in which token ``index`` stands."""
        if self.lines:
            return self.lines[index]
        return self.line + index if self.rows is not None else self.line

    def with_tags(self, tags: list[str], intent: str | None = None, certainty: Certainty | None = None) -> Sentence:
        """The same sentence with other tags, and another intent if there is one; everything else is shared."""
        return Sentence(
            self.tokens,
            tags,
            self.rows,
            self.comments,
            self.source,
            self.line,
            self.intent if intent is None else intent,
            self.text,
            self.offsets,
            self.fields,
            certainty,
            self.lines,
        )
