"""Rules that all formats of columns share: what a word is, what a comment, and where a sentence ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rnntag.data.sentence import Certainty, Sentence
from rnntag.errors import CorpusError
from rnntag.formats.table_row import Reading

INTENT = re.compile(r"#\s*intent\s*=\s*(.*\S)")
CERTAIN = re.compile(r"#\s*(rank|probability|intent_probability)\s*=")
NAMES = re.compile(r"#\s*global\.columns\s*=\s*(.*\S)")


def intent_of(comments: Iterable[str]) -> str | None:
    """What the comment ``# intent = X`` says the utterance is about; None if there is no such comment."""
    for comment in comments:
        if match := INTENT.match(comment):
            return match[1]
    return None


def names_of(comments: Iterable[str]) -> list[str] | None:
    """The names of columns that a comment ``# global.columns = X Y`` gives; None if there is no such comment."""
    match = next(filter(None, map(NAMES.match, comments)), None)
    return match[1].split() if match else None


class Paragraph(NamedTuple):
    """The lines up to a blank one.

    line   the number of the first
    lines  all of them but the blank one
    blank  the line that ends them; None at the end of a file that has none there
    """

    line: int
    lines: list[str]
    blank: str | None


class ParagraphCutter:
    """Cuts lines into paragraphs at blank lines, in whatever pieces they arrive."""

    def __init__(self) -> None:
        self._begun: list[str] = []  # lines of the paragraph that has not ended
        self._line = 1  # where it began

    def feed(self, number: int, lines: list[str]) -> Iterator[Paragraph]:
        """The paragraphs that end within these lines, the first of which has this number."""
        start = 0
        for index, line in enumerate(lines):
            if not line or (line.isspace() and not line.strip(" \t")):
                yield Paragraph(self._line, self._begun + lines[start:index], line)
                self._begun = []
                start = index + 1
                self._line = number + start
        self._begun += lines[start:]

    def close(self) -> Iterator[Paragraph]:
        """The paragraph that the input ends within, if there is one."""
        if self._begun:
            yield Paragraph(self._line, self._begun, None)


class ColumnsReader:
    """Reads sentences that end with a blank line; a subclass knows what their lines are."""

    def __init__(self, source: str, reading: Reading) -> None:
        self.source, self._reading = source, reading
        self._cutter = ParagraphCutter()

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        return self._reading.made(self._checked, self._cutter.feed(number, lines))

    def close(self) -> Iterator[Sentence]:
        return self._reading.made(self._checked, self._cutter.close())

    def _checked(self, paragraph: Paragraph) -> Sentence:
        if self._reading.skip:
            self._reading.check_decoded("\n".join(paragraph.lines), self.source, paragraph.line)
        return self.sentence(paragraph.lines, paragraph.line)

    def sentence(self, lines: list[str], number: int) -> Sentence:
        """The sentence of these lines, the first of which has this number. Raises CorpusError for faulty ones."""
        raise NotImplementedError


def is_word(tag: str) -> bool:
    """Whether it is a word, without white space in it or around it."""
    return tag.split() == [tag]


def is_comment(line: str) -> bool:
    """Whether a line before the first token of a sentence is a comment, rather than a token."""
    return (line.startswith("# ") or line == "#") and "\t" not in line


def comments_above(lines: Sequence[str]) -> int:
    """How many comments stand at the head of the lines of a sentence."""
    return next((index for index, line in enumerate(lines) if not is_comment(line)), len(lines))


def check_tokens(sentence: Sentence) -> None:
    """Raise CorpusError for a token that cannot stand in a column."""
    tokens = "\n".join(sentence.tokens)
    if "\t" in tokens or tokens.count("\n") >= max(1, len(sentence.tokens)) or "" in sentence.tokens:
        broken = next(token for token in sentence.tokens if not token or "\t" in token or "\n" in token)
        fact = f"token {broken!r} cannot stand in a column"
        raise CorpusError(fact, where=sentence.where(), hint="columns hold no TAB and no line end")


def check_tags(sentence: Sentence) -> None:
    """Raise CorpusError for a tag that cannot stand in a column."""
    tags = sentence.tags or []
    if " ".join(tags).split() != tags:
        broken = next(tag for tag in tags if not is_word(tag))
        hint = "the label holds white space: join its words by a hyphen or _"
        raise CorpusError(f"tag '{broken}' cannot stand in a column", where=sentence.where(), hint=hint)


def check_intent(sentence: Sentence) -> None:
    """Raise CorpusError for an intent that cannot stand in a line of its own."""
    intent = sentence.intent or ""
    if "\n" in intent or "\t" in intent:
        fact = f"intent {intent!r} cannot stand in a line"
        raise CorpusError(fact, where=sentence.where(), hint="it holds a TAB or a line end")


def as_comment(line: str) -> str:
    """A comment as it is read as one: of one line, with a space after the sign and no TAB."""
    return line if is_comment(line) and "\n" not in line else f"# {' '.join(line.lstrip('#').split())}"


def comments_of(sentence: Sentence) -> tuple[str, ...]:
    """The comments that came in; of an intent and of probabilities, those that the sentence has now.

    Raises CorpusError for an intent that cannot stand in a comment.
    """
    comments, intent, certainty = sentence.comments, sentence.intent, sentence.certainty
    if intent is not None and intent != intent_of(comments):
        check_intent(sentence)
        comments = (*(comment for comment in comments if not INTENT.match(comment)), f"# intent = {intent}")
    if certainty:
        comments = (*(comment for comment in comments if not CERTAIN.match(comment)), *_certain(certainty))
    return comments


def _certain(certainty: Certainty) -> Iterator[str]:
    """Comments on how probable a tagging and an intent are."""
    if certainty.rank is not None:
        yield f"# rank = {certainty.rank}"
    yield f"# probability = {certainty.tagging:.6f}"
    if certainty.intent is not None:
        yield f"# intent_probability = {certainty.intent:.6f}"
