"""Columns asked for by number and by name, what they are written as, and the output of CRF++."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readers import fault, mutants, read, same_at_every_cut, survives, write_fault, written

from rnntag.data.sentence import Certainty, Sentence

X = "1\tto\tTO\tO\t_\n2\tOslo\tNNP\tB-city\t_\n\n1\tHi\tUH\tO\t_\n\n"
NAMED = "ID\tFORM\tPOS\tNE\tMISC\n"
COMMENT = "# global.columns = ID FORM POS NE MISC\n"


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        (X, {"token": "2", "tag": "4"}),
        (NAMED + X, {"token": "FORM", "tag": "NE"}),
        (NAMED + X, {"token": "2", "tag": "NE"}),
        (NAMED + X, {"token": "FORM", "tag": "4"}),
        (COMMENT + X, {"token": "FORM", "tag": "NE"}),
        ("# by = me\n" + COMMENT + X, {"token": "FORM", "tag": "NE"}),
        (X.replace("\t", " "), {"token": "2", "tag": "4"}),
        ((NAMED + X).replace("\t", "  "), {"token": "FORM", "tag": "NE"}),
        (NAMED + "\n" + X, {"token": "FORM", "tag": "NE"}),
        ("# by = me\n" + NAMED + X, {"token": "FORM", "tag": "NE"}),
    ],
    ids=str,
)
def test_columns_by_number_and_by_name(text, reading):
    for tagged in (True, False):  # to name a column of tags is to ask for them
        first, second = [found for found in read(text, "conll", tagged=tagged, **reading) if found.tokens]
        assert (first.tokens, first.tags) == (["to", "Oslo"], ["O", "B-city"])
        assert (second.tokens, second.tags) == (["Hi"], ["O"])
        assert first.rows == ["1\tto\tTO\t_", "2\tOslo\tNNP\t_"]
    lines = text.split("\n")
    assert "Oslo" in lines[int(first.where(1).removeprefix("case:")) - 1]
    assert "Hi" in lines[int(second.where().removeprefix("case:")) - 1]


def test_a_column_of_tokens_alone_leaves_the_last_to_the_tags():
    (sentence,) = read("1\tto\tO\n2\tOslo\tB-city\n", "conll", tagged=True, token="2")
    assert (sentence.tokens, sentence.tags, sentence.rows) == (["to", "Oslo"], ["O", "B-city"], ["1\tto", "2\tOslo"])
    (bare,) = read("1\tto\tO\n", "conll", token="2")
    assert (bare.tokens, bare.tags, bare.rows) == (["to"], None, ["1\tto\tO"])
    (first,) = read("O\tto\n", "conll", tag="1", token="2")
    assert (first.tokens, first.tags, first.rows) == (["to"], ["O"], ["to"])


def test_a_header_among_the_comments_of_a_later_sentence_is_none():
    first, second = read(X.replace("\n\n", f"\n\n{COMMENT}", 1), "conll", token="2", tag="4")
    assert first.comments == ()
    assert second.comments == ("# global.columns = ID FORM POS MISC NE",)


def test_what_was_read_by_name_is_written_with_the_tag_at_the_end_and_can_be_read_by_name_again():
    sentences = read(COMMENT + X, "conll", token="FORM", tag="NE")
    there = written(sentences, "conll")
    assert there == (
        "# global.columns = ID FORM POS MISC NE\n1\tto\tTO\t_\tO\n2\tOslo\tNNP\t_\tB-city\n\n1\tHi\tUH\t_\tO\n\n"
    )
    again = read(there, "conll", token="FORM", tag="NE")
    assert [(each.tokens, each.tags) for each in again] == [(each.tokens, each.tags) for each in sentences]
    assert written(again, "conll") == there
    assert written(read(NAMED + X, "conll", token="FORM", tag="NE"), "conll") == there.partition("\n")[2]
    assert (
        written(read(NAMED + X, "conll", token="FORM"), "conll") == X
    )  # no header, as the tag of a tagger comes after


@pytest.mark.parametrize(
    ("text", "reading", "message"),
    [
        (X, {"tag": "6"}, "case:1: column 6 is asked for, of 5\nhint: columns are counted from 1"),
        ("# c\n\n# c\n" + X, {"tag": "0"}, "case:4: column 0 is asked for, of 5\nhint: columns are counted from 1"),
        (X, {"token": "9"}, "case:1: column 9 is asked for, of 5\nhint: columns are counted from 1"),
        (
            NAMED + X,
            {"tag": "ne"},
            "case:1: no column is called 'ne'\nhint: there are: ID, FORM, POS, NE, MISC",
        ),
        (
            "# c\n" + COMMENT + X,
            {"token": "word", "tag": "4"},
            "case:3: no column is called 'word'\nhint: there are: ID, FORM, POS, NE, MISC",
        ),
        ("a  b\n", {"token": "c"}, "case:1: no column is called 'c'\nhint: there are: a, b"),
        (
            "# global.columns = a b c\n1\t2\n",
            {"tag": "c"},
            "case:2: column 3 is asked for, of 2\nhint: columns are counted from 1",
        ),
        (
            "a\tO\t1\nb\tO\t\n",
            {"token": "3", "tag": "2"},
            "case:2: the token is empty\n    2  b\tO\t\nhint: the token is what stands in column 3",
        ),
        (
            "a\tO\t1\nb\t\t2\n",
            {"tag": "2"},
            "case:2: the tag is empty\n    2  b\t\t2\nhint: the tag is what stands in column 2",
        ),
        (
            NAMED + X + "1\ta\tb\tB c\td\n",
            {"tag": "NE"},
            "case:7: the tag 'B c' holds white space\n    7  1\ta\tb\tB c\td\nhint: the tag is what stands in column 4",
        ),
        (
            NAMED + "1\ta\tb\tB\n\n2\n",
            {"tag": "NE"},
            "case:4: 1 column, but 4 in the lines before\n    4  2\n"
            "hint: every line has the same columns; if a token holds a space, part them by TABs",
        ),
        (
            "word\n",
            {"tag": "1"},
            "case:1: 1 column, but a tag is needed in the last\n    1  word\n"
            "hint: a line is a token, a TAB and its tag; for text without tags there is rnntag tag",
        ),
    ],
)
def test_faults(text, reading, message):
    assert fault(text, "conll", **reading) == message


def test_document_starts_come_back():
    spaced = (
        "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n-DOCSTART- -X- -X- O\n\nHi UH B-INTJ O\n\n"
    )
    tabs = spaced.replace(" ", "\t")
    for tagged in (True, False):
        sentences = read(spaced, "conll", tagged=tagged)
        assert [sentence.tokens for sentence in sentences] == [
            ["-DOCSTART-"],
            ["EU", "rejects"],
            ["-DOCSTART-"],
            ["Hi"],
        ]
        assert written(sentences, "conll") == tabs
        assert written(read(tabs, "conll", tagged=tagged), "conll") == tabs


# Writing


def certain(tags, **others):
    return Certainty(0.478113, [0.991234, 0.4821904][: len(tags)], [0.5], **others)


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


CELLS = st.text(st.sampled_from("ab#_é汉 \u2028\u3000"), min_size=1, max_size=4)
TAGS = st.text(st.sampled_from("ab#-é汉"), min_size=1, max_size=4)


@given(st.data(), st.integers(2, 4), st.booleans())
def test_any_columns_can_hold_tokens_and_tags(data, columns, named):
    token, tag = data.draw(st.lists(st.integers(1, columns), min_size=2, max_size=2, unique=True))
    cells = st.tuples(*[TAGS if column == tag else CELLS for column in range(1, columns + 1)])
    table = data.draw(st.lists(st.lists(cells, min_size=1, max_size=3), min_size=1, max_size=3))
    names = [f"name{column}" for column in range(1, columns + 1)]
    text = "\t".join(names) + "\n" if named else "# c\n"
    text += "".join("".join("\t".join(row) + "\n" for row in rows) + "\n" for rows in table)
    wanted = {"token": names[token - 1], "tag": names[tag - 1]} if named else {"token": str(token), "tag": str(tag)}
    found = read(text, "conll", **wanted)
    assert [sentence.tokens for sentence in found] == [[row[token - 1] for row in rows] for rows in table]
    assert [sentence.tags for sentence in found] == [[row[tag - 1] for row in rows] for rows in table]
    moved = [["\t".join((*row[: tag - 1], *row[tag:], row[tag - 1])) for row in rows] for rows in table]
    assert written(found, "conll").removeprefix("# c\n") == "".join("\n".join((*rows, "", "")) for rows in moved)


def test_where_a_stream_is_cut_does_not_matter():
    same_at_every_cut(f"# é\n{COMMENT}{X}", "conll", token="FORM", tag="NE")
    same_at_every_cut(f"# é\n{NAMED}{X}", "conll", token="FORM", tag="NE")


def through(data, **reading):
    return written(read(data, "conll", **reading), "conll")


def test_slips_end_in_sentences_or_in_faults():
    for reading in ({}, {"tagged": True}, {"token": "2", "tag": "4"}, {"token": "FORM", "tag": "NE"}):
        found = {survives(through, data, **reading) for data in mutants(COMMENT + X + X, 1500)}
        assert found == {True, False}


# CRF++


def test_crfpp_is_what_crf_test_writes():
    (given,) = read("# intent = x\nto\tTO\nOslo\tNNP\n", "conll")
    assert written(given, "crfpp") == "to\tTO\nOslo\tNNP\n\n"
    tags = ["O", "B-city"]
    assert written(given.with_tags(tags), "crfpp") == "to\tTO\tO\nOslo\tNNP\tB-city\n\n"
    found = given.with_tags(tags, None, certain(tags))
    assert written(found, "crfpp") == "# 0.478113\nto\tTO\tO/0.991234\nOslo\tNNP\tB-city/0.482190\n\n"
    ranked = given.with_tags(tags, None, certain(tags, rank=0))
    assert written(ranked, "crfpp").startswith("# 0 0.478113\nto\t")
    assert written(Sentence(["a", "b"], ["O", "O"], text="ab"), "crfpp") == "a\tO\nb\tO\n\n"
    assert written(Sentence([], []), "crfpp") == "\n"


def test_crfpp_parts_at_spaces():
    (given,) = read("a\tb\nnew york\tc\n", "conll")
    assert write_fault(given, "crfpp") == (
        "case:2: 'new york\tc' holds a space\nhint: CRF++ parts columns at spaces as well as at TABs"
    )
