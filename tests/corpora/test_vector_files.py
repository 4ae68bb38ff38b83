"""Files of word vectors: four formats give the same, faults to the letter, mutated files, and the memory taken."""

import gzip
import io
import os
import sys
import threading
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnntag.corpora.vector_files import HEAD, read_vectors
from rnntag.errors import CorpusError

WIDTH = 6

WORDS = ["the", "0", "The", "été", "-3.5", "汉", "nan", "a\u00a0b", "\u2028", "tail"]

TABLE = np.random.default_rng(3).normal(size=(len(WORDS), WIDTH)).astype(np.float32)


# Writers, each by the book of its format.


def text_lines(words, table, end):
    return b"".join(
        b"%s %s%s\n" % (encoded(word), " ".join(map(str, row)).encode(), end)
        for word, row in zip(words, table, strict=True)
    )


def header(words, table):
    return b"%d %d\n" % (len(words), table.shape[1])


def encoded(word):
    return word if isinstance(word, bytes) else word.encode()


def binary(words, table, end):
    rows = (b"%s %s%s" % (encoded(word), row.tobytes(), end) for word, row in zip(words, table, strict=True))
    return header(words, table) + b"".join(rows)


FORMATS = {
    "word2vec-text": lambda words, table: header(words, table) + text_lines(words, table, b""),
    "fasttext": lambda words, table: header(words, table) + text_lines(words, table, b" "),
    "glove": lambda words, table: text_lines(words, table, b""),
    "word2vec-binary": lambda words, table: binary(words, table, b"\n"),
    "gensim-binary": lambda words, table: binary(words, table, b""),
    "byte-order-mark": lambda words, table: b"\xef\xbb\xbf" + FORMATS["fasttext"](words, table),
    "byte-order-mark-glove": lambda words, table: b"\xef\xbb\xbf" + FORMATS["glove"](words, table),
    "carriage-returns": lambda words, table: FORMATS["fasttext"](words, table).replace(b"\n", b"\r\n"),
}

PACKINGS = {"bare": bytes, "gzip": lambda data: gzip.compress(data, 1)}

every_format = pytest.mark.parametrize("format", FORMATS)

every_packing = pytest.mark.parametrize("packing", PACKINGS)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("vectors") / "file"


def read(path, data, wanted=(), keep=1000):
    path.write_bytes(data)
    return read_vectors(path, wanted, keep)


def fault(path, data, wanted=(), keep=1000):
    """The message, the path left out."""
    with pytest.raises(CorpusError) as caught:
        read(path, data, wanted, keep)
    return str(caught.value).replace(str(path), "FILE")


def same(found, words, table):
    assert found.words == list(words)
    assert found.table.dtype == np.float32
    assert found.table.flags.c_contiguous
    np.testing.assert_array_equal(found.table, table)


# What is read.


@every_packing
@every_format
def test_all_formats_give_the_same(path, format, packing):
    data = PACKINGS[packing](FORMATS[format](WORDS, TABLE))
    same(read(path, data), WORDS, TABLE)
    same(read(path, data, ["ÉTÉ", "THE", "TAIL", "none"], keep=0), ["the", "The", "été", "tail"], TABLE[[0, 2, 3, 9]])
    same(read(path, data, ["the", "nan"], keep=2), ["the", "0", "The", "été", "nan"], TABLE[[0, 1, 2, 3, 6]])
    same(read(path, data, keep=0), [], np.empty((0, WIDTH)))


@every_format
def test_a_file_longer_than_what_is_looked_at_ahead(path, format):
    words = [f"w{number}" for number in range(9000)]
    table = np.random.default_rng(5).normal(size=(9000, 20)).astype(np.float32)
    data = FORMATS[format](words, table)
    assert len(data) > 2 * HEAD
    same(read(path, data, keep=9000), words, table)
    same(read(path, gzip.compress(data, 1), words[5:8000:501], keep=0), words[5:8000:501], table[5:8000:501])


@every_packing
@every_format
def test_of_a_word_that_appears_twice_the_first_counts(path, format, packing):
    words = ["a", "b", "a", "b", "c", "d"]
    data = PACKINGS[packing](FORMATS[format](words, TABLE[:6]))
    same(read(path, data, ["b"], keep=2), ["a", "b", "c"], TABLE[[0, 1, 4]])


