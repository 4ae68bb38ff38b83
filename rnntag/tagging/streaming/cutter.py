"""Cuts text into tokens as it arrives; a token is given once nothing that comes can make it longer."""

from __future__ import annotations

from typing import NamedTuple

from rnntag.data.tokenisation import Cut, located


class Piece(NamedTuple):
    """A token, with what stood between the one before and it, and the character behind it, if there is one."""

    gap: str
    token: str
    following: str


class Cutter:
    """Cuts text into tokens as it arrives."""

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self.rest = ""  # text that no token could be made of yet
        self.lines = 0  # line ends before it

    def feed(self, text: str) -> list[Piece]:
        """The tokens that are complete now that this text has come: those that something follows."""
        self.rest += text
        return self._pieces(self._cut.settled(self.rest))

    def close(self) -> list[Piece]:
        """The last tokens, at the end of the text; then ``rest`` is what stood behind them."""
        return self._pieces(len(self.rest) + 1)

    def _pieces(self, before: int) -> list[Piece]:
        """The tokens that end before a place of the text at hand."""
        text, place = self.rest, 0
        pieces = []
        tokens, offsets = self._cut.arriving(text)
        for token, (start, end) in zip(tokens, offsets or located(tokens, text), strict=True):
            if end >= before:
                break
            pieces.append(Piece(text[place:start], token, text[end : end + 1]))
            place = end
        self.rest = text[place:]
        self.lines += text.count("\n", 0, place)
        return pieces
