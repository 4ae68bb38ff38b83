"""JSON Lines, doccano and Label Studio: what comes back, what is said of faults, and whatever else a file may hold."""

import io
import json
import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from readers import BIO, facts, fault, mutants, read, same_at_every_cut, survives, write_fault, written
from strategies import conll_files, spanned_texts

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Certainty, Sentence
from rnntag.formats import FORMATS, WRITABLE
from rnntag.formats.charspans import CharSpan, annotated, char_spans
from rnntag.formats.json import objects as stream
from rnntag.formats.output import Output

JSON = ("jsonl", "doccano", "label-studio")
STREAMS = [name for name in WRITABLE if FORMATS[name].writer]
GOLDEN = Path(__file__).parents[1] / "golden" / "formats"


def golden(name):
    return (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").split("\n", 1)[1].split("=== output ===\n")[0]


def again(text, start, to, **reading):
    """What is read as one format, in another."""
    return written(read(text, start, **reading), to)


# What comes back


INTENTS = st.none() | st.lists(st.text(min_size=1).filter(lambda text: "#" not in text), min_size=1).map("#".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("name", JSON)
@given(spanned_texts(), INTENTS, st.booleans(), st.sampled_from(["bio", "bioes", "bilou"]))
def test_a_text_its_spans_and_its_intent_come_back_whatever_they_are(name, case, intent, characters, scheme):
    text, marks = case
    sentence = annotated(text, marks, characters, "case", 1, intent=intent)
    tags = BIO.rewritten(sentence.tags, SCHEMES[scheme])
    line = written(sentence.with_tags(tags), name, scheme)
    assert "\n" not in line.removesuffix("\n")
    (found,) = read(line, name, tagged=True, characters=characters)
    assert (found.text, found.tokens, found.tags, found.intent) == (text, sentence.tokens, sentence.tags, intent)
    assert char_spans(found, BIO) == (text, marks)
    assert written(found, name) == line


@pytest.mark.parametrize("name", JSON)
@given(st.text(), st.booleans())
def test_a_text_without_tags_has_none(name, text, tagged):
    line = written(Sentence(text.split(), text=text), name)
    (found,) = read(line, name)
    assert (found.text, found.tags, found.intent) == (text, None, None)
    assert written(found, name) == line


@pytest.mark.parametrize("name", JSON)
@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=4))
@example({"meta": {"a": "\ud83d"}, "b\udc00": [0.1, 1e300, 10**40, None, True]})
def test_what_else_a_record_holds_is_written_again_in_its_order(name, extra):
    record = json.loads(written(annotated("to Oslo", [CharSpan(3, 7, "city")], True, "case", 1, intent="go"), name))
    line = json.dumps(record | {f"x{key}": value for key, value in extra.items()})
    output = again(line, name, name, tagged=True)
    assert list(json.loads(output).items()) == list(json.loads(line).items())
    output.encode()


@given(conll_files(), st.booleans())
@example("# a\n#  intent=b\n# c\nx\tO\n\n# intent = b\n# intent = b\nx\tO\n\n# intent = b\nx\tO\n\n", True)
@example("# a\n# intent = b\n\n\n#\n\n", True)
@example("# probability = 0.5\n# columns\n#\tO\n\u3000\tB-é\n\n", False)
def test_columns_come_back_to_the_byte(text, tagged):
    lines = again(text, "conll", "jsonl", tagged=tagged)
    assert again(lines, "jsonl", "conll", tagged=tagged) == text
    assert again(lines, "jsonl", "jsonl", tagged=tagged) == lines


