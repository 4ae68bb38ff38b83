"""Tables as wide as they are, and in blocks of columns where that is too wide."""

import pytest
from rich.text import Text

from rnntag.show.tables import ENDLESS, Grid, print_line, sized_console


def grid():
    found = Grid("span", "precision", "recall", "about", left=["about"])
    found.add("departure_city", "94.44", "100.00", "of flights")
    found.add(Text("all"), "90.25", "87.92", "", style="bold")
    return found


def drawn(found, width=None):
    out = sized_console("never", width)
    with out.capture() as captured:
        found.draw(out)
    return captured.get().splitlines()


WHOLE = [
    "span            precision  recall  about     ",
    "departure_city      94.44  100.00  of flights",
    "all                 90.25   87.92            ",
]


@pytest.mark.parametrize("width", [None, 45, 80])
def test_a_table_that_fits_is_drawn_as_it_is(width):
    assert grid().width == 45
    assert drawn(grid(), width) == WHOLE


def test_a_table_that_is_too_wide_is_drawn_in_blocks():
    assert drawn(grid(), 44) == [
        "span            precision  recall",
        "departure_city      94.44  100.00",
        "all                 90.25   87.92",
        "",
        "span            about     ",
        "departure_city  of flights",
        "all                       ",
    ]


@pytest.mark.parametrize("width", [24, 30, 40])
def test_no_figure_is_shortened_and_no_line_too_long(width):
    lines = drawn(grid(), width)
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    for cell in ("precision", "recall", "94.44", "100.00", "90.25", "87.92"):
        assert cell in words
    assert "departure_city".startswith(next(word for word in words if word.startswith("dep")))


def test_a_name_that_is_too_long_goes_on_in_the_next_line():
    found = Grid("file", "F1")
    found.add("a" * 30, "50.00")
    header, *rows = drawn(found, 24)  # how wide each column is, is for Rich to say
    assert header.split() == ["file", "F1"]
    assert rows[0].endswith("  50.00")
    assert len(rows) > 1
    assert "".join(row.split()[0] for row in rows) == "a" * 30
    assert max(map(len, [header, *rows])) <= 24


def test_a_table_without_rows_is_none():
    assert not Grid("a", "b")
    assert drawn(Grid("a", "b")) == []
    assert grid()


def test_a_line_is_wrapped_between_words_on_a_terminal_alone():
    for width, lines in ((None, 1), (ENDLESS, 1), (20, 3)):
        out = sized_console("never", width)
        with out.capture() as captured:
            print_line(out, "token accuracy 95.76 (3730 of 3895), sentences")
        found = captured.get().splitlines()
        assert len(found) == lines
        assert " ".join(line.strip() for line in found) == "token accuracy 95.76 (3730 of 3895), sentences"
    out = sized_console("never", 20)
    with out.capture() as captured:
        print_line(out, Text("boundary: york, found new york"), indent=2)
    assert [line.rstrip() for line in captured.get().splitlines()] == ["  boundary: york,", "  found new york"]