@every_format
def test_words_that_are_not_utf8_or_empty_are_passed_over(path, format):
    words = ["a", b"caf\xe9", b"", "b", b"\xff", "c"]
    same(read(path, FORMATS[format](words, TABLE[:6]), ["c"], keep=2), ["a", "b", "c"], TABLE[[0, 3, 5]])


@pytest.mark.parametrize("format", ["word2vec-text", "fasttext", "glove", "carriage-returns"])
def test_words_may_hold_spaces(path, format):
    words = [". . .", "at name@domain.com", "Formula 1", "• ...", "the"]
    same(read(path, FORMATS[format](words, TABLE[:5])), words, TABLE[:5])


def test_the_first_line_of_glove_may_begin_with_a_number(path):
    same(read(path, b"0 0.1 0.2\nthe 0.3 0.4\n"), ["0", "the"], np.float32([[0.1, 0.2], [0.3, 0.4]]))
    same(read(path, b"-1e3 1 2 3\n, 4 5e-1 .6\n"), ["-1e3", ","], np.float32([[1, 2, 3], [4, 0.5, 0.6]]))


def test_text_may_hold_blank_lines_doubled_spaces_no_last_end_and_more_than_is_promised(path):
    same(read(path, b"1 2\n\nthe  1 2\n\nof 3 4"), ["the", "of"], [[1, 2], [3, 4]])


@pytest.mark.parametrize("width", [1, 2, 300, 4000])
@pytest.mark.parametrize("format", ["word2vec-text", "glove", "word2vec-binary", "gensim-binary"])
def test_any_width(path, format, width):
    width += format == "glove" and width == 1  # there a word and one number are a list of frequencies
    table = np.random.default_rng(width).normal(size=(9, width)).astype(np.float32)
    same(read(path, FORMATS[format](WORDS[:9], table)), WORDS[:9], table)


@pytest.mark.parametrize("row", [[0, 0], [0.5, 2], [np.pi, -np.pi], [1e-40, 3e38]])
def test_binary_is_told_from_text_by_the_first_vector(path, row):
    table = np.float32([row, [1, 2]])
    same(read(path, FORMATS["gensim-binary"](["the", "of"], table)), ["the", "of"], table)


def test_a_pipe_that_trickles(path):
    data = gzip.compress(FORMATS["word2vec-binary"](WORDS, TABLE))
    read_end, write_end = os.pipe()

    def pour():
        for start in range(0, len(data), 7):
            os.write(write_end, data[start : start + 7])
        os.close(write_end)

    thread = threading.Thread(target=pour)
    thread.start()
    same(read_vectors(f"/dev/fd/{read_end}", WORDS), WORDS, TABLE)
    thread.join()
    os.close(read_end)


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FORMATS["glove"](WORDS, TABLE))))
    same(read_vectors("-", WORDS), WORDS, TABLE)


# Faults, to the letter.

KINDS = "hint: give word2vec (text or binary), GloVe or fastText .vec, gzipped or not"

AGAIN = "hint: fetch the file again"

LINE = "hint: a line is a word and 2 numbers, parted by single spaces; if this one is cut, fetch the file again"

SHORTENED = "hint: fetch the file again, or take out its first line if it was shortened on purpose"

UNKNOWN = f"FILE: is not a file of word vectors\n{KINDS}"

PAIR = np.float32([[0.5, -1.25], [3, 4]])

BINARY = FORMATS["gensim-binary"](["the", "of"], PAIR)

