"""Lines that are no columns, line ends and bytes: each is told with its line, and none stops the reading."""

import io
import re

import pytest
from checking import (
    IDENTITY,
    findings,
    folder,  # noqa: F401  a fixture
    mended,
    rows,
    sound,
    told,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from rnntag.checks import Change, columns
from rnntag.errors import CorpusError
from rnntag.files import lines as files_lines
from rnntag.formats.table_row import Reading

# The columns.

EVERY_LINE = "every line has the same columns; if a token holds a space, part them by TABs"

COMMENT = "a comment stands before the first token of its sentence"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("boston", f"columns: 1 column, but 2 in most lines; {EVERY_LINE}"),
        ("a\tb\tO", f"columns: 3 columns, but 2 in most lines; {EVERY_LINE}"),
        ("# it is", f"columns: 3 columns, but 2 in most lines; {COMMENT}"),
        ("\tO", "token: the token is empty; it stands in column 1"),
        ("boston\t", "tag: the tag is empty; it stands in column 2"),
        ("boston\tB-a b", "tag: the tag 'B-a b' holds white space; it stands in column 2"),
        ("boston\tO\u3000", "tag: the tag 'O\\u3000' holds white space; it stands in column 2"),
        ("boston B-city", "spaces: 'boston B-city' is parted by spaces, other lines by TABs"),
        ("boston \tO", "spaces: the token 'boston ' begins or ends with a space"),
    ],
)
def test_lines_that_are_no_columns(line, expected):
    text = sound(2) + "a\tO\n" + line + "\nb\tO\n\n"
    assert told(text) == [f"train.conll:12: {expected}"]


def test_most_lines_say_how_many_columns_there_are():
    text = "boston\n" + sound(2)
    assert told(text)[0].startswith("train.conll:1: columns: 1 column, but 2 in most lines")


def test_other_columns_by_number_and_by_name():
    text = "\n".join(["ID\tFORM\tNER\tPOS", "1\tgo\tO\tVB", "2\tyork\tI-city\tNN", "3\t\tO\t", "", "1\tx\tO\tNN", ""])
    expected = [("train.conll:3", "orphan"), ("train.conll:4", "token")]
    reading = Reading(True, "FORM", "NER")

    def places(text, reading):
        found = findings(text, reading=reading, scheme="bio")
        return sorted((each.where, each.kind) for each in found if each.kind not in IDENTITY)

    assert places(text, reading) == expected
    copy, changes, _ = mended(text, "bio", reading)
    assert changes == [Change("train.conll:3", "2\tyork\tI-city\tNN", "2\tyork\tB-city\tNN")]
    assert copy == text.replace("I-city", "B-city")
    plain, numbers = text.partition("\n")[2], Reading(True, "2", "3")
    assert places(plain, numbers) == [("train.conll:2", "orphan"), ("train.conll:3", "token")]
    plus = "# global.columns = ID FORM NER POS\n" + plain
    assert mended(plus, "bio", reading)[0] == plus.replace("I-city", "B-city")
    for wanted in (Reading(True, "2", "5"), Reading(True, "FORM", "LEMMA")):
        with pytest.raises(CorpusError):
            findings(text, reading=wanted)


# The bytes and the line ends.


def test_bytes_that_are_not_utf_8():
    hint = "convert the file first: iconv -f latin1 -t utf-8"
    text = rows("a/O").encode() + b"caf\xe9\tO\nb\tO\nna\xefve\tO\nc\tI-\xe9\n\n"
    assert told(text, scheme="tokens") == [
        f"train.conll:3: encoding: byte 0xe9 of 'caf\\udce9' is not UTF-8; {hint}",
        f"train.conll:5: encoding: byte 0xef of 'na\\udcefve' is not UTF-8; {hint}",
        f"train.conll:6: encoding: byte 0xe9 of 'I-\\udce9' is not UTF-8; {hint}",
    ]
    assert mended(text, "bio")[0].encode("utf-8", "surrogateescape") == text.replace(b"I-", b"B-")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_told_once(encoding):
    data = ("\ufeff" * (encoding == "utf-16-be") + sound(2)).encode(encoding)
    command = "iconv -f utf-16 -t utf-8 train.conll > utf8.txt"
    line = f"train.conll:1: encoding: the file is UTF-16, not UTF-8; convert it first: {command}"
    assert told(data) == [line]
    with pytest.raises(CorpusError, match="the file is UTF-16"):
        mended(data)


def test_line_ends_and_byte_order_marks():
    text = "\ufeff" + rows("a/O", "b/O") + rows("c/O").replace("\n", "\r\n")
    assert told(text) == [
        "train.conll:1: line-ends: the file begins with a byte order mark, "
        "which other tools take for part of the first token",
        "train.conll:4: line-ends: CRLF ends 2 lines; other tools take CR for part of the tag",
    ]
    copy, changes, left = mended(text)
    assert copy == rows("a/O", "b/O") + rows("c/O")
    assert [str(change) for change in changes] == [
        "train.conll:1: mended: a byte order mark -> none",
        "train.conll:4: mended: CRLF (2 in all) -> LF",
    ]
    assert left == []


def test_cr_elsewhere():
    text = rows("a/O", "b\rc/O") + "d\tO\r\r\n"
    assert told(text) == [
        "train.conll:2: control: CR in the midst of a line, 'b\\rc'",
        "train.conll:4: control: CR in the midst of a line, 'O\\r'",
        "train.conll:4: tag: the tag 'O\\r' holds white space; it stands in column 2",
        "train.conll:4: line-ends: CRLF ends 1 line; other tools take CR for part of the tag",
    ]
    copy, _, left = mended(text)
    assert copy == rows("a/O", "b\rc/O") + "d\tO\n"
    assert [found.kind for found in left] == ["control"]


@settings(deadline=None, max_examples=150)
@given(st.text("aé\t\r\n #O", max_size=40), st.integers(1, 9))
def test_how_many_bytes_arrive_together_makes_no_difference(text, size):
    at_once = columns.RawLines(io.BytesIO(text.encode()), "case")
    expected = list(at_once.bursts())
    whole = [line for lines in expected for line in lines]
    kept, files_lines.READ_SIZE = files_lines.READ_SIZE, size
    try:
        lines = columns.RawLines(io.BytesIO(text.encode()), "case")
        assert [line for burst in lines.bursts() for line in burst] == whole
        assert (lines.returns, lines.ended) == (len(re.findall(r"\r\n|\r$(?!\n)", text)), text[-1:] in ("", "\n"))
        assert lines.first == at_once.first == next((n for n, x in enumerate(text.split("\n"), 1) if x[-1:] == "\r"), 0)
        assert list(columns.blocks(lines.bursts())) == list(columns.blocks(expected))
    finally:
        files_lines.READ_SIZE = kept
