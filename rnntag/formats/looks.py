"""Says what a source looks like that is not what it was taken for, and the way to read it.

What is no text is known by its first bytes and refused before anything is read. What is text of another kind is known
by its first lines, where a reader finds a fault, or before lines of it are tagged as if they were sentences.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from typing import NamedTuple

from rnntag.errors import CorpusError
from rnntag.formats.headers import header_separator

HEAD = 1 << 14  # bytes that are looked at
LINES = 50
MOST = 0.8  # of the lines
LIKE = "it looks like "  # how hints begin


class Look(NamedTuple):
    """What something looks like.

    what    in words; of a format, its name
    hint    how to read it
    format  its name, if it is one
    """

    what: str
    hint: str
    format: str | None = None


TEXT = "make text of it: "
PANDOC = TEXT + "pandoc -t plain --wrap=none {name} > {stem}.txt"
OFFICE = TEXT + "libreoffice --headless --convert-to txt {name}"
TABLE = "save it as CSV: libreoffice --headless --convert-to csv {name}"
DATASETS = "in Python: datasets.load_from_disk(FOLDER).to_json('{stem}.jsonl')"
JSON_LINES = 'write it as JSON lines, {{"tokens": [...], "tags": [...]}} a line'
SPEECH = "it wants words: let a recogniser write them down"
MAGIC = (
    (b"%PDF-", "a PDF file", TEXT + "pdftotext {name} {stem}.txt"),
    (b"{\\rtf", "an RTF document", OFFICE),
    (b"PAR1\x15", "a Parquet file", "add --from parquet"),
    (b"ARROW1", "an Arrow file", DATASETS),
    (b"\xff\xff\xff\xff", "an Arrow file", DATASETS),
    (b"SQLite format 3\0", "an SQLite database", "write a table: sqlite3 -header -csv {name} 'select * from TABLE'"),
    (b"\x89HDF", "an HDF5 file", JSON_LINES),
    (b"\x93NUMPY", "an array of NumPy", JSON_LINES),
    (b"\x89PNG", "an image", "text in it must be recognised first"),
    (b"\xff\xd8\xff", "an image", "text in it must be recognised first"),
    (b"GIF8", "an image", "text in it must be recognised first"),
    (b"OggS\0", "a recording", SPEECH),
    (b"fLaC\0", "a recording", SPEECH),
    (b"ID3\3", "a recording", SPEECH),
    (b"ID3\4", "a recording", SPEECH),
)
PARTS = (  # of zipped documents
    (b"word/", "a Word document", PANDOC),
    (b"xl/", "a spreadsheet", TABLE),
    (b"ppt/", "a presentation", OFFICE),
    (b"opendocument.text", "an OpenDocument text", PANDOC),
    (b"opendocument.spreadsheet", "a spreadsheet", TABLE),
    (b"epub", "an e-book", PANDOC),
    (b".npy", "arrays of NumPy", JSON_LINES),
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0"

# Patterns are compiled when they are wanted, for most sources want none.
TIMES = r"\d?\d:\d\d(?::\d\d)?[,.]\d{3} --> "
CHAT = r"^\u200e?\[?\d{1,4}[./-]\d\d?[./-]\d{2,4},? \d\d?[:.]\d\d(?:[:.]\d\d)?(?:\s?[AaPp][Mm])?\]?(?: -)? [^:]+: "
TAGGED = r"\S+[/_](?:[A-Z][A-Z$-]*|[.,:`'$#]+)$"
BETWEEN = r"<([A-Za-z_]+)>[^<>]+</\1>"
MARKED = r"\[[^\[\]]+\]\([^()\s]+\)"
STAND_OFF = r"T\d+\t\S+ \d+ \d+(?:;\d+ \d+)*\t"
TASK = r'"(?:annotations|predictions)"\s*:\s*\[\s*\{|"data"\s*:\s*\{|"annotation_id"\s*:'
REGION = r'"labels"\s*:\s*\[\s*"[^"]*"\s*\]\s*[,}]'  # of a task in short
OF_TOKENS = r'"(?:tokens|words)"\s*:\s*\['
RECORDS = (
    r'"(?:tokens|words|(?:ner_|pos_|chunk_|slot_)?tags|spans|entities)"\s*:\s*\[|"labels?"\s*:\s*\[\s*[\]\[]'
    r'|"rasa_nlu_data"|^\s*\[\s*\[?\s*"|"annotations"\s*:\s*\[\s*(?:\[|null)'
)
JSON = frozenset(("jsonl", "doccano", "label-studio"))  # they tell one from the other themselves


class Head:
    """The first bytes of a source, kept as they are read."""

    def __init__(self, source: str) -> None:
        self.source, self.bytes = source, b""

    def see(self, data: bytes) -> None:
        """Keep what is read, until it is enough. Raises CorpusError where it begins as no text does."""
        if not self.bytes and (look := _binary(data, self.source)):
            raise CorpusError(f"is {look.what}", where=self.source, hint=look.hint)
        if len(self.bytes) < HEAD:
            self.bytes += data[: HEAD - len(self.bytes)]


def explain(error: CorpusError, head: Head, format: str, named: bool) -> None:
    """Let the hint of a fault say what the source looks like, if that is not the format it was read as.

    named  columns were asked for, so that a header is no sign of a table
    """
    look = None if "UTF-8" in error.fact or not head.bytes else look_at(head.bytes, head.source)
    if look is None or look.format == format or JSON.issuperset((look.format, format)):
        return
    if not (named and look.format == "csv"):
        error.hint = f"{LIKE}{look.what}: {look.hint}"


def known(error: CorpusError) -> bool:
    """Whether the hint of a fault says what the source looks like."""
    return (error.hint or "").startswith(LIKE)


def look_at(head: bytes, source: str) -> Look | None:
    """What the first bytes of a source look like; None for nothing known."""
    if look := _binary(head, source):
        return look
    lines = head[: head.rfind(b"\n") + 1 or None].decode("utf-8", "ignore").removeprefix("\ufeff").splitlines()
    return look_at_lines(lines[:LINES], source)


def look_at_lines(lines: Sequence[str], source: str) -> Look | None:
    """What lines of text look like; None for ordinary text, and for nothing known."""
    lines = [line for line in lines if line.strip()]
    if not lines:
        return None
    format = _format(lines)
    if format:
        return Look(format, "name its folder" if format == "brat" else f"add --from {format}", format)
    return _foreign(lines, source)


def _format(lines: list[str]) -> str | None:
    """The format of lines, as far as they tell."""
    first = lines[0].lstrip()
    if first.startswith("{") or (first.startswith("[") and not re.match(MARKED, first)):
        return json_format("\n".join(lines))
    content = [line for line in lines if not line.startswith("# ") and line != "#"]
    if any(line.rstrip() == "nlu:" or line.startswith("## intent:") for line in lines):
        return "rasa"
    if not content:
        return None
    if content[0].count("\t") == 9 and content[0].partition("\t")[0].partition("-")[0].isdecimal():
        return "conllu"
    if header_separator(content[0]):
        return "csv"
    if content[0][:1] == "T" and re.match(STAND_OFF, content[0]):
        return "brat"
    tags = [line.split()[-1] for line in content]
    spans = sum(tag[:2] in ("B-", "I-", "S-", "E-", "L-", "U-") for tag in tags)
    if len(content) > 1 and spans and spans + tags.count("O") == len(tags):
        return "conll"
    return "inline" if "](" in content[0] and _share(MARKED, content) >= MOST else None


def json_format(text: str) -> str | None:
    """The format of JSON that begins like this; None for what seems to be none."""
    if re.search(TASK, text) or (re.search(REGION, text) and not re.search(OF_TOKENS, text)):
        return "label-studio"
    if re.search(RECORDS, text):
        return "jsonl"
    lines = text.split("\n")
    return "jsonl" if all(line.startswith("{") and line.rstrip().endswith("}") for line in lines) else None


def _foreign(lines: list[str], source: str) -> Look | None:
    """What lines of no format look like."""
    name, stem = _names(source)
    first = lines[0].lstrip()
    if first[:1] == "<" and re.match(r"<(?:!doctype html|html[\s>])", first, re.IGNORECASE):
        return Look("HTML", PANDOC.format(name=name, stem=stem).replace("pandoc", "pandoc -f html"))
    if len(lines) > 1 and len(widths := {len(line.split()) for line in lines}) == 1 and widths != {1}:
        return None  # columns, whatever the first token is
    if first[:2] in ("<?", "<!"):
        return Look("XML", "export it as columns or as JSON lines, or cut its text out")
    if any("</" in line for line in lines) and _share(BETWEEN, lines) >= MOST / 2:
        command = r"sed -E 's,<([A-Za-z_]+)>([^<>]+)</\1>,[\2](\1),g'"
        return Look("text with its spans between <X> and </X>", f"mark them: {command} {name} > {stem}.inline")
    if first[:1] == "<" and re.match(r"<[A-Za-z][\w:.-]*[\s>]", first):
        return Look("XML", "export it as columns or as JSON lines, or cut its text out")
    if first.startswith("WEBVTT") or any("-->" in line and re.match(TIMES, line) for line in lines[:3]):
        return Look("subtitles", f"keep what is said: sed -E '/^[0-9]+\\r?$/d; /-->/d; /^WEBVTT/d' {name} > {stem}.txt")
    if ": " in first and any(map(str.isdigit, first[:3])) and _share(CHAT, lines) >= MOST / 2:
        command = r"sed -E 's/^\[?[0-9./-]+,? [0-9:. APMapm]+\]?( -)? [^:]+: //'"
        return Look("a chat", f"keep what is said: {command} {name} > {stem}.txt")
    words = [word for line in lines for word in line.split()]
    if len(words) > 2 and re.search(r"\S[/_]", words[0]) and _share(TAGGED, words) >= MOST:
        command = r"""perl -pe 's{[/_]([^/_\s]+)\s+}{\t$1\n}g; $_ .= "\n"'"""
        return Look("words with their tags behind / or _", f"part them: {command} {name} > {stem}.conll")
    if re.match(r'[\[{]\s*(?:["\[{]|$)', first):
        return Look("JSON", "add --from jsonl", "jsonl")
    return None


def _share(pattern: str, lines: list[str]) -> float:
    """The share of lines in which a pattern is found."""
    return sum(bool(re.search(pattern, line)) for line in lines) / len(lines)


def _binary(data: bytes, source: str) -> Look | None:
    """What bytes are that are no text; None for text, and for what is compressed or in another encoding."""
    name, stem = _names(source)
    what = hint = ""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        found = next(((what, hint) for part, what, hint in PARTS if part in data), None)
        what, hint = found or ("a zip archive", "unpack it: unzip {name}")
    elif data.startswith(OLD_OFFICE):
        table = source.lower().endswith(".xls")
        what, hint = ("a spreadsheet", TABLE) if table else ("an Office document", OFFICE)
    elif re.match(rb"\x80[\x02-\x05][\x95\x00-\x7f(]", data):
        what, hint = "a pickle of Python", JSON_LINES
    elif data[257:262] == b"ustar":
        what, hint = "a tar archive", "unpack it: tar xf {name}"
    elif data[8:10] == b'{"' and data[4:8] == b"\0\0\0\0":
        what, hint = "a model", "to tag with it, write -m {name}"
    elif data[:8].count(0) == 4 and b"\0\0\0\0" in (data[0:8:2], data[1:8:2]):
        what, order = "UTF-16 without a byte order mark", "le" if data[1] == 0 else "be"
        hint = f"convert it first: iconv -f utf-16{order} -t utf-8 {{name}} > {{stem}}.utf8"
    else:
        found = next(((what, hint) for magic, what, hint in MAGIC if data.startswith(magic)), None)
        if found is None:
            return None
        what, hint = found
    if not data.startswith(b"PAR1"):
        return Look(what, hint.format(name=name, stem=stem))
    return Look(what, "it is read from a file alone: name it" if source.startswith("<") else hint, "parquet")


def _names(source: str) -> tuple[str, str]:
    """What a source is called in a command, and what something made of it might be called."""
    if source.startswith("<"):
        return "FILE", "FILE"
    stem = os.path.splitext(os.path.basename(source))[0]
    return shlex.quote(source), shlex.quote(stem)