def test_what_columns_say_has_one_place_in_jsonl():
    text = "# doc = 7\n# intent = go\nto\tTO\tO\nOslo\tNNP\tB-city\n\n# intent = go\nhi\tO\n\n".replace(
        "hi\tO", "hi\tUH\tO"
    )
    assert again(text, "conll", "jsonl", tagged=True) == (
        '{"tokens": ["to", "Oslo"], "tags": ["O", "B-city"], "intent": "go", "comments": ["# doc = 7"], '
        '"columns": [["to", "TO"], ["Oslo", "NNP"]]}\n'
        '{"tokens": ["hi"], "tags": ["O"], "intent": "go", "columns": [["hi", "UH"]]}\n'
    )
    (sentence,) = read("# intent = go\n# by = me\nto\tO\n", "conll", tagged=True)
    assert written(sentence, "jsonl") == (
        '{"tokens": ["to"], "tags": ["O"], "intent": "go", "comments": ["# intent = go", "# by = me"]}\n'
    )
    assert written(sentence.with_tags(["B-x"], "stay"), "jsonl") == (
        '{"tokens": ["to"], "tags": ["B-x"], "intent": "stay", "comments": ["# by = me"]}\n'
    )


def test_faults_in_tags_of_columns_are_told_with_the_line_they_came_in():
    line = '{"tokens": ["to", "Oslo"], "tags": ["O", "I-city"], "columns": [["to", "TO"], ["Oslo", "NNP"]]}'
    (sentence,) = read(f"\n{line}\n", "jsonl", tagged=True)
    assert sentence.rows == ["to\tTO", "Oslo\tNNP"]
    assert [sentence.where(index) for index in (0, 1)] == ["case:2", "case:2"]


@pytest.mark.parametrize(
    "extra",
    [
        {"comments": "a string"},
        {"comments": ["no comment"]},
        {"comments": ["# two\nlines"]},
        {"comments": ["# half \ud83d"]},
        {"comments": []},
        {"columns": [["to"]]},
        {"columns": [["to", "a\tb"], ["Oslo", "c"]]},
        {"columns": [["to", "a"], ["elsewhere", "c"]]},
        {"columns": [["to", 1], ["Oslo", 2]]},
        {"columns": ["to", "Oslo"]},
        {"columns": []},
    ],
)
def test_what_only_shares_its_name_with_comments_and_columns_is_kept_as_it_is(extra):
    line = json.dumps({"tokens": ["to", "Oslo"], "tags": ["O", "O"]} | extra)
    (sentence,) = read(line, "jsonl")
    assert (sentence.comments, sentence.rows) == ((), None)
    assert json.loads(written(sentence, "jsonl")) == json.loads(line)


# JSON Lines


@pytest.mark.parametrize(
    ("line", "tokens", "tags"),
    [
        ('{"text": "a b.", "tokens": ["a b."], "tags": ["B-x"], "spans": []}', ["a", "b", "."], ["O", "O", "O"]),
        ('{"text": "a b.", "tokens": ["a b."], "tags": ["B-x"]}', ["a b."], ["B-x"]),
        ('{"text": "a b.", "tokens": ["a b."]}', ["a b."], None),
        ('{"tokens": ["a"], "spans": [{"nothing": 0}], "ner_tags": ["B-x"]}', ["a"], ["B-x"]),
        ('{"tokens": ["a"], "tags": null, "ner_tags": [0]}', ["a"], None),
        ('{"text": "a", "tags": ["news"], "spans": null}', ["a"], None),
        ('{"text": "a\\nb", "spans": [{"end": 3, "start": 0, "label": "x", "id": 1}]}', ["a", "b"], ["B-x", "I-x"]),
        ('{"text": "a", "text": "b"}', ["b"], None),
        ('\t {"tokens": []} ', [], None),
    ],
)
def test_of_which_kind_an_object_is(line, tokens, tags):
    (sentence,) = read(line, "jsonl")
    assert (sentence.tokens, sentence.tags) == (tokens, tags)


def test_blank_lines_are_passed_over_and_counted():
    places = [sentence.where() for sentence in read('\n{"text": "a"}\n \n\n{"text": "b"}', "jsonl")]
    assert places == ["case:2", "case:5"]


def test_text_is_cut_at_white_space_only_if_that_is_asked_for():
    for name in JSON:
        line = written(Sentence(["to"], text="to Oslo!"), name)
        for characters, tokens in ((None, ["to", "Oslo", "!"]), (True, ["to", "Oslo", "!"]), (False, ["to", "Oslo!"])):
            assert read(line, name, characters=characters)[0].tokens == tokens


CERTAIN = Certainty(0.51234567, [0.9, 0.8, 0.7], [0.75], 0.25, 1)


