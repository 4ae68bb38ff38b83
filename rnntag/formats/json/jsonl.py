"""JSON Lines: an object a line, of text whose spans stand by their characters, or of tokens and their tags.

    {"text": "to Oslo", "spans": [{"start": 3, "end": 7, "label": "city"}], "intent": "flight"}
    {"tokens": ["to", "Oslo"], "tags": ["O", "B-city"], "intent": "flight"}

An object is of the first kind if it has ``text``, unless it has ``tokens`` and no ``spans``. Without ``spans`` or
``tags`` it has no tags; ``ner_tags`` do for ``tags``, if they are names. A blank line is passed over, and a line break
within a text is white space like any other.

What came as text goes out as text, what came as tokens as tokens, and the keys in this order:

    text, spans                      a span's are start, end, label, probability
    tokens, tags, tag_probabilities
    intent, intent_probability
    probability, rank                of all tags together; the place among the best, from 0
    comments                         the lines that stood before a sentence of columns, save that on its intent
    columns                          those of each token, if they are more than the token and its tag

and then what else the input had, as it was. Probabilities and ranks are not read: what they told of is tagged anew.
Nor are spans that stand beside tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Certainty, Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan, Others, annotated, char_spans
from rnntag.formats.columns import CERTAIN, INTENT, intent_of
from rnntag.formats.json.records import Record, are_strings, char_span, check_strings, get, kind, records, written
from rnntag.formats.table_row import UNTAGGED, Reading

OF_MODELS = ("probability", "tag_probabilities", "intent_probability", "rank")
OF_TEXT = frozenset(("text", "spans", "intent", *OF_MODELS))
OF_TOKENS = frozenset(("tokens", "tags", "spans", "intent", *OF_MODELS))
DOCCANO = ("label", "labels", "entities")  # where that has spans
COMMENT = re.compile("#[^\n\ud800-\udfff]*")
CELL = re.compile("[^\t\n\ud800-\udfff]*")


class JsonlReader:
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
        of_text = "text" in record and ("spans" in record or "tokens" not in record)
        return (self._of_text if of_text else self._of_tokens)(record, line, f"{self.source}:{line}")

    def _of_text(self, record: Record, line: int, where: str) -> Sentence:
        text, stored = get(record, "text", str, where), get(record, "spans", list, where)
        if text is None:
            raise CorpusError('"text" is null, but a string is needed', where=where)
        if stored is None and self.tagged:
            hint = 'where a text has none, "spans" is []'
            if foreign := next((key for key in DOCCANO if type(record.get(key)) is list), None):
                hint = f'if they are in "{foreign}", add --from doccano'
            raise CorpusError('no "spans"', where=where, hint=hint)
        spans = None if stored is None else _spans(stored, where)
        return annotated(text, spans, self.cut, self.source, line, **_others(record, OF_TEXT, where))

    def _of_tokens(self, record: Record, line: int, where: str) -> Sentence:
        tokens = get(record, "tokens", list, where)
        if tokens is None:
            raise CorpusError('neither "text" nor "tokens"', where=where)
        check_strings(tokens, "tokens", where)
        others = _others(record, OF_TOKENS, where)
        tags = get(record, "tags", list, where)
        if tags is None and are_strings(record.get("ner_tags")):
            tags = others["fields"].pop("ner_tags")
        if tags is None and self.tagged:
            hint = '"ner_tags" are to be names' if "ner_tags" in record else 'they stand in "tags", one a token'
            raise CorpusError('no "tags"', where=where, hint=hint)
        if tags is not None:
            check_strings(tags, "tags", where)
            if len(tags) != len(tokens):
                raise CorpusError(f"{len(tokens)} tokens, but {len(tags)} tags", where=where)
        rows = _take_columns(others["fields"], tokens)
        lines = None if rows is None else [line] * len(rows)  # not one each, as of columns
        return Sentence(tokens, tags, rows, source=self.source, line=line, lines=lines, **others)


def _others(record: Record, own: frozenset[str], where: str) -> Others:
    """What sentences of both kinds are made with."""
    if own.issuperset(record):
        return {"fields": {}, "intent": get(record, "intent", str, where) or None}
    fields = {key: value for key, value in record.items() if key not in own}
    comments = fields.get("comments")
    if comments and are_strings(comments) and all(map(COMMENT.fullmatch, comments)):
        del fields["comments"]
    else:
        comments = ()
    return {"fields": fields, "comments": tuple(comments), "intent": get(record, "intent", str, where) or None}


def _spans(stored: list[Any], where: str) -> list[CharSpan]:
    """The spans of a record; sound ones are taken as they are, and each is looked at only where one is faulty."""
    try:
        spans = [(span["start"], span["end"], span["label"]) for span in stored]
        sound = all(type(start) is type(end) is int and label.isascii() and label for start, end, label in spans)
    except (KeyError, TypeError, AttributeError):
        sound = False
    return list(map(CharSpan._make, spans)) if sound else [_span(span, where) for span in stored]


def _span(span: object, where: str) -> CharSpan:
    if type(span) is not dict:
        raise CorpusError(f'"spans" holds {kind(span)}, but objects are needed', where=where)
    return char_span(span.get("start"), span.get("end"), span.get("label"), where)


def _take_columns(fields: Record, tokens: list[str]) -> list[str] | None:
    """What stands under ``columns``, if these could be the columns of the tokens."""
    columns = fields.get("columns")
    if not columns or type(columns) is not list or len(columns) != len(tokens):
        return None
    for cells, token in zip(columns, tokens, strict=True):
        if not are_strings(cells) or token not in cells or not all(map(CELL.fullmatch, cells)):
            return None
    return ["\t".join(cells) for cells in fields.pop("columns")]


def write_jsonl(sentence: Sentence, scheme: Scheme) -> str:
    """A sentence as a line. Raises CorpusError for what it cannot hold: fields that lie too deep in one another."""
    record: Record = {}
    certainty = sentence.certainty
    of_text = sentence.text is not None and sentence.rows is None
    if of_text:
        record["text"], spans = char_spans(sentence, scheme)
        if sentence.tags is not None:
            record["spans"] = [{"start": start, "end": end, "label": label} for start, end, label in spans]
            for span, probability in zip(record["spans"], certainty.spans if certainty else (), strict=False):
                span["probability"] = round(probability, 6)
    else:
        record["tokens"] = sentence.tokens
        if sentence.tags is not None:
            record["tags"] = sentence.tags
            if certainty and certainty.tags:
                record["tag_probabilities"] = [round(probability, 6) for probability in certainty.tags]
    if sentence.intent is not None:
        record["intent"] = sentence.intent
    if certainty:
        record |= _certain(certainty)
    if sentence.comments and (comments := _other_comments(sentence)):
        record["comments"] = comments
    if sentence.rows is not None and sentence.rows != sentence.tokens:
        record["columns"] = [row.split("\t") for row in sentence.rows]
    for key, value in (sentence.fields or {}).items():
        if key not in (OF_TEXT if of_text else OF_TOKENS):
            record.setdefault(key, value)
    return written(record, sentence.where()) + "\n"


def _certain(certainty: Certainty) -> Record:
    """What a record says of how probable its tags and intent are."""
    record: Record = {}
    if certainty.intent is not None:
        record["intent_probability"] = round(certainty.intent, 6)
    record["probability"] = round(certainty.tagging, 6)
    if certainty.rank is not None:
        record["rank"] = certainty.rank
    return record


def _other_comments(sentence: Sentence) -> list[str]:
    """The comments without those on what has a key of its own, if columns are written with the same in their place."""
    comments, intent = sentence.comments, sentence.intent
    if sentence.certainty:
        comments = tuple(comment for comment in comments if not CERTAIN.match(comment))
    others = [comment for comment in comments if not INTENT.match(comment)]
    implied = intent is not None and (intent_of(comments) != intent or (*others, f"# intent = {intent}") == comments)
    return others if implied else list(comments)
