"""Cuts lines into the cells of a table, and cells into the items of a list.

Cells may stand in quotation marks, as in RFC 4180, also over several lines. In tables of tokens a mark that is a token
often stands there bare, and would make one cell of all lines up to the next: where a cell is nothing but ``"`` and the
row then has as many cells as the others, it is that token.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rnntag.errors import CorpusError
from rnntag.files.lines import ESCAPED as NO_TEXT
from rnntag.files.lines import undecoded
from rnntag.formats.headers import separator_of

LONGEST = 1_000  # lines of a row
SEPARATOR = re.compile(r'"?sep=(.)"?', re.IGNORECASE)  # the first line of some spreadsheets' files
ITEM = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?[0-9]+)""", re.DOTALL)
BETWEEN = re.compile(r"\s*,\s*|\s+|$")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Row(NamedTuple):
    """The cells of a row, and the line where it begins; a blank line is a row of one empty cell."""

    line: int
    cells: list[str]


class CellCutter:
    """Cuts lines into rows, all of them with as many cells as the first.

    fault     gets what is wrong with a row, which is then left out
    left_out  how many rows were
    """

    def __init__(self, source: str, fault: Callable[[CorpusError], None]) -> None:
        self.source, self._tell = source, fault
        self.left_out = 0
        self.separator = ""  # not known yet
        self._width = 0  # cells of a row
        self._begun: list[str] = []  # lines of a row whose quotation marks are open
        self._line = 1  # where it begins

    def feed(self, number: int, lines: list[str]) -> Iterator[Row]:
        """The rows that end within these lines, of which the first has this number."""
        for at, line in enumerate(lines, number):
            sound = '"' not in line and not NO_TEXT.search(line)  # as most of millions are
            if self._width and not self._begun and sound:
                bare = line.split(self.separator)
                if len(bare) == self._width and line.strip(" \t"):
                    yield Row(at, [cell.strip(" ") for cell in bare] if " " in line else bare)
                    continue
            if not self._begun:
                self._line = at
                if not line.strip(" \t"):
                    yield Row(at, [""])
                    continue
                if not self.separator:
                    if named := SEPARATOR.fullmatch(line.strip()):
                        self.separator = named[1]
                        continue
                    self.separator = separator_of(line)
            if cells := self._cells(line):
                yield from self._checked(cells, line)

    def close(self) -> Iterator[Row]:
        """No row: one that goes on is a fault."""
        if self._begun:
            hint = 'a mark within a cell is written twice, and the cell stands in marks: """"'
            self._fault("a quotation mark opens a cell that nothing closes", self._begun[0], hint)
        yield from ()

    def _cells(self, line: str) -> list[str] | None:
        """The cells of a row that is complete with this line; None if it goes on."""
        raw = [cell.strip(" ") for cell in line.split(self.separator)]
        if not self._begun and '"' not in line:
            return raw
        self._begun.append(line)
        text = "\n".join(self._begun)
        try:
            # Strict, for else what stands behind a closed cell would be glued to it.
            cells = next(csv.reader([text], delimiter=self.separator, skipinitialspace=True, strict=True))
        except (csv.Error, StopIteration):
            cells = []
        if len(self._begun) == 1 and len(raw) == self._width and '"' in raw and (not cells or "" in cells):
            cells = raw
        elif not cells and text.count('"') % 2 and len(self._begun) < LONGEST:
            return None
        self._begun = []
        return [cell.strip(" ") for cell in cells or raw]

    def _checked(self, cells: list[str], line: str) -> Iterator[Row]:
        """A row, if it has as many cells as the others."""
        if error := undecoded("\t".join(cells), self.source, self._line):
            self._tell(error)
            self.left_out += 1
            return
        self._width = self._width or len(cells)
        if len(cells) == self._width:
            yield Row(self._line, cells)
            return
        fact = f"{len(cells)} cell{'s' * (len(cells) != 1)}, but {self._width} in the first row"
        hint = f"a cell that holds '{self.separator}' stands in quotation marks" if len(cells) > self._width else None
        self._fault(fact, line, hint)

    def _fault(self, fact: str, line: str, hint: str | None) -> None:
        self._tell(CorpusError(fact, where=f"{self.source}:{self._line}", quote=[(self._line, line)], hint=hint))
        self.left_out += 1


def items(cell: str) -> list[str]:
    """The words of a cell: those of a list as Python, JSON or NumPy prints it, else what white space parts."""
    if not (cell.startswith("[") and cell.endswith("]")):
        return cell.split()
    inside, place = cell[1:-1].strip(), 0
    found: list[str] = []
    while place < len(inside):
        match = ITEM.match(inside, place)
        gap = BETWEEN.match(inside, match.end()) if match else None
        if match is None or gap is None:
            return cell.split()
        single, double, number = match.groups()
        found.append(number if number is not None else ESCAPED.sub(r"\1", double if single is None else single))
        place = gap.end()
    return found
