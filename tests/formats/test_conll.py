"""Columns in and out: by number and by name, to the same lines, and faults to the letter."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readers import BIO, facts, fault, mutants, read, same_at_every_cut, survives, written
from strategies import conll_files

from rnntag import formats
from rnntag.errors import CorpusError

# CoNLL


def test_conll_takes_the_tags_off_the_rows_only_if_there_are_tags():
    text = "# intent = flight\nto\tTO\tO\nOslo\tNNP\tB-city\n"
    (plain,) = read(text, "conll")
    (tagged,) = read(text, "conll", tagged=True)
    assert plain.tokens == tagged.tokens == ["to", "Oslo"]
    assert plain.rows == ["to\tTO\tO", "Oslo\tNNP\tB-city"]
    assert plain.tags is None
    assert tagged.rows == ["to\tTO", "Oslo\tNNP"]
    assert tagged.tags == ["O", "B-city"]
    assert tagged.comments == ("# intent = flight",)
    assert [tagged.where(index) for index in (0, 1)] == ["case:2", "case:3"]
    assert formats.write([plain.with_tags(["O", "S"])], "conll", BIO) == (
        "# intent = flight\nto\tTO\tO\tO\nOslo\tNNP\tB-city\tS\n\n"
    )


def test_what_holds_a_tab_is_a_token_and_what_follows_a_token_no_comment():
    first, second = read("# c\n#\n# d\tX\n#\tX\n\n#d\tX\n# d\n", "conll")
    assert first.comments == ("# c", "#")
    assert first.tokens == ["# d", "#"]
    assert (second.tokens, second.comments) == (["#d", "#"], ())


def test_conll_places_count_blank_lines_and_comments():
    places = [sentence.where() for sentence in read("\na\nb\n\n\n# c\n# d\ne\n\n# f\n", "conll")]
    assert places == ["case:1", "case:2", "case:5", "case:8", "case:11"]


def test_only_tab_and_space_part_columns_and_only_they_are_blank():
    (sentence,) = read("\u3000 O\n\xa0\tO\n \tO\n", "conll")
    assert sentence.tokens == ["\u3000", "\xa0", " "]
    assert [len(sentence) for sentence in read("\u3000\n \t\n", "conll")] == [1]


@given(conll_files(), st.integers(1, 9), st.booleans())
def test_conll_to_conll_gives_the_same_lines(text, step, tagged):
    sentences = read(text, "conll", tagged=tagged)
    assert formats.write(sentences, "conll", BIO) == text
    pieces = read(text, "conll", step, tagged=tagged)
    assert list(map(facts, pieces)) == list(map(facts, sentences))


@pytest.mark.parametrize(
    ("text", "tagged", "message"),
    [
        (
            "a\tO\n\nb\n",
            False,
            "case:3: 1 column, but 2 in the lines before\n    3  b\n"
            "hint: every line has the same columns; if a token holds a space, part them by TABs",
        ),
        (
            "a\tO\n# not = here\nb\tO\n",
            True,
            "case:2: 4 columns, but 2 in the lines before\n    2  # not = here\n"
            "hint: a comment stands before the first token of its sentence",
        ),
        (
            "# c\nword\n",
            True,
            "case:2: 1 column, but a tag is needed in the last\n    2  word\n"
            "hint: a line is a token, a TAB and its tag; for text without tags there is rnntag tag",
        ),
        (
            "a\tO\n\tO\n",
            False,
            "case:2: the token is empty\n    2  \tO\nhint: the token is what stands before the first TAB",
        ),
        (
            "a\tO\n\nb\t\n",
            True,
            "case:3: the tag is empty\n    3  b\t\n"
            "hint: the tag is what stands after the last TAB, up to the end of the line",
        ),
        (
            "a\tO\nb\tO \n",
            True,
            "case:2: the tag 'O ' holds white space\n    2  b\tO \n"
            "hint: the tag is what stands after the last TAB, up to the end of the line",
        ),
    ],
)
def test_faults_of_conll(text, tagged, message):
    assert fault(text, "conll", tagged=tagged) == message


def test_sentences_above_a_fault_come_out_first():
    stream = formats.read(io.BytesIO(b"a\tO\n\nb\tO\n\nc\n\n"), "case", "conll")
    assert [sentence.tokens for sentence in next(stream)] == [["a"], ["b"]]
    with pytest.raises(CorpusError, match="1 column"):
        next(stream)


def test_json_lines_among_columns_are_told_for_what_they_are():
    told = fault('a\tO\n{"tokens": ["a", "b"]}\n', "conll", tagged=True)
    assert told.endswith("hint: if these are JSON lines, add --from jsonl")


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


@pytest.mark.parametrize(
    ("rows", "reading"),
    [
        ("1\ta\tO\n1\tb\tO\n2\tc\tO\n", {"token": "2", "sentence": "1"}),
        ("a\tO\t1\nb\tO\t_\nc\tO\t2\n", {"tag": "2", "sentence": "3"}),
        ("a 1 O\nb - O\n\nc 1 O\n", {"sentence": "2"}),
        ("FORM\tS\tNER\na\tx\tO\nb\tx\tO\nc\ty\tO\n", {"token": "FORM", "tag": "NER", "sentence": "S"}),
    ],
)
def test_a_column_numbers_sentences(rows, reading):
    sentences = read(rows, "conll", tagged=True, **reading)
    assert [sentence.tokens for sentence in sentences] == [["a", "b"], ["c"]]
    assert [sentence.tags for sentence in sentences] == [["O", "O"], ["O"]]
    assert sentences[1].line == rows[: rows.index("c")].count("\n") + 1


def test_comments_stay_with_the_first_of_the_sentences():
    first, second = read("# intent = go\na\t1\nb\t2\n", "conll", sentence="2")
    assert (first.intent, first.comments, second.intent, second.comments) == ("go", ("# intent = go",), None, ())


def test_a_column_has_one_role():
    assert fault("a\t1\tO\n", "conll", tagged=True, sentence="3") == (
        "case:1: column 3 is asked for twice\nhint: tokens, tags and sentences have one each"
    )
