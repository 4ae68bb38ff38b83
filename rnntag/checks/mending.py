"""Mends lines in three steps, each of which keeps the number of lines.

    repaired   each line alone: characters that nobody meant, CR, another form than NFC
    aligned    each row by the layout of its file: TABs between columns, no space around token and tag
    retagged   each sentence by its scheme: the spans that conlleval sees in its tags, written anew

What would leave a token or a tag empty is not done. A step changes nothing when done again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rnntag.checks import characters
from rnntag.checks.columns import Block, Layout, cells
from rnntag.checks.tags import is_tagged
from rnntag.data.bio import SPAN_PREFIXES, Scheme, Transition, split, transitions

_NO_BREAK = re.compile(f"[{characters.NO_BREAK}]")


def repaired(bursts: Iterable[list[str]], before: dict[int, str] | None = None) -> Iterator[list[str]]:
    """All lines, each mended by itself; ``before`` gets those that were changed, by their numbers, as they had been."""
    number = 1
    for lines in bursts:
        text = "\n".join(lines)
        if "\r" in text or characters.repaired(text) != text:
            new = [_repaired(line) for line in lines]
            if number == 1:
                new[0] = _repaired(lines[0].lstrip("\ufeff"))  # else the copy might begin with a byte order mark
            if before is not None:
                pairs = enumerate(zip(lines, new, strict=True), number)
                before.update((at, line) for at, (line, mended) in pairs if line != mended)
            yield new
        else:
            yield lines
        number += len(lines)


def _repaired(line: str) -> str:
    """A line mended cell by cell, so that none becomes empty; but a line of nothing else is a blank one."""
    whole = characters.repaired(line).rstrip("\r")
    if "\t" not in line and not whole.strip(" "):
        return whole
    space = "\t" if "\t" in line else " "
    return space.join([characters.repaired(cell) or cell for cell in line.split(space)]).rstrip("\r")


def aligned(block: Block, layout: Layout) -> Block:
    """The block with TABs between the columns of its rows, unless the whole file has none."""
    head, text = "\n".join(block.comments), "\n".join(block.rows)
    no_breaks = _NO_BREAK.search(head) or (not text.isascii() and _NO_BREAK.search(text))
    if no_breaks or (layout.tabs and " " in text) or not is_tagged(layout.sentence(block)):
        comments = [characters.spaced(line) if line.startswith("#") else line for line in block.comments]
        rows = [(row, _aligned(row, layout)) for row in block.rows]
        # A row that ended in CR would have another line end.
        return block._replace(comments=comments, rows=[row if new.endswith("\r") else new for row, new in rows])
    return block


def _aligned(row: str, layout: Layout) -> str:
    """A row with TABs between its columns, if it can be told where they end."""
    parted = cells(row)
    if "\t" not in row:
        sound = len(parted) == layout.columns
        if not sound:
            parted = cells(characters.spaced(row))
        if len(parted) != layout.columns or layout.columns == 1:
            return row
        if not layout.tabs:
            return row if sound or parted[0] == "#" else " ".join(parted)  # it would become a comment
    parted = [characters.spaced(cell) if cell.strip() else cell for cell in parted]
    if len(parted) == layout.columns:
        token, tag = parted[layout.token], parted[layout.tag]
        parted[layout.token] = token.strip(" ") or token
        parted[layout.tag] = tag.strip() or tag
    return "\t".join(parted)


def retagged(block: Block, layout: Layout, scheme: Scheme, broken: set[Transition]) -> Block:
    """The block with tags that the scheme allows, if it has a tag for each token.

    broken  the transitions of the file that it does not allow
    """
    found = layout.sentence(block)
    if not is_tagged(found) or broken.isdisjoint(transitions(found.tags or ())):
        return block
    tags = found.tags or []
    rows = [
        row if tag == new else _with_tag(row, new, layout)
        for row, tag, new in zip(block.rows, tags, _legal(scheme, tags), strict=True)
    ]
    return block._replace(rows=rows)


def _legal(scheme: Scheme, tags: Sequence[str]) -> list[str]:
    """Tags that the scheme allows, for the same spans; one of no scheme at all stays, and no span goes on across it."""
    legal = list(tags)
    start = 0
    for end in [*(index for index, tag in enumerate(tags) if not _is_readable(tag)), len(tags)]:
        legal[start:end] = scheme.tags(scheme.spans(tags[start:end]), end - start)
        start = end + 1
    return legal


def _is_readable(tag: str) -> bool:
    """Whether a tag is one of any scheme of spans."""
    return tag == "O" or ("-" in tag and split(tag)[0] in SPAN_PREFIXES)


def _with_tag(row: str, tag: str, layout: Layout) -> str:
    """A row with another tag, and all else as it was."""
    pieces = re.split("(\t)" if "\t" in row else "( +)", row)  # cells, and between them what parts them
    places = [place for place in range(0, len(pieces), 2) if pieces[place] or "\t" in row]
    pieces[places[layout.tag]] = tag
    return "".join(pieces)
