"""Tasks of Label Studio: quotes and code points, choices, predictions, JSON_MIN, and faults to the letter."""

import json

import pytest
from hypothesis import example, given
from json_cases import DEEP, END, TASKS, WHOLE, again, golden
from readers import BIO, fault, read, written
from strategies import spanned_texts

from rnntag.data.sentence import Certainty, Sentence
from rnntag.formats.charspans import CharSpan, char_spans
from rnntag.formats.output import Output


def task(text, *spans, **others):
    regions = [
        {
            "type": "labels",
            "value": {"start": start, "end": end, "labels": [label], **({"text": quote} if quote else {})},
        }
        for start, end, label, quote in spans
    ]
    return json.dumps({"data": {"text": text}, "annotations": [{"result": regions}], **others})


@pytest.mark.parametrize(
    ("spans", "marks"),
    [
        ([(3, 7, "a", "Oslo"), (10, 14, "b", "Rome")], [(3, 7, "a"), (10, 14, "b")]),
        ([(3, 7, "a", "Oslo"), (11, 15, "b", "Rome")], [(3, 7, "a"), (10, 14, "b")]),
        ([(8, 10, "a", "💩"), (11, 15, "b", "Rome")], [(8, 9, "a"), (10, 14, "b")]),
        ([(3, 7, "a", None), (10, 14, "b", None)], [(3, 7, "a"), (10, 14, "b")]),
        ([(3, 7, "a", "else"), (10, 14, "b", 5)], [(3, 7, "a"), (10, 14, "b")]),
    ],
)
def test_a_quote_tells_code_points_from_units_of_utf_16(spans, marks):
    (sentence,) = read(task("to Oslo 💩 Rome 💩", *spans), "label-studio", tagged=True)
    assert char_spans(sentence, BIO)[1] == marks


@given(spanned_texts())
@example(("1🙂", [CharSpan(1, 2, "x")]))  # from 1 to 3 by units, and a slice of code points to 3 is no longer
def test_units_of_utf_16_are_understood_wherever_quotes_tell_of_them(case):
    text, marks = case

    def unit(place):
        return len(text[:place].encode("utf-16-le")) // 2

    spans = [(unit(start), unit(end), label, text[start:end]) for start, end, label in marks]
    (sentence,) = read(task(text, *spans), "label-studio", tagged=True)
    if all(end > len(text) or text[start:end] != quote for start, end, _, quote in spans):
        assert char_spans(sentence, BIO)[1] == marks


def test_the_first_annotation_counts_that_was_not_cancelled():
    def annotation(label, **others):
        return {"result": [{"type": "labels", "value": {"start": 0, "end": 1, "labels": [label]}}], **others}

    both = {
        "data": {"text": "a"},
        "annotations": [annotation("no", was_cancelled=True), annotation("b"), annotation("c")],
    }
    none = {"data": {"text": "b"}, "annotations": [annotation("no", was_cancelled=True)]}
    text = json.dumps([none, both, none])
    assert [sentence.tags for sentence in read(text, "label-studio", tagged=True)] == [["B-b"]]
    assert [sentence.tags for sentence in read(text, "label-studio")] == [None, ["B-b"], None]


def test_the_first_choice_for_the_whole_text_is_the_intent():
    text = task("to Oslo").replace(
        "[]",
        '[{"type": "choices", "value": {"start": 3, "end": 7, "choices": ["sure"]}}, '
        '{"type": "choices", "value": {"choices": []}}, '
        '{"type": "choices", "value": {"choices": ["flight", "fare"]}}, '
        '{"type": "choices", "value": {"choices": ["other"]}}, {"type": "rating", "value": {"rating": 5}}]',
    )
    assert [sentence.intent for sentence in read(text, "label-studio", tagged=True)] == ["flight#fare"]


def test_predictions_are_no_tags_and_stay_until_there_are_new_ones():
    line = golden("label_studio_to_label_studio").splitlines()[3]
    (sentence,) = read(line, "label-studio")
    assert sentence.tags is None
    old = json.loads(line)
    assert json.loads(written(sentence, "label-studio")) == old
    tagged = json.loads(written(sentence.with_tags(["B-x"]), "label-studio"))
    assert (len(tagged["annotations"]), tagged["predictions"]) == (1, old["predictions"])
    (new,) = json.loads(written(sentence.with_tags(["B-x"], None, Certainty(0.5, [0.5], [0.5])), "label-studio"))[
        "predictions"
    ]
    assert new["result"][0]["value"] == {"start": 0, "end": 4, "text": "Oslo", "labels": ["x"]}


