"""Spans by their characters, as formats have them that annotate running text, and sentences of tokens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from rnntag.errors import CorpusError
from rnntag.scheme import SCHEMES, Scheme
from rnntag.sentence import Sentence, Span
from rnntag.tokenisation import cut, joined

BIO = SCHEMES["bio"]  # what spans of characters become


class Mark(NamedTuple):
    """A labelled stretch of text: characters ``start`` up to, not including, ``end``."""

    start: int
    end: int
    label: str


def marked(
    text: str, marks: Iterable[Mark] | None, characters: bool, source: str, line: int, **others: Any
) -> Sentence:
    """A text cut into tokens, and its marks as BIO tags; ``others`` is what else the sentence is made with.

    A token is cut where a mark begins or ends within it. White space that a mark begins or ends with counts as part of
    its first and last token, so that the marks can be had back as they were (`marks_of`). Without marks (None) there
    are no tags.

    Raises CorpusError for marks that overlap, that lie outside the text, or that hold nothing but white space.
    """
    tokens, offsets = cut(text, characters)
    if not marks:
        tags = None if marks is None else ["O"] * len(tokens)
        return Sentence(tokens, tags, source=source, line=line, text=text, offsets=offsets, **others)

    where = f"{source}:{line}"
    marks = sorted(marks)
    _check(text, marks, where)
    borders = sorted({place for start, end, _ in marks for place in (start, end)})
    pieces: list[tuple[int, int]] = []
    for start, end in offsets:
        inside = borders[bisect_right(borders, start) : bisect_left(borders, end)]
        pieces += pairwise((start, *inside, end))
    starts = [start for start, _ in pieces]
    spans = []
    for start, end, label in marks:
        first, after = bisect_left(starts, start), bisect_left(starts, end)
        spans.append(Span(first, after, label))
        pieces[first] = (start, pieces[first][1])
        pieces[after - 1] = (pieces[after - 1][0], end)
    tokens = [text[start:end].strip() for start, end in pieces]
    tags = BIO.tags(spans, len(tokens))
    return Sentence(tokens, tags, source=source, line=line, text=text, offsets=pieces, **others)


def _check(text: str, marks: list[Mark], where: str) -> None:
    for start, end, label in marks:
        if not 0 <= start < end <= len(text):
            fact = f"span {start} to {end} ({label}) does not lie in the text, which has {len(text)} characters"
            raise CorpusError(fact, where=where, hint="a span's end is the place of the character after it")
        if text[start:end].isspace():
            raise CorpusError(f"span {start} to {end} ({label}) holds only white space", where=where)
    for before, after in pairwise(marks):
        if after.start < before.end:
            fact = f"spans {before.start} to {before.end} ({before.label}) and {after.start} to {after.end}"
            hint = "a token has one tag: spans that lie in one another need a corpus each"
            raise CorpusError(f"{fact} ({after.label}) overlap", where=where, hint=hint)


def placed(sentence: Sentence) -> tuple[str, list[tuple[int, int]]]:
    """The text of a sentence, and where its tokens stand in it; what came as tokens is joined."""
    if sentence.text is None:
        return joined(sentence.tokens)
    return sentence.text, sentence.offsets or cut(sentence.text, False)[1]


def marks_of(sentence: Sentence, scheme: Scheme) -> tuple[str, list[Mark]]:
    """The text of a sentence, and the spans that its tags write down, by their characters."""
    text, offsets = placed(sentence)
    spans = scheme.spans(sentence.tags or ())
    return text, [Mark(offsets[start][0], offsets[end - 1][1], label) for start, end, label in spans]
