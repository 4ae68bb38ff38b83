"""Rasa's training data: marks with roles and values, what is left out, and faults to the letter."""

import pytest
from readers import fault, read, same_at_every_cut

from rnntag.data.bio import SCHEMES
from rnntag.formats.charspans import char_spans

YAML = """\
# made by hand
version: "3.1"
nlu:
- intent: book
  examples: |
    - from [new york](city) to [Oslo]{"entity": "city", "role": "to", "group": "1"}
    - [Rome](city:roma) [x] and [y
- lookup: city
  examples: |
    - Oslo
- regex: zip
  examples: |
    - \\d{5}
responses:
  utter_greet:
  - text: "hi"
"""
MARKDOWN = "<!-- a\n## intent:none\n-->\n## intent:book\n- to [Oslo](city)\n\n## synonym:Oslo\n- Christiania\n"


def noted(text, **reading):
    told = []
    return read(text, "rasa", tell=told.append, **reading), told


def test_marks_become_spans_and_what_is_left_out_is_told():
    (first, second), told = noted(YAML, tagged=True)
    assert char_spans(first, SCHEMES["bio"]) == (
        "from new york to Oslo",
        [(5, 13, "city"), (17, 21, "city.to.1")],
    )
    assert (first.intent, first.where(), second.text) == ("book", "case:6", "Rome [x] and [y")
    assert told == [
        "case: only examples of intents are read, not: lookup, regex, responses",
        "case: values of entities are left out (1)",
        "case:7: brackets that belong to no mark are taken as text",
    ]


def test_markdown():
    (only,), told = noted(MARKDOWN, tagged=True)
    assert (only.text, only.tags, only.intent, only.where()) == ("to Oslo", ["O", "B-city"], "book", "case:5")
    assert told == ["case: only examples of intents are read, not: synonym"]


@pytest.mark.parametrize("text", [YAML, MARKDOWN])
def test_it_does_not_matter_where_a_stream_is_cut(text):
    same_at_every_cut(text, "rasa", tagged=True)


MARK = 'hint: a mark is [Oslo](city) or [Oslo]{"entity": "city", "role": "to"}, and names are words'
FAULTS = [
    ('[Oslo]{"role": "to"}', f'the mark on \'Oslo\' names no entity\n    2  [Oslo]{{"role": "to"}}\n{MARK}'),
    ("[Oslo]{entity: city}", f"the mark on 'Oslo' names no entity\n    2  [Oslo]{{entity: city}}\n{MARK}"),
    ("[Oslo](a city)", f"the mark on 'Oslo' names no entity\n    2  [Oslo](a city)\n{MARK}"),
    (
        '[Oslo][{"entity": "a"}, {"entity": "b"}]',
        '\'Oslo\' is marked as several entities\n    2  [Oslo][{"entity": "a"}, {"entity": "b"}]\n'
        "hint: a token has one tag: entities that lie in one another need a corpus each",
    ),
]


@pytest.mark.parametrize(("example", "message"), FAULTS, ids=range(len(FAULTS)))
def test_faults_of_marks(example, message):
    text = f"## intent:x\n- {example}\n- to [Oslo](city)\n"
    assert fault(text, "rasa", tagged=True) == f"case:2: {message}"
    faults = []
    assert [each.text for each in read(text, "rasa", tagged=True, skip=faults.append)] == ["to Oslo"]
    assert [error.where for error in faults] == ["case:2"]
    assert len(read("## intent:x\n- a\nno list\n- b\n", "rasa", skip=faults.append)) == 2
    assert faults[-1].where == "case:3"


def test_a_mark_of_one_entity_in_an_array():
    assert read('## intent:x\n- [Oslo][{"entity": "city"}]\n', "rasa", tagged=True)[0].tags == ["B-city"]


def test_a_file_without_examples():
    assert fault("intents:\n- greet\nentities:\n- city\n", "rasa") == (
        "case: no examples of intents\nhint: what is there: intents, entities"
    )
    assert fault("version: '3.1'\n", "rasa") == (
        "case: no examples of intents\nhint: examples stand under 'nlu:' and '- intent: NAME'"
    )
    assert fault("## intent:x\nno list\n", "rasa") == (
        "case:2: no example\n    2  no list\nhint: an example is '- to [Oslo](city)'"
    )
    assert read("\n", "rasa") == []