GZIP = gzip.compress(BINARY)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", f"FILE: is empty\n{KINDS}"),
        (b" \n\n", f"FILE: is empty\n{KINDS}"),
        (gzip.compress(b""), f"FILE: is empty\n{KINDS}"),
        # something else
        (b"EU NNP B-NP B-ORG\nrejects VBZ B-VP O\n", UNKNOWN),
        (b"EU\tB-ORG\nrejects\tO\n\n", UNKNOWN),
        (b"-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\n", UNKNOWN),
        (b"the 1061396\nof 593677\n", UNKNOWN),
        (b'{"the": [0.1, 0.2]}\n', UNKNOWN),
        (np.random.default_rng(1).bytes(5000), UNKNOWN),
        (b"\x1f", UNKNOWN),
        (b"2 0\nthe\nof\n", UNKNOWN),
        (b"0 2\n", UNKNOWN),
        (b"2 999999999999\nthe 1 2\n", UNKNOWN),
        (b"9" * 5000 + b" 2\nthe 1 2\n", UNKNOWN),
        (b"PK\x03\x04" + bytes(30), "FILE: is a zip archive\nhint: unpack it first: unzip FILE"),
        (
            gzip.compress(b"\xba\x16\x4f\x2f" + bytes(30)),
            "FILE: is a fastText model\nhint: give the .vec file that goes with it",
        ),
        # columns
        (b"2 2\nthe 1 2\nof 3\n", f"FILE:3: the number of columns is 2, not 3\n{LINE}"),
        (b"the 1 2\nof\n", f"FILE:2: the number of columns is 1, not 3\n{LINE}"),
        (b"the 1 2\nof 0.1 0.2 0.3\n", f"FILE:2: the number of columns is 4, not 3\n{LINE}"),
        (b"2 2\nthe 0.1 0.2 0.3\nof 1 2\n", f"FILE:2: the number of columns is 4, not 3\n{LINE}"),
        (b"1 2\n" + b"the" * 100_000, f"FILE:2: the line is longer than 262,144 bytes\n{KINDS}"),
        # numbers
        (b"2 2\nthe 1 2\nof 3 x1\n", f"FILE:3: 'x1' is not a number\n{LINE}"),
        (b"the 1 2\nof 3  4\n", f"FILE:2: '' is not a number\n{LINE}"),
        (b"the 1 2\nof 3 \xff" + b"4" * 50, f"FILE:2: '\ufffd{'4' * 39}' is not a number\n{LINE}"),
        (b"the 1 2\nof 3 NaN\n", f"FILE:2: 'NaN' is not a finite 32-bit number\n{AGAIN}"),
        (b"the 1 -inf\nof 3 4\n", f"FILE:1: '-inf' is not a finite 32-bit number\n{AGAIN}"),
        (b"the 1 2\nof 3 1e300\n", f"FILE:2: '1e300' is not a finite 32-bit number\n{AGAIN}"),
        (
            FORMATS["gensim-binary"](["the", "of"], np.float32([[0.5, 1], [2, np.nan]])),
            f"FILE: a number of word 2, 'of', is not finite\n{AGAIN}",
        ),
        (
            FORMATS["gensim-binary"](["a\nb\x1b\tc"], np.float32([[0.5, np.inf]])),
            f"FILE: a number of word 1, 'a\ufffdb\ufffd\ufffdc', is not finite\n{AGAIN}",
        ),
        # cut short
        (
            b"1200 2\nthe 1 2\nof 3 4\n",
            f"FILE: is cut short: its first line promises 1,200 words, but there are 2\n{SHORTENED}",
        ),
        (b"2 2\n", f"FILE: is cut short: its first line promises 2 words, but there are 0\n{SHORTENED}"),
        (BINARY[:-1], f"FILE: is cut short: its first line promises 2 words, but there are 1\n{AGAIN}"),
        (BINARY[:-9], f"FILE: is cut short: its first line promises 2 words, but there are 1\n{AGAIN}"),
        (BINARY[:-12], f"FILE: is cut short: its first line promises 2 words, but there are 0\n{AGAIN}"),
        (BINARY + b"and", f"FILE: goes on after the 2 words that its first line promises\n{AGAIN}"),
        (
            BINARY.replace(b"2 2", b"3 2") + b"x" * 300_000,
            f"FILE: word 3 is longer than 262,144 bytes\n{AGAIN}",
        ),
        (GZIP[:-1], f"FILE: the gzip data is cut short\n{AGAIN}"),
        (GZIP[:25], f"FILE: the gzip data is cut short\n{AGAIN}"),
        (GZIP[:2], f"FILE: the gzip data is cut short\n{AGAIN}"),
        (GZIP[:-8] + bytes(8), f"FILE: the gzip data is damaged\n{AGAIN}"),
        (GZIP[:10] + b"\xff" * 20, f"FILE: the gzip data is damaged\n{AGAIN}"),
    ],
    ids=lambda value: value.partition("\n")[0] if isinstance(value, str) else "",
)
def test_a_fault(path, data, message):
    assert fault(path, data) == message


