"""Documents, subtitles, chats and what is no text at all, each given to the plainest command."""

import io
import json
import pickle
import zipfile

import pytest
from in_process import run_here

from rnntag.files import bundled

MODEL = str(bundled.MODEL)


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Runs a command on a file of a name and content."""
    monkeypatch.chdir(tmp_path)

    def run(command, name, content, *options):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        model = ("-m", MODEL) if command in ("tag", "eval") else ()
        return run_here(command, *model, *options, name, monkeypatch=monkeypatch)

    return run


def zipped(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr(name, "wake me at seven")
    return file.getvalue()


BINARY = {
    "a.docx": (
        zipped("word/document.xml"),
        "a Word document",
        "make text of it: pandoc -t plain --wrap=none a.docx > a.txt",
    ),
    "a.xlsx": (
        zipped("xl/workbook.xml"),
        "a spreadsheet",
        "save it as CSV: libreoffice --headless --convert-to csv a.xlsx",
    ),
    "a.odt": (
        zipped("mimetypeapplication/vnd.oasis.opendocument.text"),
        "an OpenDocument text",
        "make text of it: pandoc -t plain --wrap=none a.odt > a.txt",
    ),
    "a.zip": (zipped("train.conll"), "a zip archive", "unpack it: unzip a.zip"),
    "a.pdf": (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n", "a PDF file", "make text of it: pdftotext a.pdf a.txt"),
    "a.pkl": (
        pickle.dumps([(["a"], ["O"])]),
        "a pickle of Python",
        'write it as JSON lines, {"tokens": [...], "tags": [...]} a line',
    ),
    "a.png": (b"\x89PNG\r\n\x1a\n\0", "an image", "text in it must be recognised first"),
    "a.mp3": (b"ID3\x03\0\0", "a recording", "it wants words: let a recogniser write them down"),
    "a.db": (
        b"SQLite format 3\0",
        "an SQLite database",
        "write a table: sqlite3 -header -csv a.db 'select * from TABLE'",
    ),
    "a.rnntag": (bundled.MODEL.read_bytes()[:5000], "a model", "to tag with it, write -m a.rnntag"),
    "wide.txt": (
        "wake me\n".encode("utf-16-le"),
        "UTF-16 without a byte order mark",
        "convert it first: iconv -f utf-16le -t utf-8 wide.txt > wide.utf8",
    ),
}


@pytest.mark.parametrize("name", BINARY)
def test_what_is_no_text(shell, name):
    content, what, hint = BINARY[name]
    for command in ("train", "tag", "eval"):
        assert shell(command, name, content) == (1, "", f"Error: {name}: is {what}\nhint: {hint}\n")
    done = shell("check", name, content)
    assert done.out == f"{name}:1: format: the file looks like {what}; {hint}\n"
    assert done.status == 1


def test_utf_16(shell):
    told = "Error: a.txt:1: byte 0xff is not UTF-8\nhint: convert it first: iconv -f utf-16 -t utf-8 a.txt > utf8.txt\n"
    assert shell("tag", "a.txt", "wake me\n".encode("utf-16")) == (1, "", told)


TEXTS = {
    "page.html": (
        "<!DOCTYPE html>\n<html>\n<p>wake me at seven\n",
        "HTML: make text of it: pandoc -f html -t plain --wrap=none page.html > page.txt",
    ),
    "tei.xml": (
        '<?xml version="1.0"?>\n<TEI/>\n',
        "XML: export it as columns or as JSON lines, or cut its text out",
    ),
    "film.srt": (
        "1\n00:00:01,000 --> 00:00:02,500\nwake me at seven\n\n2\n00:00:03,000 --> 00:00:04,000\nno\n",
        r"subtitles: keep what is said: sed -E '/^[0-9]+\r?$/d; /-->/d; /^WEBVTT/d' film.srt > film.txt",
    ),
    "film.vtt": (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nwake me at seven\n",
        r"subtitles: keep what is said: sed -E '/^[0-9]+\r?$/d; /-->/d; /^WEBVTT/d' film.vtt > film.txt",
    ),
    "chat.txt": (
        "[12.05.23, 10:15:00] Ana: wake me at seven\n[12.05.23, 10:15:09] Bo: no\n",
        r"a chat: keep what is said: sed -E 's/^\[?[0-9./-]+,? [0-9:. APMapm]+\]?( -)? [^:]+: //' chat.txt > chat.txt",
    ),
    "train.txt": ("wake\tO\nme\tO\nat\tO\nseven\tB-time\n", "conll: add --from conll"),
    "ner.txt": ("Sentence #,Word,POS,Tag\nSentence: 1,wake,VB,O\n", "csv: add --from csv"),
    "lines.txt": ('{"text": "wake me"}\n', "jsonl: add --from jsonl"),
    "marked.txt": ("wake me at [seven](time)\n", "inline: add --from inline"),
    "ud.txt": ("1\twake\twake\tVERB\t_\t_\t0\troot\t_\t_\n", "conllu: add --from conllu"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_of_another_kind_is_tagged_with_a_warning(shell, name):
    content, look = TEXTS[name]
    done = shell("tag", name, content)
    assert (done.status, done.err) == (0, f"warning: {name} looks like {look}\n")
    assert done.out


@pytest.mark.parametrize("name", ["page.html", "tei.xml", "film.srt", "chat.txt"])
def test_text_of_another_kind_does_not_train(shell, name):
    content, look = TEXTS[name]
    for command in ("train", "eval"):
        done = shell(command, name, content)
        assert (done.status, done.out) == (1, "")
        assert done.err.endswith(f"\nhint: it looks like {look}\n")
    what, _, hint = look.partition(": ")
    assert shell("check", name, content).out == f"{name}:1: format: the file looks like {what}; {hint}\n"


@pytest.mark.parametrize(
    ("name", "content", "out"),
    [
        ("app.log", "2024-05-01 12:00:00 INFO wake me at seven\n", "O B-time O O O O B-time\tset_alarm\n"),
        ("notes.md", "# Notes\n\nwake me at seven\n", "O O\tplay_music\n\nO O O B-time\tset_alarm\n"),
        ("list.txt", "\ufeffwake me at seven\r\n", "O O O B-time\tset_alarm\n"),
        ("texts.jsonl", '{"text": "wake me at seven"}\n', "O O O B-time\tset_alarm\n"),
        ("slack.json", json.dumps([{"type": "message", "text": "wake me at seven"}]), "O O O B-time\tset_alarm\n"),
    ],
)
def test_what_can_be_tagged_at_once(shell, name, content, out):
    assert shell("tag", name, content, "--to", "plain-tags") == (0, out, "")


def test_ordinary_text_is_no_corpus(shell):
    assert shell("train", "notes.txt", "wake me at seven\nor at eight\n").err.endswith(
        "hint: ordinary text teaches punctuation: add --task punctuation\n"
    )
