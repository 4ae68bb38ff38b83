"""What columns can hold: intents and other comments, words, probabilities."""

import pytest
from readers import BIO, certain, read, write_fault, written

from rnntag import formats
from rnntag.data.sentence import Certainty, Sentence


@pytest.mark.parametrize(
    ("comment", "intent"),
    [
        ("# intent = atis_flight", "atis_flight"),
        ("# intent=a b = c ", "a b = c"),
        ("# intent = ", None),
        ("# the intent = x", None),
    ],
)
def test_intent(comment, intent):
    for text, tagged in ((f"# doc = 1\n{comment}\na\n", False), (f"# doc = 1\n{comment}\na\tO\n", True)):
        (sentence,) = read(text, "conll", tagged=tagged)
        assert sentence.intent == intent


def test_an_intent_takes_the_place_of_the_one_that_came_in_and_other_comments_stay():
    (given,) = read("# doc = 1\n# intent = old\n# by = me\nto\tTO\n", "conll")
    found = given.with_tags(["O"], "new one")
    assert (given.intent, found.intent) == ("old", "new one")
    written = formats.write([found], "conll", BIO)
    assert written == "# doc = 1\n# by = me\n# intent = new one\nto\tTO\tO\n\n"
    (again,) = read(written, "conll", tagged=True)
    assert (again.tokens, again.tags, again.rows) == (found.tokens, found.tags, found.rows)
    assert (again.intent, again.comments) == ("new one", ("# doc = 1", "# by = me", "# intent = new one"))
    assert formats.write([again], "conll", BIO) == written


def test_an_intent_where_none_came_in_is_written_and_the_same_one_leaves_the_comments_as_they_are():
    assert formats.write([Sentence(["hi"], ["O"], intent="greet")], "conll", BIO) == "# intent = greet\nhi\tO\n\n"
    (given,) = read("#  intent=greet\n# doc = 1\nhi\n", "conll")
    for intent in ("greet", None):  # None: the tagger does not tell, what came in stays
        found = given.with_tags(["O"], intent)
        assert found.intent == "greet"
        assert formats.write([found], "conll", BIO) == "#  intent=greet\n# doc = 1\nhi\tO\n\n"


# Writing


def test_probabilities_are_a_column_behind_the_tag_and_comments():
    (given,) = read("# doc = 1\n# probability = 0.9\n# rank = 3\n# intent = old\nto\tTO\nOslo\tNNP\n", "conll")
    tags = ["O", "B-city"]
    found = given.with_tags(tags, "new", certain(tags, intent=0.25, rank=1))
    assert written(found, "conll") == (
        "# doc = 1\n# intent = new\n# rank = 1\n# probability = 0.478113\n# intent_probability = 0.250000\n"
        "to\tTO\tO\t0.9912\nOslo\tNNP\tB-city\t0.4822\n\n"
    )
    assert (
        written(Sentence(["a"], ["O"], certainty=certain(["O"])), "conll")
        == "# probability = 0.478113\na\tO\t0.9912\n\n"
    )
    assert written(Sentence([], [], certainty=Certainty(1.0, [], [])), "conll") == "# probability = 1.000000\n\n"


CELL = "hint: columns hold no TAB and no line end"

LABEL = "hint: the label holds white space: join its words by a hyphen or _"


@pytest.mark.parametrize(
    ("tokens", "tags", "message"),
    [
        (["a", "b\tc"], None, f"token 'b\\tc' cannot stand in a column\n{CELL}"),
        (["a", "b\nc"], ["O", "O"], f"token 'b\\nc' cannot stand in a column\n{CELL}"),
        (["\n"], None, f"token '\\n' cannot stand in a column\n{CELL}"),
        (["a", "", "b"], None, f"token '' cannot stand in a column\n{CELL}"),
        (["a"], ["B-new york"], f"tag 'B-new york' cannot stand in a column\n{LABEL}"),
        (["a", "b"], ["O", "B-x\u3000"], f"tag 'B-x\u3000' cannot stand in a column\n{LABEL}"),
        (["a"], [""], f"tag '' cannot stand in a column\n{LABEL}"),
    ],
)
@pytest.mark.parametrize("format", ["conll", "conllu", "crfpp"])
def test_what_columns_cannot_hold(format, tokens, tags, message):
    assert write_fault(Sentence(tokens, tags, source="x.jsonl", line=7), format) == f"x.jsonl:7: {message}"


@pytest.mark.parametrize("format", ["conll", "conllu", "crfpp", "plain-tags"])
def test_tags_are_looked_at_also_where_columns_came_in(format):
    (given,) = read("to\nOslo\n", "conll")
    assert (
        write_fault(given.with_tags(["O", "B-a b"]), format) == f"case:1: tag 'B-a b' cannot stand in a column\n{LABEL}"
    )


@pytest.mark.parametrize("format", ["conll", "conllu", "plain-tags"])
def test_an_intent_that_is_no_line_is_told(format):
    for intent in ("a\nb", "a\tb"):
        message = f"x:7: intent {intent!r} cannot stand in a line\nhint: it holds a TAB or a line end"
        assert write_fault(Sentence(["a"], ["O"], source="x", line=7, intent=intent), format) == message


def test_comments_of_other_formats_are_comments_here():
    comments = ("#newdoc", "## x", "# a\tb", "# c\nd", "#", "# e")
    there = written(Sentence(["a"], ["O"], comments=comments), "conll")
    assert there == "# newdoc\n# x\n# a b\n# c d\n#\n# e\na\tO\n\n"
    assert written(read(there, "conll", tagged=True), "conll") == there
