"""Files of other formats are checked as far as their readers read them."""

import os
from types import SimpleNamespace

from checking import (
    findings,
    folder,  # noqa: F401  a fixture
    rows,
    sound,
    written,
)

from rnntag import checks
from rnntag.checks import Checks
from rnntag.checks.sources import rewindable
from rnntag.formats.table_row import TAGGED

# Other formats.


def test_other_formats_are_checked_as_their_readers_read_them(monkeypatch):
    text = sound(2) + rows("to/O", "york/I-city", "bos\u200bton/O") + sound(2)
    by_line = findings(text)
    monkeypatch.setattr(checks, "COLUMNS", "another")
    assert findings(text, format="conll") == by_line
    assert {found.kind for found in by_line} == {"orphan", "invisible", "repeat"}


def test_each_fault_of_a_reader_is_told_and_what_stands_around_it_is_checked():
    written(rows("york/I-city") + "boston\n\nparis\n\n" + sound(1))
    read = checks.ParsedFile("train.conll", "conll", TAGGED)
    assert [str(fault) for fault in read.faults] == [str(fault) for fault in read.faults if fault.where]
    found = [(each.where, each.kind) for each in Checks()._parsed(read)]
    assert found[:2] == [("train.conll:3", "format"), ("train.conll:5", "format")]
    assert ("train.conll:1", "orphan") in found
    plain = next(iter(Checks().file("train.conll", "plain")))
    assert str(plain).startswith("train.conll: format: plain text has no tags; ")
    assert plain.record()["line"] is None


def test_what_cannot_be_read_again_is_copied_so_that_it_can(monkeypatch):
    source, sink = os.pipe()
    os.write(sink, b"a\tO\n")
    os.close(sink)
    with os.fdopen(source, "rb") as pipe:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=pipe))
        with rewindable("-") as stream:
            for _ in range(2):
                stream.seek(0)
                assert stream.read() == b"a\tO\n"
    written("a\tO\n")
    with rewindable("train.conll") as stream:
        assert stream.name == "train.conll"
