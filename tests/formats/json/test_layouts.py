"""What tools call the parts of a record."""

import pytest

from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan
from rnntag.formats.json.layouts import keys_of, parts_of, spans_key, spans_of, tags_keys, tags_of_spans, unwrapped


@pytest.mark.parametrize(
    "span",
    [
        {"start": 3, "end": 7, "label": "x"},
        {"start_offset": 3, "end_offset": 7, "label": "x", "id": 1},
        {"start": 3, "end": 7, "entity": "x", "value": "y"},
        {"start": 3, "end": 7, "entity_group": "x", "score": 0.5, "word": "y"},
        {"begin": 3, "end": 7, "type": "x"},
        {"start": 3, "end": 7, "labels": ["y"], "label": ["x"]},
        [3, 7, "x"],
    ],
)
def test_spans_in_any_spelling(span):
    assert spans_of([span], "entities", "case:1") == [CharSpan(3, 7, "x")]


def test_a_role_is_part_of_the_label():
    assert parts_of({"start": 3, "end": 7, "entity": "city", "role": "to"}) == (3, 7, "city.to")


def test_under_which_key_spans_are():
    assert spans_key({"label": ["news"], "entities": [[0, 1, "x"]]}) == "entities"
    assert spans_key({"label": "news"}) is None
    assert spans_key({"labels": []}) == "labels"
    assert spans_key({"spans": ["anything"], "label": [[0, 1, "x"]]}) == "spans"


def test_under_which_keys_tags_are():
    record = {"pos_tags": [1], "ner_tags": [0], "labels": [[0, 1, "x"]], "chunk_tags": [], "tags": []}
    assert list(tags_keys(record)) == ["tags", "ner_tags", "pos_tags"]


def test_what_wraps_records_is_taken_off():
    inner = [["a", {"entities": []}], None, {"text": "b"}]
    assert unwrapped({"classes": [], "annotations": inner}) == [inner[0], inner[2]]
    assert unwrapped({"rasa_nlu_data": {"common_examples": [{"text": "a"}], "lookup_tables": []}}) == [{"text": "a"}]
    for record in ({"text": "a", "annotations": [{"result": []}]}, {"data": "a"}, {"examples": []}, {}):
        assert unwrapped(record) == [record]


def test_places_that_count_tokens():
    spans = [
        {"start": 1, "end": 3, "type": "x"},
        {"token_start": 3, "token_end": 3, "start": 0, "end": 9, "label": "y"},
    ]
    assert tags_of_spans(spans, 5, "spans", "case:1") == ["O", "B-x", "I-x", "B-y", "O"]
    for faulty, fact in (
        ([{"start": 1, "end": 9, "type": "x"}], '"spans": span 1 to 9 (x) does not lie in the 5 tokens'),
        ([*spans, spans[0]], '"spans": spans overlap at token 1'),
        (["x"], "the start of a span is missing, but a whole number is needed"),
    ):
        with pytest.raises(CorpusError) as caught:
            tags_of_spans(faulty, 5, "spans", "case:1")
        assert caught.value.fact == fact


def test_keys_are_listed_some_of_many():
    assert keys_of({"a": 1, "b": 2}) == '"a", "b"'
    assert keys_of(dict.fromkeys("abcdefghij")) == '"a", "b", "c", "d", "e", "f", "g", "h", ...'
    assert keys_of({}) == "none"
