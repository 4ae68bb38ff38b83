"""Compressed files in and out, and outputs that appear whole or not at all."""

import gzip
import lzma
import os
import stat
import sys
from pathlib import Path

import pytest
from readers import BIO, read_folder

from rnntag import formats
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, RnntagError
from rnntag.formats import plain
from rnntag.formats.output import Output

TEXT = "".join(f"word{number}\tO\nnächstes\tB-x\n\n" for number in range(20_000)).encode()
ENDED = "compressed file ended before the end-of-stream marker was reached"
KINDS = {"gz": "gzip", "xz": "xz", "zst": "zstd"}
HINT = "hint: it is cut short, or damaged, or named wrong"


@pytest.fixture(params=list(KINDS))
def kind(request):
    if request.param == "zst":
        pytest.importorskip("zstandard")
    return request.param


def compressed(kind, data=TEXT):
    if kind == "zst":
        import zstandard

        return zstandard.compress(data)
    return gzip.compress(data) if kind == "gz" else lzma.compress(data)


def decompressed(kind, data):
    if kind == "zst":
        import zstandard

        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return gzip.decompress(data) if kind == "gz" else lzma.decompress(data)


def counted(path, data):
    """How many sentences come out of a file of this content, and what is said then."""
    path.write_bytes(data)
    count = 0
    try:
        for burst in formats.read_path(path, "conll"):
            count += len(burst)
    except CorpusError as error:
        return count, str(error).replace(f"{path.parent}/", "")
    return count, None


def test_what_is_compressed_is_read_as_if_it_were_not(tmp_path, kind):
    path = tmp_path / f"a.conll.{kind}"
    assert formats.guess(path, "plain") == "conll"
    assert counted(path, compressed(kind)) == (20_000, None)
    assert formats.read_corpus(path)[-1].tokens == ["word19999", "nächstes"]
    assert counted(tmp_path / f"B.CONLL.{kind.upper()}", compressed(kind)) == (20_000, None)
    assert formats.guess(tmp_path / f"B.CONLL.{kind.upper()}", "plain") == "conll"


def test_a_file_may_have_several_members_that_end_anywhere(tmp_path, kind):
    cut = len(TEXT) // 2 + 1
    data = compressed(kind, TEXT[:cut]) + compressed(kind, b"") + compressed(kind, TEXT[cut:])
    assert counted(tmp_path / f"a.{kind}", data) == (20_000, None)


def test_a_file_that_is_cut_is_told_after_what_is_sound(tmp_path, kind):
    path, data = tmp_path / f"a.{kind}", compressed(kind)
    message = f"a.{kind}: is no sound {KINDS[kind]} file: {ENDED}\n{HINT}"
    for size in (3, 20, len(data) // 2, len(data) - 1):
        count, said = counted(path, data[:size])
        assert said == message
        assert count < 20_000 or size == len(data) - 1
    assert counted(path, data + data[:-1])[0] >= 20_000
    assert counted(path, data + data[:-1])[1] == message


def test_every_cut_of_a_small_file_is_told(tmp_path, kind):
    data = compressed(kind, b"a\tO\n\n")
    for size in range(len(data)):
        count, said = counted(tmp_path / f"a.{kind}", data[:size])
        assert said.startswith(f"a.{kind}: is no sound {KINDS[kind]} file: ")
        assert (ENDED if size > 1 else "the file is empty" if size == 0 else "") in said
        assert count <= 1


def test_an_empty_stream_has_no_sentences_but_an_empty_file_is_none(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    assert counted(path, compressed(kind, b"")) == (0, None)
    assert counted(path, b"") == (0, f"a.{kind}: is no sound {KINDS[kind]} file: the file is empty\n{HINT}")
    path.write_bytes(compressed(kind, b""))
    with pytest.raises(CorpusError, match="no sentences"):
        formats.read_corpus(path)


def test_a_wrong_name_and_damage_are_told(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    for data in (TEXT, compressed("xz" if kind == "gz" else "gz"), b"\0"):
        count, said = counted(path, data)
        assert count == 0
        assert said.startswith(f"a.{kind}: is no sound {KINDS[kind]} file: ")
        assert said.endswith(HINT)
    damaged = bytearray(compressed(kind))
    damaged[-6:] = bytes(6)
    if kind != "zst":  # which need not have a checksum
        assert f"is no sound {KINDS[kind]} file: " in counted(path, bytes(damaged))[1]


def test_without_its_library_zstd_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    message = "a.zst: is compressed by zstd\nhint: pip install 'rnntag[zstd]'"
    assert counted(tmp_path / "a.zst", b"x") == (0, message)
    with pytest.raises(CorpusError) as caught, Output("conll", BIO, str(tmp_path / "b.zst")):
        pass
    assert str(caught.value) == message.replace("a.zst", f"{tmp_path}/b.zst")
    assert os.listdir(tmp_path) == ["a.zst"]


# Output

SENTENCES = [Sentence(["to", "Oslo"], ["O", "B-city"], source="a"), Sentence(["ö"], ["O"], source="b")]
CONLL = "to\tO\nOslo\tB-city\n\nö\tO\n\n".encode()


def write(path, sentences=SENTENCES, format="conll"):
    with Output(format, BIO, None if path is None else str(path)) as out:
        for sentence in sentences:
            out.write([sentence])


def test_a_name_says_that_the_output_is_compressed(tmp_path, kind, monkeypatch):
    path = tmp_path / f"a.conll.{kind}"
    write(path)
    assert decompressed(kind, path.read_bytes()) == CONLL
    first = path.read_bytes()
    with monkeypatch.context() as later:
        later.setattr("time.time", lambda: 1e9)
        write(path)
    assert path.read_bytes() == first
    assert [each.tokens for each in formats.read_corpus(path)] == [["to", "Oslo"], ["ö"]]
    write(path, [])
    assert decompressed(kind, path.read_bytes()) == b""
    upper = tmp_path / f"B.{kind.upper()}"
    write(upper)
    assert decompressed(kind, upper.read_bytes()) == CONLL


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
    assert write_fault("no/folder", "brat") == f"no/folder: cannot be written: No such file or directory\n{hint}"
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


@pytest.mark.parametrize(("tool", "pack"), [("gzip", gzip.compress), ("xz", lzma.compress)])
def test_what_is_compressed_under_another_name_is_told(tmp_path, monkeypatch, tool, pack):
    monkeypatch.chdir(tmp_path)
    Path("a.conll").write_bytes(pack("ö\tO\n\n".encode() * 100))
    with pytest.raises(CorpusError) as caught:
        list(formats.read_path("a.conll", "conll"))
    assert str(caught.value).endswith(f"is not UTF-8\nhint: it is compressed: {tool} -dc < a.conll | rnntag ... -")
