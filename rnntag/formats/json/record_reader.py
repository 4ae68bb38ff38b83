"""Makes sentences of records, whichever tool they are from (`rnntag.formats.json.layouts`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.formats.charspans import Others, annotated
from rnntag.formats.json import layouts
from rnntag.formats.json.records import Record, are_strings, as_record, check_strings, get, kind
from rnntag.formats.table_row import Reading
from rnntag.formats.tag_names import beside

OF_MODELS = ("probability", "tag_probabilities", "intent_probability", "rank")
OF_TEXT = frozenset(("text", "spans", "intent", *OF_MODELS))
OF_TOKENS = frozenset(("tokens", "tags", "spans", "intent", *OF_MODELS))
COMMENT = re.compile("#[^\n\ud800-\udfff]*")
CELL = re.compile("[^\t\n\ud800-\udfff]*")


class RecordReader:
    """Reads records as sentences; what is wrong with one is told as the reading wants it.

    known  what the numbers of tags under a key are called, as far as the source itself says it
    """

    def __init__(self, source: str, reading: Reading, known: dict[str, tuple[str, ...]] | None = None) -> None:
        self.source, self.reading, self.tagged = source, reading, reading.tagged
        self.cut = reading.cut or Cut(reading.characters is not False)
        named = reading.tag is not None and not reading.tag.isdecimal()
        self.tag_key = reading.tag if named else None
        self._known = known or {}
        self._names: dict[str, tuple[str, ...] | None] = {}  # of the numbers under each key
        self._told: set[str] = set()
        self._rejected = 0  # records that whoever annotated did not accept

    def sentences(self, value: object, line: int) -> Iterator[Sentence]:
        """The sentence of a record, or those of the records that it wraps."""
        where = f"{self.source}:{line}"
        for each in layouts.unwrapped(value) if type(value) is dict else (value,):
            try:
                record = as_record(each, where)
                if self.tagged and record.get("answer") in ("reject", "ignore"):
                    self._rejected += 1
                    continue
                sentence = self._sentence(record, line, where)
            except CorpusError as error:
                self.reading.fault(error)
            else:
                yield sentence

    def close(self) -> None:
        """Tell what was left out."""
        if self._rejected:
            records = f"{self._rejected} record{'s' * (self._rejected > 1)}"
            self.reading.note(f'{self.source}: {records} left out, whose "answer" is not "accept"')

    def _sentence(self, record: Record, line: int, where: str) -> Sentence:
        if "spans" in record and "text" in record:  # what is usual is asked first, for there may be millions
            return self._of_text(record, "text", line, where)
        if "tokens" in record and "text" not in record:
            return self._of_tokens(record, "tokens" if type(record["tokens"]) is list else None, line, where)
        text_key = next((key for key in layouts.TEXTS if key in record), None)
        tokens_key = next((key for key in layouts.TOKENS if type(record.get(key)) is list), None)
        if text_key is None or (tokens_key and not self._prefers_text(record)):
            return self._of_tokens(record, tokens_key, line, where)
        return self._of_text(record, text_key, line, where)

    def _prefers_text(self, record: Record) -> bool:
        """Whether a record with both text and tokens has its spans in the text."""
        if "spans" in record:
            return True
        tagged = self.tag_key or next(layouts.tags_keys(record), None)
        return tagged is None and layouts.spans_key(record) is not None

    def _of_text(self, record: Record, text_key: str, line: int, where: str) -> Sentence:
        text, stored = get(record, text_key, str, where), get(record, "spans", list, where)
        if text is None:
            raise CorpusError(f'"{text_key}" is null, but a string is needed', where=where)
        key = "spans" if stored is not None else layouts.spans_key(record)
        if key is None and self.tagged:
            hint = 'where a text has none, "spans" is []'
            if len(record) > 1:
                hint += f"; its keys are {layouts.keys_of(record)}"
            raise CorpusError('no "spans"', where=where, hint=hint)
        spans = None if key is None else layouts.spans_of(record[key], key, where)
        others = _others(record, OF_TEXT, (text_key, key), where)
        return annotated(text, spans, self.cut, self.source, line, **others)

    def _of_tokens(self, record: Record, tokens_key: str | None, line: int, where: str) -> Sentence:
        if tokens_key is None:
            get(record, "tokens", list, where)  # what it may be instead
            hint = f"its keys are {layouts.keys_of(record)}" if record else None
            raise CorpusError('neither "text" nor "tokens"', where=where, hint=hint)
        tokens = record[tokens_key]
        if tokens and type(tokens[0]) is dict:
            tokens = [token.get("text") if type(token) is dict else token for token in tokens]
        check_strings(tokens, tokens_key, where)
        tags, key = self._tags(record, len(tokens), where)
        others = _others(record, OF_TOKENS, (tokens_key, key), where)
        rows = _take_columns(others["fields"], tokens)
        lines = None if rows is None else [line] * len(rows)  # not one each, as of columns
        return Sentence(tokens, tags, rows, source=self.source, line=line, lines=lines, **others)

    def _tags(self, record: Record, count: int, where: str) -> tuple[list[str] | None, str | None]:
        """The tags of so many tokens, and the key under which they stand; None where there are none."""
        key = self._tags_key(record, where)
        spans = layouts.spans_key(record) if self.tagged and key is None else None
        if key is None and spans is None:
            if not self.tagged:
                return None, None
            hint = 'they stand in "tags", one a token'
            if len(record) > 1:
                hint += f"; its keys are {layouts.keys_of(record)}"
            raise CorpusError('no "tags"', where=where, hint=hint)
        if key is None:
            assert spans is not None
            self._tell(f'places in "{spans}" count tokens')
            return layouts.tags_of_spans(record[spans], count, spans, where), spans
        stored = get(record, key, list, where) or []
        tags = self._by_name(stored, key, where) if stored and type(stored[0]) is int else stored
        if tags is None:
            return None, None
        check_strings(tags, key, where)
        if len(tags) != count:
            raise CorpusError(f"{count} tokens, but {len(tags)} tags", where=where)
        return tags, key

    def _tags_key(self, record: Record, where: str) -> str | None:
        """The key under which a record has its tags."""
        if self.tag_key is not None:
            if self.tag_key not in record and self.tagged:
                hint = f"its keys are {layouts.keys_of(record)}"
                raise CorpusError(f'no "{self.tag_key}"', where=where, hint=hint)
            return self.tag_key if self.tag_key in record else None
        if record.get("tags") and OF_TOKENS.issuperset(record):
            return "tags"  # nothing else can be them
        keys = list(layouts.tags_keys(record))
        if not keys:
            get(record, "tags", list, where)  # what it may be instead
            return None
        if len(keys) > 1 and self.tagged:
            self._tell(f'tags are "{keys[0]}"; --tag-column takes another: {", ".join(keys[1:])}')
        return keys[0]

    def _by_name(self, numbers: list[int], key: str, where: str) -> list[str] | None:
        """Tags by their numbers; None where those have no names and no tags are wanted."""
        if key not in self._names:
            names = self.reading.names or self._known.get(key)
            if names is None and (found := beside(self.source, key)):
                names = found.names
                shown = ", ".join(names[:5]) + ", ..." * (len(names) > 5)
                self._tell(f'"{key}" are called as {found.file} says: {shown}')
            self._names[key] = names
        names = self._names[key]
        if names is None:
            if not self.tagged:
                return None
            hint = "say what they are called, from 0 on: --tag-names O,B-city,I-city, or a file with a name a line"
            raise CorpusError(f'"{key}" holds numbers', where=where, hint=hint)
        for number in numbers:
            if type(number) is not int or not 0 <= number < len(names):
                what = number if type(number) is int else kind(number)
                fact = f'"{key}" holds {what}, but the names of tags are those of 0 to {len(names) - 1}'
                raise CorpusError(fact, where=where)
        return [names[number] for number in numbers]

    def _tell(self, fact: str) -> None:
        """Tell once of what holds for the whole source."""
        if fact not in self._told:
            self._told.add(fact)
            self.reading.note(f"{self.source}: {fact}")


def _others(record: Record, usual: frozenset[str], taken: tuple[str | None, ...], where: str) -> Others:
    """What a sentence is made with besides what was taken from a record, and what it usually has."""
    intent = get(record, "intent", str, where) or None
    if usual.issuperset(record):
        return {"fields": {}, "intent": intent}
    fields = {key: value for key, value in record.items() if key not in usual and key not in taken}
    if intent is None and are_strings(fields.get("cats")):  # doccano's
        intent = "#".join(fields.pop("cats")) or None
    comments = fields.get("comments")
    if comments and are_strings(comments) and all(map(COMMENT.fullmatch, comments)):
        del fields["comments"]
    else:
        comments = ()
    return {"fields": fields, "comments": tuple(comments), "intent": intent}


def _take_columns(fields: dict[str, Any], tokens: list[str]) -> list[str] | None:
    """What stands under ``columns``, if these could be the columns of the tokens."""
    columns = fields.get("columns")
    if not columns or type(columns) is not list or len(columns) != len(tokens):
        return None
    for cells, token in zip(columns, tokens, strict=True):
        if not are_strings(cells) or token not in cells or not all(map(CELL.fullmatch, cells)):
            return None
    return ["\t".join(cells) for cells in fields.pop("columns")]
