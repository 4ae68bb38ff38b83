"""A stream without end, word by word: what arrives is cut into tokens, and leaves as soon as its tags are final.

Of a stream nothing is held but the tokens that are still waited for, and the text since the last of them.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Callable
from typing import Protocol

from rnntag.errors import CorpusError
from rnntag.tagging.streaming.cutter import Cut, Cutter, Piece
from rnntag.tagging.streaming.viterbi import Path

LONGEST = 1 << 22  # characters of one token, or of white space between two
BLANK, LINE = re.compile(r"\n[^\S\n]*\n"), re.compile(r"\n")


class Form(Protocol):
    """How decided tokens are written."""

    def token(self, gap: str, token: str, tag: str, following: str) -> str:
        """What is written for a token."""
        ...

    def fresh(self) -> str:
        """What is written where a text ends and another may begin."""
        ...

    def end(self, rest: str) -> str:
        """What is written at the end of the stream; ``rest`` stood behind its last token."""
        ...


class Columns:
    """A token and its tag a line, a blank line after a text."""

    def token(self, gap: str, token: str, tag: str, following: str) -> str:
        return f"{token}\t{tag}\n"

    def fresh(self) -> str:
        return "\n"

    def end(self, rest: str) -> str:
        return ""


class Live:
    """Bytes of a stream in; tokens under their tags out, each when its tag is final.

    path   finds tags
    keys   what tokens show
    write  takes what is written, and hands it on at once
    ends   the white space that ends a text: all that waits is decided
    """

    def __init__(
        self,
        cut: Cut,
        path: Path,
        keys: Callable[[list[str]], list[str]],
        form: Form,
        write: Callable[[str], None],
        source: str,
        ends: re.Pattern[str] = BLANK,
    ) -> None:
        self._cutter, self._path, self._keys, self._form, self._write = Cutter(cut), path, keys, form, write
        self._source, self._ends = source, ends
        self._bytes = codecs.getincrementaldecoder("utf-8")()
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
        self._take(text)

    def close(self) -> None:
        """The end of the stream: all that waits is decided. Raises CorpusError where it ends within a character."""
        fault = None
        try:
            self._bytes.decode(b"", final=True)
        except UnicodeDecodeError as found:
            fault = found
        self._bytes.reset()
        self._tell(self._cutter.close(), ends=True)
        self._put([self._form.end(self._cutter.rest)])
        if fault:
            raise self._broken(fault)

    def _take(self, text: str) -> None:
        pieces = self._cutter.feed(text)
        begun = 0
        for place, piece in enumerate(pieces):
            if "\n" in piece.gap and self._ends.search(piece.gap):
                self._tell(pieces[begun:place], ends=True)
                begun = place
        self._tell(pieces[begun:], ends=False)
        rest = self._cutter.rest
        if self._open and "\n" in rest and self._ends.search(rest):
            self._tell([], ends=True)
        if len(rest) > LONGEST:
            self._tell([], ends=True)
            raise CorpusError(f"no word ends within {LONGEST:,} characters", where=self._where(), hint="is this text?")

    def _tell(self, pieces: list[Piece], ends: bool) -> None:
        """Take the next tokens of the text, and write what is decided by now."""
        self._waiting += pieces
        self._open = self._open or bool(pieces)
        if not (pieces or (ends and self._open)):
            return
        tags = self._path.feed(self._keys([piece.token for piece in pieces]), ends)
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
        cut = fault.reason == "unexpected end of data"
        byte = fault.object[fault.start]
        fact = "the stream ends within a character" if cut else f"byte 0x{byte:02x} is not UTF-8"
        return CorpusError(fact, where=self._where(), hint="what came before it is written")

    def _where(self) -> str:
        """The line that the last of the stream stands in."""
        return f"{self._source}:{1 + self._cutter.lines + self._cutter.rest.count(chr(10))}"