def test_what_is_not_there_or_a_folder(tmp_path):
    with pytest.raises(CorpusError, match=r"^\S+/none: no such file$"):
        read_vectors(tmp_path / "none", [])
    with pytest.raises(CorpusError, match=r"^\S+: is a folder$"):
        read_vectors(tmp_path, [])


def test_columns_are_counted_on_every_line_and_numbers_checked_on_the_lines_kept(path):
    assert read(path, b"the 1 2\nof 3 x\n", ["the"], keep=0).words == ["the"]
    assert fault(path, b"the 1 2\nof 3\n", ["the"], keep=0).startswith("FILE:2: the number of columns")


@pytest.mark.parametrize("columns", [b"1 2 3 " * 40_000 + b"x", b"1 " * 130_000, b" " * 260_000 + b"x"])
def test_a_long_first_line_is_looked_at_once(path, columns):
    with pytest.raises(CorpusError):
        read(path, columns + b"\n" + b"the 1 2\n")


@st.composite
def mutated(draw):
    """A sound file with a few bytes of it changed, left out, put in, or the rest cut off."""
    data = draw(st.sampled_from(sorted(FORMATS)).map(lambda name: FORMATS[name](WORDS, TABLE)))
    packed = draw(st.sampled_from(["never", "before", "after"]))
    data = gzip.compress(data) if packed == "before" else data
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, min(20, len(data))) | st.integers(0, len(data)))
        end = draw(st.just(start) | st.integers(start, min(start + 9, len(data))) | st.just(len(data)))
        put = draw(st.just(b"") | st.binary(max_size=6) | st.sampled_from([b"\n", b" ", b"nan", b"9" * 5000, b"1_0"]))
        data = data[:start] + put + data[end:]
    return gzip.compress(data) if packed == "after" else data


@settings(deadline=None, max_examples=300)
@given(
    mutated() | st.binary(max_size=60) | st.binary(max_size=60).map(lambda data: b"2 3\n" + data),
    st.sampled_from([0, 1000]),
)
@example(b"1 1\n\n", 1000)
def test_a_mutated_file_is_read_or_is_a_fault(path, data, keep):
    path.write_bytes(data)
    try:
        found = read_vectors(path, ["the", "汉"], keep)
    except CorpusError as error:
        place, fact = error.where, error.fact
        assert place.startswith(str(path))
        assert fact.isprintable()
    else:
        assert found.table.shape == (len(set(found.words)), found.table.shape[1])
        assert np.isfinite(found.table).all()


# Memory.


def large(format):
    """22 MB of word vectors, some words of which are in the middle."""
    row = np.random.default_rng(1).normal(size=(1, 100 if format == "text" else 250)).astype(np.float32)
    entry = FORMATS["glove" if format == "text" else "gensim-binary"](["x"], row)
    numbers = entry[entry.index(b"x ") + 1 :]
    count = 22_000_000 // len(numbers)
    return b"%d %d\n" % (count, row.size) + b"".join(b"w%d%s" % (number, numbers) for number in range(count)), row


@every_packing
@pytest.mark.parametrize("format", ["text", "binary"])
def test_memory_is_that_of_what_is_kept(path, format, packing):
    data, row = large(format)
    assert len(data) > 20_000_000
    path.write_bytes(PACKINGS[packing](data))
    del data
    tracemalloc.start()
    try:
        found = read_vectors(path, ["W11000", "w12000", "no"], keep=3)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        path.write_bytes(b"")
    same(found, ["w0", "w1", "w2", "w11000", "w12000"], np.repeat(row, 5, axis=0))
    assert peak < 3_000_000


def test_what_is_kept_is_there_once(path):
    path.write_bytes(large("binary")[0])
    tracemalloc.start()
    try:
        found = read_vectors(path, [], keep=15_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        path.write_bytes(b"")
    assert peak < 1.5 * found.table.nbytes
