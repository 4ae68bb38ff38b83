"""Columns, the format of the CoNLL shared tasks: one token a line, a blank line after each sentence.

    # intent = flight          comments stand before the first token of a sentence
    flights<TAB>O              the token is the first column; in a tagged corpus the tag is the last,
    to<TAB>O                   and what lies between is kept as it is
    Oslo<TAB>B-toloc

Columns are parted by TABs or, in a line without any, by spaces. Only these two are space here: U+3000 may be
a token.

A line is a comment if it is ``#`` or starts with ``# ``, holds no TAB, and no token of its sentence came yet;
so ``#<TAB>O`` is a token. Where columns are parted by spaces a sentence cannot begin with the token ``#``.

Every blank line ends a sentence, and one with nothing to end is a sentence without tokens: at the head of a
file, between two sentences, at the end. So what is read and written again has the same lines, save that
spaces between columns become TABs, a blank line becomes empty, and the last sentence gets its blank line if
it had none. Comments with no token after them make a sentence without tokens too, and are not lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rnntag.errors import CorpusError
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence

INTENT = re.compile(r"#\s*intent\s*=\s*(.*\S)")


def _intent(comments: tuple[str, ...]) -> str | None:
    """What the comment ``# intent = X`` says the utterance is about; None if there is no such comment."""
    for comment in comments:
        if match := INTENT.match(comment):
            return match[1]
    return None


class ConllReader:
    """Lines to sentences. Tags are taken off the rows, so that these are the same with tags and without.

    The first token sets the number of columns for the whole file: a line with another number is a slip, and
    one that would go unseen into a model.
    """

    def __init__(self, source: str, tagged: bool = False) -> None:
        self.source, self.tagged = source, tagged
        self.columns = 0  # not known yet
        self.begun: list[str] = []  # lines of the sentence that has not ended
        self.line = 1  # where it began
        self.tags: set[str] = set()  # each distinct tag is looked at once

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        start = 0
        for index, line in enumerate(lines):
            if not line or (line.isspace() and not line.strip(" \t")):
                yield self._sentence(self.begun + lines[start:index])
                self.begun = []
                start = index + 1
                self.line = number + start
        self.begun += lines[start:]

    def close(self) -> Iterator[Sentence]:
        if self.begun:
            yield self._sentence(self.begun)

    def _sentence(self, lines: list[str]) -> Sentence:
        first = 0
        while first < len(lines) and _is_comment(lines[first]):
            first += 1
        comments, rows = tuple(lines[:first]), lines[first:]
        line = self.line + first
        if not rows:
            return Sentence([], [] if self.tagged else None, [], comments, self.source, line)

        counts = [row.count("\t") + 1 for row in rows]
        if 1 in counts:
            rows = [row if "\t" in row else "\t".join(filter(None, row.split(" "))) for row in rows]
            counts = [row.count("\t") + 1 for row in rows]
        self.columns = self.columns or counts[0]
        cells = "\t".join(rows).split("\t")
        tokens, tags = cells[:: self.columns], cells[self.columns - 1 :: self.columns]

        # All is checked in bulk; only a fault makes us walk through the lines to find where it is.
        sound = counts.count(self.columns) == len(counts) and "" not in tokens
        if self.tagged and sound:
            fresh = set(tags) - self.tags
            sound = self.columns > 1 and all(_is_word(tag) for tag in fresh)
            self.tags |= fresh
        if not sound:
            raise self._first_fault(lines[first:], rows, line)

        intent = _intent(comments) if comments else None
        if not self.tagged:
            return Sentence(tokens, None, rows, comments, self.source, line, intent)
        rows = tokens if self.columns == 2 else [row.rpartition("\t")[0] for row in rows]
        return Sentence(tokens, tags, rows, comments, self.source, line, intent)

    def _first_fault(self, lines: list[str], rows: list[str], number: int) -> CorpusError:
        faults = (self._fault(row.split("\t"), line) for row, line in zip(rows, lines, strict=True))
        index, (fact, hint) = next((index, fault) for index, fault in enumerate(faults) if fault)
        number += index
        return CorpusError(fact, where=f"{self.source}:{number}", quote=[(number, lines[index])], hint=hint)

    def _fault(self, cells: list[str], line: str) -> tuple[str, str] | None:
        """What is wrong with a line, and the way out; None if nothing is."""
        if len(cells) != self.columns:
            fact = f"{len(cells)} column{'s' * (len(cells) > 1)}, but {self.columns} in the lines before"
            if line.startswith("# "):
                return fact, "a comment stands before the first token of its sentence"
            return fact, "every line has the same columns; if a token holds a space, part them by TABs"
        if self.tagged and self.columns == 1:
            fact = "1 column, but a tag is needed in the last"
            return fact, "a line is a token, a TAB and its tag; for text without tags there is rnntag tag"
        if not cells[0]:
            return "the token is empty", "the token is what stands before the first TAB"
        if self.tagged and not _is_word(cells[-1]):
            fact = f"the tag '{cells[-1]}' holds white space" if cells[-1] else "the tag is empty"
            return fact, "the tag is what stands after the last TAB, up to the end of the line"
        return None


def _is_word(tag: str) -> bool:
    return tag.split() == [tag]


def _is_comment(line: str) -> bool:
    return (line.startswith("# ") or line == "#") and "\t" not in line


def write_conll(sentence: Sentence, scheme: Scheme) -> str:
    """Comments, the intent among them, then the columns that came in and the tag after them, then a blank line."""
    rows = sentence.tokens if sentence.rows is None else sentence.rows
    lines = rows if sentence.tags is None else map("\t".join, zip(rows, sentence.tags, strict=True))
    return "\n".join((*_comments(sentence), *lines, "", ""))


def _comments(sentence: Sentence) -> tuple[str, ...]:
    """The comments that came in; an intent other than theirs takes the place of theirs."""
    if sentence.intent is None or sentence.intent == _intent(sentence.comments):
        return sentence.comments
    others = [comment for comment in sentence.comments if not INTENT.match(comment)]
    return (*others, f"# intent = {sentence.intent}")
