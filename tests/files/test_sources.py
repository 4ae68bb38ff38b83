"""What is to be read is there, is of the right kind, and stays open where it is not ours to close."""

import gzip
import io
import os
from types import SimpleNamespace

import pytest

from rnntag.errors import CorpusError
from rnntag.files.sources import check_source, lines_of, open_source, size_of, source_name


def test_standard_input_has_a_name_and_stays_open(monkeypatch):
    stdin = io.BytesIO(b"a\n")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=stdin))
    assert source_name("-") == "<stdin>"
    check_source("-")
    check_source("-", folder=True)
    with open_source("-") as stream:
        assert stream.read() == b"a\n"
    assert not stdin.closed


def test_a_file_is_closed_and_decompressed_by_its_name(tmp_path):
    (tmp_path / "a").write_bytes(b"a\r\nb")
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"c\n"))
    with open_source(tmp_path / "a") as stream:
        assert stream.read() == b"a\r\nb"
    assert stream.closed
    assert source_name(tmp_path / "a") == str(tmp_path / "a")
    assert list(lines_of(str(tmp_path / "a"))) == ["a", "b"]
    assert list(lines_of(str(tmp_path / "a.gz"))) == ["c"]


@pytest.mark.parametrize(
    ("path", "folder", "fact"),
    [
        ("none", False, "no such file"),
        ("none", True, "no such file"),
        ("folder", False, "is a folder"),
        ("file", True, "is not a folder"),
        ("file", False, None),
        ("folder", True, None),
    ],
)
def test_what_is_there_to_be_read(tmp_path, monkeypatch, path, folder, fact):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    if fact is None:
        check_source(path, folder)
        monkeypatch.setattr("os.access", lambda *_: False)
        fact = "permission denied"
    with pytest.raises(CorpusError) as caught:
        check_source(path, folder)
    assert str(caught.value) == f"{path}: {fact}"


def test_the_size_of_what_is_packed_or_piped_is_not_known(tmp_path, monkeypatch):
    for name in ("a.txt", "b.ann", "c.txt.gz"):
        (tmp_path / name).write_bytes(b"12345")
    assert size_of(str(tmp_path / "a.txt")) == 5
    assert size_of(str(tmp_path / "c.txt.gz")) is None
    assert size_of(str(tmp_path)) is None
    (tmp_path / "c.txt.gz").unlink()
    assert size_of(str(tmp_path)) == 10
    with (tmp_path / "a.txt").open() as file:
        monkeypatch.setattr("sys.stdin", file)
        assert size_of("-") == 5
    reader, writer = os.pipe()
    with os.fdopen(reader) as pipe:
        monkeypatch.setattr("sys.stdin", pipe)
        assert size_of("-") is None
    os.close(writer)


def test_lines_of_a_file_are_read_as_leniently_as_one_wants(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"one\n\xff\n")
    seen = []
    assert list(lines_of(str(tmp_path / "a.txt"), True, seen.append)) == ["one", "\udcff"]
    assert seen == [b"one\n\xff\n"]
    with pytest.raises(CorpusError):
        list(lines_of(str(tmp_path / "a.txt")))
