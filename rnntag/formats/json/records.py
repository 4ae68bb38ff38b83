"""Reads records of JSON, so that whatever a file holds ends in a record or a fault, and writes them as sound UTF-8.

Readers ask a record for what they need by the functions below, which say what is wrong by the names that the user
gave. Of keys that come twice the last counts. JSON can escape half of a character, a lone surrogate, which UTF-8 cannot
hold: it is refused in what a sentence is made of, and stays escaped in what is only kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json import JSONDecodeError
from typing import Any, TypeVar

from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan
from rnntag.formats.table_row import Reading

Record = dict[str, Any]  # an object: its values are whatever a file holds, until a reader asks for them
T = TypeVar("T", str, list[Any], Record)

AROUND = 40  # characters of a line that are quoted on either side of a fault
SURROGATE = re.compile("[\ud800-\udfff]")

_encode = json.JSONEncoder(ensure_ascii=False).encode
_decode = json.JSONDecoder().raw_decode


def records(source: str, number: int, lines: list[str], reading: Reading) -> Iterator[tuple[int, Record]]:
    """The record of each line, with the line's number; a blank line holds none."""

    def record(numbered: tuple[int, str]) -> tuple[int, Record]:
        line, text = numbered
        return line, _parsed(text, source, line)

    full = (each for each in reading.numbered(lines, number, source) if each[1] and not each[1].isspace())
    return reading.made(record, full)


def _loads(text: str) -> object:
    """The value of a text, as json.loads gives it, but at half the cost where nothing stands around it."""
    try:
        record, end = _decode(text)
    except JSONDecodeError:
        end = -1
    return record if end == len(text) else json.loads(text)


def _parsed(text: str, source: str, line: int) -> Record:
    """The object of a line. Raises CorpusError for what is none."""
    try:
        record = _loads(text)
    except JSONDecodeError as fault:
        raise not_json(fault, f"{source}:{line}", line, "a line is one object") from None
    except (RecursionError, ValueError) as fault:
        raise unreadable(fault, f"{source}:{line}") from None
    if type(record) is dict or is_pair(record):
        return as_record(record, f"{source}:{line}")
    hint = "jq -c '.[]' FILE makes lines of an array" if type(record) is list else None
    raise CorpusError(f"the line is {kind(record)}, but an object is needed", where=f"{source}:{line}", hint=hint)


def is_pair(value: object) -> bool:
    """Whether a value is a text and what is known of it, as spaCy has its training data."""
    return type(value) is list and len(value) == 2 and type(value[0]) is str and type(value[1]) is dict


def as_record(value: object, where: str, hint: str | None = None) -> Record:
    """A value as a record, which a pair becomes as well. Raises CorpusError for any other."""
    if type(value) is dict:
        return value
    if type(value) is list and is_pair(value):
        return {"text": value[0], **value[1]}
    raise CorpusError(f"{kind(value)} stands where an object is needed", where=where, hint=hint)


def not_json(fault: JSONDecodeError, where: str, line: int, hint: str) -> CorpusError:
    """The fault of text that is no JSON, with as much of the line as shows the place."""
    begin, end = fault.doc.rfind("\n", 0, fault.pos) + 1, fault.doc.find("\n", fault.pos)
    text, place = fault.doc[begin : end if end >= 0 else None], fault.pos - begin
    start, stop = max(place - AROUND, 0), place + AROUND
    quote = "…" * (start > 0) + text[start:stop] + "…" * (stop < len(text))
    fact = f"not JSON at column {place + 1}: {fault.msg[:1].lower()}{fault.msg[1:]}"
    return CorpusError(fact, where=where, quote=[(line, quote)], hint=hint)


def unreadable(fault: Exception, where: str) -> CorpusError:
    """The fault of what JSON allows, but Python does not: too deep, or a number of too many digits."""
    deep = isinstance(fault, RecursionError)
    return CorpusError("arrays or objects lie too deep in one another" if deep else "a number is too long", where=where)


def written(record: Record, where: str) -> str:
    """A record as JSON, in one line."""
    try:
        text = _encode(record)
    except RecursionError as fault:
        raise unreadable(fault, where) from None
    if not text.isascii() and SURROGATE.search(text):
        text = SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text


def kind(value: object) -> str:
    """What a value is, in words."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return "a number"
    return "a string" if isinstance(value, str) else "an array" if isinstance(value, list) else "an object"


def get(record: Record, key: str, wanted: type[T], where: str) -> T | None:
    """The string, array or object under a key; None for nothing and null. Raises CorpusError for anything else."""
    value = record.get(key)
    if type(value) is not wanted and value is not None:
        raise CorpusError(f'"{key}" is {kind(value)}, but {kind(wanted())} is needed', where=where)
    if type(value) is str:
        check_whole(value, key, where)
    return value


def check_whole(text: str, key: str, where: str) -> None:
    """Raise CorpusError if a string holds half of a character."""
    if not text.isascii() and (half := SURROGATE.search(text)):
        fact = f'"{key}" holds half of a character, {json.dumps(half[0])[1:-1]}'
        raise CorpusError(fact, where=where, hint="jq -c . FILE puts U+FFFD in its place")


def are_strings(values: object) -> bool:
    """Whether this is an array of strings."""
    try:
        return type(values) is list and "".join(values) is not None
    except TypeError:
        return False


def check_strings(values: list[Any], key: str, where: str) -> None:
    """Raise CorpusError if one of them is no string, or an empty one."""
    if not are_strings(values) or "" in values:
        wrong = next(value for value in values if type(value) is not str or not value)
        what = "an empty string" if wrong == "" else f"{kind(wrong)}, but strings are needed"
        raise CorpusError(f'"{key}" holds {what}', where=where)
    check_whole("".join(values), key, where)


def char_span(start: object, end: object, label: object, where: str) -> CharSpan:
    """A span by what its record gives for it, which may be anything. Raises CorpusError for what makes none."""
    if type(start) is int and type(end) is int and type(label) is str and label:
        check_whole(label, "label", where)
        return CharSpan(start, end, label)
    for name, place in (("start", start), ("end", end)):
        if type(place) is not int:
            what = "missing" if place is None else kind(place)
            raise CorpusError(f"the {name} of a span is {what}, but a whole number is needed", where=where)
    what = "missing" if label is None else "empty" if label == "" else f"{kind(label)}, but a string is needed"
    raise CorpusError(f"the label of span {start} to {end} is {what}", where=where)
