"""Reads ordinary running text as words and the marks after them, and writes words with these put in.

What is read is cut into texts. A text is a paragraph, up to a blank line; if none comes it ends with a sentence that
ends with its line, once it has `ENOUGH` tokens. A very long one is cut into pieces. A comment ``# doc = FILE:LINE``
stands before the first piece of each, so that columns that are written from them tell where texts begin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial

from rnntag.data.bio import CASES, Scheme
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import located, tight_sign, tokens_of
from rnntag.errors import CorpusError, NothingReadError
from rnntag.formats.table_row import UNTAGGED, Reading
from rnntag.punctuation.marks import FINAL, FORM_OF, NONE, Marks
from rnntag.punctuation.restorer import Restorer
from rnntag.punctuation.signs import CLOSING, OPENING, SIGNS, STRAIGHT
from rnntag.punctuation.task import PUNCTUATION, SENTENCES, Task

ENOUGH = 100  # tokens of a text, after which it may end with a line
LONGEST = 2_000  # tokens of a piece
# What nobody sees: controls, soft hyphens, spaces without width, marks of direction.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
BLANKS = re.compile(r"\n(?:[^\S\n]*\n)+\Z")
BEHIND = "".join(SIGNS) + " \t\u3000"
STOPS = tuple(form for form, mark in FORM_OF.items() if mark in FINAL)

CLITICS = re.compile(r"n['’]t|['’](?:s|re|m|ll|ve|d)", re.IGNORECASE)
NO_SPACE_BEFORE = CLOSING | frozenset(FORM_OF) - frozenset("—–-¿¡") | frozenset("%‰°")
NO_SPACE_BEHIND = OPENING | frozenset("¿¡$£")
QUOTES = frozenset("“”‘’") | STRAIGHT  # of every script


class TextReader:
    """Reads lines as texts, each with the tokens and tags of `rnntag.punctuation.task.Task.lesson`."""

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        self.source, self.tagged, self.task = source, reading.tagged, reading.task or Task(PUNCTUATION)
        self._reading = reading
        self.line = 1  # where the piece that is read begins
        self._lines: list[str] = []
        self._size = 0  # its tokens
        self._goes_on = False  # whether it is not the first of its text
        self._words = self._marks = False  # whether any have come

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        for at, line in enumerate(lines, number):
            line = UNSEEN.sub("", self._sound(line, at))
            if not line.strip():
                yield from self._piece()
                self._goes_on = False
                continue
            if not self._lines:
                self.line = at
            self._lines.append(line)
            self._size += len(tokens_of(line, True))
            if (self._size >= ENOUGH or self._goes_on) and self._is_end(line):
                yield from self._piece()
                self._goes_on = False
            elif self._size >= LONGEST:
                yield from self._piece()

    def _sound(self, line: str, number: int) -> str:
        """A line, or in place of one that cannot be read a blank one, which ends the text: what followed is gone."""
        try:
            self._reading.check_decoded(line, self.source, number)
        except CorpusError as error:
            self._reading.fault(error)
            return ""
        return line

    def close(self) -> Iterator[Sentence]:
        yield from self._piece()
        if self.tagged and self._words and not self._marks:
            hint = "a text teaches by the marks after its words; --task sentences is for lines that are sentences"
            raise NothingReadError("no punctuation", where=self.source, hint=hint)

    def _is_end(self, line: str) -> bool:
        """Whether a text that is long enough may end with a line."""
        return self.task.name == SENTENCES or line.rstrip(BEHIND).endswith(STOPS)

    def _piece(self) -> Iterator[Sentence]:
        """The lines that have been read, as sentences of `LONGEST` tokens at most."""
        if not self._lines:
            return
        tokens, tags = self.task.lesson(self._lines)
        self._lines, self._size = [], 0
        self._words = self._words or bool(tokens)
        self._marks = self._marks or not {NONE, *CASES}.issuperset(tags)
        for start in range(0, len(tokens), LONGEST):
            chosen = slice(start, start + LONGEST)
            comments = () if self._goes_on else (f"# doc = {self.source}:{self.line}",)
            self._goes_on = True
            yield Sentence(
                tokens[chosen], tags[chosen] if self.tagged else None, None, comments, self.source, self.line
            )


class TextWriter:
    """Writes the sentences of one output as text, with the marks and capitals of their tags (`Restorer`).

    marks      what the tags mean; None is their common names
    sentences  one sentence a line, rather than the lines that came in
    running    the text goes on from Sentence to Sentence, up to one without tokens or one with a comment ``# doc = ``;
               else each begins with a capital
    english    whether the text is known to be English
    capitals   whether sentences begin with one, or tags tell of all there are
    """

    def __init__(
        self,
        marks: Marks | None = None,
        sentences: bool = False,
        running: bool = True,
        english: bool = False,
        capitals: bool = True,
    ) -> None:
        self._restorer = Restorer(marks, sentences, english, capitals)
        self._sentences, self._running = sentences, running
        self._passed = ""  # text since the last token, which in lines that came in is written already

    def __call__(self, sentence: Sentence, scheme: Scheme) -> str:
        begins = sentence.begins_text
        if begins or not self._running or not sentence.tokens:
            self._restorer.fresh()
        parted = begins and self._running and bool(self._passed) and not self._passed.endswith("\n\n")
        gap = self._passed + "\n" * parted
        shown = 0 if self._sentences else len(self._passed)  # characters of it that are written

        if self._sentences and sentence.text is None and sentence.tokens and _joins(sentence.tokens[0]):
            gap = gap.removesuffix("\n")
        text, offsets = _text_of(sentence)
        written, end = [], 0
        ends = [*[start + 1 for start, _ in offsets[1:]], len(text)]
        for (start, stop), tag, ahead in zip(offsets, sentence.tags or [NONE] * len(offsets), ends, strict=False):
            gap += text[end:start]
            written.append(self._restorer.token(gap, text[start:stop], tag, text[stop:ahead] or "\n")[shown:])
            gap, shown, end = "", 0, stop
        self._passed = f"{gap}{text[end:]}\n"
        if not self._sentences:
            written.append(self._passed[shown:])
        elif not self._running:
            written.append(self._restorer.end(self._passed))
            self._passed = "" if sentence.tokens else "\n\n"
        if not sentence.tokens:  # however many follow one another
            self._passed = BLANKS.sub("\n\n", self._passed)
        return "".join(written)

    def close(self) -> str:
        """The end of the last line, if that is still to be written."""
        return self._restorer.end(self._passed) if self._sentences else ""


SentencesWriter = partial(TextWriter, sentences=True)


def _text_of(sentence: Sentence) -> tuple[str, list[tuple[int, int]]]:
    """The text of a sentence, and where its tokens stand in it; what came as tokens is joined as a person would."""
    if sentence.text is None:
        return _readable(sentence.tokens)
    return sentence.text, sentence.offsets or located(sentence.tokens, sentence.text)


def _joins(token: str) -> bool:
    """Whether a token is written without a space before it."""
    return token in NO_SPACE_BEFORE or bool(CLITICS.fullmatch(token))


def _readable(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Tokens as a person would write them: without spaces before what closes and ``n't``, or behind what opens."""
    pieces: list[str] = []
    offsets: list[tuple[int, int]] = []
    place = 0
    close, tight = True, False  # whether no space comes next; whether it would not between scripts that have none
    left = Counter(token for token in tokens if token in STRAIGHT)  # quotation marks that look the same on both sides
    quoted: set[str] = set()
    for token in tokens:
        opens, closes = token in NO_SPACE_BEHIND, _joins(token)
        if token in STRAIGHT:
            closes = token in quoted or left[token] < 2
            opens = not closes
            left[token] -= 1
            quoted ^= {token}
        beside = token in QUOTES or bool(tight_sign().match(token))
        if not (close or closes or (tight and beside)):
            pieces.append(" ")
            place += 1
        pieces.append(token)
        offsets.append((place, place + len(token)))
        place += len(token)
        close, tight = opens, tight if token in QUOTES else bool(tight_sign().match(token[-1:]))
    return "".join(pieces), offsets
