"""Cuts arriving text into tokens that can grow no more."""

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
    """Text as it arrives to tokens that can grow no more.

    cut  a text to its tokens, and where each begins and ends
    """

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self.rest = ""  # what no token could be made of yet
        self.lines = 0  # that ended before it

    def feed(self, text: str) -> list[Piece]:
        """The tokens that are complete, now that this has come: those that something follows."""
        self.rest += text
        joins = len(self.rest) and self.rest[-1] in JOINING  # "don" and "'" may become "don't"
        return self._pieces(len(self.rest) - joins)

    def close(self) -> list[Piece]:
        """The last ones, at the end; then ``rest`` is what stood behind them."""
        return self._pieces(len(self.rest) + 1)

    def _pieces(self, before: int) -> list[Piece]:
        """Those that end before a place of the text."""
        text, place = self.rest, 0
        found = []
        for token, (start, end) in zip(*self._cut(text), strict=True):
            if end >= before:
                break
            found.append(Piece(text[place:start], token, text[end : end + 1]))
            place = end
        self.rest = text[place:]
        self.lines += text.count("\n", 0, place)
        return found
