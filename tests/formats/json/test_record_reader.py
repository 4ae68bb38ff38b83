"""Records of other tools: numbers of tags, what is told, what is left out."""

import json

import pytest
from readers import fault, read

from rnntag.formats import Reading
from rnntag.formats.json.record_reader import RecordReader

HUB = {"id": "0", "tokens": ["to", "Oslo"], "pos_tags": [3, 4], "ner_tags": [0, 1]}


def noted(*records, **reading):
    """The sentences of records, and what is said of them."""
    told = []
    text = "".join(f"{json.dumps(record)}\n" for record in records)
    return read(text, "jsonl", tagged=True, tell=told.append, **reading), told


def test_numbers_have_names_that_are_given():
    (sentence,), told = noted(HUB, names=("O", "B-city"))
    assert (sentence.tags, sentence.fields) == (["O", "B-city"], {"id": "0", "pos_tags": [3, 4]})
    assert told == ['case: tags are "ner_tags"; --tag-column takes another: pos_tags']
    (sentence,), told = noted(HUB, names=tuple("abcde"), tag="pos_tags")
    assert (sentence.tags, told) == (["d", "e"], [])


def test_numbers_have_names_that_lie_beside(tmp_path):
    (tmp_path / "config.json").write_text('{"id2label": {"0": "O", "1": "B-city"}}')
    path, told = tmp_path / "train.jsonl", []
    path.write_text(json.dumps(HUB))
    reader = RecordReader(str(path), Reading(tagged=True, tell=told.append))
    for _ in range(2):
        (sentence,) = reader.sentences(HUB, 1)
        assert sentence.tags == ["O", "B-city"]
    assert told[1:] == [f'{path}: "ner_tags" are called as {tmp_path / "config.json"} says: O, B-city']


def test_numbers_without_names():
    line = json.dumps(HUB)
    assert fault(line, "jsonl", tagged=True) == (
        'case:1: "ner_tags" holds numbers\n'
        "hint: say what they are called, from 0 on: --tag-names O,B-city,I-city, or a file with a name a line"
    )
    assert fault(line, "jsonl", tagged=True, names=("O",)) == (
        'case:1: "ner_tags" holds 1, but the names of tags are those of 0 to 0'
    )
    (sentence,) = read(line, "jsonl")
    assert (sentence.tags, sentence.fields["ner_tags"]) == (None, [0, 1])


def test_what_was_not_accepted_is_left_out_and_told():
    record = {"text": "to Oslo", "spans": [{"start": 3, "end": 7, "label": "city"}], "answer": "accept"}
    others = [record | {"answer": answer} for answer in ("reject", "ignore")]
    sentences, told = noted(record, *others)
    assert [sentence.tags for sentence in sentences] == [["O", "B-city"]]
    assert told == ['case: 2 records left out, whose "answer" is not "accept"']
    assert len(read(json.dumps(others[0]), "jsonl")) == 1


@pytest.mark.parametrize(
    ("record", "tokens", "tags"),
    [
        (
            {"text": "to Oslo", "tokens": ["to", "Oslo"], "ner_tags": ["O", "B-x"], "label": []},
            ["to", "Oslo"],
            ["O", "B-x"],
        ),
        ({"text": "a b", "tokens": ["a b"], "entities": [[2, 3, "x"]]}, ["a", "b"], ["O", "B-x"]),
        ({"sentence": "a b", "labels": [[2, 3, "x"]]}, ["a", "b"], ["O", "B-x"]),
        ({"words": ["a"], "labels": ["B-x"]}, ["a"], ["B-x"]),
        ({"tokens": [{"text": "a"}, {"text": "b"}], "tags": ["O", "B-x"]}, ["a", "b"], ["O", "B-x"]),
    ],
)
def test_layouts(record, tokens, tags):
    (sentence,), told = noted(record)
    assert (sentence.tokens, sentence.tags, told) == (tokens, tags, [])


def test_places_that_count_tokens_are_told():
    sentences, told = noted(*[{"tokens": ["to", "Oslo"], "entities": [{"start": 1, "end": 2, "type": "city"}]}] * 2)
    assert [sentence.tags for sentence in sentences] == [["O", "B-city"]] * 2
    assert told == ['case: places in "entities" count tokens']


def test_categories_are_an_intent():
    (sentence,), _ = noted({"text": "a", "entities": [], "cats": ["x", "y"]})
    assert (sentence.intent, sentence.fields) == ("x#y", {})
    (sentence,), _ = noted({"text": "a", "entities": [], "cats": {"x": 1.0}})
    assert (sentence.intent, sentence.fields) == (None, {"cats": {"x": 1.0}})


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"utter": "a", "n": 1}, 'neither "text" nor "tokens"\nhint: its keys are "utter", "n"'),
        (
            {"text": "a", "label": "x"},
            'no "spans"\nhint: where a text has none, "spans" is []; its keys are "text", "label"',
        ),
        (
            {"tokens": ["a"], "id": 1},
            'no "tags"\nhint: they stand in "tags", one a token; its keys are "tokens", "id"',
        ),
        ({"tokens": ["a"], "ner_tags": ["O", "O"]}, "1 tokens, but 2 tags"),
        (
            {"text": "a", "entities": [[0, 1]]},
            'no "spans"\nhint: where a text has none, "spans" is []; its keys are "text", "entities"',
        ),
        (
            {"text": "a", "spans": [[0, 1]]},
            '"spans" holds an array of 2, but a span is an object or [start, end, label]',
        ),
    ],
)
def test_faults_name_the_keys(record, message):
    assert fault(json.dumps(record), "jsonl", tagged=True) == f"case:1: {message}"


def test_a_key_that_is_asked_for_must_be_there():
    assert fault('{"tokens": ["a"], "tags": ["O"]}', "jsonl", tagged=True, tag="ner") == (
        'case:1: no "ner"\nhint: its keys are "tokens", "tags"'
    )
    assert read('{"tokens": ["a"], "tags": ["O"]}', "jsonl", tagged=True, tag="2")[0].tags == ["O"]


def test_a_faulty_record_is_left_out_and_those_behind_it_are_read():
    faults = []
    lines = '{"tokens": ["a"]}\n{"tokens": ["b"], "tags": ["O"]}\n'
    assert [each.tokens for each in read(lines, "jsonl", tagged=True, skip=faults.append)] == [["b"]]
    assert [str(error) for error in faults] == ['case:1: no "tags"\nhint: they stand in "tags", one a token']
