"""doccano's forms are one, relations hold on to their entities, and faults are told to the letter."""

import json

import pytest
from json_cases import again
from readers import fault, read, written

# doccano


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "to Oslo", "label": [[3, 7, "city"]]}',
        '{"text": "to Oslo", "labels": [[3, 7, "city"]]}',
        '{"data": "to Oslo", "label": [[3, 7, "city"]]}',
        '{"text": "to Oslo", "entities": [[3, 7, "city"]], "cats": []}',
        '{"text": "to Oslo", "entities": [{"id": 1, "start_offset": 3, "end_offset": 7, "label": "city"}]}',
        '{"text": "to Oslo", "label": [[3, 7, "city"], [3, 7, "city"]]}',
    ],
)
def test_the_forms_of_doccano_are_one(line):
    assert again(line, "doccano", "doccano", tagged=True) == '{"text": "to Oslo", "label": [[3, 7, "city"]]}\n'


def test_relations_of_doccano_hold_on_to_the_entities_that_are_found_again():
    entities = [(4, 0, 1, "a"), (9, 2, 3, "b"), (2, 4, 5, "c")]
    names = ("id", "start_offset", "end_offset", "label")
    record = {
        "id": 1,
        "text": "x y z",
        "entities": [dict(zip(names, entity, strict=True)) for entity in entities],
        "relations": [{"id": 1, "from_id": 4, "to_id": 9}, {"id": 2, "from_id": 4, "to_id": 2}, "?"],
        "Comments": [],
    }
    (sentence,) = read(json.dumps(record), "doccano", tagged=True)
    assert sentence.tags == ["B-a", "B-b", "B-c"]
    record["relations"].pop()
    assert json.loads(written(sentence, "doccano")) == record
    output = json.loads(written(sentence.with_tags(["B-a", "B-new", "B-c"]), "doccano"))
    assert [entity["id"] for entity in output["entities"]] == [4, 10, 2]
    assert output["relations"] == record["relations"][1:]
    assert json.loads(written(sentence.with_tags(["O", "O", "O"]), "doccano"))["relations"] == []


def test_what_doccano_uses_itself_is_not_written_twice():
    line = '{"text": "a", "spans": [], "label": "spam", "cats": 3, "data": 4, "id": 5}'
    assert again(line, "jsonl", "doccano") == '{"id": 5, "text": "a", "label": []}\n'
    assert again(line, "jsonl", "jsonl") == f"{line}\n"


DOCCANO_FAULTS = [
    ('{"label": []}', 'no "text"'),
    ('{"text": "a"}', 'no "label"\nhint: "label": [] says that it has none'),
    ('{"text": "a", "spans": []}', 'no "label"\nhint: if they are in "spans", add --from jsonl'),
    ('{"text": "a", "label": ["x"]}', '"label" holds a string, but a span is an object or [start, end, label]'),
    (
        '{"text": "a", "labels": [[0, 1]]}',
        '"labels" holds an array of 2, but a span is an object or [start, end, label]',
    ),
    ('{"text": "a", "entities": [{"begins": 0}]}', "the start of a span is missing, but a whole number is needed"),
    ('{"text": "a", "label": [[0, true, "x"]]}', "the end of a span is true, but a whole number is needed"),
    ('{"text": "a", "label": [], "cats": ["x", 1]}', '"cats" holds a number, but strings are needed'),
]


@pytest.mark.parametrize(("text", "message"), DOCCANO_FAULTS, ids=map(str, range(len(DOCCANO_FAULTS))))
def test_faults_of_doccano(text, message):
    assert fault(text, "doccano", tagged=True) == f"case:1: {message}"
