"""Columns, the format of the CoNLL shared tasks: one token a line, a blank line after each sentence.

    # intent = flight          comments stand before the first token of a sentence
    flights<TAB>O              the token is the first column; in a tagged corpus the tag is the last,
    to<TAB>O                   and what lies between is kept as it is
    Oslo<TAB>B-toloc

Columns are parted by TABs or, in a line without any, by spaces. Only these two are space here: U+3000 may be
a token.

Other columns than these can be asked for (`rnntag.formats.row.Reading`), by number or by name. Names are those of a
comment ``# global.columns = ID FORM UPOS`` (CoNLL-U Plus) or else of the file's first line.

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
from rnntag.formats.row import UNTAGGED, Reading
from rnntag.scheme import Scheme
from rnntag.sentence import Certainty, Sentence

INTENT = re.compile(r"#\s*intent\s*=\s*(.*\S)")
CERTAIN = re.compile(r"#\s*(rank|probability|intent_probability)\s*=")
NAMES = re.compile(r"#\s*global\.columns\s*=\s*(.*\S)")


def intent_of(comments: tuple[str, ...]) -> str | None:
    """What the comment ``# intent = X`` says the utterance is about; None if there is no such comment."""
    for comment in comments:
        if match := INTENT.match(comment):
            return match[1]
    return None


