r"""Text with its spans marked in place: ``flights from [new york](fromloc) to [boston](toloc)``.

A line is a sentence. A mark is words in brackets and right behind them its label in parentheses; an intent stands
behind the last TAB of the line. A backslash takes the meaning from the sign after it: from ``\``, ``[`` and ``]`` in
words, and from ``\``, ``(`` and ``)`` in labels. ``\t``, ``\n`` and ``\r`` are the TAB and the line ends of a text that
has any; before other signs a backslash is one. A bracket of the text needs it: a mark with a slip in it would be lost
unseen.

The text comes back as it was, white space and all. It is cut into words at white space, unless characters are asked
for, and where a mark begins or ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.formats.charspans import CharSpan, annotated, char_spans
from rnntag.formats.table_row import UNTAGGED, Reading

IN_WORDS = re.compile(r"[\\\[\]\t\n\r]")
IN_LABELS = re.compile(r"[\\()\t\n\r]")
IN_INTENTS = re.compile(r"[\\\t\n\r]")
ESCAPED = re.compile(r"\\([\\\[\]()tnr])")
LETTERS = {"\t": "t", "\n": "n", "\r": "r"}
SIGNS = {letter: sign for sign, letter in LETTERS.items()}
# Words, or those of a mark and its label; what is repeated never has a choice, so that all takes linear time.
PIECE = re.compile(
    r"((?=[^\[\]])[^\\\[\]]*(?:\\.?[^\\\[\]]*)*)"
    r"|\[(?!\])([^\\\[\]]*(?:\\.[^\\\[\]]*)*)\]\(([^\\()]*(?:\\.[^\\()]*)*)\)",
    re.DOTALL,
)


class InlineReader:
    """Reads a line as a sentence. Each has tags, for what is not marked is O."""

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        self.source, self.cut, self._reading = source, reading.cut or Cut(bool(reading.characters)), reading

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        return self._reading.made(self._sentence, self._reading.numbered(lines, number, self.source))

    def close(self) -> Iterator[Sentence]:
        return iter(())

    def _sentence(self, numbered: tuple[int, str]) -> Sentence:
        number, line = numbered
        text, tab, intent = line.rpartition("\t")
        if not tab:
            text, intent = line, ""
        spans: list[CharSpan] = []
        if IN_WORDS.search(text):
            text, spans = self._parted(text, number, line)
        meant = _unescaped(intent) or None
        return annotated(text, spans, self.cut, self.source, number, intent=meant)

    def _parted(self, text: str, number: int, line: str) -> tuple[str, list[CharSpan]]:
        """A text without its marks, and the spans that these mark."""
        found = PIECE.findall(text)
        sound = sum([len(words) + len(inside) + len(label) + (not words and 4) for words, inside, label in found])
        if sound < len(text):
            raise self._fault(text, number, line)
        if "\\" in text:
            found = [tuple(map(_unescaped, each)) for each in found]
        pieces, spans, length = [], [], 0
        for words, inside, label in found:
            pieces.append(words or inside)
            if not words:
                spans.append(CharSpan(length, length + len(inside), label))
            length += len(pieces[-1])
        return "".join(pieces), spans

    def _fault(self, text: str, number: int, line: str) -> CorpusError:
        """The fault of the first bracket that belongs to no mark."""
        place = 0
        while match := PIECE.match(text, place):
            place = match.end()
        return CorpusError(
            f"the {text[place]} at character {place + 1} belongs to no mark",
            where=f"{self.source}:{number}",
            quote=[(number, line)],
            hint=r"a mark is [words](label); a bracket of the text has a backslash before it: \[ or \]",
        )


def write_inline(sentence: Sentence, scheme: Scheme) -> str:
    """A sentence as a line."""
    text, spans = char_spans(sentence, scheme)
    pieces, done = [], 0
    for start, end, label in spans:
        words, inside = _escaped(text[done:start], IN_WORDS), _escaped(text[start:end], IN_WORDS)
        pieces.append(f"{words}[{inside}]({_escaped(label, IN_LABELS)})")
        done = end
    pieces.append(_escaped(text[done:], IN_WORDS))
    if sentence.intent is not None:
        pieces.append(f"\t{_escaped(sentence.intent, IN_INTENTS)}")
    return "".join((*pieces, "\n"))


def _escaped(text: str, signs: re.Pattern[str]) -> str:
    return signs.sub(_with_backslash, text)


def _with_backslash(sign: re.Match[str]) -> str:
    return "\\" + LETTERS.get(sign[0], sign[0])


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda match: SIGNS.get(match[1], match[1]), text) if "\\" in text else text
