"""JSON as Label Studio exports and imports it: an array of tasks, or a task a line, with spans by their characters.

    {"id": 7, "data": {"text": "to Oslo"}, "annotations": [{"result": [
      {"id": "0", "from_name": "label", "to_name": "text", "type": "labels",
       "value": {"start": 3, "end": 7, "text": "Oslo", "labels": ["city"]}},
      {"id": "1", "from_name": "intent", "to_name": "text", "type": "choices", "value": {"choices": ["flight"]}}]}]}

The text is what ``data`` has under ``text``, or the only string there. Of the annotations the first counts that was not
cancelled. A region of type ``labels`` is a span; a choice for the whole text is the intent, several joined by ``#``;
relations and the like are passed over. A task without annotations has no tags, whatever its predictions are. Where tags
are needed, a task of which all annotations were cancelled is left out, as whoever annotated wanted it.

JSON_MIN is read as well, where a task has its results under the names of their controls:

    {"id": 7, "text": "to Oslo", "label": [{"start": 3, "end": 7, "labels": ["city"]}], "intent": "flight"}

Places count Unicode code points. Label Studio counted UTF-16 units until 2021; a region says what its text is, and so
tells which it was. What is written are tasks that can be imported, under the names of controls that came in, with
``annotations`` or, where probabilities are known, with ``predictions`` and their scores. What else a task and its data
held is written again, of annotations only what is told of here.

https://labelstud.io/guide/task_format, https://labelstud.io/guide/predictions
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any, NamedTuple

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan, annotated, char_spans
from rnntag.formats.json.objects import ObjectStream
from rnntag.formats.json.records import Record, char_span, check_strings, get, kind, written
from rnntag.formats.table_row import UNTAGGED, Reading

HINT = "an export is an array of tasks: choose JSON or JSON-MIN"
# What its templates call the text in the data, the controls for spans and choices, and what those are of.
NAMES = {"data": "text", "labels": "label", "choices": "intent", "to": "text"}
KEPT_APART = frozenset(("data", "annotations", "label_studio"))  # the last holds names that are not those
ABOUT_ANNOTATION = frozenset(("annotation_id", "annotator", "created_at", "updated_at", "lead_time"))  # in JSON_MIN


class Results(NamedTuple):
    """What an annotation says of a text.

    quotes  what the text of each span is said to be, or None
    names   those of the controls that it was made with
    """

    spans: list[CharSpan]
    quotes: list[object]
    intent: str | None
    names: Record


class LabelStudioReader:
    """Reads a task as a sentence."""

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        self.source, self.tagged, self._reading = source, reading.tagged, reading
        self.cut = reading.cut or Cut(reading.characters is not False)
        self.stream = ObjectStream(source, HINT, reading)

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        return self._sentences(self.stream.feed(number, lines))

    def close(self) -> Iterator[Sentence]:
        return self._sentences(self.stream.close())

    def _sentences(self, tasks: Iterator[tuple[int, Record]]) -> Iterator[Sentence]:
        return (each for each in self._reading.made(self._of_task, tasks) if each is not None)

    def _of_task(self, numbered: tuple[int, Record]) -> Sentence | None:
        """The sentence of a task; None for one that is to be left out."""
        line, task = numbered
        where = f"{self.source}:{line}"
        if "data" not in task:
            task = _in_full(task)
        annotations = get(task, "annotations", list, where) or []
        standing = [each for each in annotations if not (type(each) is dict and each.get("was_cancelled"))]
        if standing or not annotations or not self.tagged:
            return self._sentence(task, standing, line, where)
        return None

    def _sentence(self, task: Record, annotations: list[Any], line: int, where: str) -> Sentence:
        data = get(task, "data", dict, where) or {}
        key = _text_key(data, where)
        text = get(data, key, str, where) or ""
        if not annotations and self.tagged:
            hint = "export annotated tasks only" if "spans" not in data else 'if they are in "spans", add --from jsonl'
            raise CorpusError("a task without annotations", where=where, hint=hint)
        results = _results(annotations[0], where) if annotations else Results([], [], None, {})
        names = NAMES | {"data": key} | results.names
        fields = {name: value for name, value in task.items() if name not in KEPT_APART}
        if others := {name: value for name, value in data.items() if name != key}:
            fields["data"] = others
        if unusual := {role: name for role, name in names.items() if name != NAMES[role]}:
            fields["label_studio"] = unusual
        spans = _by_code_points(text, results) if annotations else None
        return annotated(text, spans, self.cut, self.source, line, intent=results.intent, fields=fields)


def _in_full(task: Record) -> Record:
    """A task of JSON_MIN in the form of JSON."""
    full: Record = {"id": task["id"]} if "id" in task else {}
    data: Record = {}
    result: list[Record] = []
    for key, value in task.items():
        if type(value) is list and value and all(type(region) is dict and "labels" in region for region in value):
            result += [{"type": "labels", "from_name": key, "value": region} for region in value]
        elif key != "id" and key not in ABOUT_ANNOTATION:
            data[key] = value
    if result or "annotation_id" in task:
        choice = data.pop("intent", None)
        result.append({"type": "choices", "value": {"choices": [choice]} if type(choice) is str else choice})
        full["annotations"] = [{"result": result}]
    return {**full, "data": data}


def _text_key(data: Record, where: str) -> str:
    """The key under which the data has the text. Raises CorpusError where that cannot be known."""
    strings = [key for key, value in data.items() if type(value) is str]
    if "text" in strings:
        return "text"
    if len(strings) == 1:
        return strings[0]
    if strings:
        fact = f"which of its strings is the text? {', '.join(strings)}"
        raise CorpusError(fact, where=where, hint='call it "text" in the data')
    hint = "if a line is a record with tokens, add --from jsonl" if "tokens" in data else HINT
    raise CorpusError("a task without text", where=where, hint=hint)


def _results(annotation: object, where: str) -> Results:
    """What an annotation says of its text. Raises CorpusError for one that cannot be read."""
    if type(annotation) is not dict:
        raise CorpusError(f'"annotations" holds {kind(annotation)}, but objects are needed', where=where)
    spans: list[CharSpan] = []
    quotes: list[object] = []
    intent: str | None = None
    names: Record = {}
    for region in get(annotation, "result", list, where) or []:
        if type(region) is not dict:
            raise CorpusError(f'"result" holds {kind(region)}, but objects are needed', where=where)
        control = region.get("type")
        if control not in ("labels", "choices"):
            if type(control) is str and control.endswith("labels"):
                hint = "what is read are regions of Labels on a Text"
                raise CorpusError(f"a region of type '{control}' is no span of text", where=where, hint=hint)
            continue
        value = get(region, "value", dict, where) or {}
        if control == "labels":
            labels = get(value, "labels", list, where) or []
            check_strings(labels, "labels", where)
            if len(labels) > 1:
                fact = f"a region has {len(labels)} labels: {', '.join(labels)}"
                raise CorpusError(fact, where=where, hint="a token has one tag: leave one of them")
            if labels:
                spans.append(char_span(value.get("start"), value.get("end"), labels[0], where))
                quotes.append(value.get("text"))
        elif intent is None and "start" not in value:
            choices = get(value, "choices", list, where) or []
            check_strings(choices, "choices", where)
            intent = "#".join(choices) or None
        for role, name in ((control, region.get("from_name")), ("to", region.get("to_name"))):
            if type(name) is str:
                names.setdefault(role, name)
    return Results(spans, quotes, intent, names)


def _by_code_points(text: str, results: Results) -> list[CharSpan]:
    """The spans in code points; their places count UTF-16 units if more of them then are what they are said to be."""
    if text.isascii() or max(text) <= "\uffff":
        return results.spans
    units = accumulate((2 if sign > "\uffff" else 1 for sign in text), initial=0)
    places = {unit: place for place, unit in enumerate(units)}
    moved = [CharSpan(places.get(start, -1), places.get(end, -1), label) for start, end, label in results.spans]

    def agreeing(spans: list[CharSpan]) -> int:
        pairs = zip(spans, results.quotes, strict=True)
        return sum(end <= len(text) and text[start:end] == quote for (start, end, _), quote in pairs)

    return moved if agreeing(moved) > agreeing(results.spans) else results.spans


def write_label_studio(sentence: Sentence, scheme: Scheme) -> str:
    """A sentence as a task, without a line end. Raises CorpusError for fields that lie too deep in one another."""
    fields, certainty = sentence.fields or {}, sentence.certainty
    given, others = fields.get("label_studio"), fields.get("data")
    names = NAMES | {role: name for role, name in _object(given).items() if role in NAMES and type(name) is str}
    text, spans = char_spans(sentence, scheme)

    regions: list[Record] = []
    for start, end, label in spans:
        value = {"start": start, "end": end, "text": text[start:end], "labels": [label]}
        regions.append({"from_name": names["labels"], "to_name": names["to"], "type": "labels", "value": value})
    if sentence.intent is not None:
        value = {"choices": list(filter(None, sentence.intent.split("#")))}
        regions.append({"from_name": names["choices"], "to_name": names["to"], "type": "choices", "value": value})
    result = [{"id": str(number), **region} for number, region in enumerate(regions)]
    annotation: Record = {"result": result}
    if certainty:
        annotation |= {"model_version": "rnntag", "score": round(certainty.tagging, 6)}
        for region, score in zip(result, (*certainty.spans, certainty.intent), strict=False):
            if score is not None:
                region["score"] = round(score, 6)

    task: Record = {"id": fields["id"]} if "id" in fields else {}
    task["data"] = {names["data"]: text} | _object(others) | {names["data"]: text}
    if sentence.tags is not None or sentence.intent is not None:
        task["predictions" if certainty else "annotations"] = [annotation]
    task |= {key: value for key, value in fields.items() if key not in KEPT_APART and key not in task}
    return written(task, sentence.where())


def _object(value: object) -> Record:
    """A value, if it is an object; else an empty one."""
    return value if type(value) is dict else {}
