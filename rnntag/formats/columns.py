"""Rules that all formats of columns share: what a word is, comments, blocks of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rnntag.data.sentence import Certainty, Sentence
from rnntag.errors import CorpusError

INTENT = re.compile(r"#\s*intent\s*=\s*(.*\S)")
CERTAIN = re.compile(r"#\s*(rank|probability|intent_probability)\s*=")
NAMES = re.compile(r"#\s*global\.columns\s*=\s*(.*\S)")


def intent_of(comments: tuple[str, ...]) -> str | None:
    """What the comment ``# intent = X`` says the utterance is about; None if there is no such comment."""
    for comment in comments:
        if match := INTENT.match(comment):
            return match[1]
    return None


class Blocks:
    """Sentences that end with a blank line; a subclass knows what their lines are."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.begun: list[str] = []  # lines of the sentence that has not ended
        self.line = 1  # where it began

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        start = 0
        for index, line in enumerate(lines):
            if not line or (line.isspace() and not line.strip(" \t")):
                yield self.sentence(self.begun + lines[start:index])
                self.begun = []
                start = index + 1
                self.line = number + start
        self.begun += lines[start:]

    def close(self) -> Iterator[Sentence]:
        if self.begun:
            yield self.sentence(self.begun)

    def sentence(self, lines: list[str]) -> Sentence:
        """The sentence of these lines, the first of which is ``self.line``."""
        raise NotImplementedError


def is_word(tag: str) -> bool:
    """Whether it is a word, without white space in it or around it."""
    return tag.split() == [tag]


def is_comment(line: str) -> bool:
    return (line.startswith("# ") or line == "#") and "\t" not in line


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
