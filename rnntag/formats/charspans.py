"""Spans by their characters, as formats have them that annotate running text, and sentences of tokens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any, NamedTuple

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence, Span
from rnntag.data.tokenisation import joined, located, tokens_of
from rnntag.errors import CorpusError
from rnntag.punctuation.task import Task


class Mark(NamedTuple):
    """A labelled stretch of text: characters ``start`` up to, not including, ``end``."""

    start: int
    end: int
    label: str


def marked(
    text: str, marks: Iterable[Mark] | None, characters: bool, source: str, line: int, **others: Any
) -> Sentence:
    """A text cut into tokens, and its marks as BIO tags; ``others`` is what else the sentence is made with.

    It is cut where a mark begins or ends as well, also within a word. White space that a mark begins or ends with
    counts as part of its first and last token, so that the marks can be had back as they were (`marks_of`); one that
    comes twice is one. Without marks (None) there are no tags.

    Raises CorpusError for marks that overlap, that lie outside the text, or that hold nothing but white space.
    """
    if not marks:
        tokens = tokens_of(text, characters)
        tags = None if marks is None else ["O"] * len(tokens)
        return Sentence(tokens, tags, source=source, line=line, text=text, **others)

    tokens, tags = [], []
    wide = []  # marks with white space at an end, and their first and last tokens
    done, before = 0, None
    for mark in sorted(marks):
        start, end, label = mark
        if not done <= start < end <= len(text):
            if mark == before:
                continue
            raise _fault(text, before, mark, f"{source}:{line}")
        tokens += tokens_of(text[done:start], characters)
        first = len(tokens)
        within = text[start:end]
        tokens += tokens_of(within, characters)
        if first == len(tokens):
            raise _fault(text, before, mark, f"{source}:{line}")
        tags += ["O"] * (first - len(tags))
        tags += [f"B-{label}", *[f"I-{label}"] * (len(tokens) - first - 1)]
        if within != within.strip():
            wide.append((first, len(tokens) - 1, mark))
        done, before = end, mark
    tokens += tokens_of(text[done:], characters)
    tags += ["O"] * (len(tokens) - len(tags))

    offsets = None
    if wide:
        offsets = located(tokens, text)
        for first, last, mark in wide:
            offsets[first] = (mark.start, offsets[first][1])
            offsets[last] = (offsets[last][0], mark.end)
    return Sentence(tokens, tags, source=source, line=line, text=text, offsets=offsets, **others)


def _fault(text: str, before: Mark | None, mark: Mark, where: str) -> CorpusError:
    """What is wrong with a mark, of which the one before it is sound."""
    start, end, label = mark
    span = f"span {start} to {end} ({label})"
    if start >= end:
        return CorpusError(f"{span} is empty", where=where)
    if start < 0 or end > len(text):
        fact = f"{span} does not lie in the text, which has {len(text)} character{'s' * (len(text) != 1)}"
        return CorpusError(fact, where=where, hint="a span's end is the place of the character after it")
    if before is None or start >= before.end:
        return CorpusError(f"{span} holds only white space", where=where)
    fact = f"spans {before.start} to {before.end} ({before.label}) and {start} to {end} ({label}) overlap"
    return CorpusError(fact, where=where, hint="a token has one tag: spans that lie in one another need a corpus each")


def placed(sentence: Sentence) -> tuple[str, list[tuple[int, int]]]:
    """The text of a sentence, and where its tokens stand in it; what came as tokens is joined."""
    if sentence.text is None:
        return joined(sentence.tokens)
    return sentence.text, sentence.offsets or located(sentence.tokens, sentence.text)


def marks_of(sentence: Sentence, scheme: Scheme) -> tuple[str, list[Mark]]:
    """The text of a sentence, and the spans that its tags write down, by their characters."""
    spans = scheme.spans(sentence.tags or ())
    if not spans and sentence.text is not None:
        return sentence.text, []
    text, offsets = placed(sentence)
    return text, [Mark(offsets[start][0], offsets[end - 1][1], label) for start, end, label in spans]


def bare(sentence: Sentence, characters: bool, task: Task | None = None) -> Sentence:
    """A text as it is cut where nothing is known of its spans; what came as tokens stays as it is.

    task  that of a model which wants text cut in its own way
    """
    if sentence.text is None or sentence.rows is not None:
        return sentence
    found = sentence.with_tags([])
    found.tags = found.offsets = found.intent = None
    if task:
        found.tokens, found.offsets = task.cut(sentence.text)
    else:
        found.tokens = tokens_of(sentence.text, characters)
    return found


def carried(found: Sentence, sentence: Sentence, scheme: Scheme) -> list[str]:
    """The tags of a text, found on tokens of `bare`, as tags of the same text cut at its own spans as well."""
    _, marks = marks_of(found, scheme)
    offsets = placed(sentence)[1]
    starts, ends = [start for start, _ in offsets], [end for _, end in offsets]
    spans = [Span(bisect_right(ends, start), bisect_left(starts, end), label) for start, end, label in marks]
    return scheme.tags(spans, len(sentence))
