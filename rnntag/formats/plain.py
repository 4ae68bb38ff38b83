"""Plain text: one sentence a line, its words parted by white space."""

from __future__ import annotations

from collections.abc import Iterator

from rnntag.errors import CorpusError
from rnntag.sentence import Sentence


class PlainReader:
    """A blank line is a sentence without words, so that each line in gives one sentence out."""

    def __init__(self, source: str, tagged: bool = False) -> None:
        if tagged:
            raise CorpusError(
                "plain text has no tags",
                where=source,
                hint="give it as conll: a token, a TAB and its tag a line, a blank line after each sentence",
            )
        self.source = source

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        source = self.source
        return (Sentence(line.split(), source=source, line=at) for at, line in enumerate(lines, number))

    def close(self) -> Iterator[Sentence]:
        return iter(())


def ending(sentence: Sentence) -> str:
    """How the line of a sentence ends: with its intent behind a TAB, if it has one."""
    return "\n" if sentence.intent is None else f"\t{sentence.intent}\n"