def test_probabilities_have_keys_in_jsonl_and_scores_in_label_studio():
    text = annotated("to New York", [CharSpan(3, 11, "city")], True, "case", 1, intent="go")
    tokens = Sentence(text.tokens, comments=("# rank = 3", "# a"), fields={"id": 7})
    assert written(text.with_tags(text.tags, None, CERTAIN), "jsonl") == (
        '{"text": "to New York", "spans": [{"start": 3, "end": 11, "label": "city", "probability": 0.75}], '
        '"intent": "go", "intent_probability": 0.25, "probability": 0.512346, "rank": 1}\n'
    )
    assert written(tokens.with_tags(text.tags, "go", CERTAIN), "jsonl") == (
        '{"tokens": ["to", "New", "York"], "tags": ["O", "B-city", "I-city"], "tag_probabilities": [0.9, 0.8, 0.7], '
        '"intent": "go", "intent_probability": 0.25, "probability": 0.512346, "rank": 1, '
        '"comments": ["# a"], "id": 7}\n'
    )
    assert written(tokens.with_tags(text.tags, None, CERTAIN._replace(intent=None, rank=None)), "jsonl") == (
        '{"tokens": ["to", "New", "York"], "tags": ["O", "B-city", "I-city"], "tag_probabilities": [0.9, 0.8, 0.7], '
        '"probability": 0.512346, "comments": ["# a"], "id": 7}\n'
    )
    task = json.loads(written(text.with_tags(text.tags, None, CERTAIN), "label-studio"))
    assert "annotations" not in task
    (prediction,) = task["predictions"]
    assert (prediction["score"], prediction["model_version"]) == (0.512346, "rnntag")
    assert [region["score"] for region in prediction["result"]] == [0.75, 0.25]
    kept = json.loads(written(text.with_tags(text.tags, None, CERTAIN._replace(intent=None)), "label-studio"))
    assert ["score" in region for region in kept["predictions"][0]["result"]] == [True, False]


def test_probabilities_of_a_model_before_are_not_kept():
    for line in (
        '{"text": "a", "spans": [{"start": 0, "end": 1, "label": "x", "probability": 0.5}], "probability": 0.5}',
        '{"tokens": ["a"], "tags": ["B-x"], "tag_probabilities": [0.5], "intent": "b", "intent_probability": 0.5}',
    ):
        assert "0.5" not in again(line, "jsonl", "jsonl")


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


# Label Studio


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


SPREAD = ("\n", " ", "\n\n\t", "")


@given(
    st.lists(st.tuples(st.text(max_size=9), st.sampled_from(SPREAD)), max_size=5),
    st.sampled_from((None, 0, 2)),
    st.data(),
)
def test_tasks_stand_in_an_array_or_one_after_another(cases, indent, data):
    tasks = [json.dumps({"data": {"text": text}, "n": [{}, "}]{["]}, indent=indent) for text, _ in cases]
    spaces = [space for _, space in cases]
    one = "".join(task + space for task, space in zip(tasks, spaces, strict=True))
    many = "".join(
        f"{space},{space}{task}" if index else task
        for index, (task, space) in enumerate(zip(tasks, spaces, strict=True))
    )
    for text in (one, f"[{many}]", f"\n[\n{many} ]\n[ ]", f"{one}[{many}]{one}"):
        step = data.draw(st.integers(1, 40))
        found = read(text, "label-studio", step)
        repeated = 3 if text.startswith(f"{one}[") and len(text) > len(one) + len(many) + 1 else 1
        assert [sentence.text for sentence in found] == [text for text, _ in cases] * repeated
        lines = [text.count("\n", 0, place) + 1 for place in range(len(text)) if text.startswith("{", place)]
        assert [sentence.line for sentence in found] == sorted(sentence.line for sentence in found)
        assert all(sentence.line in lines for sentence in found)


