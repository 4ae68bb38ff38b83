"""Reading and writing: golden files, faults to the letter, and a stream cut at every place."""

import io
import os
import re
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import conll_files

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.files.lines import bursts

BIO = SCHEMES["bio"]
ALL = ", ".join(sorted(formats.FORMATS))
GOLDEN = sorted((Path(__file__).parent / "golden" / "formats").glob("*.txt"))


class Trickle(io.BytesIO):
    """A pipe that hands over a few bytes at a time."""

    step = 1

    def read1(self, size=-1):
        return super().read1(self.step)


def trickle(data, step=1):
    stream = Trickle(data)
    stream.step = step
    return stream


def read(data, format="conll", tagged=False, stream=io.BytesIO):
    if isinstance(data, str):
        data = data.encode()
    found = formats.read(stream(data), "case", format, formats.Reading(tagged))
    return [sentence for burst in found for sentence in burst]


def fault(data, format="conll", tagged=False):
    with pytest.raises(CorpusError) as caught:
        read(data, format, tagged)
    return str(caught.value)


def facts(sentence):
    return {name: getattr(sentence, name) for name in Sentence.__slots__}


# Golden files: flags on the first line, then input and output, parted by a marker; a folder is its files, each below
# its name.


def golden(path):
    flags, text = path.read_text(encoding="utf-8").split("\n", 1)
    given, expected = text.split("=== output ===\n")
    options = dict(re.findall(r"--(from|to|scheme|tag-column) (\S+)", flags))
    return given, expected, options, "--tagged" in flags


def bursts_of(given, folder, options, tagged, stream):
    reading = formats.Reading(tagged, tag=options.get("tag-column"))
    if not formats.FORMATS[options["from"]].folder:
        return formats.read(stream(given.encode()), "case", options["from"], reading)
    for name, text in re.findall(r"^--- (\S+) ---\n((?:(?!--- ).*\n)*)", given, re.MULTILINE):
        (folder / name).write_text(text, "utf-8")
    return formats.read_path(folder, options["from"], reading)


def convert(given, options, tagged, stream=io.BytesIO):
    scheme, row = SCHEMES[options.get("scheme", "bio")], formats.FORMATS[options["to"]]
    texts, fault, running = {}, None, row.running() if row.running else None
    writer = running or row.writer
    pieces = row.pieces() if row.pieces else lambda sentence, scheme: {"": writer(sentence, scheme)}
    with tempfile.TemporaryDirectory() as folder:
        try:
            for burst in bursts_of(given, Path(folder), options, tagged, stream):
                for sentence in burst:
                    check(scheme, sentence)
                    for name, text in pieces(sentence, scheme).items():
                        texts.setdefault(name, []).append(text)
        except CorpusError as error:
            fault = f"Error: {error}\n".replace(f"{folder}/", "")
    if running and not fault:
        texts.setdefault("", []).append(running.close())
    before, between, after = row.frame
    output = "".join(f"--- {name} ---\n{''.join(texts[name])}" for name in texts if name)
    if not row.pieces:
        output = before + between.join(texts.get("", ())) + (after if fault is None else "")
    return output + (fault or "")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden(path):
    given, expected, options, tagged = golden(path)
    assert convert(given, options, tagged) == expected
    assert convert(given, options, tagged, stream=trickle) == expected


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_conll_output_reads_as_itself(path):
    _, expected, options, tagged = golden(path)
    if options["to"] == "conll" and "Error: " not in expected:
        assert convert(expected, options | {"from": "conll"}, tagged) == expected


def test_the_tables_list_what_the_golden_files_use():
    used = [golden(path)[2] for path in GOLDEN]
    assert {options["from"] for options in used} == set(formats.READABLE)
    assert {options["to"] for options in used} == set(formats.WRITABLE)


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
    assert lines_of(data, trickle) == lines


