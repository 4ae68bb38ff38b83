"""Outputs appear whole or not at all, and standard output at once."""

import os
import stat
from pathlib import Path

import pytest
from outputs import SENTENCES, write
from readers import BIO, read_folder

from rnntag import formats
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, RnntagError
from rnntag.formats import plain
from rnntag.formats.output import Output


@pytest.mark.parametrize("name", ["a.conll", "a.conll.gz", "a.conll.xz"])
def test_a_file_appears_whole_or_not_at_all(tmp_path, name):
    path = tmp_path / name
    path.write_text("old")
    with pytest.raises(CorpusError, match="cannot stand"):
        write(path, [*SENTENCES * 5000, Sentence(["a\tb"], ["O"])])
    assert path.read_text() == "old"
    with Output("conll", BIO, str(path)) as out:
        out.write(SENTENCES * 20_000)
        assert path.read_text() == "old"
    assert len(path.read_bytes()) > 100
    assert os.listdir(tmp_path) == [name]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


class Told(Exception):
    """Raised by a test in the midst of writing."""


@pytest.mark.parametrize("fault", [Told, KeyboardInterrupt])
@pytest.mark.parametrize("format", ["seq", "brat"])
def test_a_folder_appears_whole_or_not_at_all(tmp_path, format, fault):
    path = tmp_path / "out"

    def interrupted():
        yield SENTENCES[0]
        raise fault

    with pytest.raises(fault):
        write(path, interrupted(), format)
    assert os.listdir(tmp_path) == []
    write(path, SENTENCES[1:], format)
    old = {file.name: file.read_bytes() for file in path.iterdir()}
    with pytest.raises(RnntagError, match="is a folder that is not empty"):
        write(path, SENTENCES, format)
    assert {file.name: file.read_bytes() for file in path.iterdir()} == old
    assert os.listdir(tmp_path) == ["out"]
    write(tmp_path / "both", SENTENCES, format)
    assert [each.tokens for each in read_folder(tmp_path / "both", format, tagged=True)] == [["to", "Oslo"], ["ö"]]


def test_an_empty_folder_is_filled(tmp_path):
    write(tmp_path, [Sentence(["a"], ["O"], intent="x")], "seq")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "label": "x\n",
        "seq.in": "a\n",
        "seq.out": "O\n",
    }


def test_a_folder_of_very_many_files(tmp_path):
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        write(tmp_path / "out", [Sentence(["a"], ["O"], source=f"{number}.x") for number in range(400)], "brat")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert len(os.listdir(tmp_path / "out")) == 800


def test_an_output_of_no_sentences(tmp_path):
    write(tmp_path / "a.conll", [])
    assert (tmp_path / "a.conll").read_bytes() == b""
    write(tmp_path / "b", [], "brat")
    assert os.listdir(tmp_path / "b") == []
    assert read_folder(tmp_path / "b", "brat", tagged=True) == []


def write_fault(path, format="conll"):
    with pytest.raises(RnntagError) as caught:
        write(path, format=format)
    return str(caught.value)


def test_places_that_cannot_be_written_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("x")
    Path("folder").mkdir()
    Path("in").mkdir()
    Path("in", "seq.in").mkdir()
    hint = "hint: name another place"
    assert write_fault("folder") == f"folder: is a folder\n{hint}"
    assert write_fault("no/a.gz") == f"no/a.gz: cannot be written: No such file or directory\n{hint}"
    assert write_fault("file", "seq") == f"file: is not a folder\n{hint}"
    assert write_fault("file/folder", "brat") == f"file/folder: cannot be written: Not a directory\n{hint}"
    assert write_fault("in", "seq") == f"in: is a folder that is not empty\n{hint}"
    assert write_fault(None, "seq") == "seq is a folder of files\nhint: name the folder with -o"
    assert write_fault("-", "brat") == "brat is a folder of files\nhint: name the folder with -o"
    assert sorted(os.listdir()) == ["file", "folder", "in"]
    assert os.listdir("in") == ["seq.in"]


def test_standard_output_gets_each_burst_at_once(capfdbinary):
    with Output("conll", BIO) as out:
        out.write(SENTENCES[:1])
        assert capfdbinary.readouterr().out == b"to\tO\nOslo\tB-city\n\n"
        out.write([])
        out.write(SENTENCES[1:])
    assert capfdbinary.readouterr().out == "ö\tO\n\n".encode()


def test_what_comes_before_between_and_after_sentences(tmp_path, monkeypatch):
    monkeypatch.setattr(plain, "write_words", lambda sentence, scheme: " ".join(sentence.tokens), raising=False)
    row = formats.Format("a list", writes="plain.write_words", frame=("<", "|", ">\n"))
    monkeypatch.setitem(formats.FORMATS, "framed", row)
    for sentences, text in ((SENTENCES, "<to Oslo|ö>\n"), (SENTENCES[:1], "<to Oslo>\n"), ([], "<>\n")):
        write(tmp_path / "a", sentences, "framed")
        assert (tmp_path / "a").read_text("utf-8") == text


def test_the_name_of_a_folder_is_for_formats_that_are_folders(tmp_path):
    path = f"{tmp_path}/new/out/"
    with pytest.raises(CorpusError) as caught:
        Output("conll", BIO, path)
    assert str(caught.value) == (
        f"{path}: is the name of a folder, but conll is one file\n"
        "hint: name a file in it, or a format that is a folder: --to brat, --to seq"
    )
    write(path, SENTENCES, "brat")
    assert sorted(os.listdir(path)) == ["a.ann", "a.txt", "b.ann", "b.txt"]
