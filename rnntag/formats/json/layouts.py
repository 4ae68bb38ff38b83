"""What tools call the parts of a record, in one place, and which of them a record has.

    {"text": ..., "spans": [{"start": 3, "end": 7, "label": "city"}]}               rnntag, Prodigy
    {"text": ..., "entities": [[3, 7, "city"]]}, or "label", "labels"               doccano, spaCy
    {"text": ..., "entities": [{"start": 3, "end": 7, "entity": "city"}]}           Rasa, pipelines
    ["text", {"entities": [[3, 7, "city"]]}]                                        spaCy
    {"tokens": [...], "tags": ["O", "B-city"]}                                      rnntag
    {"tokens": [...], "ner_tags": [0, 3]}, or "labels", "pos_tags" and the like     Hugging Face
    {"tokens": [...], "entities": [{"start": 1, "end": 2, "type": "city"}]}         SpERT: places count tokens

Tools wrap records in one object as well, ``{"annotations": [...]}``; what is wrapped is taken out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan
from rnntag.formats.json.records import Record, char_span, kind

SPANS = ("spans", "entities", "label", "labels", "ents")
STARTS, ENDS = ("start", "start_offset", "start_char", "begin"), ("end", "end_offset", "end_char", "stop")
LABELS = ("label", "entity", "type", "tag", "entity_type", "entity_group", "category")
TEXTS, TOKENS = ("text", "sentence", "utterance", "query"), ("tokens", "words")
# The first that a record has is taken: entities before chunks and parts of speech.
TAGS: tuple[str, ...] = ("tags", "ner_tags", "labels", "label", "slots", "slot_tags", "bio_tags", "iob", "ner")
TAGS += ("ner_labels", "chunk_tags", "chunks", "upos", "upos_tags", "pos_tags", "pos", "xpos")
RANKS = {key: rank for rank, key in enumerate(TAGS)}
WRAPPERS = ("annotations", "examples", "common_examples", "data", "sentences", "documents", "records", "items")
PARTS = frozenset((*TEXTS, *TOKENS))
SHOWN = 8  # keys of a record that is none


def unwrapped(record: Record) -> list[object]:
    """The values that a record wraps; the record alone if it is none."""
    if not PARTS.isdisjoint(record):
        return [record]
    if type(inner := record.get("rasa_nlu_data")) is dict:
        record = inner
    for key in WRAPPERS:
        values = record.get(key)
        if type(values) is list and values and all(type(value) in (dict, list, type(None)) for value in values):
            return [value for value in values if value is not None]
    return [record]


def spans_key(record: Record) -> str | None:
    """The key under which a record has the spans of its text; None if it has none."""
    if type(record.get("spans")) is list:
        return "spans"
    return next((key for key in SPANS if _are_spans(record.get(key))), None)


def _are_spans(values: object) -> bool:
    """Whether a value can only be spans, for others have records too: ``"label": ["news"]``."""
    return type(values) is list and all(type(value) is dict or _is_triple(value) for value in values)


def _is_triple(value: object) -> bool:
    return type(value) is list and len(value) == 3 and type(value[0]) is type(value[1]) is int


def parts_of(span: Record) -> tuple[object, object, object]:
    """Start, end and label of a span, whatever they are called; None for what it lacks."""
    start, end, label = (next((span[key] for key in keys if key in span), None) for keys in (STARTS, ENDS, LABELS))
    if type(label) is list and len(label) == 1:
        label = label[0]
    if type(label) is str and type(role := span.get("role")) is str and role:
        label = f"{label}.{role}"
    return start, end, label


def spans_of(stored: list[Any], key: str, where: str) -> list[CharSpan]:
    """The spans under a key. Raises CorpusError for one that is none."""
    try:  # sound ones of the usual kind are taken as they are, and each is looked at only where one is not
        spans = [(span["start"], span["end"], span["label"]) for span in stored]
        sound = all(type(start) is type(end) is int and label.isascii() and label for start, end, label in spans)
    except (KeyError, TypeError, AttributeError):
        sound = False
    return list(map(CharSpan._make, spans)) if sound else [_span(span, key, where) for span in stored]


def _span(span: object, key: str, where: str) -> CharSpan:
    if type(span) is dict:
        return char_span(*parts_of(span), where)
    if type(span) is list and len(span) == 3:
        return char_span(span[0], span[1], span[2], where)
    what = f"an array of {len(span)}" if type(span) is list else kind(span)
    fact = f'"{key}" holds {what}, but a span is an object or [start, end, label]'
    raise CorpusError(fact, where=where)


def tags_of_spans(stored: list[Any], count: int, key: str, where: str) -> list[str]:
    """The tags of so many tokens by spans whose places count tokens. Raises CorpusError for one that is none."""
    tags = ["O"] * count
    for span in stored:
        start, end, label = parts_of(span) if type(span) is dict else (None, None, None)
        if type(span) is dict and type(span.get("token_start")) is int and type(span.get("token_end")) is int:
            start, end = span["token_start"], span["token_end"] + 1  # the last token itself, as Prodigy has it
        first, last, name = char_span(start, end, label, where)
        if not 0 <= first < last <= count:
            fact = f'"{key}": span {first} to {last} ({name}) does not lie in the {count} tokens'
            raise CorpusError(fact, where=where, hint="a span's end is the number of the token after it")
        if any(tag != "O" for tag in tags[first:last]):
            hint = "a token has one tag: spans that lie in one another need a corpus each"
            raise CorpusError(f'"{key}": spans overlap at token {first}', where=where, hint=hint)
        tags[first:last] = [f"B-{name}", *[f"I-{name}"] * (last - first - 1)]
    return tags


def tags_keys(record: Record) -> Iterator[str]:
    """The keys of a record that may hold a tag for each token, the likeliest first."""
    for key in sorted(RANKS.keys() & record.keys(), key=RANKS.__getitem__):
        value = record[key]
        if type(value) is list and (type(value[0]) not in (dict, list) if value else key == TAGS[0]):
            yield key


def keys_of(record: Record) -> str:
    """The keys of a record, for messages."""
    keys = [f'"{key}"' for key in record]
    return ", ".join(keys[:SHOWN]) + ", ..." * (len(keys) > SHOWN) if keys else "none"
