"""JSON Lines: an object a line, of text whose spans stand by their characters, or of tokens and their tags.

    {"text": "to Oslo", "spans": [{"start": 3, "end": 7, "label": "city"}], "intent": "flight"}
    {"tokens": ["to", "Oslo"], "tags": ["O", "B-city"], "intent": "flight"}

Other tools call the same by other names (`rnntag.formats.json.layouts`), and store tags as numbers. An array of objects
is read as well, and an object over several lines. A blank line is passed over, and a line break within a text is white
space like any other.

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

import json
from collections.abc import Iterator

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Certainty, Sentence
from rnntag.formats.charspans import char_spans
from rnntag.formats.columns import CERTAIN, INTENT, intent_of
from rnntag.formats.json.objects import ObjectStream
from rnntag.formats.json.record_reader import OF_TEXT, OF_TOKENS, RecordReader
from rnntag.formats.json.records import Record, is_pair, records, written
from rnntag.formats.table_row import UNTAGGED, Reading

LONG = 1 << 20  # characters of a line that is more than a sentence
HINT = "an array holds objects, one a sentence"


class JsonlReader:
    """Reads a line as a sentence; where the first line is not a whole object, objects wherever they begin."""

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        self.source, self._reading = source, reading
        self._reader = RecordReader(source, reading)
        self._stream: ObjectStream | None = None  # of objects that are not one a line
        self._begun = False

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        if not self._begun and (first := next((line for line in lines if line and not line.isspace()), None)):
            self._begun = True
            if _is_of_many(first):
                self._stream = ObjectStream(self.source, HINT, self._reading)
        stream = self._stream
        found = stream.feed(number, lines) if stream else records(self.source, number, lines, self._reading)
        for line, record in found:
            yield from self._reader.sentences(record, line)

    def close(self) -> Iterator[Sentence]:
        for line, record in self._stream.close() if self._stream else ():
            yield from self._reader.sentences(record, line)
        self._reader.close()


def _is_of_many(line: str) -> bool:
    """Whether a line is part of an array or an object that goes on, or holds an array of objects."""
    text = line.strip()
    if not text.startswith("["):
        return text == "{"
    try:
        return len(text) > LONG or not is_pair(json.loads(text))
    except (ValueError, RecursionError):
        return True


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