def test_an_array_is_read_as_it_arrives_and_an_object_of_any_size_in_linear_time(monkeypatch):
    decode, work = stream._decode, []

    def counted(text, place):
        work.append(len(text) - place)
        return decode(text, place)

    monkeypatch.setattr(stream, "_decode", counted)
    objects = stream.ObjectStream("case", "")
    large = json.dumps({"data": {"text": "a"}, "n": [[str(number)] for number in range(3000)]}, indent=1).split("\n")
    small = json.dumps({"data": {"text": "]}"}, "n": '"[[{{'}, indent=1).split("\n")
    assert list(objects.feed(1, ["["])) == []
    for number, line in enumerate(large):
        assert len(list(objects.feed(2 + number, [line]))) == (number == len(large) - 1)
    assert sum(work) < 3 * sum(map(len, large))
    assert (objects.begun, objects.size) == ([], 0)
    for _ in range(3):
        found = [len(list(objects.feed(1, [line]))) for line in (",", *small)]
        assert found == [0] * len(small) + [1]
    assert list(objects.feed(1, ["]"])) == list(objects.close()) == []


def test_of_an_array_in_one_line_no_more_is_held_than_of_many():
    one = json.dumps({"data": {"text": "a } b"}, "n": '"]}'})
    source = io.BytesIO(f"[{', '.join([one] * 40_000)}]".encode())
    held = 0
    for burst in formats.read(source, "case", "label-studio"):
        held = max(held, len(burst))
    assert 4000 < held < 8000


def test_what_is_written_is_an_array_also_of_nothing(tmp_path):
    path = tmp_path / "a.json"
    for count in range(3):
        with Output("label-studio", BIO, str(path)) as out:
            for _ in range(count):
                out.write([Sentence(["a"], ["O"])])
        assert len(json.loads(path.read_text())) == count
        assert len(read(path.read_bytes(), "label-studio")) == count


# Faults