@given(st.text(st.sampled_from("a\r\n\té\u2028汉𝄞 ")), st.integers(1, 9))
@example("\r\n", 1)
def test_where_a_stream_is_cut_does_not_matter(text, step):
    data = text.encode()
    numbered = [
        (number + index, line)
        for number, lines in bursts(trickle(data, step), "case")
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
    assert sum(map(len, lines_of(data, lambda data: trickle(data, 1 << 11)))) == len(data)
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


# Plain


def test_plain_gives_one_sentence_a_line_and_knows_its_place():
    first, blank, last = read("to  Oslo\u3000now\n \n\tby ship", "plain")
    assert first.tokens == ["to", "Oslo", "now"]
    assert blank.tokens == []
    assert last.tokens == ["by", "ship"]
    assert (first.tags, first.rows, first.comments) == (None, None, ())
    assert [sentence.where(1) for sentence in (first, blank, last)] == ["case:1", "case:2", "case:3"]


def test_plain_text_has_no_tags():
    assert fault("to Oslo\n", "plain", tagged=True) == (
        "case: plain text has no tags\n"
        "hint: give it as conll: a token, a TAB and its tag a line, a blank line after each sentence"
    )


# CoNLL


def test_conll_takes_the_tags_off_the_rows_only_if_there_are_tags():
    text = "# intent = flight\nto\tTO\tO\nOslo\tNNP\tB-city\n"
    (plain,) = read(text)
    (tagged,) = read(text, tagged=True)
    assert plain.tokens == tagged.tokens == ["to", "Oslo"]
    assert plain.rows == ["to\tTO\tO", "Oslo\tNNP\tB-city"]
    assert plain.tags is None
    assert tagged.rows == ["to\tTO", "Oslo\tNNP"]
    assert tagged.tags == ["O", "B-city"]
    assert tagged.comments == ("# intent = flight",)
    assert [tagged.where(index) for index in (0, 1)] == ["case:2", "case:3"]
    assert formats.write([plain.with_tags(["O", "S"])], "conll", BIO) == (
        "# intent = flight\nto\tTO\tO\tO\nOslo\tNNP\tB-city\tS\n\n"
    )


def test_what_holds_a_tab_is_a_token_and_what_follows_a_token_no_comment():
    first, second = read("# c\n#\n# d\tX\n#\tX\n\n#d\tX\n# d\n")
    assert first.comments == ("# c", "#")
    assert first.tokens == ["# d", "#"]
    assert (second.tokens, second.comments) == (["#d", "#"], ())


def test_conll_places_count_blank_lines_and_comments():
    places = [sentence.where() for sentence in read("\na\nb\n\n\n# c\n# d\ne\n\n# f\n")]
    assert places == ["case:1", "case:2", "case:5", "case:8", "case:11"]


def test_only_tab_and_space_part_columns_and_only_they_are_blank():
    (sentence,) = read("\u3000 O\n\xa0\tO\n \tO\n")
    assert sentence.tokens == ["\u3000", "\xa0", " "]
    assert [len(sentence) for sentence in read("\u3000\n \t\n")] == [1]


@pytest.mark.parametrize(
    ("comment", "intent"),
    [
        ("# intent = atis_flight", "atis_flight"),
        ("# intent=a b = c ", "a b = c"),
        ("# intent = ", None),
        ("# the intent = x", None),
    ],
)
def test_intent(comment, intent):
    for text, tagged in ((f"# doc = 1\n{comment}\na\n", False), (f"# doc = 1\n{comment}\na\tO\n", True)):
        (sentence,) = read(text, tagged=tagged)
        assert sentence.intent == intent


def test_an_intent_takes_the_place_of_the_one_that_came_in_and_other_comments_stay():
    (given,) = read("# doc = 1\n# intent = old\n# by = me\nto\tTO\n")
    found = given.with_tags(["O"], "new one")
    assert (given.intent, found.intent) == ("old", "new one")
    written = formats.write([found], "conll", BIO)
    assert written == "# doc = 1\n# by = me\n# intent = new one\nto\tTO\tO\n\n"
    (again,) = read(written, tagged=True)
    assert (again.tokens, again.tags, again.rows) == (found.tokens, found.tags, found.rows)
    assert (again.intent, again.comments) == ("new one", ("# doc = 1", "# by = me", "# intent = new one"))
    assert formats.write([again], "conll", BIO) == written


def test_an_intent_where_none_came_in_is_written_and_the_same_one_leaves_the_comments_as_they_are():
    assert formats.write([Sentence(["hi"], ["O"], intent="greet")], "conll", BIO) == "# intent = greet\nhi\tO\n\n"
    (given,) = read("#  intent=greet\n# doc = 1\nhi\n")
    for intent in ("greet", None):  # None: the tagger does not tell, what came in stays
        found = given.with_tags(["O"], intent)
        assert found.intent == "greet"
        assert formats.write([found], "conll", BIO) == "#  intent=greet\n# doc = 1\nhi\tO\n\n"


@pytest.mark.parametrize(
    ("form", "line"),
    [("inline", "to [new york](city)"), ("plain-tags", "O B-city I-city")],
    ids=["inline", "plain-tags"],
)
def test_a_line_ends_with_the_intent_behind_a_tab_if_there_is_one(form, line):
    sentence = Sentence(["to", "new", "york"], ["O", "B-city", "I-city"])
    assert formats.write([sentence], form, BIO) == f"{line}\n"
    told = sentence.with_tags(sentence.tags, "book flight")
    assert formats.write([told, sentence], form, BIO) == f"{line}\tbook flight\n{line}\n"
    assert formats.write([Sentence([], [])], form, BIO) == "\n"


@given(conll_files(), st.integers(1, 9), st.booleans())
def test_conll_to_conll_gives_the_same_lines(text, step, tagged):
    sentences = read(text, tagged=tagged)
    assert formats.write(sentences, "conll", BIO) == text
    pieces = read(text, tagged=tagged, stream=lambda data: trickle(data, step))
    assert list(map(facts, pieces)) == list(map(facts, sentences))


@pytest.mark.parametrize(
    ("text", "tagged", "message"),
    [
        (
            "a\tO\n\nb\n",
            False,
            "case:3: 1 column, but 2 in the lines before\n    3  b\n"
            "hint: every line has the same columns; if a token holds a space, part them by TABs",
        ),
        (
            "a\tO\n# not = here\nb\tO\n",
            True,
            "case:2: 4 columns, but 2 in the lines before\n    2  # not = here\n"
            "hint: a comment stands before the first token of its sentence",
        ),
        (
            "# c\nword\n",
            True,
            "case:2: 1 column, but a tag is needed in the last\n    2  word\n"
            "hint: a line is a token, a TAB and its tag; for text without tags there is rnntag tag",
        ),
        (
            "a\tO\n\tO\n",
            False,
            "case:2: the token is empty\n    2  \tO\nhint: the token is what stands before the first TAB",
        ),
        (
            "a\tO\n\nb\t\n",
            True,
            "case:3: the tag is empty\n    3  b\t\n"
            "hint: the tag is what stands after the last TAB, up to the end of the line",
        ),
        (
            "a\tO\nb\tO \n",
            True,
            "case:2: the tag 'O ' holds white space\n    2  b\tO \n"
            "hint: the tag is what stands after the last TAB, up to the end of the line",
        ),
    ],
)
def test_faults_of_conll(text, tagged, message):
    assert fault(text, tagged=tagged) == message


def test_sentences_above_a_fault_come_out_first():
    stream = formats.read(io.BytesIO(b"a\tO\n\nb\tO\n\nc\n\n"), "case", "conll")
    assert [sentence.tokens for sentence in next(stream)] == [["a"], ["b"]]
    with pytest.raises(CorpusError, match="1 column"):
        next(stream)


# Corpora


def corpus_fault(path, format="conll"):
    with pytest.raises(CorpusError) as caught:
        formats.read_corpus(path, format)
    return str(caught.value)


def test_a_corpus_is_its_sentences_that_have_tokens(tmp_path, monkeypatch):
    path = tmp_path / "train.conll"
    path.write_bytes(b"\na\tO\n\n\n# c\n\nb\tO\n")
    assert [sentence.tokens for sentence in formats.read_corpus(path)] == [["a"], ["b"]]
    with path.open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        from_stdin = formats.read_corpus("-")
    assert [sentence.where() for sentence in from_stdin] == ["<stdin>:2", "<stdin>:7"]


def test_faults_of_a_corpus(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    Path("train.conll").write_text("\n# c\n\n")
    assert corpus_fault("nowhere.conll") == "nowhere.conll: no such file"
    assert corpus_fault("data") == "data: is a folder"
    assert corpus_fault("train.conll") == (
        "train.conll: no sentences\nhint: a line is a token, a TAB and its tag; a blank line ends a sentence"
    )
    assert corpus_fault("train.conll", "xml") == f"'xml' is not a format\nhint: there are: {ALL}"


def test_a_corpus_that_may_not_be_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("x").write_text("a\tO\n")
    monkeypatch.setattr("os.access", lambda *_: False)  # the superuser may read anything, so no mode will do
    assert corpus_fault("x") == "x: permission denied"


def test_a_format_nobody_knows_to_write():
    with pytest.raises(CorpusError) as caught:
        formats.write([], "xml", BIO)
    assert str(caught.value) == f"'xml' is not a format\nhint: there are: {ALL}"


def test_json_lines_among_columns_are_told_for_what_they_are():
    told = fault('a\tO\n{"tokens": ["a", "b"]}\n', tagged=True)
    assert told.endswith("hint: if these are JSON lines, add --from jsonl")
