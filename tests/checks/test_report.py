"""What is found in several files is counted over all of them, and shown file by file."""

import io

import pytest

from rnntag.checks import Checks
from rnntag.checks.findings import Change, Finding
from rnntag.checks.report import Report

CHANGE = Change("f:1", "a", "b")


def found(kind, count):
    return [Finding(f"f:{number}", kind, "x") for number in range(1, count + 1)]


def test_changes_are_shown_as_they_come_and_findings_at_the_end_kind_by_kind():
    report = Report()
    first, second = found("repeat", 1) + found("orphan", 1)
    assert list(report.shown([first, CHANGE, second])) == [CHANGE, second, first]
    assert report.changes == 1
    assert list(report.shown([])) == []
    assert report.changes == 0
    assert report.counts == {"repeat": 1, "orphan": 1}


def test_of_many_the_first_are_shown_or_every_one_but_all_are_counted():
    for every, count in ((False, 4), (True, 9)):
        report = Report(every)
        assert len(list(report.shown(found("repeat", 9)))) == count
        assert report.counts == {"repeat": 9}


@pytest.mark.parametrize(
    ("kind", "fails", "fails_strictly", "mendable"),
    [
        ("orphan", True, True, True),
        ("columns", True, True, False),
        ("nfc", False, True, True),
        ("leak", False, True, False),
    ],
)
def test_what_is_found_decides_whether_files_fail_and_can_be_mended(kind, fails, fails_strictly, mendable):
    report = Report()
    list(report.shown(found(kind, 1)))
    assert (report.fails(False), report.fails(True), report.is_mendable) == (fails, fails_strictly, mendable)


def test_where_nothing_is_found_nothing_fails():
    report = Report()
    assert list(report.shown([CHANGE])) == [CHANGE]
    assert (report.fails(False), report.fails(True), report.is_mendable) == (False, False, False)


def test_the_summary_counts_what_was_read_and_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.conll").write_text("to\tO\nOslo\tB-city\n\nto\tO\nOslo\tI-city\n\n")
    (tmp_path / "b.conll").write_text("so\tADV\n\n")
    report, checks = Report(), Checks()
    list(report.shown(checks.file("a.conll", "conll", io.BytesIO())))
    assert report.summary(checks, 1) == "1 file, 2 sentences, 4 tokens, BIO: no errors, 1 note (1 repeat)"
    list(report.shown(checks.file("b.conll", "conll")))
    list(report.shown(found("tag", 2)))
    assert report.summary(checks, 2) == (
        "2 files, 3 sentences, 5 tokens, BIO and one tag a token: 2 errors (2 tag), 1 note (1 repeat)"
    )
