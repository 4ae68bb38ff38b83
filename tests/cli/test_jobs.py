"""What is told of a job on standard error."""

import sys

import pytest

from rnntag.cli import jobs
from rnntag.errors import RnntagError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.conll").write_bytes(b"12345")
    return tmp_path


def test_a_file_that_will_be_replaced_is_named(folder, capsys):
    (folder / "folder").mkdir()
    for path in (None, "-", "none.conll", "folder", "a.conll"):
        jobs.tell_replaced(path)
    assert capsys.readouterr().err == "replacing a.conll\n"


def test_a_file_that_is_read_only_is_refused_and_not_named_as_replaced(folder, capsys):
    (folder / "a.conll").chmod(0o444)
    with pytest.raises(RnntagError, match=r"^a\.conll: is read-only"):
        jobs.tell_replaced("a.conll")
    assert capsys.readouterr().err == ""


def test_a_meter_knows_what_is_to_be_read_where_there_is_a_place_for_it(monkeypatch):
    assert jobs.meter("tagging", ["a.conll"], None).read is None
    monkeypatch.setattr("rnntag.show.meter.has_place", lambda output, waits: True)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    monkeypatch.setattr(jobs, "size_of", lambda path: None if path == "-" else 5)
    assert jobs.meter("tagging", iter(["a.conll", "a.conll"]), None)._total == 10
    assert jobs.meter("tagging", ["a.conll", "-"], None)._total is None
    assert jobs.busy("resampling")(max)(1, 2) == 2
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert jobs.meter("tagging", ["-"], None).read is None  # there somebody types
