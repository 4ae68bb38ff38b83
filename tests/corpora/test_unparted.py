"""What parts the sentences of a file without blank lines."""

import pytest

from rnntag.corpora.unparted import way_out
from rnntag.data.sentence import Sentence


def sentence(rows, source="a b.conll"):
    return Sentence([row.split("\t")[0] for row in rows], ["O"] * len(rows), rows, source=source)


@pytest.mark.parametrize(
    ("rows", "hint"),
    [
        (
            ["a\t1", "b\t1", "c\t2", "d\t2", "e\t3", "f\t3"],
            "column 2 numbers sentences: add --sentence-column 2",
        ),
        (
            ["a\t1", "b\t2", "c\t1", "d\t2", "e\t3"],
            "column 2 counts tokens, so part them before each 1: "
            "awk '$2 == 1 {print \"\"} {print}' 'a b.conll' > parted.conll",
        ),
        (
            ["a\tx", ".\tx", "b\ty", ".\tx"],
            "put a blank line behind each full stop: awk '{print} $1 == \".\" {print \"\"}' 'a b.conll' > parted.conll",
        ),
        (
            ["a", "b"],
            "a blank line ends a sentence; where a column numbers sentences, name it with --sentence-column",
        ),
    ],
)
def test_the_way_out_is_what_the_columns_look_like(rows, hint):
    assert way_out(sentence(rows)) == hint


def test_what_has_no_file_and_no_columns():
    assert way_out(Sentence(["a", ".", "b", "."], ["O"] * 4)).startswith("a blank line ends a sentence;")
    assert " FILE > " in way_out(sentence(["a", ".", "b", "."], "<stdin>"))
    assert way_out(sentence(["a", ".", "b", "."], "a.CSV.gz")).startswith("a blank line ends a sentence;")
