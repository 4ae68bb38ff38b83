"""Tables as wide as they are or, on a narrow terminal, in blocks of columns: no figure is ever shortened."""

from __future__ import annotations

import sys
from collections.abc import Collection
from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rnntag.show.console import console, text_line

ENDLESS = 10_000  # columns of what is no terminal: nothing is wrapped there
GAP = 2  # blanks between two columns
LEAST = 12  # columns that the names of rows have on the narrowest terminal


def sized_console(color: str, width: int | None = None) -> Console:
    """A console to draw on; ``width`` is that of the terminal, or no limit where output goes elsewhere."""
    out = console(color)
    if width is not None:
        out.width = width
    elif not sys.stdout.isatty():
        out.width = ENDLESS
    return out


def print_line(out: Console, text: str | Text, indent: int = 0) -> None:
    """Print a line, which a terminal sees wrapped between words."""
    shown = text if isinstance(text, Text) else text_line(text)
    out.print(Padding(shown, (0, 0, 0, indent)) if indent else shown, soft_wrap=out.width == ENDLESS)


class Grid:
    """A table whose first column names its rows.

    heads  of the columns
    left   those that are aligned on the left, beside the first; all others are on the right
    """

    def __init__(self, *heads: str, left: Collection[str] = ()) -> None:
        self.heads = heads
        self._left = left
        self._rows: list[tuple[list[Text], str]] = []

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, *cells: str | Text, style: str = "") -> None:
        """Add a row."""
        self._rows.append(([cell if isinstance(cell, Text) else text_line(cell) for cell in cells], style))

    @property
    def width(self) -> int:
        """Of all columns side by side."""
        return sum(self._widths()) + GAP * (len(self.heads) - 1)

    def tables(self, width: int) -> list[Table]:
        """The table in blocks of as many columns as have room side by side, each block led by the names of the rows."""
        if self.width <= width:
            return [self._table(range(len(self.heads)), self._widths())]
        widths = self._widths(narrow=True)
        widths[0] = min(widths[0], max(LEAST, width // 3))
        blocks: list[list[int]] = [[0]]
        room = width - widths[0]
        for place, needed in enumerate(widths[1:], 1):
            if len(blocks[-1]) > 1 and needed + GAP > room:
                blocks.append([0])
                room = width - widths[0]
            blocks[-1].append(place)
            room -= needed + GAP
        return [self._table(block, widths) for block in blocks]

    def draw(self, out: Console) -> None:
        """Print it, with a blank line between blocks; nothing if it has no rows."""
        for number, table in enumerate(self.tables(out.width) if self._rows else ()):
            if number:
                out.print()
            out.print(table)

    def _widths(self, narrow: bool = False) -> list[int]:
        """The width of each column; ``narrow``: where the words of a head may stand one below the other."""
        columns = zip(*(cells for cells, _ in self._rows), strict=True)
        words = [head.split() if narrow else [head] for head in self.heads]
        heads = [max((Text(word).cell_len for word in own), default=0) for own in words]
        return [max(head, *(cell.cell_len for cell in column)) for head, column in zip(heads, columns, strict=True)]

    def _table(self, places: Collection[int], widths: list[int]) -> Table:
        """Some columns; what is longer than its column is wide goes on in the next line."""
        table = Table(box=None, header_style="bold", pad_edge=False)
        for place in places:
            head = self.heads[place]
            justify: Literal["left", "right"] = "left" if place == 0 or head in self._left else "right"
            table.add_column(Text(head), justify=justify, overflow="fold", max_width=widths[place])
        for cells, style in self._rows:
            table.add_row(*(cells[place] for place in places), style=style or None)
        return table