class Blocks:
    """Sentences that end with a blank line; a subclass knows what their lines are."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.begun: list[str] = []  # lines of the sentence that has not ended
        self.line = 1  # where it began

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        start = 0
        for index, line in enumerate(lines):
            if not line or (line.isspace() and not line.strip(" \t")):
                yield self.sentence(self.begun + lines[start:index])
                self.begun = []
                start = index + 1
                self.line = number + start
        self.begun += lines[start:]

    def close(self) -> Iterator[Sentence]:
        if self.begun:
            yield self.sentence(self.begun)

    def sentence(self, lines: list[str]) -> Sentence:
        """The sentence of these lines, the first of which is ``self.line``."""
        raise NotImplementedError


class ConllReader(Blocks):
    """Lines to sentences. Tags are taken off the rows, so that these are the same with tags and without.

    The first token sets the number of columns for the whole file: a line with another number is a slip, and
    one that would go unseen into a model.
    """

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        super().__init__(source)
        self.tagged = reading.tagged or reading.tag is not None
        self.columns = 0  # not known yet
        token = reading.token or "1"
        self.wanted: tuple[str | None, ...] = (token, reading.tag) if self.tagged else (token,)
        self.named = any(column and not column.isdecimal() for column in self.wanted)
        self.token, self.tag = 0, 0  # places of the two, known as soon as the number of columns is
        self.tags: set[str] = set()  # each distinct tag is looked at once

    def sentence(self, lines: list[str]) -> Sentence:
        first = 0
        while first < len(lines) and _is_comment(lines[first]):
            first += 1
        comments, rows = tuple(lines[:first]), lines[first:]
        line = self.line + first
        if self.named and rows and not self.columns:
            rows = self._resolved(comments, rows, line)
            line, first = self.line + len(lines) - len(rows), len(lines) - len(rows)
        if not rows:
            return Sentence([], [] if self.tagged else None, [], comments, self.source, line)

        counts = [row.count("\t") + 1 for row in rows]
        if 1 in counts:
            rows = [row if "\t" in row else "\t".join(filter(None, row.split(" "))) for row in rows]
            counts = [row.count("\t") + 1 for row in rows]
        if not self.columns:
            self.columns = counts[0]
            self._place(line)
        columns = self.columns
        cells = "\t".join(rows).split("\t")
        tokens, tags = cells[self.token :: columns], cells[self.tag :: columns]

        # All is checked in bulk; only a fault makes us walk through the lines to find where it is.
        sound = counts.count(columns) == len(counts) and "" not in tokens
        if self.tagged and sound:
            fresh = set(tags) - self.tags
            sound = columns > 1 and all(is_word(tag) for tag in fresh)
            self.tags |= fresh
        if not sound:
            raise self._first_fault(lines[first:], rows, line)

        intent = intent_of(comments) if comments else None
        if not self.tagged:
            return Sentence(tokens, None, rows, comments, self.source, line, intent)
        if columns == 2:
            rows = cells[1 - self.tag :: 2]
        elif self.tag == columns - 1:
            rows = [row.rpartition("\t")[0] for row in rows]
        else:
            del cells[self.tag :: columns]
            kept = columns - 1
            rows = ["\t".join(cells[at : at + kept]) for at in range(0, len(cells), kept)]
            comments = tuple(map(self._reordered, comments))
        return Sentence(tokens, tags, rows, comments, self.source, line, intent)

    def _resolved(self, comments: tuple[str, ...], rows: list[str], line: int) -> list[str]:
        """The rows without the header, in which the wanted columns were looked up."""
        found = next(filter(None, map(NAMES.match, comments)), None)
        header = found[1].split() if found else re.split("\t" if "\t" in rows[0] else " +", rows[0])
        places = []
        for column in self.wanted:
            if column and not column.isdecimal() and column not in header:
                hint = f"there are: {', '.join(header)}"
                raise CorpusError(f"no column is called '{column}'", where=f"{self.source}:{line}", hint=hint)
            places.append(column if not column or column.isdecimal() else str(header.index(column) + 1))
        self.wanted, self.named = tuple(places), False
        return rows if found else rows[1:]

    def _reordered(self, comment: str) -> str:
        """The comment that names the columns with the tag as the last, where it will be written."""
        match = NAMES.match(comment)
        names = match[1].split() if match else []
        if len(names) != self.columns:
            return comment
        names.append(names.pop(self.tag))
        return f"# global.columns = {' '.join(names)}"

    def _place(self, line: int) -> None:
        """Where token and tag stand among the columns."""
        for column in self.wanted:
            if column and not 1 <= int(column) <= self.columns:
                fact = f"column {column} is asked for, of {self.columns}"
                raise CorpusError(fact, where=f"{self.source}:{line}", hint="columns are counted from 1")
        self.token = int(self.wanted[0] or 1) - 1
        self.tag = int(self.wanted[-1] or self.columns) - 1 if self.tagged else -1

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
            if line.startswith("{"):
                return fact, "if these are JSON lines, add --from jsonl"
            return fact, "every line has the same columns; if a token holds a space, part them by TABs"
        if self.tagged and self.columns == 1:
            fact = "1 column, but a tag is needed in the last"
            return fact, "a line is a token, a TAB and its tag; for text without tags there is rnntag tag"
        if not cells[self.token]:
            which = "before the first TAB" if self.token == 0 else f"in column {self.token + 1}"
            return "the token is empty", f"the token is what stands {which}"
        if self.tagged and not is_word(tag := cells[self.tag]):
            last = self.tag == self.columns - 1
            which = "after the last TAB, up to the end of the line" if last else f"in column {self.tag + 1}"
            fact = f"the tag '{tag}' holds white space" if tag else "the tag is empty"
            return fact, f"the tag is what stands {which}"
        return None


def is_word(tag: str) -> bool:
    """Whether it is a word, without white space in it or around it."""
    return tag.split() == [tag]


def _is_comment(line: str) -> bool:
    return (line.startswith("# ") or line == "#") and "\t" not in line


def write_conll(sentence: Sentence, scheme: Scheme) -> str:
    """Comments, the intent among them, then the columns that came in and the tag after them, then a blank line.

    A column after the tag is its probability, if that is known. Raises CorpusError for a token or a tag that columns
    cannot hold.
    """
    columns = [sentence.tokens if sentence.rows is None else sentence.rows]
    if sentence.rows is None:  # what did not come as columns may be no cell of one
        check_tokens(sentence)
    if sentence.tags is not None:
        check_tags(sentence)
        columns.append(sentence.tags)
    if sentence.certainty and sentence.certainty.tags:
        columns.append([f"{p:.4f}" for p in sentence.certainty.tags])
    lines = columns[0] if len(columns) == 1 else map("\t".join, zip(*columns, strict=True))
    return "\n".join((*map(as_comment, comments_of(sentence)), *lines, "", ""))


def check_tokens(sentence: Sentence) -> None:
    """Raise CorpusError for a token that cannot stand in a column."""
    tokens = "\n".join(sentence.tokens)
    if "\t" in tokens or tokens.count("\n") >= max(1, len(sentence.tokens)) or "" in sentence.tokens:
        broken = next(token for token in sentence.tokens if not token or "\t" in token or "\n" in token)
        fact = f"token {broken!r} cannot stand in a column"
        raise CorpusError(fact, where=sentence.where(), hint="columns hold no TAB and no line end")


def check_tags(sentence: Sentence) -> None:
    """Raise CorpusError for a tag that cannot stand in a column."""
    tags = sentence.tags or []
    if " ".join(tags).split() != tags:
        broken = next(tag for tag in tags if not is_word(tag))
        hint = "the label holds white space: join its words by a hyphen or _"
        raise CorpusError(f"tag '{broken}' cannot stand in a column", where=sentence.where(), hint=hint)


def check_intent(sentence: Sentence) -> None:
    """Raise CorpusError for an intent that cannot stand in a line of its own."""
    intent = sentence.intent or ""
    if "\n" in intent or "\t" in intent:
        fact = f"intent {intent!r} cannot stand in a line"
        raise CorpusError(fact, where=sentence.where(), hint="it holds a TAB or a line end")


def as_comment(line: str) -> str:
    """A comment as it is read as one: of one line, with a space after the sign and no TAB."""
    return line if _is_comment(line) and "\n" not in line else f"# {' '.join(line.lstrip('#').split())}"


def comments_of(sentence: Sentence) -> tuple[str, ...]:
    """The comments that came in; of an intent and of probabilities, those that the sentence has now.

    Raises CorpusError for an intent that cannot stand in a comment.
    """
    comments, intent, certainty = sentence.comments, sentence.intent, sentence.certainty
    if intent is not None and intent != intent_of(comments):
        check_intent(sentence)
        comments = (*(comment for comment in comments if not INTENT.match(comment)), f"# intent = {intent}")
    if certainty:
        comments = (*(comment for comment in comments if not CERTAIN.match(comment)), *_certain(certainty))
    return comments


def _certain(certainty: Certainty) -> Iterator[str]:
    """Comments on how probable a tagging and an intent are."""
    if certainty.rank is not None:
        yield f"# rank = {certainty.rank}"
    yield f"# probability = {certainty.tagging:.6f}"
    if certainty.intent is not None:
        yield f"# intent_probability = {certainty.intent:.6f}"