NUMBER = "9" * 5000
DEEP = "[" * 100_000
LINE = "hint: a line is one object"
TASKS = "hint: an export is an array of tasks: choose JSON or JSON-MIN"
END = "hint: a span's end is the place of the character after it"
WHOLE = "hint: jq -c . FILE puts U+FFFD in its place"
FAULTS = [
    ("jsonl", '{"text": 1', f"not JSON at column 11: expecting ',' delimiter\n    1  {{\"text\": 1\n{LINE}"),
    ("jsonl", "to\tO", f"not JSON at column 1: expecting value\n    1  to\tO\n{LINE}"),
    (
        "jsonl",
        '[{"text": "a"}]',
        "the line is an array, but an object is needed\nhint: jq -c '.[]' FILE makes lines of an array",
    ),
    ("jsonl", "NaN", "the line is a number, but an object is needed"),
    ("jsonl", '"text"', "the line is a string, but an object is needed"),
    ("jsonl", "true", "the line is true, but an object is needed"),
    ("jsonl", f'{{"text": {DEEP}', "arrays or objects lie too deep in one another"),
    ("jsonl", "{}", 'neither "text" nor "tokens"'),
    ("jsonl", '{"tokens": null}', 'neither "text" nor "tokens"'),
    ("jsonl", '{"text": null}', '"text" is null, but a string is needed'),
    ("jsonl", '{"text": ["a"]}', '"text" is an array, but a string is needed'),
    ("jsonl", '{"text": "a \\ud83d"}', f'"text" holds half of a character, \\ud83d\n{WHOLE}'),
    ("jsonl", '{"text": "a", "spans": {}}', '"spans" is an object, but an array is needed'),
    ("jsonl", '{"text": "a", "spans": [[0, 1, "x"]]}', '"spans" holds an array, but objects are needed'),
    ("jsonl", '{"text": "a", "spans": [{}]}', "the start of a span is missing, but a whole number is needed"),
    (
        "jsonl",
        '{"text": "a", "spans": [{"start": 0, "end": 1.0, "label": "x"}]}',
        "the end of a span is a number, but a whole number is needed",
    ),
    (
        "jsonl",
        '{"text": "a", "spans": [{"start": false, "end": 1, "label": "x"}]}',
        "the start of a span is false, but a whole number is needed",
    ),
    (
        "jsonl",
        '{"text": "a", "spans": [{"start": "0", "end": 1, "label": "x"}]}',
        "the start of a span is a string, but a whole number is needed",
    ),
    ("jsonl", '{"text": "a", "spans": [{"start": 0, "end": 1}]}', "the label of span 0 to 1 is missing"),
    ("jsonl", '{"text": "a", "spans": [{"start": 0, "end": 1, "label": ""}]}', "the label of span 0 to 1 is empty"),
    (
        "jsonl",
        '{"text": "a", "spans": [{"start": 0, "end": 1, "label": 4}]}',
        "the label of span 0 to 1 is a number, but a string is needed",
    ),
    (
        "jsonl",
        '{"text": "a", "spans": [{"start": 0, "end": 1, "label": "\\udc00"}]}',
        f'"label" holds half of a character, \\udc00\n{WHOLE}',
    ),
    (
        "jsonl",
        '{"text": "a", "spans": [{"start": 0, "end": 2, "label": "x"}]}',
        f"span 0 to 2 (x) does not lie in the text, which has 1 character\n{END}",
    ),
    ("jsonl", '{"text": "a", "spans": [], "intent": ["x"]}', '"intent" is an array, but a string is needed'),
    ("jsonl", '{"text": "a"}', 'no "spans"\nhint: where a text has none, "spans" is []'),
    ("jsonl", '{"text": "a", "label": []}', 'no "spans"\nhint: if they are in "label", add --from doccano'),
    ("jsonl", '{"tokens": ["a"]}', 'no "tags"\nhint: they stand in "tags", one a token'),
    ("jsonl", '{"tokens": ["a"], "ner_tags": [0]}', 'no "tags"\nhint: "ner_tags" are to be names'),
    ("jsonl", '{"tokens": ["a"], "tags": "O"}', '"tags" is a string, but an array is needed'),
    ("jsonl", '{"tokens": ["a"], "tags": [0]}', '"tags" holds a number, but strings are needed'),
    ("jsonl", '{"tokens": ["a"], "tags": [""]}', '"tags" holds an empty string'),
    ("jsonl", '{"tokens": ["a"], "tags": ["O", "O"]}', "1 tokens, but 2 tags"),
    ("jsonl", '{"tokens": "ab", "tags": ["O", "O"]}', '"tokens" is a string, but an array is needed'),
    ("jsonl", '{"tokens": ["a", null], "tags": ["O", "O"]}', '"tokens" holds null, but strings are needed'),
    ("jsonl", '{"tokens": ["a", ""], "tags": ["O", "O"]}', '"tokens" holds an empty string'),
    (
        "jsonl",
        '{"tokens": ["\\ud83d", "\\ude00"], "tags": ["O", "O"]}',
        f'"tokens" holds half of a character, \\ud83d\n{WHOLE}',
    ),
    ("doccano", '{"label": []}', 'no "text"'),
    ("doccano", '{"text": "a"}', 'no "label"\nhint: "label": [] says that it has none'),
    ("doccano", '{"text": "a", "spans": []}', 'no "label"\nhint: if they are in "spans", add --from jsonl'),
    ("doccano", '{"text": "a", "label": ["x"]}', '"label" holds a string, but a span is [start, end, label]'),
    ("doccano", '{"text": "a", "labels": [[0, 1]]}', '"labels" holds an array of 2, but a span is [start, end, label]'),
    (
        "doccano",
        '{"text": "a", "entities": [{"start": 0}]}',
        "the start of a span is missing, but a whole number is needed",
    ),
    ("doccano", '{"text": "a", "label": [[0, true, "x"]]}', "the end of a span is true, but a whole number is needed"),
    ("doccano", '{"text": "a", "label": [], "cats": ["x", 1]}', '"cats" holds a number, but strings are needed'),
    ("label-studio", "[1]", f"not JSON at column 2: expecting an object\n    1  [1]\n{TASKS}"),
    ("label-studio", "]", f"not JSON at column 1: expecting an array or an object\n    1  ]\n{TASKS}"),
    ("label-studio", "{} x", "a task without text\n" + TASKS),
    ("label-studio", "[[]]", f"not JSON at column 2: expecting an object\n    1  [[]]\n{TASKS}"),
    ("label-studio", "[", "the input ends within an array\nhint: it is cut short"),
    (
        "label-studio",
        '[{"data": {"text',
        "the input ends within an object\nhint: it is cut short",
    ),
    ("label-studio", '[{"data": {"text": "a"}', "the input ends within an object\nhint: it is cut short"),
    ("label-studio", '{"n": tru}', f'not JSON at column 7: expecting value\n    1  {{"n": tru}}\n{TASKS}'),
    ("label-studio", f'[{{"n": {DEEP}', "arrays or objects lie too deep in one another"),
    ("label-studio", '{"data": "a"}', '"data" is a string, but an object is needed'),
    ("label-studio", '{"data": {}}', "a task without text\n" + TASKS),
    (
        "label-studio",
        '{"tokens": ["a"], "tags": ["O"]}',
        "a task without text\nhint: if a line is a record with tokens, add --from jsonl",
    ),
    (
        "label-studio",
        '{"data": {"a": "x", "b": "y"}}',
        'which of its strings is the text? a, b\nhint: call it "text" in the data',
    ),
    ("label-studio", '{"data": {"text": "\\ud800"}}', f'"text" holds half of a character, \\ud800\n{WHOLE}'),
    ("label-studio", '{"data": {"text": "a"}}', "a task without annotations\nhint: export annotated tasks only"),
    (
        "label-studio",
        '{"text": "a", "spans": []}',
        'a task without annotations\nhint: if they are in "spans", add --from jsonl',
    ),
    ("label-studio", '{"data": {"text": "a"}, "annotations": 1}', '"annotations" is a number, but an array is needed'),
    (
        "label-studio",
        '{"data": {"text": "a"}, "annotations": [1]}',
        '"annotations" holds a number, but objects are needed',
    ),
    (
        "label-studio",
        '{"data": {"text": "a"}, "annotations": [{"result": [null]}]}',
        '"result" holds null, but objects are needed',
    ),
    (
        "label-studio",
        '{"data": {"text": "a"}, "annotations": [{"result": [{"type": "hypertextlabels"}]}]}',
        "a region of type 'hypertextlabels' is no span of text\nhint: what is read are regions of Labels on a Text",
    ),
    (
        "label-studio",
        task("a").replace("[]", '[{"type": "labels", "value": {"labels": ["a", "b"]}}]'),
        "a region has 2 labels: a, b\nhint: a token has one tag: leave one of them",
    ),
    (
        "label-studio",
        task("a", (0, 2, "x", None)),
        f"span 0 to 2 (x) does not lie in the text, which has 1 character\n{END}",
    ),
    ("label-studio", task("a", ("0", 1, "x", None)), "the start of a span is a string, but a whole number is needed"),
]


