"""JSON Lines as doccano exports and imports them for sequence labelling: a text a line, its spans by their characters.

    {"id": 7, "text": "to Oslo", "label": [[3, 7, "city"]], "Comments": []}
    {"id": 7, "text": "to Oslo", "cats": ["flight"], "entities": [[3, 7, "city"]]}

The second is what projects of intent detection and slot filling have, and what is written where there is an intent;
several categories are one intent, joined by ``#`` as doccano joins them. Spans are also read from ``labels``, and text
from ``data``, as some versions call them. Where relations are annotated, entities have names for their parts, and ids:

    {"text": "to Oslo", "entities": [{"id": 1, "start_offset": 3, "end_offset": 7, "label": "city"}], "relations": []}

These come back as they were: an entity that is found again has its id again, and a relation between two such is kept.
What else a line holds is written again as it was.

The forms are those of doccano's own code, backend/data_export/pipeline/factories.py and
backend/data_import/pipeline/label.py. A place in a text is that of a Unicode code point.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan, annotated, char_spans
from rnntag.formats.json.layouts import spans_of
from rnntag.formats.json.records import Record, check_strings, get, records, written
from rnntag.formats.table_row import UNTAGGED, Reading

SPANS = ("label", "labels", "entities")
FORMS = frozenset(("id", "text", "data", "cats", "relations", *SPANS))
ENTITY = ("start_offset", "end_offset", "label")


class DoccanoReader:
    """Reads a line as a sentence."""

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        self.source, self.tagged, self._reading = source, reading.tagged, reading
        self.cut = reading.cut or Cut(reading.characters is not False)

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        return self._reading.made(self._sentence, records(self.source, number, lines, self._reading))

    def close(self) -> Iterator[Sentence]:
        return iter(())

    def _sentence(self, numbered: tuple[int, Record]) -> Sentence:
        line, record = numbered
        where = f"{self.source}:{line}"
        text_key = "text" if "text" in record else "data"
        text = get(record, text_key, str, where)
        if text is None:
            raise CorpusError('no "text"', where=where)
        key = next((key for key in SPANS if key in record), "label")
        stored = get(record, key, list, where)
        if stored is None and self.tagged:
            hint = '"label": [] says that it has none'
            if "spans" in record:
                hint = 'if they are in "spans", add --from jsonl'
            raise CorpusError('no "label"', where=where, hint=hint)
        spans = None if stored is None else spans_of(stored, key, where)
        categories = get(record, "cats", list, where) or []
        check_strings(categories, "cats", where)
        related = key == "entities" and type(record.get("relations")) is list  # to the ids of entities
        own = (text_key, "cats") if related else (text_key, "cats", key)
        fields = {name: value for name, value in record.items() if name not in own}
        intent = "#".join(categories) or None
        return annotated(text, spans, self.cut, self.source, line, intent=intent, fields=fields)


def write_doccano(sentence: Sentence, scheme: Scheme) -> str:
    """A sentence as a line. Raises CorpusError for fields that lie too deep in one another."""
    fields, where = sentence.fields or {}, sentence.where()
    text, spans = char_spans(sentence, scheme)
    record: Record = {"id": fields["id"]} if "id" in fields else {}
    record["text"] = text
    if sentence.intent is not None:
        record["cats"] = list(filter(None, sentence.intent.split("#")))
    if sentence.tags is not None:
        relations = fields.get("relations")
        if type(relations) is not list:
            record["label" if sentence.intent is None else "entities"] = spans
        else:
            record["entities"] = entities = _entities(spans, get(fields, "entities", list, where) or [], where)
            ids = [entity["id"] for entity in entities]
            record["relations"] = [relation for relation in relations if _joins(relation, ids)]
    for key, value in fields.items():
        if key not in FORMS:
            record[key] = value
    return written(record, where) + "\n"


def _entities(spans: list[CharSpan], known: list[Any], where: str) -> list[Record]:
    """Spans as objects, under the ids they came in with, or under new ones."""
    came = [entity for entity in known if type(entity) is dict and type(entity.get("id")) is int]
    ids = dict(zip(spans_of(came, "entities", where), [entity["id"] for entity in came], strict=True))
    fresh = count(max(ids.values(), default=0) + 1)
    return [{"id": ids[span] if span in ids else next(fresh), **dict(zip(ENTITY, span, strict=True))} for span in spans]


def _joins(relation: object, ids: list[int]) -> bool:
    """Whether a relation is one between two of these entities."""
    return type(relation) is dict and relation.get("from_id") in ids and relation.get("to_id") in ids
