"""Finds where reading can go on behind an object that is no JSON, if that is certain.

It is where the brackets that were opened are closed, each by its own kind; a string ends with its line, for JSON has no
line end in one. Or, where objects begin lines and what is in them stands further from the margin, it is before the next
that begins a line.
"""

from __future__ import annotations

import re

TOKEN = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*(?:"|$)|[][{}]', re.MULTILINE)
LINE = re.compile(r"\n([ \t]*)(?=([^ \t\n\r]))")
CLOSING = {"{": "}", "[": "]"}
SIGN = re.compile(r"[^ \t\n\r]")


def behind(text: str, place: int, margin: str, in_array: bool, whole: bool) -> tuple[int, bool] | None:
    """The place behind the object that begins at ``place``, and whether the comma behind it is passed already.

    margin  what stands in the line before the text
    whole   whether the text is all that comes

    None if that is not certain, or not yet.
    """
    closed, sibling = _closed(text, place, in_array, whole), _sibling(text, place, margin, in_array)
    if closed is not None and (sibling is None or closed <= sibling):
        return closed, False
    return None if sibling is None else (sibling, in_array)


def _closed(text: str, place: int, in_array: bool, whole: bool) -> int | None:
    """The end of the object by its brackets, if what follows is what may follow an object."""
    awaited: list[str] = []
    for token in TOKEN.finditer(text, place):
        sign = token[0]
        if sign in CLOSING:
            awaited.append(CLOSING[sign])
        elif sign in "]}":
            if awaited.pop() != sign:
                return None
            if not awaited:
                following = SIGN.search(text, token.end())
                sound = following[0] in (",]" if in_array else "{[") if following else whole
                return token.end() if sound else None
    return None


def _sibling(text: str, place: int, margin: str, in_array: bool) -> int | None:
    """The beginning of the next object that stands as far from the margin, with all between them further."""
    begin = text.rfind("\n", 0, place) + 1
    indent = text[begin:place] if begin else margin + text[:place]
    if indent.strip():
        return None
    for line in LINE.finditer(text, place):
        if len(line[1]) > len(indent) or line[2] == "}":
            continue
        parted = not in_array or text[place : line.start()].rstrip().endswith(",")
        return line.end() if line[2] == "{" and line[1] == indent and parted else None
    return None
