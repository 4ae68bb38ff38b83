"""Tables of tokens with a header, as spreadsheets, pandas and Kaggle have them: cells parted by , ; | or TAB.

    Sentence #,Word,POS,Tag
    Sentence: 1,Flights,NNS,O
    ,to,TO,O
    ,Oslo,NNP,B-city

Which column is which is known by its name (`rnntag.formats.headers`) or asked for; what was taken is told. A sentence
ends where the number of sentences changes, be it on every row or on the first row of each, and at a row of empty cells.
A row may also be a whole sentence: its token cell and its tag cell then hold as many words, parted by spaces, or lists
as Python and NumPy print them (`rnntag.formats.csv_cells`).

Behind the token come the other columns but the tag, the sentence and the intent, so that what is written as columns can
be read again. Of an intent the first row of a sentence counts.

What is written has its sentences numbered on every row, as pandas groups by them; comments, and sentences without
tokens, have no place there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.formats.charspans import annotated
from rnntag.formats.columns import is_word
from rnntag.formats.csv_cells import CellCutter, Row, items
from rnntag.formats.headers import Header, recognised
from rnntag.formats.table_row import UNTAGGED, Reading

PHRASE = 3  # words in a cell of tokens that are no token


class CsvReader:
    """Reads the rows of a table as sentences."""

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        self.source, self.reading = source, reading
        self.tagged = reading.tagged or reading.tag is not None
        self.header: Header | None = None
        self._cutter = CellCutter(source, reading.fault)
        self._of_sentences: bool | None = None  # whether a row is one
        self._borders: list[int] = []  # columns whose changes part sentences
        self._width = 0  # cells of a row
        self._tags: set[str] = set()  # those that were looked at
        self._rows: list[Row] = []  # of the sentence that is being read
        self._number: tuple[str, ...] = ()  # what that sentence is called
        self._left_out = 0  # rows that the cutter had left out before the last one
        self._torn = False  # whether a row of the sentence, or one before it, was left out

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        for row in self._cutter.feed(number, lines):
            if not self._goes_on(row):
                yield from self._row(row)

    def close(self) -> Iterator[Sentence]:
        for row in self._cutter.close():
            yield from self._row(row)
        yield from self._end()

    def _goes_on(self, row: Row) -> bool:
        """Whether a row belongs to the sentence that is being read, which most of millions do; then it is added."""
        cells = row.cells
        if not self._rows or len(cells) < self._width or self._cutter.left_out > self._left_out:
            return False
        for at, old in zip(self._borders, self._number, strict=True):
            if cells[at] and cells[at] != old:
                return False
        if not any(cells):
            return False
        self._rows.append(row)
        return True

    def _row(self, row: Row) -> Iterator[Sentence]:
        """The sentence that ends where this row begins another, or that the row is."""
        if self.header is None and any(row.cells):
            self.header, is_data = self._resolved(row)
            self._borders, self._width = self.header.borders, len(row.cells)
            if not is_data:
                return
        header = self.header
        if header is None or not any(row.cells):
            yield from self._end()
            return
        if self._of_sentences is None:
            self._of_sentences = self._is_sentence(row, header)
        if self._of_sentences:
            yield from self._whole(row, header)
            return
        before = self._number or ("",) * len(self._borders)
        number = tuple(row.cells[at] or old for at, old in zip(self._borders, before, strict=True))
        torn, self._left_out = self._cutter.left_out > self._left_out, self._cutter.left_out
        self._torn = self._torn or torn
        if number != before:
            yield from self._end()
            self._torn = torn  # nobody knows to which of the two that row belonged
        self._number = number
        self._rows.append(row)

    def _resolved(self, row: Row) -> tuple[Header, bool]:
        """Where the columns are, and whether the first row holds data. Raises CorpusError where that is not known."""
        asked, cells, where = self.reading, row.cells, f"{self.source}:{row.line}"
        known = recognised(cells)
        token = self._asked(asked.token, row, known.token)
        tag = self._asked(asked.tag, row, known.tag) if self.tagged else None
        sentence = self._asked(asked.sentence, row, known.sentence)
        by_name = any(name is not None and not name.isdecimal() for name in (asked.token, asked.tag, asked.sentence))
        by_number = asked.token is not None or asked.tag is not None
        is_data = not by_name and known.token is None and known.tag is None and (by_number or _is_tagged(cells))
        if is_data:
            last = len(cells) - 1 if tag is None and self.tagged else tag
            header = Header([f"column {at}" for at in range(1, len(cells) + 1)], token or 0, last, sentence)
        else:
            header = known._replace(token=token, tag=tag, sentence=sentence)
            of_intents = header.is_of_sentences and header.intent is not None
            if token is None or (self.tagged and tag is None and not of_intents):
                raise _unknown(cells, token, tag, self.tagged, where)
        taken = [place for place in (header.token, header.tag, header.sentence) if place is not None]
        if len(set(taken)) < len(taken):
            twice = next(cells[place] for place in taken if taken.count(place) > 1)
            raise CorpusError(f"'{twice}' is asked for twice", where=where)
        if len(cells) > 1 and (is_data or None in (asked.token, asked.tag if self.tagged else "", asked.sentence)):
            self._say(header, is_data)
        return header, is_data

    def _asked(self, wanted: str | None, row: Row, known: int | None) -> int | None:
        """The place of a column that is asked for by name or number; else the one that is known."""
        if wanted is None:
            return known
        cells, where = row.cells, f"{self.source}:{row.line}"
        if wanted.isdecimal():
            if not 1 <= int(wanted) <= len(cells):
                fact = f"column {wanted} is asked for, of {len(cells)}"
                raise CorpusError(fact, where=where, hint="columns are counted from 1")
            return int(wanted) - 1
        folded = [cell.casefold() for cell in cells]
        if wanted.casefold() not in folded:
            raise CorpusError(f"no column is called '{wanted}'", where=where, hint=f"there are: {', '.join(cells)}")
        return cells.index(wanted) if wanted in cells else folded.index(wanted.casefold())

    def _say(self, header: Header, is_data: bool) -> None:
        """Tell which columns were taken for what."""
        quoted = [name if is_data else f"'{name}'" for name in header.names]
        words = ["no header"] if is_data else []
        words.append(f"tokens are {quoted[header.token or 0]}")
        if header.tag is not None:
            words.append(f"tags {quoted[header.tag]}")
        elif self.tagged and header.intent is not None:
            words.append(f"intents {quoted[header.intent]}, and no word has a tag")
        if header.borders:
            words.append(f"sentences {' and '.join(quoted[at] for at in header.borders)}")
        guessed = header.tag is not None and self.reading.tag is None
        more = f"; --tag-column takes another: {', '.join(header.others)}" if guessed and header.others else ""
        self.reading.note(f"{self.source}: {', '.join(words)}{more}")

    def _end(self) -> Iterator[Sentence]:
        """The sentence of the rows that have come, unless one of them was left out."""
        rows, torn = self._rows, self._torn or self._cutter.left_out > self._left_out
        self._rows, self._torn, self._number, self._left_out = [], False, (), self._cutter.left_out
        if not rows or torn or self.header is None:
            return
        header = self.header
        place = header.token or 0
        tokens = [row.cells[place] for row in rows]
        tags = None if header.tag is None else [self._name(row.cells[header.tag]) for row in rows]
        apart = {place, header.tag, header.sentence, header.intent}
        kept = [place, *(at for at in range(self._width) if at not in apart)]
        columns = ["\t".join([row.cells[at] for at in kept]) for row in rows] if len(kept) > 1 else tokens
        if not self._are_sound(tokens, tags, columns, len(kept)):
            self.reading.fault(self._first_fault(rows, tokens, tags, kept))
            return
        intent = None if header.intent is None else rows[0].cells[header.intent] or None
        lines = [row.line for row in rows]
        in_step = lines[-1] - lines[0] == len(lines) - 1
        others = None if in_step else lines
        yield Sentence(tokens, tags, columns, (), self.source, lines[0], intent, lines=others)

    def _are_sound(self, tokens: list[str], tags: list[str] | None, columns: list[str], width: int) -> bool:
        """Whether rows can be tokens, their tags, and so many columns; each distinct tag is looked at once."""
        text, fresh = "\n".join(columns), set(tags or ()) - self._tags
        if "" in tokens or not all(map(is_word, fresh)):
            return False
        self._tags |= fresh
        return text.count("\t") == (width - 1) * len(columns) and text.count("\n") == len(columns) - 1

    def _first_fault(self, rows: list[Row], tokens: list[str], tags: list[str] | None, kept: list[int]) -> CorpusError:
        """What is wrong with the first row that cannot be a token and its tag."""
        facts: list[str] = []
        for row, token, tag in zip(rows, tokens, tags or tokens, strict=True):
            if not token:
                facts.append("the token is empty")
            elif any("\t" in row.cells[at] or "\n" in row.cells[at] for at in kept):
                facts.append("a cell holds a TAB or a line end")
            elif tags is not None and not is_word(tag):
                facts.append(f"the tag '{tag}' holds white space" if tag else "the tag is empty")
            if facts:
                break
        quote = [(row.line, ",".join(row.cells).replace("\n", " "))]
        return CorpusError(facts[0], where=f"{self.source}:{row.line}", quote=quote)

    def _name(self, tag: str) -> str:
        """A tag; a number by its name, where names are given."""
        names = self.reading.names
        return names[int(tag)] if names and tag.isdecimal() and int(tag) < len(names) else tag

    def _is_sentence(self, row: Row, header: Header) -> bool:
        """Whether the first row of data is a sentence, rather than a token. Raises CorpusError if it is neither."""
        cell = row.cells[header.token or 0]
        count = len(items(cell))
        if header.tag is None:
            return not header.borders and (header.is_of_sentences or count >= PHRASE)
        tags = len(items(row.cells[header.tag]))
        if count >= PHRASE and count != tags:
            fact = f"{count} words, but {tags} tag{'s' * (tags != 1)}: '{row.cells[header.tag]}'"
            hint = "a row is a token and its tag, or a sentence and a tag for each of its words"
            raise CorpusError(fact, where=f"{self.source}:{row.line}", quote=[(row.line, cell)], hint=hint)
        return count > 1 and count == tags

    def _whole(self, row: Row, header: Header) -> Iterator[Sentence]:
        """The sentence that a row is."""
        cell, line = row.cells[header.token or 0], row.line
        intent = None if header.intent is None else row.cells[header.intent] or None
        if header.tag is None:
            if cell.startswith("[") and not self.tagged:
                yield Sentence(items(cell), None, None, (), self.source, line, intent)
            else:
                cut = self.reading.cut or Cut(bool(self.reading.characters))
                yield annotated(cell, [] if self.tagged else None, cut, self.source, line, intent=intent)
            return
        tokens, tags = items(cell), list(map(self._name, items(row.cells[header.tag])))
        fact = "" if len(tags) == len(tokens) else f"{len(tokens)} words, but {len(tags)} tags"
        if not all(tokens):
            fact = "a token is empty"
        elif not all(map(is_word, tags)):
            fact = f"the tag '{next(tag for tag in tags if not is_word(tag))}' holds white space"
        if fact:
            self.reading.fault(CorpusError(fact, where=f"{self.source}:{line}"))
        else:
            yield Sentence(tokens, tags, None, (), self.source, line, intent)


def _is_tagged(cells: list[str]) -> bool:
    """Whether a row ends with what can only be a tag."""
    return len(cells) > 1 and (cells[-1] == "O" or cells[-1][:2] in ("B-", "I-"))


def _unknown(cells: list[str], token: int | None, tag: int | None, tagged: bool, where: str) -> CorpusError:
    """The fault of a header in which no column is known to hold the tokens or the tags."""
    missing = [role for role, place in (("token", token), ("tag", tag if tagged else 0)) if place is None]
    what = " and ".join(f"{role}s" for role in missing)
    hint = " ".join(f"--{role}-column '{cells[0 if role == 'token' else -1]}'" for role in missing)
    return CorpusError(f"which column holds the {what}? {', '.join(cells)}", where=where, hint=f"name it: {hint}")


class CsvWriter:
    """Writes the sentences of one output as a table, their numbers first; the first sentence settles its columns.

    What stood beside a token in columns has no names there, and gets those of its places.
    """

    def __init__(self) -> None:
        self._count, self._width = 0, -1  # sentences; columns that stand beside a token
        self._tagged = self._meant = False  # whether there are tags and intents

    def __call__(self, sentence: Sentence, scheme: Scheme) -> str:
        """A sentence as rows. Raises CorpusError for one that has other columns than the first."""
        if not sentence.tokens:
            return ""
        rows = [row.split("\t") for row in sentence.rows or ()]
        others = [cells[1:] for cells in rows] if rows and [cells[0] for cells in rows] == sentence.tokens else rows
        width, tagged = len(others[0]) if others else 0, sentence.tags is not None
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\n")
        if not self._count:
            self._width, self._tagged, self._meant = width, tagged, sentence.intent is not None
            names = [f"column {number}" for number in range(2, width + 2)]
            table.writerow(["sentence", *["intent"] * self._meant, "token", *names, *["tag"] * tagged])
        if (width, tagged) != (self._width, self._tagged) or (sentence.intent is not None and not self._meant):
            fact = "has other columns than the first sentence, and a table has one header"
            raise CorpusError(fact, where=sentence.where())
        self._count += 1
        before = [self._count, *[sentence.intent or ""] * self._meant]
        for at, token in enumerate(sentence.tokens):
            table.writerow([*before, token, *(others[at] if others else ()), *(sentence.tags or [])[at : at + 1]])
        return out.getvalue()

    def close(self) -> str:
        return ""
