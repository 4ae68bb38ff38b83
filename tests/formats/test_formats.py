"""Reading and writing: golden files, faults to the letter, and a stream cut at every place."""

import io
import re
import sys
import tempfile
from pathlib import Path

import pytest
from readers import BIO, Trickle

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.bio_check import check
from rnntag.errors import CorpusError

ALL = ", ".join(sorted(formats.FORMATS))

GOLDEN = sorted((Path(__file__).parent / "golden" / "formats").glob("*.txt"))


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
    made = row.running or row.counted
    texts, fault, running = {}, None, made() if made else None
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
    assert convert(given, options, tagged, stream=Trickle) == expected


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_conll_output_reads_as_itself(path):
    _, expected, options, tagged = golden(path)
    if options["to"] == "conll" and "Error: " not in expected:
        assert convert(expected, options | {"from": "conll"}, tagged) == expected


def test_the_tables_list_what_the_golden_files_use():
    used = [golden(path)[2] for path in GOLDEN]
    files = {name for name, row in formats.FORMATS.items() if row.reads_file}  # that are no text
    assert {options["from"] for options in used} == set(formats.READABLE) - files
    assert {options["to"] for options in used} == set(formats.WRITABLE)


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
