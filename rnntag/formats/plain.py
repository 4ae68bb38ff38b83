"""Plain text: one sentence a line, its words parted by white space, or cut as `rnntag.tokenisation` does."""

from __future__ import annotations

from collections.abc import Iterator

from rnntag.errors import CorpusError
from rnntag.formats.row import UNTAGGED, Reading
from rnntag.sentence import Sentence
from rnntag.tokenisation import cut


class PlainReader:
    """A blank line is a sentence without words, so that each line in gives one sentence out."""

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        if reading.tagged:
            raise CorpusError(
                "plain text has no tags",
                where=source,
                hint="give it as conll: a token, a TAB and its tag a line, a blank line after each sentence",
            )
        self.source, self.characters = source, bool(reading.characters)

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        source = self.source
        if not self.characters:
            return (Sentence(line.split(), source=source, line=at, text=line) for at, line in enumerate(lines, number))
        return (
            Sentence(tokens, source=source, line=at, text=line, offsets=offsets)
            for at, line in enumerate(lines, number)
            for tokens, offsets in (cut(line, True),)
        )

    def close(self) -> Iterator[Sentence]:
        return iter(())