def test_json_min_is_read_as_json():
    about = {"id": 7, "annotator": 1, "annotation_id": 3, "created_at": "1", "updated_at": "2", "lead_time": 0.5}
    full = (
        '{"id": 7, "data": {"review": "to Oslo", "n": [1]}, "annotations": [{"result": '
        '[{"id": "0", "from_name": "ner", "to_name": "text", "type": "labels", '
        '"value": {"start": 3, "end": 7, "text": "Oslo", "labels": ["city"]}}, '
        '{"id": "1", "from_name": "intent", "to_name": "text", "type": "choices", "value": {"choices": ["a", "b"]}}]}]}'
    )
    spans = [{"start": 3, "end": 7, "text": "Oslo", "labels": ["city"]}]
    minimal = json.dumps({"review": "to Oslo", "n": [1], "ner": spans, "intent": {"choices": ["a", "b"]}, **about})
    assert again(minimal, "label-studio", "label-studio", tagged=True) == full
    assert again(full, "label-studio", "label-studio", tagged=True) == full
    lines = json.dumps({"text": "none", **about}) + json.dumps({"text": "one", "intent": "a", **about})
    assert [(each.tags, each.intent) for each in read(lines, "label-studio", tagged=True)] == [
        (["O"], None),
        (["O"], "a"),
    ]


def test_names_of_controls_are_kept_through_other_formats():
    line = golden("label_studio_to_label_studio").splitlines()[1]
    lines = again(line, "label-studio", "jsonl")
    assert '"label_studio": {"data": "review", "labels": "ner", "choices": "mood", "to": "review"}' in lines
    assert again(lines, "jsonl", "label-studio") == again(line, "label-studio", "label-studio")
    odd = '{"text": "a", "spans": [], "label_studio": {"data": 5, "labels": ["x"], "other": "y"}, "data": 6}'
    assert again(odd, "jsonl", "label-studio") == '{"data": {"text": "a"}, "annotations": [{"result": []}]}'


def test_what_is_written_is_an_array_also_of_nothing(tmp_path):
    path = tmp_path / "a.json"
    for count in range(3):
        with Output("label-studio", BIO, str(path)) as out:
            for _ in range(count):
                out.write([Sentence(["a"], ["O"])])
        assert len(json.loads(path.read_text())) == count
        assert len(read(path.read_bytes(), "label-studio")) == count


LABEL_STUDIO_FAULTS = [
    ("[1]", f"not JSON at column 2: expecting an object\n    1  [1]\n{TASKS}"),
    ("]", f"not JSON at column 1: expecting an array or an object\n    1  ]\n{TASKS}"),
    ("{} x", "a task without text\n" + TASKS),
    ("[[]]", f"an array stands where an object is needed\n{TASKS}"),
    ("[", "the input ends within an array\nhint: it is cut short"),
    ('[{"data": {"text', "the input ends within an object\nhint: it is cut short"),
    ('[{"data": {"text": "a"}', "the input ends within an object\nhint: it is cut short"),
    ('{"n": tru}', f'not JSON at column 7: expecting value\n    1  {{"n": tru}}\n{TASKS}'),
    (f'[{{"n": {DEEP}', "arrays or objects lie too deep in one another"),
    ('{"data": "a"}', '"data" is a string, but an object is needed'),
    ('{"data": {}}', "a task without text\n" + TASKS),
    (
        '{"tokens": ["a"], "tags": ["O"]}',
        "a task without text\nhint: if a line is a record with tokens, add --from jsonl",
    ),
    ('{"data": {"a": "x", "b": "y"}}', 'which of its strings is the text? a, b\nhint: call it "text" in the data'),
    ('{"data": {"text": "\\ud800"}}', f'"text" holds half of a character, \\ud800\n{WHOLE}'),
    ('{"data": {"text": "a"}}', "a task without annotations\nhint: export annotated tasks only"),
    ('{"text": "a", "spans": []}', 'a task without annotations\nhint: if they are in "spans", add --from jsonl'),
    ('{"data": {"text": "a"}, "annotations": 1}', '"annotations" is a number, but an array is needed'),
    ('{"data": {"text": "a"}, "annotations": [1]}', '"annotations" holds a number, but objects are needed'),
    ('{"data": {"text": "a"}, "annotations": [{"result": [null]}]}', '"result" holds null, but objects are needed'),
    (
        '{"data": {"text": "a"}, "annotations": [{"result": [{"type": "hypertextlabels"}]}]}',
        "a region of type 'hypertextlabels' is no span of text\nhint: what is read are regions of Labels on a Text",
    ),
    (
        task("a").replace("[]", '[{"type": "labels", "value": {"labels": ["a", "b"]}}]'),
        "a region has 2 labels: a, b\nhint: a token has one tag: leave one of them",
    ),
    (task("a", (0, 2, "x", None)), f"span 0 to 2 (x) does not lie in the text, which has 1 character\n{END}"),
    (task("a", ("0", 1, "x", None)), "the start of a span is a string, but a whole number is needed"),
]


@pytest.mark.parametrize(("text", "message"), LABEL_STUDIO_FAULTS, ids=map(str, range(len(LABEL_STUDIO_FAULTS))))
def test_faults_of_label_studio(text, message):
    assert fault(text, "label-studio", tagged=True) == f"case:1: {message}"
