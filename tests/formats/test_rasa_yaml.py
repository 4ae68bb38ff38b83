"""The YAML that Rasa writes is read, and no other passes for it."""

import pytest

from rnntag.errors import CorpusError
from rnntag.formats.rasa_yaml import YamlExamples


def raised(error):
    raise error


def found(text, fault=raised):
    reader = YamlExamples("case", fault)
    examples = [tuple(each) for each in (*reader.feed(1, text.split("\n")), *reader.close())]
    return examples, list(reader.left_out)


def fault(text):
    with pytest.raises(CorpusError) as caught:
        found(text)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "nlu:\n- intent: a\n  examples: |\n    - x y\n",
        "nlu:\n  - intent: a\n    examples: |\n      - x y\n",
        "---\nnlu:\n- intent: 'a'  # comment\n  examples: |-\n    -   x y\n    -\n",
        'nlu: # all\n- "intent": "a"\n  metadata:\n    x: y\n  examples: |+\n    - x y\n',
        "nlu:\n- intent: a\n  examples:\n  - text: |\n      x y\n    metadata:\n      mood: good\n      - odd\n",
        "nlu:\n- intent: a\n  examples:\n    - text: |\n        x y\n",
        "rules:\n- rule: r\n  steps:\n  - intent: z\nnlu:\n- intent: a\n  examples: |\n   - x y\n",
    ],
)
def test_examples(text):
    examples, _ = found(text)
    assert [(words, intent) for words, intent, _ in examples] == [("x y", "a")]


def test_examples_have_their_lines_and_signs_stay():
    examples, left_out = found(
        "nlu:\n- intent: a\n  examples: |\n    - '5: # x'\n\n    - - y\n- synonym: b\n  examples: |\n    - z\n"
    )
    assert examples == [("'5: # x'", "a", 4), ("- y", "a", 6)]
    assert left_out == ["synonym"]


FAULTS = [
    ("nlu: []", "1: nlu is no list of items\n    1  nlu: []\nhint: its items stand below it: '- intent: NAME'"),
    ("hello", "1: this is not the YAML of Rasa\n    1  hello\nhint: what is read are examples under 'nlu:'"),
    ("nlu:\n- intent: [a]", "2: the intent is no plain name\n    2  - intent: [a]\nhint: write '- intent: NAME'"),
    ("nlu:\n- intent: &x a", "2: the intent is no plain name\n    2  - intent: &x a\nhint: write '- intent: NAME'"),
    (
        "nlu:\n- story: a",
        "2: an item that begins with 'story'\n    2  - story: a\n"
        "hint: an item begins with intent, synonym, regex or lookup",
    ),
    (
        "nlu:\n- intent: a\n  examples: >\n    - x",
        "3: the examples are no block of lines\n    3    examples: >\nhint: write 'examples: |' above them",
    ),
    (
        "nlu:\n- intent: a\n  examples:\n  - x",
        "4: an example that is no block\n    4    - x\nhint: write 'examples: |' above lines like '- hello'",
    ),
    (
        "nlu:\n- intent: a\n  examples: |\n    - x\n      y",
        "5: no example\n    5        y\nhint: an example is a line of its own, '- to [Oslo](city)'",
    ),
    (
        "nlu:\n- intent: a\n  examples: |\n    - x\n   - y",
        "5: no example\n    5     - y\nhint: an example is a line of its own, '- to [Oslo](city)'",
    ),
    (
        "nlu:\n- intent: a\n  examples:\n  - text: |\n      x\n      y",
        "6: an example of several lines\n    6        y\nhint: an example is a line",
    ),
    (
        "nlu:\n- intent: a\n\texamples: |",
        "3: a TAB indents a line\n    3  \texamples: |\nhint: YAML is indented by spaces",
    ),
    (
        "nlu:\n  - intent: a\n - intent: b",
        "3: the line stands between the items of nlu\n    3   - intent: b\nhint: an item begins with '- intent: NAME'",
    ),
]


@pytest.mark.parametrize(("text", "message"), FAULTS, ids=range(len(FAULTS)))
def test_faults(text, message):
    assert fault(text) == f"case:{message}"


def test_a_faulty_example_is_left_out_and_those_behind_it_are_read():
    faults = []
    examples, _ = found("nlu:\n- intent: a\n  examples: |\n    - x\n    no\n    - y\n", faults.append)
    assert [text for text, _, _ in examples] == ["x", "y"]
    text = "nlu:\n- intent: a\n  examples:\n  - text: |\n      x\n      no\n  - text: |\n      y\n"
    examples, _ = found(text, faults.append)
    assert [text for text, _, _ in examples] == ["x", "y"]
    assert [error.where for error in faults] == ["case:5", "case:6"]
