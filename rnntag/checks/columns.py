"""Reads lines of columns whatever is wrong with them: `rnntag.formats.conll` without an end at the first fault.

Bytes that are not UTF-8 come as lone surrogates, and so go back to the bytes they were (PEP 383).
"""

from __future__ import annotations

import codecs
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import starmap
from typing import BinaryIO, NamedTuple

from rnntag.checks.findings import Finding, quoted
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.files.lines import stretches
from rnntag.formats import Reading
from rnntag.formats.columns import ParagraphCutter, comments_above, intent_of, is_word, names_of
from rnntag.formats.looks import HEAD, look_at


class RawLines:
    """The lines of a stream, which can be read again and again; ``seen`` is that of `rnntag.formats.Reading`.

    marked   whether it begins with a byte order mark

    Known when all was read:

    returns  the number of lines that end in CRLF
    first    the first of them
    ended    whether the last line has an end
    """

    def __init__(self, stream: BinaryIO, source: str, seen: Callable[[bytes], object] | None = None) -> None:
        self.stream, self.source, self.start, self._seen = stream, source, stream.tell(), seen
        self.marked = stream.read(3) == codecs.BOM_UTF8
        self.returns, self.first, self.ended = 0, 0, True

    def bursts(self) -> Iterator[list[str]]:
        """All lines without their ends, some thousands at a time."""
        self.stream.seek(self.start + 3 * self.marked)
        self.returns, self.first, self.ended = 0, 0, True
        number = 1
        for data in stretches(self.stream.read, self.source, seen=self._seen):
            self.ended = data.endswith(b"\n")
            lines = self._lines(data if self.ended else data + b"\n", number)
            number += len(lines)
            yield lines

    def _lines(self, data: bytes, number: int) -> list[str]:
        text = data.decode("utf-8", "surrogateescape")
        if "\r\n" in text:
            if not self.returns:
                self.first = number + text.count("\n", 0, text.index("\r\n"))
            self.returns += text.count("\r\n")
            text = text.replace("\r\n", "\n")
        return text[:-1].split("\n")


class Block(NamedTuple):
    """The lines of a sentence.

    line      the number of the first
    comments  those before the first token, a header among them
    rows      those of tokens
    blank     the line that ends it; None at the end of a file that has none there
    """

    line: int
    comments: list[str]
    rows: list[str]
    blank: str | None

    @classmethod
    def of(cls, line: int, lines: list[str], blank: str | None) -> Block:
        """The block of lines that end with a blank one."""
        first = comments_above(lines)
        return cls(line, lines[:first], lines[first:], blank)

    def lines(self) -> list[str]:
        """All lines, as they stood in the file."""
        return [*self.comments, *self.rows, *([] if self.blank is None else [self.blank])]


def blocks(bursts: Iterable[list[str]]) -> Iterator[Block]:
    """Cut all lines into the blocks of sentences."""
    cutter, number = ParagraphCutter(), 1
    for lines in bursts:
        yield from starmap(Block.of, cutter.feed(number, lines))
        number += len(lines)
    yield from starmap(Block.of, cutter.close())


def cells(row: str) -> list[str]:
    """The columns of a row: parted by TABs or, where it has none, by spaces."""
    return row.split("\t") if "\t" in row else [cell for cell in row.split(" ") if cell]


class Layout:
    """Which columns most rows of a file have.

    columns  how many columns they have; 0 if there are no rows
    tabs     whether any has TABs
    token    the place of the token, from 0
    tag      the place of the tag

    Raises CorpusError where a column is asked for that is not there.
    """

    def __init__(self, file: Iterable[Block], reading: Reading, source: str) -> None:
        self._counts: Counter[int] = Counter()
        self._names: list[str] | None = None
        self._has_names = any(column and not column.isdecimal() for column in (reading.token, reading.tag))
        self._source, self._header = source, 0  # the line of a header among the rows
        self.tabs = False
        for block in file:
            self._add(block)
        self.columns = max(self._counts, key=self._counts.__getitem__, default=0)  # of as frequent ones the first
        self.token = self._place(reading.token or "1")
        self.tag = self._place(reading.tag or str(self.columns))

    def without_header(self, block: Block) -> Block:
        """The block with a header as one of its comments."""
        if not self._has_names or not block.rows or (self._names is not None and block.line != self._header):
            return block
        return Block(block.line, [*block.comments, block.rows[0]], block.rows[1:], block.blank)

    def _add(self, block: Block) -> None:
        """Count the columns of the rows of a block."""
        if self._has_names and self._names is None and block.rows:
            names = names_of(block.comments)
            self._names = cells(block.rows[0]) if names is None else names
            self._header = block.line if names is None else 0
        rows = self.without_header(block).rows
        counts = [row.count("\t") + 1 for row in rows]
        if 1 in counts:
            self.tabs = self.tabs or max(counts) > 1
            counts = [len(cells(row)) for row in rows]
        elif counts:
            self.tabs = True
        self._counts.update(counts)

    def _place(self, column: str) -> int:
        """The place of a column, from 0, by its number from 1 or its name."""
        if not self.columns:
            return 0
        if column.isdecimal():
            if not 1 <= int(column) <= self.columns:
                fact = f"column {column} is asked for, of {self.columns}"
                raise CorpusError(fact, where=f"{self._source}:1", hint="columns are counted from 1")
            return int(column) - 1
        names = self._names or []
        if column not in names:
            hint = f"there are: {', '.join(names)}"
            raise CorpusError(f"no column is called '{column}'", where=f"{self._source}:1", hint=hint)
        return names.index(column)

    def sentence(self, block: Block) -> Sentence:
        """The tokens and tags of a block; the tag of a row with another number of columns is empty."""
        rows = block.rows
        space = "\t" if any("\t" in row for row in rows) else " "
        table = space.join(rows).split(space)
        if self.columns > 1 and "" not in table and {row.count(space) for row in rows} == {self.columns - 1}:
            tokens, tags = table[self.token :: self.columns], table[self.tag :: self.columns]
        else:
            parted = list(map(cells, rows))
            tokens = [row[min(self.token, len(row) - 1)] for row in parted]
            tags = [row[self.tag] if len(row) == self.columns > 1 else "" for row in parted]
        line = block.line + len(block.comments)
        return Sentence(tokens, tags, rows, (), self._source, line, intent_of(block.comments))


