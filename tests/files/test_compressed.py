"""Compressed files in and out: what is cut short, damaged or named wrong is told."""

import gzip
import lzma
import os
import sys
from pathlib import Path

import pytest
from outputs import write
from readers import BIO

from rnntag import formats
from rnntag.errors import CorpusError
from rnntag.files.compressed import opened
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


CONLL = "to\tO\nOslo\tB-city\n\nö\tO\n\n".encode()


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


@pytest.mark.parametrize(("tool", "pack"), [("gzip", gzip.compress), ("xz", lzma.compress)])
def test_what_is_compressed_under_another_name_is_told(tmp_path, monkeypatch, tool, pack):
    monkeypatch.chdir(tmp_path)
    Path("a.conll").write_bytes(pack("ö\tO\n\n".encode() * 100))
    with pytest.raises(CorpusError) as caught:
        list(formats.read_path("a.conll", "conll"))
    assert str(caught.value).endswith(f"is not UTF-8\nhint: it is compressed: {tool} -dc < a.conll | rnntag ... -")


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="there is no file that cannot be read")
@pytest.mark.parametrize("read", [lambda file: file.read(), lambda file: file.read1(10), lambda file: file.read(10)])
def test_a_file_that_cannot_be_read_is_named(read):
    """Nothing is mapped at the address 0, so that is an input/output error."""
    with pytest.raises(OSError, match="Input/output error") as caught, opened("/proc/self/mem") as file:
        read(file)
    assert caught.value.filename == "/proc/self/mem"
