"""Reads the objects of a JSON array, or one after another, as their text arrives, cut after any ``}``.

A pair of a text and an object, as spaCy has its training data, stands for an object too.

Only what is not complete is held. An object is tried when no bracket of it is open any more, or when what is there has
doubled since it was last tried: in all no more than three times the work of one reading, however large one object is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder

from rnntag.errors import CorpusError
from rnntag.formats.json.records import Record, as_record, not_json, unreadable

STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
REST = re.compile(STRING.pattern[1:])  # of one that has begun
SIGN = re.compile(r"[^ \t\n\r]")
OUTSIDE = "[{"  # the signs that may come where no array is open,
INSIDE = {"[": "{[]", ",": "{[", "{": ",]", "]": OUTSIDE}  # and after each of them in an array
MEANT = {OUTSIDE: "an array or an object", "{[]": "an object", "{[": "an object"}
MEANT[",]"] = "a comma or the end of the array"

_decode = JSONDecoder().raw_decode


class ObjectStream:
    """Reads objects from lines, each with the number of the line where it begins."""

    def __init__(self, source: str, hint: str) -> None:
        self.source, self.hint = source, hint
        self.begun: list[str] = []  # text of which nothing could be made yet
        self.line = 1  # where that begins
        self.size = self.tried = 0  # its length, now and when it was last tried
        self.depth, self.quoted = 0, False  # brackets that are open at its end, and whether a string is
        self.expected = OUTSIDE

    def feed(self, number: int, lines: list[str]) -> Iterator[tuple[int, Record]]:
        """The objects that end within these lines, of which the first has this number. Raises CorpusError."""
        if not self.begun:
            self.line = number
        text = "\n".join(lines)
        self._count(text)
        self.begun.append(text)
        self.size += len(text)
        if self.depth <= (self.expected != OUTSIDE) or self.size >= 2 * self.tried:
            yield from self._take()

    def _count(self, text: str) -> None:
        """Count the brackets that stand in no string."""
        if self.quoted:
            rest = REST.match(text)
            if not rest:
                return
            text = text[rest.end() :]
        brackets, quote, _ = STRING.sub("", text).partition('"')
        self.depth += sum(map(brackets.count, "{[")) - sum(map(brackets.count, "}]"))
        self.quoted = bool(quote)

    def close(self) -> Iterator[tuple[int, Record]]:
        """The last objects. Raises CorpusError if the input is cut short."""
        yield from self._take()
        if self.begun or self.expected != OUTSIDE:
            what = "an object" if self.size > 1 else "an array"
            raise CorpusError(
                f"the input ends within {what}", where=f"{self.source}:{self.line}", hint="it is cut short"
            )

    def _take(self) -> Iterator[tuple[int, Record]]:
        """The objects that are complete, off what has come."""
        text, line, place = "".join(self.begun), self.line, 0
        while found := SIGN.search(text, place):
            sign, start = found[0], found.start()
            line += text.count("\n", place, start)
            place = start
            if sign not in self.expected:
                fault = JSONDecodeError(f"expecting {MEANT[self.expected]}", text, place)
                raise not_json(fault, f"{self.source}:{line}", line, self.hint)
            pair = sign == "[" and self.expected != OUTSIDE
            if sign == "[" and not pair:
                following = SIGN.search(text, place + 1)
                if following is None:
                    break  # what comes next tells whether it is an array or a pair
                pair = following[0] == '"'
            if sign != "{" and not pair:
                place += 1
                self.expected = INSIDE[sign]
                continue
            try:
                record, end = _decode(text, place)
            except JSONDecodeError as fault:
                if fault.msg.startswith("Unterminated") or not SIGN.search(text, fault.pos):
                    break  # it goes on in text to come
                line += text.count("\n", place, fault.pos)
                raise not_json(fault, f"{self.source}:{line}", line, self.hint) from None
            except (RecursionError, ValueError) as fault:
                raise unreadable(fault, f"{self.source}:{line}") from None
            yield line, as_record(record, f"{self.source}:{line}", self.hint)
            line += text.count("\n", place, end)
            place = end
            if self.expected != OUTSIDE:
                self.expected = INSIDE["{"]
        self.begun = [text[place:]] if found else []
        self.line = line
        self.size = self.tried = len(text) - place if found else 0
