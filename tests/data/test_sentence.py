"""Where the tokens of a sentence stand, where a text begins, and what other tags leave as it is."""

import copy
import pickle

import pytest

from rnntag.data.sentence import OFFERED, SHOWN, Certainty, Sentence, Span


@pytest.mark.parametrize(
    ("others", "lines"),
    [
        ({}, [7, 7, 7]),  # text: all in one line
        ({"rows": ["a", "b", "c"]}, [7, 8, 9]),
        ({"rows": ["a", "b", "c"], "lines": [8, 10, 11]}, [8, 10, 11]),
        ({"lines": [8, 8, 9]}, [8, 8, 9]),
    ],
)
def test_a_token_stands_in_its_line(others, lines):
    sentence = Sentence(["a", "b", "c"], source="case", line=7, **others)
    assert [sentence.line_of(index) for index in range(3)] == lines
    assert [sentence.where(index) for index in range(3)] == [f"case:{line}" for line in lines]
    assert sentence.where() == f"case:{lines[0]}"


def test_a_sentence_from_no_file_is_called_by_its_number():
    given = Sentence(["a", "b"], ["O", "O"], rows=["a", "b"])
    found = given.numbered(3)
    assert (found.where(), found.where(1), given.where()) == ("sentence 3", "sentence 3", "a sentence")
    assert (found.tokens, found.tags, found.rows) == (given.tokens, given.tags, given.rows)
    assert found.numbered(4) is found
    placed = Sentence(["a"], source="case", line=7)
    assert placed.numbered(3) is placed


@pytest.mark.parametrize(
    ("comment", "begins"),
    [
        ("# doc = a", True),
        ("#doc=a", True),
        ("# newdoc", True),
        ("# newdoc id = a", True),
        ("# document = a", False),
        ("# a doc = b", False),
        ("# newpar", False),
    ],
)
def test_a_comment_says_that_a_text_begins(comment, begins):
    assert Sentence(["a"], comments=("# x", comment)).begins_text is begins
    assert not Sentence(["a"]).begins_text


def test_other_tags_leave_all_else_as_it_is():
    certainty = Certainty(0.5, [0.5], [0.5])
    given = Sentence(["a"], ["O"], ["a"], ("# c",), "case", 7, "go", "a", [(0, 1)], {"id": 1}, certainty, [9])
    found = given.with_tags(["B-x"])
    assert (found.tags, found.certainty, found.intent) == (["B-x"], None, "go")
    for name in set(Sentence.__slots__) - {"tags", "certainty"}:
        assert getattr(found, name) is getattr(given, name), name
    assert given.with_tags(["B-x"], "stay", certainty).intent == "stay"
    assert given.with_tags(["B-x"], "stay", certainty).certainty is certainty


def test_a_sentence_shows_its_tokens_tags_and_intent():
    assert repr(Sentence(["to", "Oslo"], ["O", "B-city"])) == "Sentence(to/O Oslo/B-city)"
    assert repr(Sentence(["hi"], intent="greet")) == "Sentence(hi, intent='greet')"
    assert len(Sentence(["to", "Oslo"])) == 2


def test_a_long_sentence_is_shown_in_part():
    words = [f"w{number}" for number in range(50)]
    assert repr(Sentence(words)) == f"Sentence({' '.join(words[:SHOWN])} … 50 tokens)"
    assert repr(Sentence(words[:SHOWN])) == f"Sentence({' '.join(words[:SHOWN])})"
    assert repr(Sentence(["a", "b"], ["O"])) == "Sentence(a/O b)"  # where they do not go together that is seen
    assert repr(Span(3, 4, "time")) == "Span(start=3, end=4, label='time')"


def test_sentences_are_the_same_if_they_say_the_same():
    one = Sentence(["to", "Oslo"], ["O", "B-city"], intent="go", source="a.conll", line=3)
    assert one == Sentence(["to", "Oslo"], ["O", "B-city"], intent="go", rows=["to\tO", "Oslo\tB-city"])
    for other in (
        Sentence(["to", "oslo"], ["O", "B-city"], intent="go"),
        Sentence(["to", "Oslo"], ["O", "O"], intent="go"),
        Sentence(["to", "Oslo"], intent="go"),
        Sentence(["to", "Oslo"], ["O", "B-city"]),
    ):
        assert one != other
    assert one != ["to", "Oslo"]
    with pytest.raises(TypeError):
        hash(one)  # it can be changed


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_sentence_is_pickled_with_all_that_it_has(protocol):
    certainty = Certainty(0.5, [0.5], [0.5], 0.75, 1)
    given = Sentence(["a"], ["O"], ["a"], ("# c",), "case", 7, "go", "a", [(0, 1)], {"id": 1}, certainty, [9])
    found = pickle.loads(pickle.dumps(given, protocol))
    assert found == given == copy.deepcopy(given)
    assert {name: getattr(found, name) for name in Sentence.__slots__} == {
        name: getattr(given, name) for name in Sentence.__slots__
    }


def test_what_is_completed_is_what_a_user_wants():
    offered = [name for name in dir(Sentence(["a"])) if not name.startswith("_")]
    assert offered == sorted(OFFERED)
