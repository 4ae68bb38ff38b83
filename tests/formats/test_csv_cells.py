"""Lines become cells, also where quotation marks are tokens, and lists in cells become words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnntag.errors import CorpusError
from rnntag.formats.csv_cells import CellCutter, items


def cut(text, width=None):
    """The rows of a text, and what is wrong with others."""
    faults = []
    cutter = CellCutter("case", faults.append)
    rows = [*cutter.feed(1, text.split("\n")), *cutter.close()]
    return [(row.line, row.cells) for row in rows], [str(fault) for fault in faults], cutter.left_out


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ('a;b\n"c;""d""";e', [["a", "b"], ['c;"d"', "e"]]),
        ("sep=|\na|b", [["a", "b"]]),
        ("a, b \n c,d", [["a", "b"], ["c", "d"]]),
        ('word,tag\n",O\n"""",O', [["word", "tag"], ['"', "O"], ['"', "O"]]),
        ('a,b\n"",O', [["a", "b"], ["", "O"]]),
        ('word,tag\n",",O', [["word", "tag"], [",", "O"]]),
        ('a,b\n"c\nd",e', [["a", "b"], ["c\nd", "e"]]),
        ('a,b\n5" pipe,O', [["a", "b"], ['5" pipe', "O"]]),
        ("a,b\n\n,", [["a", "b"], [""], ["", ""]]),
    ],
)
def test_cells(text, rows):
    found, faults, _ = cut(text)
    assert [cells for _, cells in found] == rows
    assert not faults


def test_a_row_of_other_width_is_a_fault_and_left_out():
    rows, faults, left_out = cut("word,tag\na,b,c\nd\ne,O")
    assert rows == [(1, ["word", "tag"]), (4, ["e", "O"])]
    assert faults == [
        "case:2: 3 cells, but 2 in the first row\n    2  a,b,c\nhint: a cell that holds ',' stands in quotation marks",
        "case:3: 1 cell, but 2 in the first row\n    3  d",
    ]
    assert left_out == 2


def test_a_mark_that_nothing_closes_is_a_fault_where_it_stands():
    rows, faults, _ = cut('word,tag\n"a,O\nb,O\nc,O')
    assert rows == [(1, ["word", "tag"])]
    assert faults == [
        'case:2: a quotation mark opens a cell that nothing closes\n    2  "a,O\n'
        'hint: a mark within a cell is written twice, and the cell stands in marks: """"'
    ]


def test_a_fault_that_is_raised_ends_it():
    def raising(error):
        raise error

    cutter = CellCutter("case", raising)
    with pytest.raises(CorpusError):
        list(cutter.feed(1, ["a,b", "c"]))


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("to New York", ["to", "New", "York"]),
        ("['O', 'B-city']", ["O", "B-city"]),
        ('["O", "B-city"]', ["O", "B-city"]),
        ("['O' 'B-city'\n 'O']", ["O", "B-city", "O"]),
        ("[0, 3]", ["0", "3"]),
        ("[0 3 12]", ["0", "3", "12"]),
        ("""["it's", 'a "b"', 'c\\'s']""", ["it's", 'a "b"', "c's"]),
        ("[]", []),
        ("[sic]", ["[sic]"]),
        ("['a'b']", ["['a'b']"]),
        ("", []),
    ],
)
def test_items(cell, words):
    assert items(cell) == words


WORDS = st.text(st.characters(exclude_characters="\\", exclude_categories=["C", "Z"]), min_size=1)


@given(st.lists(WORDS))
def test_lists_as_python_prints_them(words):
    assert items(repr(words)) == words
