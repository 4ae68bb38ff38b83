"""Columns, the format of the CoNLL shared tasks: one token a line, a blank line after each sentence.

    # intent = flight          comments stand before the first token of a sentence
    flights<TAB>O              the token is the first column; in a tagged corpus the tag is the last,
    to<TAB>O                   and what lies between is kept as it is
    Oslo<TAB>B-toloc

Columns are parted by TABs or, in a line without any, by spaces. Only these two are space here: U+3000 may be
a token.

Other columns than these can be asked for (`rnntag.formats.table_row.Reading`), by number or by name. Names are those
of a comment ``# global.columns = ID FORM UPOS`` (CoNLL-U Plus) or else of the file's first line. A column that numbers
sentences ends one wherever its value changes; a ``_``, a ``-`` or nothing there goes on.

A line is a comment if it is ``#`` or starts with ``# ``, holds no TAB, and no token of its sentence came yet;
so ``#<TAB>O`` is a token. Where columns are parted by spaces a sentence cannot begin with the token ``#``.

Every blank line ends a sentence, and one with nothing to end is a sentence without tokens: at the head of a
file, between two sentences, at the end. So what is read and written again has the same lines, save that
spaces between columns become TABs, a blank line becomes empty, and the last sentence gets its blank line if
it had none. Comments with no token after them make a sentence without tokens too, and are not lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, NothingReadError
from rnntag.formats.columns import (
    NAMES,
    ColumnsReader,
    as_comment,
    check_tags,
    check_tokens,
    comments_above,
    comments_of,
    intent_of,
    is_comment,
    is_word,
    names_of,
)
from rnntag.formats.table_row import UNTAGGED, Reading

CONTINUED = ("", "_", "-")  # in the column that numbers sentences


class ConllReader(ColumnsReader):
    """Reads sentences. Tags are taken off the rows, so that these are the same with tags and without.

    The first token sets the number of columns for the whole file: a line with another number is a slip, and
    one that would go unseen into a model.
    """

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        super().__init__(source, reading)
        self.tagged = reading.tagged or reading.tag is not None
        self.columns = 0  # not known yet
        self.usual = 0  # columns of most lines of the first burst, where sentences may be left out
        token, tag = reading.token or "1", reading.tag if self.tagged else None
        self.wanted: tuple[str | None, ...] = (token, tag, reading.sentence)
        self.named = any(column and not column.isdecimal() for column in self.wanted)
        self.token, self.tag, self.number = 0, 0, -1  # places of columns, known as soon as how many there are is
        self.tags: set[str] = set()  # each distinct tag is looked at once

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        if self._reading.skip and not self.usual:  # one odd sentence at the head would cost all others
            counts = Counter(len(_cells(line)) for line in lines if line.strip() and not is_comment(line))
            self.usual = max(counts, key=counts.__getitem__, default=0)  # of as frequent ones the first
        return self._parted(super().feed(number, lines))

    def close(self) -> Iterator[Sentence]:
        return self._parted(super().close())

    def _parted(self, sentences: Iterator[Sentence]) -> Iterator[Sentence]:
        """Sentences, parted where the column that numbers them changes, if there is one."""
        if self.wanted[2] is None:
            return sentences
        return (part for sentence in sentences for part in self._parts(sentence))

    def _parts(self, sentence: Sentence) -> Iterator[Sentence]:
        tags, rows = sentence.tags, sentence.rows or []
        at = self.number - (tags is not None and self.tag < self.number)  # the tag is taken off the rows
        start, before = 0, None
        for place, row in enumerate(rows):
            value = row.split("\t")[at]
            if value in CONTINUED or value == before:
                continue
            if before is not None:
                yield _part(sentence, start, place)
                start = place
            before = value
        yield _part(sentence, start, len(rows)) if start else sentence

    def sentence(self, lines: list[str], number: int) -> Sentence:
        first = comments_above(lines)
        comments, rows = tuple(lines[:first]), lines[first:]
        line = number + first
        if self.named and rows and not self.columns:
            rows = self._resolved(comments, rows, line)
            first = len(lines) - len(rows)
            line = number + first
        if not rows:
            return Sentence([], [] if self.tagged else None, [], comments, self.source, line)

        counts = [row.count("\t") + 1 for row in rows]
        if 1 in counts:
            rows = ["\t".join(_cells(row)) for row in rows]
            counts = [row.count("\t") + 1 for row in rows]
        known = self.columns
        if not known:
            self.columns = self.usual or counts[0]
            self._place(line)
        columns = self.columns
        cells = "\t".join(rows).split("\t")
        tokens, tags = cells[self.token :: columns], cells[self.tag :: columns]

        # All is checked in bulk; only a fault makes us walk through the lines to find where it is.
        sound = counts.count(columns) == len(counts) and "" not in tokens
        if self.tagged and sound:
            fresh = set(tags) - self.tags
            sound = columns > 1 and all(is_word(tag) for tag in fresh)
            self.tags |= fresh if sound else set()
        if not sound:
            raise self._first_fault(lines[first:], rows, line, known)

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
        named = names_of(comments)
        header = re.split("\t" if "\t" in rows[0] else " +", rows[0]) if named is None else named
        places = []
        for column in self.wanted:
            if column and not column.isdecimal() and column not in header:
                hint = f"there are: {', '.join(header)}"
                raise NothingReadError(f"no column is called '{column}'", where=f"{self.source}:{line}", hint=hint)
            places.append(column if not column or column.isdecimal() else str(header.index(column) + 1))
        self.wanted, self.named = tuple(places), False
        return rows[1:] if named is None else rows

    def _reordered(self, comment: str) -> str:
        """The comment that names the columns with the tag as the last, where it will be written."""
        match = NAMES.match(comment)
        names = match[1].split() if match else []
        if len(names) != self.columns:
            return comment
        names.append(names.pop(self.tag))
        return f"# global.columns = {' '.join(names)}"

    def _place(self, line: int) -> None:
        """Find where token and tag stand among the columns. Raises CorpusError if there are not so many."""
        for column in self.wanted:
            if column and not 1 <= int(column) <= self.columns:
                fact = f"column {column} is asked for, of {self.columns}"
                raise NothingReadError(fact, where=f"{self.source}:{line}", hint="columns are counted from 1")
        self.token = int(self.wanted[0] or 1) - 1
        self.tag = int(self.wanted[1] or self.columns) - 1 if self.tagged else -1
        self.number = int(self.wanted[2]) - 1 if self.wanted[2] else -1
        if self.wanted[2] and self.number in (self.token, self.tag):
            fact = f"column {self.number + 1} is asked for twice"
            raise NothingReadError(fact, where=f"{self.source}:{line}", hint="tokens, tags and sentences have one each")

    def _first_fault(self, lines: list[str], rows: list[str], number: int, columns: int) -> CorpusError:
        """The fault of the first line that has one; ``number`` is that of the first line.

        columns  how many are known from other sentences: this one, if it is left out, tells nothing of them
        """
        faults = (self._fault(row.split("\t"), line) for row, line in zip(rows, lines, strict=True))
        index, (fact, hint) = next((index, fault) for index, fault in enumerate(faults) if fault)
        number += index
        self.columns = columns
        return CorpusError(fact, where=f"{self.source}:{number}", quote=[(number, lines[index])], hint=hint)

    def _fault(self, cells: list[str], line: str) -> tuple[str, str] | None:
        """What is wrong with a line, and the way out; None if nothing is."""
        if len(cells) != self.columns:
            others = "in most lines" if self.usual else "in the lines before"
            fact = f"{len(cells)} column{'s' * (len(cells) > 1)}, but {self.columns} {others}"
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


def _cells(row: str) -> list[str]:
    """The columns of a row: parted by TABs or, where it has none, by spaces."""
    return row.split("\t") if "\t" in row else [cell for cell in row.split(" ") if cell]


def _part(sentence: Sentence, start: int, end: int) -> Sentence:
    """Some tokens of a sentence as one; comments and intent stay with the first."""
    comments, intent = ((), None) if start else (sentence.comments, sentence.intent)
    tags = None if sentence.tags is None else sentence.tags[start:end]
    rows = None if sentence.rows is None else sentence.rows[start:end]
    tokens, line = sentence.tokens[start:end], sentence.line + start
    return Sentence(tokens, tags, rows, comments, sentence.source, line, intent)


def write_conll(sentence: Sentence, scheme: Scheme) -> str:
    """A sentence as lines: comments, the intent among them, the columns that came in with the tag after them, a blank.

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