@pytest.mark.parametrize(("name", "text", "message"), FAULTS, ids=[str(number) for number in range(len(FAULTS))])
def test_faults(name, text, message):
    assert fault(text, name, tagged=True) == f"case:1: {message}"


@pytest.mark.parametrize("name", JSON)
def test_a_number_of_too_many_digits_is_a_fault_or_none(name):
    line = written(annotated("a", [], True, "case", 1), name).rstrip()
    assert survives(read, f'{line[:-1]}, "n": {NUMBER}}}', name) in (True, False)


def test_a_fault_in_an_array_is_told_with_its_line():
    text = '[\n{"data": {"text": "a"}},\n\n{"data":\n {"text": "b" "c"}}]'
    assert fault(text, "label-studio") == (
        f'case:5: not JSON at column 15: expecting \',\' delimiter\n    5   {{"text": "b" "c"}}}}\n{TASKS}'
    )
    assert fault("\n\n[{}", "label-studio") == f"case:3: a task without text\n{TASKS}"


def test_of_a_long_line_only_what_is_around_the_fault_is_quoted():
    assert fault(f'{{"text": "{"a" * 90}" {"b" * 90}}}', "jsonl") == (
        f"case:1: not JSON at column 103: expecting ',' delimiter\n    1  …{'a' * 38}\" {'b' * 40}…\n{LINE}"
    )


@pytest.mark.parametrize("name", JSON)
def test_fields_that_lie_too_deep_to_be_written_are_a_fault(name):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    sentence = Sentence(["a"], ["O"], source="case", line=3, fields={"x": deep})
    assert write_fault(sentence, name) == "case:3: arrays or objects lie too deep in one another"


