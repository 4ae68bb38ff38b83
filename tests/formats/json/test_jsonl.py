"""JSON Lines: text and its spans, tokens and their tags, columns to the byte, and faults to the letter."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from json_cases import DEEP, END, LINE, WHOLE, again
from readers import facts, fault, read, written
from strategies import conll_files

from rnntag.data.sentence import Sentence


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


def test_probabilities_of_a_model_before_are_not_kept():
    for line in (
        '{"text": "a", "spans": [{"start": 0, "end": 1, "label": "x", "probability": 0.5}], "probability": 0.5}',
        '{"tokens": ["a"], "tags": ["B-x"], "tag_probabilities": [0.5], "intent": "b", "intent_probability": 0.5}',
    ):
        assert "0.5" not in again(line, "jsonl", "jsonl")


NAMES = "hint: say what they are called, from 0 on: --tag-names O,B-city,I-city, or a file with a name a line"
JSONL_FAULTS = [
    ('{"text": 1', f"not JSON at column 11: expecting ',' delimiter\n    1  {{\"text\": 1\n{LINE}"),
    ("to\tO", f"not JSON at column 1: expecting value\n    1  to\tO\n{LINE}"),
    ('[{"text": "a"}]', 'no "spans"\nhint: where a text has none, "spans" is []'),
    ("[[1]]", "an array stands where an object is needed\nhint: an array holds objects, one a sentence"),
    ("NaN", "the line is a number, but an object is needed"),
    ('"text"', "the line is a string, but an object is needed"),
    ("true", "the line is true, but an object is needed"),
    (f'{{"text": {DEEP}', "arrays or objects lie too deep in one another"),
    ("{}", 'neither "text" nor "tokens"'),
    ('{"tokens": null}', 'neither "text" nor "tokens"\nhint: its keys are "tokens"'),
    ('{"text": null}', '"text" is null, but a string is needed'),
    ('{"text": ["a"]}', '"text" is an array, but a string is needed'),
    ('{"text": "a \\ud83d"}', f'"text" holds half of a character, \\ud83d\n{WHOLE}'),
    ('{"text": "a", "spans": {}}', '"spans" is an object, but an array is needed'),
    ('{"text": "a", "spans": ["x"]}', '"spans" holds a string, but a span is an object or [start, end, label]'),
    ('{"text": "a", "spans": [{}]}', "the start of a span is missing, but a whole number is needed"),
    (
        '{"text": "a", "spans": [{"start": 0, "end": 1.0, "label": "x"}]}',
        "the end of a span is a number, but a whole number is needed",
    ),
    (
        '{"text": "a", "spans": [{"start": false, "end": 1, "label": "x"}]}',
        "the start of a span is false, but a whole number is needed",
    ),
    (
        '{"text": "a", "spans": [{"start": "0", "end": 1, "label": "x"}]}',
        "the start of a span is a string, but a whole number is needed",
    ),
    ('{"text": "a", "spans": [{"start": 0, "end": 1}]}', "the label of span 0 to 1 is missing"),
    ('{"text": "a", "spans": [{"start": 0, "end": 1, "label": ""}]}', "the label of span 0 to 1 is empty"),
    (
        '{"text": "a", "spans": [{"start": 0, "end": 1, "label": 4}]}',
        "the label of span 0 to 1 is a number, but a string is needed",
    ),
    (
        '{"text": "a", "spans": [{"start": 0, "end": 1, "label": "\\udc00"}]}',
        f'"label" holds half of a character, \\udc00\n{WHOLE}',
    ),
    (
        '{"text": "a", "spans": [{"start": 0, "end": 2, "label": "x"}]}',
        f"span 0 to 2 (x) does not lie in the text, which has 1 character\n{END}",
    ),
    ('{"text": "a", "spans": [], "intent": ["x"]}', '"intent" is an array, but a string is needed'),
    ('{"text": "a"}', 'no "spans"\nhint: where a text has none, "spans" is []'),
    ('{"tokens": ["a"]}', 'no "tags"\nhint: they stand in "tags", one a token'),
    ('{"tokens": ["a"], "ner_tags": [0]}', f'"ner_tags" holds numbers\n{NAMES}'),
    ('{"tokens": ["a"], "tags": "O"}', '"tags" is a string, but an array is needed'),
    ('{"tokens": ["a"], "tags": [0]}', f'"tags" holds numbers\n{NAMES}'),
    ('{"tokens": ["a"], "tags": [0.5]}', '"tags" holds a number, but strings are needed'),
    ('{"tokens": ["a"], "tags": [""]}', '"tags" holds an empty string'),
    ('{"tokens": ["a"], "tags": ["O", "O"]}', "1 tokens, but 2 tags"),
    ('{"tokens": "ab", "tags": ["O", "O"]}', '"tokens" is a string, but an array is needed'),
    ('{"tokens": ["a", null], "tags": ["O", "O"]}', '"tokens" holds null, but strings are needed'),
    ('{"tokens": ["a", ""], "tags": ["O", "O"]}', '"tokens" holds an empty string'),
    ('{"tokens": ["\\ud83d", "\\ude00"], "tags": ["O", "O"]}', f'"tokens" holds half of a character, \\ud83d\n{WHOLE}'),
]


@pytest.mark.parametrize(("text", "message"), JSONL_FAULTS, ids=map(str, range(len(JSONL_FAULTS))))
def test_faults_of_jsonl(text, message):
    assert fault(text, "jsonl", tagged=True) == f"case:1: {message}"


def test_tags_of_tokens_are_those_of_any_scheme():
    sentence = Sentence(["a", "b"], ["NOUN", "VERB"])
    line = written(sentence, "jsonl", "tokens")
    (found,) = read(line, "jsonl", tagged=True)
    assert facts(found)["tags"] == ["NOUN", "VERB"]
