"""Reads and writes folders of texts and stand-off annotations, as brat has them: https://brat.nlplab.org/standoff.html

    a.txt    flights to Oslo
    a.ann    T1<TAB>city 11 15<TAB>Oslo

A line of a text is a sentence. A span is a line T of the annotations; its places count characters from the beginning of
the text, line ends among them. All other lines, on relations, events, attributes and notes, are passed over and lost on
the way through. Intents are not written. A span in several pieces, or beyond a line, is a fault.

Sentences are written to a text named like the file they are from, those of standard input to ``sentences.txt``. A line
break within a sentence becomes a space, and the places stay what they are.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator
from itertools import count, pairwise

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.files.compressed import without_suffix
from rnntag.files.lines import MARK, beginning, bursts
from rnntag.files.sources import lines_of, open_source
from rnntag.formats.charspans import CharSpan, annotated, char_spans
from rnntag.formats.columns import is_word
from rnntag.formats.table_row import Reading

SPAN = re.compile(r"(\S+) ([0-9]{1,15}) ([0-9]{1,15})")
OTHERS = tuple("REAMN*#")  # how lines begin that are no spans
LINE_ENDS = str.maketrans("\r\n", "  ")

Line = tuple[int, str]  # of annotations: its number, and its text


def read_brat(path: str, reading: Reading) -> Iterator[Iterable[Sentence]]:
    """The sentences of a folder, text by text."""
    names = sorted(os.listdir(path))
    texts = []
    for name in names:
        stem, suffix = os.path.splitext(name)
        if suffix == ".ann" and f"{stem}.txt" not in names:
            reading.fault(CorpusError(f"there is no {stem}.txt", where=os.path.join(path, name)))
        elif suffix == ".txt" and reading.tagged and f"{stem}.ann" not in names:
            hint = "if nothing is marked, make an empty one"
            reading.fault(CorpusError(f"there is no {stem}.ann", where=os.path.join(path, name), hint=hint))
        elif suffix == ".txt":
            annotations = os.path.join(path, f"{stem}.ann") if f"{stem}.ann" in names else None
            texts.append((os.path.join(path, name), annotations))

    def sentences(text: tuple[str, str | None]) -> Iterable[Sentence]:
        found = _sentences(*text, reading)
        return list(found) if reading.skip else found  # a text with a fault in it is left out as a whole

    return reading.made(sentences, texts)


def _sentences(source: str, annotations: str | None, reading: Reading) -> Iterator[Sentence]:
    text, cut = _content(source, reading), reading.cut or Cut(reading.characters is not False)
    left = [] if annotations is None else _spans(annotations, text, reading)
    left.reverse()  # the next is the last
    end = -1
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else [], 1):
        start, end = end + 1, end + 1 + len(line)
        start += number == 1 and line.startswith(MARK)
        within = text[start:end].removesuffix("\r")
        spans = []
        while left and left[-1][0].start <= end:
            span, line_of_span = left.pop()
            if span.start < start or span.end > start + len(within):
                fact = f"the span goes beyond line {number} of {os.path.basename(source)}"
                raise _fault(annotations or "", fact, "a line is a sentence", line_of_span)
            spans.append(CharSpan(span.start - start, span.end - start, span.label))
        yield annotated(within, None if annotations is None else spans, cut, source, number)


def _content(path: str, reading: Reading) -> str:
    """A text with all its characters, line ends as they are."""
    with open_source(path) as stream:
        data = stream.read()
    if reading.seen:
        reading.seen(data)
    try:
        return data.decode()
    except UnicodeDecodeError:
        for _ in bursts(io.BytesIO(data), path):  # raises it with its line
            pass
        raise


def _spans(path: str, text: str, reading: Reading) -> list[tuple[CharSpan, Line]]:
    """The spans of a text, in order. Raises CorpusError for those that cannot stand in one tagging."""
    found: dict[CharSpan, Line] = {}
    for number, line in enumerate(lines_of(path, seen=reading.seen), 1):
        if line.strip() and not line.startswith(OTHERS):
            found.setdefault(_span(path, text, number, line), (number, line))
    spans = sorted(found.items())
    for (before, one), (after, other) in pairwise(spans):
        if after.start < before.end:
            hint = "a token has one tag: spans that lie in one another need a corpus each"
            raise _fault(path, "the spans overlap", hint, *sorted((one, other)))
    return spans


def _span(path: str, text: str, number: int, line: str) -> CharSpan:
    """The span that a line annotates. Raises CorpusError for one that is no span of the text."""
    name, _, rest = line.partition("\t")
    places, tab, words = rest.partition("\t")
    match = SPAN.fullmatch(places)
    fact, hint = "", "places count the characters of the text from 0, line ends among them"
    if not name.startswith("T") or not match:
        pieces = name.startswith("T") and ";" in places
        fact = "the span is in several pieces" if pieces else "this is no annotation"
        hint = "a span is one stretch of text" if pieces else "a span is T1<TAB>city 11 15<TAB>Oslo"
        raise _fault(path, fact, hint, (number, line))
    label, start, end = match[1], int(match[2]), int(match[3])
    if not start < end <= len(text):
        fact = f"{start} to {end} does not lie in the text, which has {len(text)} characters"
    elif text[start:end].isspace():
        fact = f"from {start} to {end} there is only white space"
    elif tab and words.split() != text[start:end].split():
        fact = f"from {start} to {end} the text has {text[start:end]!r}"
    if fact:
        raise _fault(path, fact, hint, (number, line))
    return CharSpan(start, end, label)


def _fault(path: str, fact: str, hint: str, *lines: Line) -> CorpusError:
    return CorpusError(fact, where=f"{path}:{lines[-1][0]}", quote=lines, hint=hint)


class BratPieces:
    """Writes sentences as lines of texts and of their annotations."""

    def __init__(self) -> None:
        self.documents: dict[str, _Document] = {}  # by the sources of sentences

    def __call__(self, sentence: Sentence, scheme: Scheme) -> dict[str, str]:
        document = self.documents.get(sentence.source)
        if document is None:
            document = self.documents[sentence.source] = _Document(self._name(sentence.source))
        return document.pieces(sentence, scheme)

    def _name(self, source: str) -> str:
        """That of a file without its suffixes; of several such the second gets a number."""
        standard = not source or source.startswith("<")
        name = "sentences" if standard else os.path.splitext(without_suffix(os.path.basename(source)))[0]
        taken = {document.name for document in self.documents.values()}
        names = (f"{name}-{number}" if number > 1 else name for number in count(1))
        return next(name for name in names if name not in taken)


class _Document:
    """A text that grows: its name, its characters so far, and its spans so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.length, self.count = 0, 0

    def pieces(self, sentence: Sentence, scheme: Scheme) -> dict[str, str]:
        text, spans = char_spans(sentence, scheme)
        text = text.translate(LINE_ENDS)
        if not self.length:
            self.length = len(beginning(text)) - len(text)
        lines = []
        for number, (start, end, label) in enumerate(spans, self.count + 1):
            if not is_word(label):
                hint = "a label is one word: join its parts by a hyphen or _"
                raise CorpusError(f"label '{label}' cannot stand in an annotation", where=sentence.where(), hint=hint)
            words = text[start:end]
            lines.append(f"T{number}\t{label} {self.length + start} {self.length + end}\t{words}\n")
        self.length += len(text) + 1
        self.count += len(spans)
        return {f"{self.name}.txt": f"{text}\n", f"{self.name}.ann": "".join(lines)}
