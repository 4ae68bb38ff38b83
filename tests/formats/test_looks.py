"""What a source looks like, by its first bytes and lines, and the one way on."""

import io
import pickle
import zipfile

import pytest
from readers import fault, read

from rnntag.errors import CorpusError
from rnntag.formats.looks import HEAD, Head, look_at, look_at_lines


def zipped(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


BINARY = [
    (
        zipped("[Content_Types].xml", "word/document.xml"),
        "a.docx",
        "a Word document",
        "pandoc -t plain --wrap=none a.docx > a.txt",
    ),
    (zipped("xl/workbook.xml"), "a b.xlsx", "a spreadsheet", "libreoffice --headless --convert-to csv 'a b.xlsx'"),
    (zipped("a.txt"), "a.zip", "a zip archive", "unpack it: unzip a.zip"),
    (b"\xd0\xcf\x11\xe0", "a.xls", "a spreadsheet", "convert-to csv a.xls"),
    (b"\xd0\xcf\x11\xe0", "a.doc", "an Office document", "convert-to txt a.doc"),
    (b"%PDF-1.7\n", "a.pdf", "a PDF file", "pdftotext a.pdf a.txt"),
    (
        pickle.dumps({"a": [1]}),
        "a.pkl",
        "a pickle of Python",
        'write it as JSON lines, {"tokens": [...], "tags": [...]}',
    ),
    (b"a" * 257 + b"ustar", "a.tar", "a tar archive", "tar xf a.tar"),
    (b"\x20\0\0\0\0\0\0\0" + b'{"__metadata__"', "m.rnntag", "a model", "write -m m.rnntag"),
    (
        "to Oslo\n".encode("utf-16-le"),
        "a.txt",
        "UTF-16 without a byte order mark",
        "iconv -f utf-16le -t utf-8 a.txt > a.utf8",
    ),
    ("to Oslo\n".encode("utf-16-be"), "<stdin>", "UTF-16 without a byte order mark", "iconv -f utf-16be -t utf-8 FILE"),
    (b"PAR1\x15\x04", "a", "a Parquet file", "add --from parquet"),
    (b"PAR1\x15\x04", "<stdin>", "a Parquet file", "it is read from a file alone: name it"),
    (b"\x89PNG\r\n", "a.png", "an image", "recognised"),
    (b"OggS\0", "a.ogg", "a recording", "recogniser"),
]


@pytest.mark.parametrize(("data", "source", "what", "hint"), BINARY, ids=[row[2] + row[1] for row in BINARY])
def test_what_is_no_text_is_refused_before_anything_is_read(data, source, what, hint):
    look = look_at(data, source)
    assert look.what == what
    assert hint in look.hint
    with pytest.raises(CorpusError) as caught:
        Head(source).see(data)
    assert str(caught.value) == f"{source}: is {what}\nhint: {look.hint}"


@pytest.mark.parametrize(
    "data", [b"", b"a\0b", b"PARK", b"ID3 is a tagger", b"\xff\xfea\0", "été".encode("latin1"), b"{}"]
)
def test_what_may_be_text_is_not(data):
    Head("a").see(data)


def test_only_the_head_is_kept():
    head = Head("a")
    for _ in range(5):
        head.see(b"a" * (HEAD // 2))
    assert len(head.bytes) == HEAD


FORMATS = [
    ("to\tO\nOslo\tB-city\n\n", "conll"),
    ("# c\nto O\nOslo B-city\n", "conll"),
    ("1\tto\tto\tADP\tTO\t_\t0\troot\t_\t_\n", "conllu"),
    ("1-2\tdu\t_\t_\t_\t_\t_\t_\t_\t_\n", "conllu"),
    ("Sentence #,Word,POS,Tag\n", "csv"),
    ("word\ttag\nto\tO\n", "csv"),
    ('{"a": 1}\n{"a": 2}\n', "jsonl"),
    ('[\n{"tokens": ["a"], "ner_tags": [0]}', "jsonl"),
    ('[["to Oslo", {"entities": [[3, 7, "city"]]}]]', "jsonl"),
    ('{"classes": ["a"], "annotations": [["to", {"entities": []}]]}', "jsonl"),
    ('{\n  "rasa_nlu_data": {', "jsonl"),
    ('{\n  "unheard": [', "jsonl"),
    ('[{"id": 1, "annotations": [{"result": []}], "data": {"text": "a"}}]', "label-studio"),
    ('[{"text": "a", "id": 1, "label": [{"start": 0, "end": 1, "labels": ["x"]}]}]', "label-studio"),
    ('version: "3.1"\n\nnlu:\n- intent: a\n', "rasa"),
    ("## intent:a\n- b\n", "rasa"),
    ("to [Oslo](city)\n[Rome](city) it is\n", "inline"),
    ("T1\tcity 0 4\tOslo\n", "brat"),
]


@pytest.mark.parametrize(("text", "format"), FORMATS, ids=[f"{row[1]}{at}" for at, row in enumerate(FORMATS)])
def test_formats_are_known(text, format):
    look = look_at(text.encode(), "a")
    assert look.format == format
    assert look.hint == ("name its folder" if format == "brat" else f"add --from {format}")


FOREIGN = [
    ("<!DOCTYPE html>\n<p>a\n", "HTML", "make text of it: pandoc -f html -t plain --wrap=none a.x > a.txt"),
    ('<?xml version="1.0"?>\n<a>', "XML", "export it as columns or as JSON lines, or cut its text out"),
    (
        "1\n00:00:01,000 --> 00:00:02,000\nhi there\n",
        "subtitles",
        r"keep what is said: sed -E '/^[0-9]+\r?$/d; /-->/d; /^WEBVTT/d' a.x > a.txt",
    ),
    (
        "12/05/23, 10:15 - Ana: hi\n12/05/23, 10:16 - Bo: to Oslo: now\nand on\n",
        "a chat",
        r"keep what is said: sed -E 's/^\[?[0-9./-]+,? [0-9:. APMapm]+\]?( -)? [^:]+: //' a.x > a.txt",
    ),
    (
        "The/DT dog/NN barks/VBZ ./.\nIt/PRP is/VBZ\n",
        "words with their tags behind / or _",
        r"""part them: perl -pe 's{[/_]([^/_\s]+)\s+}{\t$1\n}g; $_ .= "\n"' a.x > a.conll""",
    ),
]


FOREIGN += [
    (
        "wake me at <time>seven</time>\n<time>now</time> or never\nor not at all\n",
        "text with its spans between <X> and </X>",
        r"mark them: sed -E 's,<([A-Za-z_]+)>([^<>]+)</\1>,[\2](\1),g' a.x > a.inline",
    ),
    ("wake_VB me_PRP at_IN ._.\nit_PRP is_VB\n", FOREIGN[-1][1], FOREIGN[-1][2]),
]


@pytest.mark.parametrize(("text", "what", "hint"), FOREIGN, ids=range(len(FOREIGN)))
def test_what_is_of_no_format(text, what, hint):
    assert look_at(text.encode(), "a.x") == (what, hint, None)


@pytest.mark.parametrize(
    "text",
    [
        "wake me at seven\nat eight\n",
        "see [1] and (2)\n",
        "[sic] he said\n",
        "and/or this or/and that\n",
        "a, b; c | d\n",
        "3: hi\n4: ho\n",
        "[\tO\na\tB-x\n",
        "<s>\tNN\na\tVB\n",
        "{ so } it goes\n",
        "\n\n",
        "",
    ],
)
def test_what_looks_like_nothing_else(text):
    look = look_at(text.encode(), "a")
    assert look is None or look.format == "conll"
    assert look_at_lines(text.splitlines(), "a") == look


def test_a_fault_says_what_its_source_looks_like():
    assert fault("word,tag\nOslo,B-city\n", "conll", tagged=True).endswith("\nhint: it looks like csv: add --from csv")
    told = fault("<html>\n<p>hi\n", "conll", tagged=True)
    assert told.endswith(
        "hint: it looks like HTML: make text of it: pandoc -f html -t plain --wrap=none case > case.txt"
    )
    assert "iconv" in fault(b"word,tag\ncaf\xe9,O\n", "conll", tagged=True)
    assert fault('{"a": 1}\n', "jsonl", tagged=True).endswith('hint: its keys are "a"')
    assert fault("word,tag\na,O,b\n", "csv").endswith("hint: a cell that holds ',' stands in quotation marks")


def test_what_is_no_text_gives_no_sentence():
    assert fault(b"%PDF-1.4\nwords\n", "plain").startswith("case: is a PDF file\n")
    assert len(read("PDF-1.4\n", "plain")) == 1
