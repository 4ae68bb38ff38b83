r"""CoNLL-U, the format of Universal Dependencies: ten columns parted by TABs, a blank line after each sentence.

    # text = Let's see Oslo.
    1-2  Let's  _     _      _    _  _  _      _  _
    1    Let    let   VERB   VB   _  0  root   _  _
    2    's     we    PRON   PRP  _  3  nsubj  _  _
    3    see    see   VERB   VB   _  1  xcomp  _  _
    4    Oslo   Oslo  PROPN  NNP  _  3  obj    _  SpaceAfter=No|NER=B-city
    5    .      .     PUNCT  .    _  1  punct  _  _

A token is a line whose ID is a number. Ranges of tokens (1-2) and empty nodes (1.1) come back at their places, as does
all else. Tags are read from UPOS, XPOS or a key of MISC (`Reading.tag`; a token without the key is O) and written to
where they were read from; others go to UPOS if they stand for single tokens, else to ``Tag`` in MISC. Probabilities are
``Prob`` there. What came in another format gets an ID, and underscores for all that is not known.

The text is that of a comment ``# text = ...`` if it is made of the tokens, else the tokens with a space after each that
has no ``SpaceAfter=No``. Of a range that its tokens do not spell (French *du*: *de*, *le*) it holds the tokens.

A comment ``# global.columns = ID FORM ...`` names other columns than the ten, as in CoNLL-U Plus; token and tag can be
asked for by any of the names.

https://universaldependencies.org/format.html, https://universaldependencies.org/ext-format.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, NothingReadError
from rnntag.formats.charspans import text_of
from rnntag.formats.columns import (
    NAMES,
    ColumnsReader,
    as_comment,
    check_tags,
    check_tokens,
    comments_of,
    intent_of,
    is_word,
    names_of,
)
from rnntag.formats.table_row import UNTAGGED, Reading

COLUMNS = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
RANGE = re.compile("([0-9]{1,9})-([0-9]{1,9})")
OTHER = re.compile(r"[0-9]+-[0-9]+|[0-9]+\.[0-9]+")  # IDs of what is no token
TEXT = "# text = "
TIGHT = "SpaceAfter=No"


class Kept(NamedTuple):
    """What a sentence is written again from besides its rows, in which the token stands before all other columns.

    columns  their names, in the order they came in
    token    the place of the token among them
    tag      the column of the tags, or the key in MISC; None if none was asked for
    header   the comment that names the columns, if it stands before this sentence
    between  the lines that are no tokens, each with the number of tokens above it
    """

    columns: tuple[str, ...] = COLUMNS
    token: int = 1
    tag: str | None = None
    header: str | None = None
    between: tuple[tuple[int, str], ...] = ()


class Rows(list[str]):
    """The rows of a sentence, with what it takes to write its lines as they came."""

    __slots__ = ("kept",)

    def __init__(self, rows: Iterable[str], kept: Kept) -> None:
        super().__init__(rows)
        self.kept = kept


class ConlluReader(ColumnsReader):
    """Reads sentences; their rows are the same with tags and without."""

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        super().__init__(source, reading)
        self.keyed = False  # whether the key of MISC that is wanted was seen, and
        self.alike: re.Match[str] | None = None  # one that but for capitals is the same
        self.tagged, self.wanted = reading.tagged, (reading.token or "FORM", reading.tag)
        self.kept = Kept()
        self.resolved = False  # whether it is known where in these columns all that is wanted stands
        self.id, self.tag, self.misc = -1, -1, -1  # -1 is nowhere
        self.tags: set[str] = set()  # each distinct tag is looked at once

    def sentence(self, lines: list[str], number: int) -> Sentence:
        first = next((index for index, line in enumerate(lines) if not line.startswith("#")), len(lines))
        comments, rows, line = tuple(lines[:first]), lines[first:], number + first
        header = next(filter(NAMES.match, comments), None)
        if header or not self.resolved:
            self._place(header, line - len(comments) + comments.index(header) if header else line)
        kept = self.kept
        if header:
            kept = kept._replace(header=header)
            comments = tuple(comment for comment in comments if comment is not header)

        width = len(kept.columns)
        if any(row.count("\t") != width - 1 for row in rows):
            raise self._first_fault(rows, line)
        words, numbers, cells = rows, None, _cells(rows)
        others = [] if self.id < 0 else [at for at, ID in enumerate(cells[self.id :: width]) if not ID.isdecimal()]
        if others:
            if not all(OTHER.fullmatch(cells[self.id + at * width]) for at in others):
                raise self._first_fault(rows, line)
            kept = kept._replace(between=tuple((at - above, rows[at]) for above, at in enumerate(others)))
            places = sorted(set(range(len(rows))).difference(others))
            words, numbers = [rows[at] for at in places], [line + at for at in places]
            cells = _cells(words)
        tokens, tags = cells[kept.token :: width], self._tags(cells, width) if self.tagged else None
        if "" in tokens or not self._are_sound(tags or []):
            raise self._first_fault(rows, line)
        text, offsets = self._text(comments, tokens, cells, kept)
        rows = Rows([_moved(row, kept.token, 0) for row in words], kept)
        intent = intent_of(comments)
        return Sentence(tokens, tags, rows, comments, self.source, line, intent, text, offsets, lines=numbers)

    def _place(self, header: str | None, line: int) -> None:
        """Find where the wanted columns stand, among those that a header names."""
        names = names_of((header,)) if header else None
        columns = self.kept.columns if names is None else tuple(names)
        places = {str(number): number - 1 for number in range(1, len(columns) + 1)}
        places |= {name: place for place, name in enumerate(columns)}
        self.id, self.misc = places.get("ID", -1), places.get("MISC", -1)
        token, tag = self.wanted
        if self.tagged and tag is None:
            tag = "UPOS"
        key = tag is not None and tag not in places and self.misc >= 0 and tag.upper() not in columns
        for wanted in (token, None if key else tag):
            if wanted is not None and wanted not in places:
                fact, hint = f"no column is called '{wanted}'", f"there are: {', '.join(columns)}"
                raise NothingReadError(fact, where=f"{self.source}:{line}", hint=hint)
        self.tag = -1 if key or tag is None else places[tag]
        self.kept = Kept(columns, places[token], columns[self.tag] if self.tag >= 0 else tag)
        self.resolved = True

    def _tags(self, cells: list[str], width: int) -> list[str]:
        """The tag of each token, out of its column or its MISC."""
        if self.tag >= 0:
            return cells[self.tag :: width]
        key = f"{self.kept.tag}="
        tags = [_value(misc, key, "O") for misc in cells[self.misc :: width]]
        if not self.keyed:
            for misc in cells[self.misc :: width]:
                self.keyed = self.keyed or key in misc
                self.alike = self.alike or re.search(rf"(?:^|\|)({re.escape(key)})", misc, re.IGNORECASE)
        return tags

    def close(self) -> Iterator[Sentence]:
        yield from super().close()
        if self.alike and not self.keyed:
            fact = f"no token has the key '{self.kept.tag}' in MISC, but some have '{self.alike[1][:-1]}'"
            raise NothingReadError(fact, where=self.source)

    def _are_sound(self, tags: list[str]) -> bool:
        """Whether each of these can be a tag."""
        fresh = set(tags) - self.tags
        sound = all(map(self._is_tag, fresh))
        self.tags |= fresh if sound else set()
        return sound

    def _is_tag(self, tag: str) -> bool:
        return is_word(tag) and not (tag == "_" and self.tag >= 0)

    def _first_fault(self, rows: list[str], line: int) -> CorpusError:
        """The fault of the first row that has one; ``line`` is that of the first row."""
        faults = ((number, row, self._fault(row)) for number, row in enumerate(rows, line))
        number, row, (fact, hint) = next((number, row, fault) for number, row, fault in faults if fault)
        return CorpusError(fact, where=f"{self.source}:{number}", quote=[(number, row)], hint=hint)

    def _fault(self, row: str) -> tuple[str, str] | None:
        """What is wrong with a line, and the way out; None if nothing is."""
        cells, columns = row.split("\t"), self.kept.columns
        if len(cells) != len(columns):
            fact = f"{len(cells)} column{'s' * (len(cells) > 1)}, but there are {len(columns)}"
            if row.startswith("#"):
                return fact, "a comment stands before the first token of its sentence"
            return fact, f"TABs part {' '.join(columns)}; for other columns there is --from conll"
        if self.id >= 0 and not (ID := cells[self.id]).isdecimal():
            hint = "that of a token is a number, of a range such as 1-2, of an empty node such as 1.1"
            return None if OTHER.fullmatch(ID) else (f"'{ID}' is no ID", hint)
        if not cells[self.kept.token]:
            return "the token is empty", f"the token is what stands in {columns[self.kept.token]}"
        if self.tagged and not self._is_tag(tag := self._tags(cells, len(cells))[0]):
            name = self.kept.tag
            if tag in ("", "_"):
                own = self.misc >= 0 and _value(cells[self.misc], "Tag=", "")
                hint = (
                    "add --tag-column Tag" if own else "tags in another column, or in MISC, are named by --tag-column"
                )
                return f"{name} is {tag or 'empty'}, but a tag is needed", hint
            return f"the tag '{tag}' holds white space", f"the tag is what stands in {name}"
        return None

    def _text(
        self, comments: tuple[str, ...], tokens: list[str], cells: list[str], kept: Kept
    ) -> tuple[str, list[tuple[int, int]]]:
        """The text, and where the tokens stand in it."""
        for comment in comments:
            if comment.startswith(TEXT) and (offsets := _offsets_in(comment[len(TEXT) :], tokens)) is not None:
                return comment[len(TEXT) :], offsets
        misc = cells[self.misc :: len(kept.columns)] if self.misc >= 0 else ["_"] * len(tokens)
        tight = list(map(_is_tight, misc))
        for index, row in kept.between:
            other = row.split("\t")
            if match := RANGE.fullmatch(other[self.id]):
                last = min(index + int(match[2]) - int(match[1]), len(tokens) - 1)
                if index <= last:
                    spelled = "".join(tokens[index : last + 1]) == other[kept.token]
                    tight[index:last] = [spelled] * (last - index)
                    tight[last] = self.misc >= 0 and _is_tight(other[self.misc])
        pieces, offsets, place = [], [], 0
        for token, close in zip(tokens, tight, strict=True):
            offsets.append((place, place + len(token)))
            pieces.append(token if close else f"{token} ")
            place += len(pieces[-1])
        return "".join(pieces)[: offsets[-1][1] if offsets else 0], offsets


def _cells(rows: list[str]) -> list[str]:
    """The cells of all rows, one row after the other."""
    return "\t".join(rows).split("\t") if rows else []


def _moved(row: str, old: int, new: int) -> str:
    """A row whose cell at one place is moved to another."""
    cells = row.split("\t", max(old, new) + 1)
    cells.insert(new, cells.pop(old))
    return "\t".join(cells)


def _offsets_in(text: str, tokens: Sequence[str]) -> list[tuple[int, int]] | None:
    """Where the tokens stand in a text; None if it is not made of them and white space alone."""
    offsets, place = [], 0
    for token in tokens:
        start = text.find(token, place)
        if start < 0 or (start > place and not text[place:start].isspace()):
            return None
        place = start + len(token)
        offsets.append((start, place))
    return None if text[place:].strip() else offsets


def _is_tight(misc: str) -> bool:
    """Whether a token with this MISC is followed by no space."""
    return TIGHT in misc and TIGHT in misc.split("|")


def _value(misc: str, key: str, default: str) -> str:
    """The value of a key, which is given with its =, in MISC."""
    if key in misc:
        for item in misc.split("|"):
            if item.startswith(key):
                return item[len(key) :]
    return default


def _with(misc: str, key: str, value: str) -> str:
    """MISC with this value for a key, which is given with its =: where the key stood before, or at the end."""
    if misc in ("", "_"):
        return key + value
    items = misc.split("|")
    place = next((place for place, item in enumerate(items) if item.startswith(key)), len(items))
    items[place : place + 1] = [key + value]
    return "|".join(items)


def write_conllu(sentence: Sentence, scheme: Scheme) -> str:
    """A sentence as the lines that came in, with tags and probabilities at their places, and a blank line.

    Raises CorpusError for a token or a tag that columns cannot hold, and if there is no column for tags.
    """
    if isinstance(sentence.rows, Rows):
        kept, comments = sentence.rows.kept, comments_of(sentence)
        table = [_moved(row, 0, kept.token).split("\t") for row in sentence.rows]
    else:
        kept, comments, table = Kept(), tuple(_comments(sentence)), _table(sentence)
    if sentence.tags is not None:
        _put_tags(sentence, table, kept, kept.tag or ("Tag" if scheme.prefixes else "UPOS"))
    if sentence.certainty and sentence.certainty.tags:
        misc = _misc(sentence, kept)
        for cells, p in zip(table, sentence.certainty.tags, strict=True):
            cells[misc] = _with(cells[misc], "Prob=", f"{p:.4f}")
    lines = list(map("\t".join, table))
    for index, line in reversed(kept.between):
        lines.insert(index, line)
    if kept.header:
        comments = (kept.header, *comments)
    return "\n".join((*comments, *lines, "", ""))


def _put_tags(sentence: Sentence, table: list[list[str]], kept: Kept, place: str) -> None:
    """Write tags into the column, or else the key of MISC, of this name."""
    check_tags(sentence)
    tags = sentence.tags or []
    if place in kept.columns:
        column = kept.columns.index(place)
        for cells, tag in zip(table, tags, strict=True):
            cells[column] = tag
        return
    if broken := next((tag for tag in tags if "|" in tag), None):
        raise CorpusError(
            f"tag '{broken}' cannot stand in MISC", where=sentence.where(), hint="| parts what stands there"
        )
    key, misc = f"{place}=", _misc(sentence, kept)
    for cells, tag in zip(table, tags, strict=True):
        if tag != "O" or _value(cells[misc], key, ""):
            cells[misc] = _with(cells[misc], key, tag)


def _misc(sentence: Sentence, kept: Kept) -> int:
    """The place of MISC among the columns. Raises CorpusError if it is not there."""
    if "MISC" not in kept.columns:
        fact, hint = "there is no column MISC to write to", f"there are: {', '.join(kept.columns)}"
        raise CorpusError(fact, where=sentence.where(), hint=hint)
    return kept.columns.index("MISC")


def _table(sentence: Sentence) -> list[list[str]]:
    """The ten columns of a sentence that came in another format."""
    check_tokens(sentence)
    after = ["_"] * len(sentence)
    if sentence.text is not None or not "".join(sentence.tokens).isascii():  # all others are parted by spaces
        text, offsets = text_of(sentence)
        for index, ((_, end), (start, _)) in enumerate(pairwise(offsets)):
            if end == start and not text[end - 1].isspace() and not text[start].isspace():
                after[index] = TIGHT
    return [
        [str(number), token, *["_"] * 7, misc]
        for number, (token, misc) in enumerate(zip(sentence.tokens, after, strict=True), 1)
    ]


def _comments(sentence: Sentence) -> Iterator[str]:
    """The comments of a sentence that came in another format, with its text."""
    text = sentence.text if sentence.tokens else None
    for comment in comments_of(sentence):
        if not NAMES.match(comment) and (text is None or not comment.startswith(TEXT)):
            yield as_comment(comment)
    if text is not None and "\n" not in text and "\r" not in text:
        yield TEXT + text
