"""Turns spans of characters, as formats have them that annotate running text, into tags of tokens, and back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence, Span
from rnntag.data.tokenisation import Cut, joined, located
from rnntag.errors import CorpusError

if TYPE_CHECKING:
    from typing_extensions import Unpack


class CharSpan(NamedTuple):
    """A labelled stretch of text: characters ``start`` up to, not including, ``end``."""

    start: int
    end: int
    label: str


class Others(TypedDict, total=False):
    """What else a sentence may be made with; see `rnntag.data.sentence.Sentence`."""

    comments: tuple[str, ...]
    intent: str | None
    fields: dict[str, Any]  # JSON of any kind


def annotated(
    text: str, spans: Iterable[CharSpan] | None, cut: Cut, source: str, line: int, **others: Unpack[Others]
) -> Sentence:
    """A text cut into tokens, and its spans as BIO tags.

    spans   in any order; None if nothing is known of them, and then there are no tags
    cut     how the text is cut
    others  what else the sentence is made with

    It is cut where a span begins or ends as well, also within a word. White space that a span begins or ends with
    counts as part of its first and last token, so that `char_spans` gives the spans back as they were; one that comes
    twice is one.

    Raises CorpusError for spans that overlap, that lie outside the text, or that hold nothing but white space.
    """
    if not spans:
        tokens, _ = cut(text)
        tags = None if spans is None else ["O"] * len(tokens)
        return Sentence(tokens, tags, source=source, line=line, text=text, **others)

    tokens, tags = [], []
    wide = []  # spans with white space at an end, and their first and last tokens
    done, before = 0, None
    for span in sorted(spans):
        start, end, label = span
        if not done <= start < end <= len(text):
            if span == before:
                continue
            raise _fault(text, before, span, f"{source}:{line}")
        tokens += cut(text[done:start])[0]
        first = len(tokens)
        within = text[start:end]
        tokens += cut(within)[0]
        if first == len(tokens):
            raise _fault(text, before, span, f"{source}:{line}")
        tags += ["O"] * (first - len(tags))
        tags += [f"B-{label}", *[f"I-{label}"] * (len(tokens) - first - 1)]
        if within != within.strip():
            wide.append((first, len(tokens) - 1, span))
        done, before = end, span
    tokens += cut(text[done:])[0]
    tags += ["O"] * (len(tokens) - len(tags))

    offsets = None
    if wide:
        offsets = located(tokens, text)
        for first, last, span in wide:
            offsets[first] = (span.start, offsets[first][1])
            offsets[last] = (offsets[last][0], span.end)
    return Sentence(tokens, tags, source=source, line=line, text=text, offsets=offsets, **others)


def _fault(text: str, before: CharSpan | None, span: CharSpan, where: str) -> CorpusError:
    """What is wrong with a span, of which the one before it is sound."""
    start, end, label = span
    name = f"span {start} to {end} ({label})"
    if start >= end:
        return CorpusError(f"{name} is empty", where=where)
    if start < 0 or end > len(text):
        fact = f"{name} does not lie in the text, which has {len(text)} character{'s' * (len(text) != 1)}"
        return CorpusError(fact, where=where, hint="a span's end is the place of the character after it")
    if before is None or start >= before.end:
        return CorpusError(f"{name} holds only white space", where=where)
    fact = f"spans {before.start} to {before.end} ({before.label}) and {start} to {end} ({label}) overlap"
    return CorpusError(fact, where=where, hint="a token has one tag: spans that lie in one another need a corpus each")


def text_of(sentence: Sentence) -> tuple[str, list[tuple[int, int]]]:
    """The text of a sentence, and where its tokens stand in it; what came as tokens is joined."""
    if sentence.text is None:
        return joined(sentence.tokens)
    return sentence.text, sentence.offsets or located(sentence.tokens, sentence.text)


def char_spans(sentence: Sentence, scheme: Scheme) -> tuple[str, list[CharSpan]]:
    """The text of a sentence, and the spans that its tags write down, by their characters."""
    spans = scheme.spans(sentence.tags or ())
    if not spans and sentence.text is not None:
        return sentence.text, []
    text, offsets = text_of(sentence)
    return text, [CharSpan(offsets[start][0], offsets[end - 1][1], label) for start, end, label in spans]


def as_raw_text(sentence: Sentence, cut: Cut) -> Sentence:
    """A sentence as it is where nothing is known of its spans: its text cut anew; what came as tokens stays so."""
    if sentence.text is None or sentence.rows is not None:
        return sentence
    found = sentence.with_tags([])
    found.tags = found.intent = None
    found.tokens, found.offsets = cut(sentence.text)
    return found


def projected(found: Sentence, sentence: Sentence, scheme: Scheme) -> list[str]:
    """The tags of tokens that `as_raw_text` made, as tags of the same text cut at its own spans as well."""
    _, spans_found = char_spans(found, scheme)
    offsets = text_of(sentence)[1]
    starts, ends = [start for start, _ in offsets], [end for _, end in offsets]
    spans = [Span(bisect_right(ends, start), bisect_left(starts, end), label) for start, end, label in spans_found]
    return scheme.tags(spans, len(sentence))
