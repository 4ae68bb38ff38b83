"""Reads the objects of a JSON array, or one after another, as their text arrives, cut after any ``}``.

A pair of a text and an object, as spaCy has its training data, stands for an object too.

Only what is not complete is held. An object is tried when no bracket of it is open any more, or when what is there has
doubled since it was last tried: in all no more than three times the work of one reading, however large one object is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder

from rnntag.errors import CorpusError, RestLostError
from rnntag.files.lines import undecoded
from rnntag.formats.json.behind import SIGN, behind
from rnntag.formats.json.records import Record, as_record, not_json, unreadable
from rnntag.formats.table_row import UNTAGGED, Reading

STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
REST = re.compile(STRING.pattern[1:])  # of one that has begun
OUTSIDE = "[{"  # the signs that may come where no array is open,
INSIDE = {"[": "{[]", ",": "{[", "{": ",]", "]": OUTSIDE}  # and after each of them in an array
MEANT = {OUTSIDE: "an array or an object", "{[]": "an object", "{[": "an object"}
MEANT[",]"] = "a comma or the end of the array"
LOST = "where the next object begins cannot be told, so the rest is lost"

_decode = JSONDecoder().raw_decode


class ObjectStream:
    """Reads objects from lines, each with the number of the line where it begins."""

    def __init__(self, source: str, hint: str, reading: Reading = UNTAGGED) -> None:
        self.source, self.hint, self._reading = source, hint, reading
        self.begun: list[str] = []  # text of which nothing could be made yet
        self.line = 1  # where that begins
        self.margin = ""  # what stands in that line before it, or any sign if that is more than white space
        self.size = self.tried = 0  # its length, now and when it was last tried
        self.depth, self.quoted = 0, False  # brackets that are open at its end, and whether a string is
        self.expected = OUTSIDE
        self.closed = self.lost = False  # whether no more comes, and whether no more can be read
        self.skipped = False  # whether brackets must be counted anew, for those of a faulty object tell nothing

    def feed(self, number: int, lines: list[str]) -> Iterator[tuple[int, Record]]:
        """The objects that end within these lines, of which the first has this number. Raises CorpusError."""
        if self.lost:
            return
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
        self.closed = True
        if not self.lost:
            yield from self._take()
        if not self.lost and (self.begun or self.expected != OUTSIDE):
            fact, where = (
                f"the input ends within {'an object' if self.size > 1 else 'an array'}",
                f"{self.source}:{self.line}",
            )
            if not self._reading.skip:
                raise CorpusError(fact, where=where, hint="it is cut short")
            self._reading.fault(RestLostError(f"{fact}, and what is left of it is lost", where=where))

    def _take(self) -> Iterator[tuple[int, Record]]:
        """The objects that are complete, off what has come."""
        text, line, place = "".join(self.begun), self.line, 0
        while found := SIGN.search(text, place):
            sign, start = found[0], found.start()
            line += text.count("\n", place, start)
            place = start
            pair = sign == "[" and self.expected != OUTSIDE
            if sign == "[" and not pair:
                following = SIGN.search(text, place + 1)
                if following is None:
                    break  # what comes next tells whether it is an array or a pair
                pair = following[0] == '"'
            if sign in self.expected and sign != "{" and not pair:
                place += 1
                self.expected = INSIDE[sign]
                continue
            record, end = self._object(text, place, line) if sign in self.expected else self._foreign(text, place, line)
            if self.lost:
                place = len(text)
                break
            if end < 0:
                break  # it goes on in text to come
            if record is not None:
                yield line, record
            line += text.count("\n", place, end)
            place = end
        self._keep(text, place if found else len(text), line)

    def _keep(self, text: str, place: int, line: int) -> None:
        """Hold what is not complete."""
        before = text.rfind("\n", 0, place) + 1
        margin = text[before:place] if before else self.margin + text[:place]
        self.margin = "." if margin.strip() else margin
        self.begun = [text[place:]] if place < len(text) else []
        self.line = line
        self.size = self.tried = len(text) - place
        if self.skipped:
            self.depth, self.quoted, self.skipped = int(self.expected != OUTSIDE), False, False
            self._count(text[place:])

    def _object(self, text: str, place: int, line: int) -> tuple[Record | None, int]:
        """The object that begins there, if it can be read, and its end; -1 if it goes on in text to come."""
        inside = self.expected != OUTSIDE
        try:
            value, end = _decode(text, place)
            error = undecoded(text[place:end], self.source, line) if self._reading.skip else None
        except JSONDecodeError as fault:
            if fault.msg.startswith("Unterminated") or not SIGN.search(text, fault.pos):
                return None, -1
            at = line + text.count("\n", place, fault.pos)
            error, end = not_json(fault, f"{self.source}:{at}", at, self.hint), -1
        except (RecursionError, ValueError) as fault:
            error, end = unreadable(fault, f"{self.source}:{line}"), -1
        if error is None:
            try:
                record = as_record(value, f"{self.source}:{line}", self.hint)
            except CorpusError as fault:
                return None, self._behind(text, place, end, fault)
            self.expected = INSIDE["{"] if inside else OUTSIDE
            return record, end
        return None, self._behind(text, place, end, error)

    def _behind(self, text: str, place: int, end: int, error: CorpusError) -> int:
        """Where to go on behind a faulty object; -1 if that is still to come. Raises the fault where none is left out.

        end  that of the object, if it is known; else -1
        """
        inside, passed = self.expected != OUTSIDE, False
        if end < 0 and self._reading.skip:
            found = behind(text, place, self.margin, inside, self.closed)
            if found is None:
                return self._lose(error) if self.closed else -1
            end, passed = found
        self._reading.fault(error)
        self.skipped = True
        self.expected = OUTSIDE if not inside else INSIDE[","] if passed else INSIDE["{"]
        return end

    def _foreign(self, text: str, place: int, line: int) -> tuple[None, int]:
        """Where to go on behind what is no object, or before an object that no comma stands before."""
        sign, inside = text[place], self.expected != OUTSIDE
        fault = JSONDecodeError(f"expecting {MEANT[self.expected]}", text, place)
        error = not_json(fault, f"{self.source}:{line}", line, self.hint)
        if not self._reading.skip:
            raise error
        self.skipped = True
        if inside and sign in "{[],":
            self._reading.fault(error)
            self.expected = INSIDE["["] if sign != "," else INSIDE[","]
            return None, place + (sign == ",")
        try:
            _, end = _decode(text, place)
        except JSONDecodeError as other:
            goes_on = other.msg.startswith("Unterminated") or not SIGN.search(text, other.pos)
            return None, -1 if goes_on and not self.closed else self._lose(error)
        except (ValueError, RecursionError):
            return None, self._lose(error)
        self._reading.fault(error)
        self.expected = INSIDE["{"] if inside else OUTSIDE
        return None, end

    def _lose(self, error: CorpusError) -> int:
        """Tell that nothing more can be read."""
        self.lost = True
        self._reading.fault(RestLostError(f"{error.fact}; {LOST}", where=error.where, quote=error.quote))
        return -1
