"""Tags a stream without end: bytes are cut into tokens as they arrive, and a token leaves as soon as its tag is final.

Nothing of a stream is held but the tokens whose tags are not final, and the text since the last of them.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Callable
from typing import Protocol

from rnntag.data.tokenisation import Cut
from rnntag.errors import CorpusError
from rnntag.files.lines import ESCAPED
from rnntag.tagging.streaming.cutter import Cutter, Piece
from rnntag.tagging.streaming.viterbi import StreamTagger

LONGEST = 1 << 22  # characters of one token, or of white space between two
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
BLANK, LINE = re.compile(r"\n[^\S\n]*\n"), re.compile(r"\n")


class TokenWriter(Protocol):
    """Writes tokens under their tags."""

    def token(self, gap: str, token: str, tag: str, following: str) -> str:
        """What is written for a token."""
        ...

    def fresh(self) -> str:
        """What is written where a text ends and another may begin."""
        ...

    def end(self, rest: str) -> str:
        """What is written at the end of the stream; ``rest`` stood behind its last token."""
        ...


class ColumnWriter:
    """Writes a token and its tag a line, and a blank line after a text."""

    def token(self, gap: str, token: str, tag: str, following: str) -> str:
        return f"{token}\t{tag}\n"

    def fresh(self) -> str:
        return "\n"

    def end(self, rest: str) -> str:
        return ""


class Live:
    """Takes the bytes of a stream, and writes its tokens under their tags, each when its tag is final.

    cut     a text to its tokens
    stream  tags tokens
    form    how they are written
    write   takes what is written, and hands it on at once
    source  the name of the stream in messages
    ends    the white space that ends a text: the tags of all its tokens are final then
    skip    gets the fault of bytes that are not UTF-8, in whose place U+FFFD stands then; None: it is raised
    """

    def __init__(
        self,
        cut: Cut,
        stream: StreamTagger,
        form: TokenWriter,
        write: Callable[[str], None],
        source: str,
        ends: re.Pattern[str] = BLANK,
        skip: Callable[[CorpusError], None] | None = None,
    ) -> None:
        self._cutter, self._stream, self._form, self._write = Cutter(cut), stream, form, write
        self._source, self._ends, self._skip = source, ends, skip
        self._bytes = codecs.getincrementaldecoder("utf-8")("surrogateescape" if skip else "strict")
        self._waiting: deque[Piece] = deque()
        self._open = False  # whether the text has any tokens yet

    def feed(self, data: bytes) -> None:
        """Take what has arrived. Raises CorpusError at what is not UTF-8, once all before it is written."""
        try:
            text = self._bytes.decode(data)
        except UnicodeDecodeError as fault:
            self._bytes.reset()
            self._take(fault.object[: fault.start].decode())
            self.close()
            raise self._broken(fault) from None
        self._take(self._replaced(text))

    def close(self) -> None:
        """End the stream and write all that waits. Raises CorpusError, after that, where it ends within a character."""
        fault = None
        try:
            if last := self._bytes.decode(b"", final=True):
                self._take(self._replaced(last))
        except UnicodeDecodeError as broken:
            fault = broken
        self._bytes.reset()
        self._tag(self._cutter.close(), ends=True)
        self._put([self._form.end(self._cutter.rest)])
        if fault:
            raise self._broken(fault)

    def _replaced(self, text: str) -> str:
        """The text with a sign in place of bytes that are not UTF-8, each run of which is told."""
        if self._skip is None or text.isascii():
            return text
        skip = self._skip

        def told(run: re.Match[str]) -> str:
            where = self._where(run.string.count("\n", 0, run.start()))
            skip(CorpusError(f"byte 0x{ord(run[0][0]) & 0xFF:02x} is not UTF-8", where=where))
            return REPLACEMENT

        return ESCAPED.sub(told, text)

    def _take(self, text: str) -> None:
        """Cut the next text, and tag its tokens, text by text."""
        pieces = self._cutter.feed(text)
        begun = 0
        for place, piece in enumerate(pieces):
            if "\n" in piece.gap and self._ends.search(piece.gap):
                self._tag(pieces[begun:place], ends=True)
                begun = place
        self._tag(pieces[begun:], ends=False)
        rest = self._cutter.rest
        if self._open and "\n" in rest and self._ends.search(rest):
            self._tag([], ends=True)
        if len(rest) > LONGEST:
            self._tag([], ends=True)
            raise CorpusError(f"no word ends within {LONGEST:,} characters", where=self._where(), hint="is this text?")

    def _tag(self, pieces: list[Piece], ends: bool) -> None:
        """Tag the next tokens of the text, and write those whose tags are final by now."""
        self._waiting += pieces
        self._open = self._open or bool(pieces)
        if not (pieces or (ends and self._open)):
            return
        tags = self._stream.tag([piece.token for piece in pieces], ends)
        written = []
        for tag in tags:
            piece = self._waiting.popleft()
            written.append(self._form.token(piece.gap, piece.token, tag, piece.following))
        if ends:
            written.append(self._form.fresh())
            self._open = False
        self._put(written)

    def _put(self, written: list[str]) -> None:
        if text := "".join(written):
            self._write(text)

    def _broken(self, fault: UnicodeDecodeError) -> CorpusError:
        """The error for bytes that are no text."""
        cut = fault.reason == "unexpected end of data"
        byte = fault.object[fault.start]
        fact = "the stream ends within a character" if cut else f"byte 0x{byte:02x} is not UTF-8"
        return CorpusError(fact, where=self._where(), hint="what came before it is written")

    def _where(self, lines: int = 0) -> str:
        """So many lines further than that in which the stream ends by now, as ``file:line``."""
        return f"{self._source}:{1 + lines + self._cutter.lines + self._cutter.rest.count(chr(10))}"
