"""Plain text: one sentence a line, its words parted by white space, or cut as whoever is to tag it wants.

What is to be punctuated is cut as `Task.cut` does: its marks give no tokens.
"""

from __future__ import annotations

from collections.abc import Iterator

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import NothingReadError
from rnntag.formats.columns import check_intent, check_tags
from rnntag.formats.table_row import UNTAGGED, Reading


class PlainReader:
    """Reads a line as a sentence; a blank one is a sentence without words, so that each line in gives one sentence out.

    Raises CorpusError where tags are wanted.
    """

    def __init__(self, source: str, reading: Reading = UNTAGGED) -> None:
        if reading.tagged:
            raise NothingReadError(
                "plain text has no tags",
                where=source,
                hint="give it as conll: a token, a TAB and its tag a line, a blank line after each sentence",
            )
        self.source, self.cut, self._reading = source, reading.cut or Cut(bool(reading.characters)), reading

    def feed(self, number: int, lines: list[str]) -> Iterator[Sentence]:
        source, cut = self.source, self.cut
        numbered = list(self._reading.numbered(lines, number, source))
        cut.prepare(lines if len(numbered) == len(lines) else [line for _, line in numbered])
        return (
            Sentence(tokens, source=source, line=at, text=line, offsets=offsets)
            for at, line in numbered
            for tokens, offsets in (cut(line),)
        )

    def close(self) -> Iterator[Sentence]:
        return iter(())


def write_plain_tags(sentence: Sentence, scheme: Scheme) -> str:
    """The tags of a sentence as a line. Raises CorpusError for a tag or an intent that it cannot hold."""
    check_tags(sentence)
    check_intent(sentence)
    intent = "" if sentence.intent is None else f"\t{sentence.intent}"
    return f"{' '.join(sentence.tags or ())}{intent}\n"
