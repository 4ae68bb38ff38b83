"""Cuts text into tokens as it arrives; a token is given once nothing that comes can make it longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

JOINING = "_'’.,·-\u200c\u200d"  # what may stand inside a word (`rnntag.data.tokenisation`)

Cut = Callable[[str], tuple[list[str], list[tuple[int, int]]]]


class Piece(NamedTuple):
    """A token, with what stood between the one before and it, and the character behind it, if there is one."""

    gap: str
    token: str
    following: str


class Cutter:
    """Cuts text into tokens as it arrives.

    cut  a text to its tokens, and where each begins and ends
    """

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self.rest = ""  # text that no token could be made of yet
        self.lines = 0  # line ends before it

    def feed(self, text: str) -> list[Piece]:
        """The tokens that are complete now that this text has come: those that something follows."""
        self.rest += text
        joins = len(self.rest) and self.rest[-1] in JOINING  # "don" and "'" may become "don't"
        return self._pieces(len(self.rest) - joins)

    def close(self) -> list[Piece]:
        """The last tokens, at the end of the text; then ``rest`` is what stood behind them."""
        return self._pieces(len(self.rest) + 1)

    def _pieces(self, before: int) -> list[Piece]:
        """The tokens that end before a place of the text at hand."""
        text, place = self.rest, 0
        pieces = []
        for token, (start, end) in zip(*self._cut(text), strict=True):
            if end >= before:
                break
            pieces.append(Piece(text[place:start], token, text[end : end + 1]))
            place = end
        self.rest = text[place:]
        self.lines += text.count("\n", 0, place)
        return pieces