def row_faults(block: Block, found: Sentence, layout: Layout) -> Iterator[Finding]:
    """What is wrong with the columns of a sentence."""
    spaced = layout.tabs and any(" " in row for row in block.rows)
    # A row with more or fewer columns than most has an empty tag.
    if not spaced and "" not in found.tokens and all(map(is_word, set(found.tags or ()))):
        return
    for index, (row, token, tag) in enumerate(zip(block.rows, found.tokens, found.tags or (), strict=True)):
        for kind, fact, hint in _row_faults(row, token, tag, layout):
            yield Finding(found.where(index), kind, fact, hint)


def _row_faults(row: str, token: str, tag: str, layout: Layout) -> Iterator[tuple[str, str, str | None]]:
    """What is wrong with the columns of a row: the kind, the fact and a way out."""
    count, columns = len(cells(row)), layout.columns
    if count != columns:
        hint = "every line has the same columns; if a token holds a space, part them by TABs"
        if row.startswith("# "):
            hint = "a comment stands before the first token of its sentence"
        yield "columns", f"{count} column{'s' * (count > 1)}, but {columns} in most lines", hint
        return
    if layout.tabs and "\t" not in row and columns > 1:
        yield "spaces", f"{quoted(row)} is parted by spaces, other lines by TABs", None
    if not token:
        yield "token", "the token is empty", f"it stands in column {layout.token + 1}"
    elif token.strip(" ") != token:
        yield "spaces", f"the token {quoted(token)} begins or ends with a space", None
    if columns > 1 and not is_word(tag):
        fact = f"the tag {quoted(tag)} holds white space" if tag else "the tag is empty"
        yield "tag", fact, f"it stands in column {layout.tag + 1}"


def layout_faults(layout: Layout, source: str) -> Iterator[Finding]:
    """What is wrong with the columns of a file as a whole."""
    if not layout.columns:
        hint = "a line is a token, a TAB and its tag; a blank line ends a sentence"
        yield Finding(f"{source}:1", "format", "no sentences", hint)
    elif layout.columns == 1:
        hint = "a line is a token, a TAB and its tag; for text without tags there is rnntag tag"
        yield Finding(f"{source}:1", "columns", "most lines have 1 column, but a tag is needed in the last", hint)


def line_faults(lines: RawLines, source: str) -> Iterator[Finding]:
    """What stands before and between the lines of a file, all of which were read."""
    if lines.marked:
        fact = "the file begins with a byte order mark, which other tools take for part of the first token"
        yield Finding(f"{source}:1", "line-ends", fact)
    if lines.returns:
        fact = f"CRLF ends {lines.returns} line{'s' * (lines.returns > 1)}; other tools take CR for part of the tag"
        yield Finding(f"{source}:{lines.first}", "line-ends", fact)


def foreign(stream: BinaryIO, source: str, named: bool) -> Finding | None:
    """What is wrong with a file that holds no columns at all; None for one that may, at whose beginning it stays.

    named  columns are asked for, so that a header is no table of another format
    """
    start = stream.tell()
    head = stream.read(HEAD)
    stream.seek(start)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        command = f"iconv -f utf-16 -t utf-8 {os.path.basename(source)} > utf8.txt"
        return Finding(f"{source}:1", "encoding", "the file is UTF-16, not UTF-8", f"convert it first: {command}")
    look = look_at(head, source)
    if look is None or look.format == "conll" or (named and look.format == "csv"):
        return None
    return Finding(f"{source}:1", "format", f"the file looks like {look.what}", look.hint)
