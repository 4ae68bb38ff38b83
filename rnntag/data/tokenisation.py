"""Cuts raw text into tokens with their places in it, and joins tokens to text.

Words are cut at white space; where punctuation and scripts without spaces are to be cut as well (`characters`), a word
is a run of letters and digits, with what joins them inside (``don't``, ``3.5``, ``e-mail``), and all else is a token of
one character: a Chinese or Thai one, a mark, an emoji, each with the marks that combine with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

Offsets = list[tuple[int, int]]

# Scripts that part no words: kana, bopomofo, Han and Yi, and what is full-width or beyond the basic plane there; Thai,
# Lao, Myanmar, Khmer, Tibetan.
EAST = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua000-\ua4cf\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U000323af"
)
UNSPACED = f"\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff{EAST}"
COMBINING = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18-\u0f3f\u0f71-\u0f84"
    "\u0f8d-\u0fbc\u102b-\u103e\u17b4-\u17d3\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\uff9e\uff9f"
    "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
# Of scripts whose vowels are no letters to a regular expression: Hebrew, Arabic, and those of India.
VOWELS = "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff\u200c\u200d"
LETTERS = rf"[^\W_{UNSPACED}]+"
WORD = rf"{LETTERS}(?:[{COMBINING}{VOWELS}]+(?:{LETTERS})?|[_'’.,·\-]{LETTERS})*"
SIGN = rf"(?:[\U0001f1e6-\U0001f1ff]{{2}}|\S)[{COMBINING}]*(?:\u200d\S[{COMBINING}]*)*"
JOINING = "_'’.,·-\u200c\u200d"  # what may stand inside a word
ASCII = re.compile(r"[A-Za-z0-9]+(?:[_'.,\-][A-Za-z0-9]+)*|\S")  # the same, where nothing else stands


@cache  # large classes take some milliseconds, which a first line should not wait for
def _characters() -> re.Pattern[str]:
    """A token of any text."""
    return re.compile(f"{WORD}|{SIGN}")


@cache
def tight_sign() -> re.Pattern[str]:
    """A character that has no space beside it."""
    return re.compile(rf"[{UNSPACED}\u3001-\u303f\uff01-\uff60]")


def tokens_of(text: str, characters: bool) -> list[str]:
    """A text cut into tokens, with `characters` not only at white space; all else is in them, in order."""
    if not characters:
        return text.split()
    return (ASCII if text.isascii() else _characters()).findall(text)


class Cut:
    """Cuts text into tokens: at white space or, if it is asked for characters, as `tokens_of` does."""

    def __init__(self, characters: bool) -> None:
        self._characters = characters

    def __call__(self, text: str) -> tuple[list[str], Offsets | None]:
        """The tokens of a text, and where they stand in it; None where that follows from both."""
        return tokens_of(text, self._characters), None

    def leaves(self, text: str) -> bool:
        """Whether a text is taken for tokens with spaces between, and not cut any further."""
        return False

    def arriving(self, text: str) -> tuple[list[str], Offsets | None]:
        """The same for the rest of a text that is still arriving: nothing is concluded from it as a whole."""
        return self(text)

    def prepare(self, texts: Iterable[str]) -> None:
        """Look at texts that are about to be cut, if that makes it faster."""

    def settled(self, text: str) -> int:
        """Of a text that goes on, the place from which on its cuts may still change."""
        return len(text) - (text[-1:] in JOINING and text != "")  # "don" and "'" may become "don't"


def located(tokens: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Where the tokens of a text stand in it: the first character of each, and the one after its last.

    Raises ValueError for tokens that are not those of the text.
    """
    offsets = []
    end = 0
    for token in tokens:
        start = text.index(token, end)  # only white space is passed over, and no token begins with that
        end = start + len(token)
        offsets.append((start, end))
    return offsets


def cut(text: str, characters: bool) -> tuple[list[str], list[tuple[int, int]]]:
    """Tokens of a text, and where they stand in it."""
    tokens = tokens_of(text, characters)
    return tokens, located(tokens, text)


def joined(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """Tokens as text, and their places in it: spaces between them, but not between two of scripts that have none."""
    pieces: list[str] = []
    offsets: list[tuple[int, int]] = []
    place, tight, unspaced = 0, False, tight_sign()
    for token in tokens:
        opens_tight = bool(unspaced.match(token))
        if pieces and not (tight and opens_tight):
            pieces.append(" ")
            place += 1
        pieces.append(token)
        offsets.append((place, place + len(token)))
        place += len(token)
        tight = bool(unspaced.match(token[-1:]))
    return "".join(pieces), offsets