# Whatever a file holds


SAMPLES = {
    "jsonl": ["jsonl_to_conll", "jsonl_keeps_its_lines"],
    "doccano": ["doccano_to_conll", "doccano_keeps_its_lines"],
    "label-studio": ["label_studio_to_conll", "label_studio_to_label_studio"],
}
CASES = [(name, sample) for name, samples in SAMPLES.items() for sample in samples]


@pytest.mark.parametrize(("name", "sample"), CASES)
def test_it_does_not_matter_where_a_stream_is_cut(name, sample):
    text = golden(sample)
    lines = text.splitlines(keepends=True)
    for count in (len(lines), 3):
        if survives(read, "".join(lines[:count]), name):
            same_at_every_cut("".join(lines[:count]), name)


def read_and_write(text, name, **reading):
    for sentence in read(text, name, **reading):
        for to in STREAMS:
            if survives(written, sentence, to):
                written(sentence, to).encode()


@pytest.mark.parametrize(("name", "sample"), CASES)
def test_bytes_that_were_changed_are_read_or_refused(name, sample):
    text = golden(sample)
    refused = [not survives(read_and_write, data, name, tagged=len(data) % 2 == 0) for data in mutants(text, 1000)]
    assert 100 < sum(refused) < 1000


ODD = [
    "null",
    "true",
    "NaN",
    "-Infinity",
    "1e999",
    "-1",
    "0",
    "1",
    "2.5",
    "9" * 4000,
    '""',
    '"\\ud800"',
    '"\\u0000"',
    '"a"',
]
ODD += [
    "[]",
    "[[]]",
    "[" * 900 + "]" * 900,
    "{}",
    '{"start": 0}',
    '[0, 1, "x"]',
    '["O"]',
    '{"a": 1, "a": 2}',
    '"\\n\\t#"',
]


def holes(value):
    """The text of a value with a place to put others in at each value in turn."""
    yield "%s"
    if isinstance(value, dict):
        for key in value:
            for hole in holes(value[key]):
                pairs = [f"{_dumps(each)}: {hole if each == key else _dumps(value[each])}" for each in value]
                yield "{" + ", ".join(pairs) + "}"
            yield "{" + ", ".join(f"{_dumps(each)}: {_dumps(value[each])}" for each in value if each != key) + "}"
    if isinstance(value, list):
        for index, each in enumerate(value):
            for hole in holes(each):
                yield "[" + ", ".join([*map(_dumps, value[:index]), hole, *map(_dumps, value[index + 1 :])]) + "]"


def _dumps(value):
    return json.dumps(value).replace("%", "%%")


@pytest.mark.parametrize(("name", "sample"), CASES)
def test_values_that_were_put_in_the_place_of_others_are_read_or_refused(name, sample):
    text = golden(sample)
    if name == "label-studio":
        records = json.loads(text) if text.startswith("[") else list(map(json.loads, text.splitlines()))
    else:
        records = [json.loads(line) for line in text.splitlines() if line]
    chance = random.Random(sample)
    shapes = [hole for record in records for hole in holes(record)]
    texts = [shape.replace("%s", odd).replace("%%", "%") for shape in shapes for odd in ODD]
    outcomes = [
        survives(read_and_write, each, name, tagged=chance.random() < 0.5)
        for each in chance.sample(texts, min(1200, len(texts)))
    ]
    assert len(outcomes) > 600
    assert 0.1 < sum(outcomes) / len(outcomes) < 0.9


def test_formats_are_told_by_the_names_of_files():
    names = ("a.jsonl", "a.ndjson.gz", "A.JSONLINES", "a.json", "a.json.zst")
    assert [formats.guess(name, "conll") for name in names] == [
        "jsonl",
        "jsonl",
        "jsonl",
        "label-studio",
        "label-studio",
    ]


def test_tags_of_tokens_are_those_of_any_scheme():
    sentence = Sentence(["a", "b"], ["NOUN", "VERB"])
    line = written(sentence, "jsonl", "tokens")
    (found,) = read(line, "jsonl", tagged=True)
    assert facts(found)["tags"] == ["NOUN", "VERB"]
