"""Lines come as they arrive, the same wherever a stream is cut, and what is not UTF-8 is told with its line."""

import io
import os
import threading
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from readers import Trickle

from rnntag import formats
from rnntag.errors import CorpusError
from rnntag.files import lines as files_lines
from rnntag.files.lines import LONGEST, bursts, undecoded

# Lines


def lines_of(data, stream=io.BytesIO):
    return [line for _, lines in bursts(stream(data), "case") for line in lines]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"a", ["a"]),
        (b"a\n", ["a"]),
        (b"\n", [""]),
        (b"a\n\nb", ["a", "", "b"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"a\rb\n", ["a\rb"]),
        (b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n", ["a", "\ufeffb"]),
        ("a\u2028b\x0bc\x0cd\x85e\x1cf\n".encode(), ["a\u2028b\x0bc\x0cd\x85e\x1cf"]),
    ],
)
def test_lines(data, lines):
    assert lines_of(data) == lines
    assert lines_of(data, Trickle) == lines


@given(st.text(st.sampled_from("a\r\n\té\u2028汉𝄞 ")), st.integers(1, 9))
@example("\r\n", 1)
def test_where_a_stream_is_cut_does_not_matter(text, step):
    data = text.encode()
    numbered = [
        (number + index, line)
        for number, lines in bursts(Trickle(data, step), "case")
        for index, line in enumerate(lines)
    ]
    assert numbered == list(enumerate(lines_of(data), 1))


def test_a_file_comes_in_large_bursts_also_by_descriptor(tmp_path):
    path = tmp_path / "long.txt"
    path.write_bytes(b"word\tO\n" * 400_000)
    with path.open("rb") as file:
        by_file = [len(lines) for _, lines in bursts(file, "case")]
    descriptor = os.open(path, os.O_RDONLY)
    by_descriptor = [len(lines) for _, lines in bursts(descriptor, "case")]
    os.close(descriptor)
    assert by_file == by_descriptor
    assert len(by_file) == 11
    assert sum(by_file) == 400_000


def test_a_pipe_is_answered_before_it_is_closed():
    source, sink = os.pipe()
    answered = threading.Event()

    def type_in():
        with os.fdopen(sink, "wb", buffering=0) as pipe:
            pipe.write(b"one\n\ntw")
            answered.wait(timeout=2)  # who waits for more than this gets it, and fails below
            pipe.write(b"o\n\n")

    thread = threading.Thread(target=type_in)
    thread.start()
    with os.fdopen(source, "rb") as stream:
        sentences = formats.read(stream, "<stdin>", "conll")
        assert [sentence.tokens for sentence in next(sentences)] == [["one"]]
        answered.set()
        assert [[sentence.tokens for sentence in burst] for burst in sentences] == [[["two"]]]
    thread.join()


def test_a_line_of_many_megabytes_takes_linear_time():
    data = b"x" * 8_000_000
    began = time.perf_counter()
    assert sum(map(len, lines_of(data, lambda data: Trickle(data, 1 << 11)))) == len(data)
    assert time.perf_counter() - began < 1  # joining at each read would copy 16 GB


def test_what_is_not_utf_8_is_told_with_its_line_and_loses_nothing_above_it():
    stream = formats.read(io.BytesIO(b"one\ntwo\ncaf\xe9\nfour\n"), "input.txt", "plain")
    assert [sentence.tokens for sentence in next(stream)] == [["one"], ["two"]]
    with pytest.raises(CorpusError) as caught:
        next(stream)
    assert str(caught.value) == (
        "input.txt:3: byte 0xe9 is not UTF-8\nhint: convert it first: iconv -f latin1 -t utf-8 input.txt > utf8.txt"
    )


@pytest.mark.parametrize(
    ("data", "source", "message"),
    [
        (
            b"\xff\xfeh\0i\0\n\0",
            "a.txt",
            "a.txt:1: byte 0xff is not UTF-8\nhint: convert it first: iconv -f utf-16 -t utf-8 a.txt > utf8.txt",
        ),
        (
            b"\n\n\xe6\xb1",
            "<stdin>",
            "<stdin>:3: byte 0xe6 is not UTF-8\nhint: convert it first: iconv -f latin1 -t utf-8 | rnntag ...",
        ),
    ],
)
def test_not_utf_8(data, source, message):
    with pytest.raises(CorpusError) as caught:
        list(formats.read(io.BytesIO(data), source, "plain"))
    assert str(caught.value) == message


def test_a_lenient_reading_keeps_what_is_not_utf_8_for_its_reader():
    data = b"one\ncaf\xe9\n" + "汉\n".encode()
    for step in (1 << 18, 1):
        lines = [line for _, lines in bursts(Trickle(data, step), "case", lenient=True) for line in lines]
        assert lines == ["one", "caf\udce9", "汉"]
        assert [undecoded(line, "case", 1) is not None for line in lines] == [False, True, False]
    fault = undecoded("é\n\n\udce9\n", "a.txt", 7)
    assert str(fault) == (
        "a.txt:9: byte 0xe9 is not UTF-8\nhint: convert it first: iconv -f latin1 -t utf-8 a.txt > utf8.txt"
    )


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08\xff\n", b"\xff\xfea\0\n", b"\xff\xfea"])
def test_what_is_no_text_at_all_is_a_fault_however_lenient(data):
    with pytest.raises(CorpusError, match="is not UTF-8"):
        list(bursts(io.BytesIO(data), "case", lenient=True))


def test_what_is_read_is_told_as_it_is_read():
    seen = []
    assert list(bursts(Trickle(b"one\ntwo", 5), "case", seen=seen.append))
    assert seen == [b"one\nt", b"wo"]


@pytest.mark.parametrize("ends", [b"\n", b"}"])
@pytest.mark.parametrize("stream", [io.BytesIO, Trickle])
def test_a_line_that_goes_on_and_on_is_refused_before_it_fills_the_memory(monkeypatch, stream, ends):
    monkeypatch.setattr(files_lines, "READ_SIZE", 64)
    monkeypatch.setattr(files_lines, "LONGEST", 1 << 8)
    line = b"a" * 200 + ends
    data = stream(line + b"\n" + line + b"b" * 1000)
    with pytest.raises(CorpusError) as caught:
        list(bursts(data, "case", ends))
    assert (caught.value.where, caught.value.hint) == (
        "case:4" if ends == b"\n" else "case:2",
        "if it is text, break it into lines: fold -s -w 1000",
    )
    assert data.tell() < 800
    assert sum(len(lines) for _, lines in bursts(stream(line * 9), "case", ends)) >= 9


def test_what_a_line_may_hold():
    assert LONGEST == 64 << 20
