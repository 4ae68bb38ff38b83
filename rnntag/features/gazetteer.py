"""Gazetteers: lists of names, and where the longest of them stand in a sentence.

Ratinov & Roth, "Design challenges and misconceptions in named entity recognition", CoNLL 2009, section 5: a match is a
feature of each of its tokens.

How a corpus was cut into tokens must not matter, for a list is a file of its own: names and tokens are both cut as
finely as anybody would, into *pieces*, and a match is a stretch of whole tokens that has the pieces of a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from rnntag.data.tokenisation import LETTERS
from rnntag.features.vocabulary import Vocabulary

PLACES = BEGIN, SINGLE, INSIDE, END = "B", "S", "I", "E"  # where a token stands in a match
OPENING = (1, 2)  # ids of those with which a match begins


@cache
def _pieces() -> re.Pattern[str]:
    """A piece: a run of letters and digits, or any other character; treebanks part ``don't`` as ``do n't``."""
    return re.compile(rf"{LETTERS}?(?=n't(?!\w))|n't(?!\w)|{LETTERS}|\S")


@lru_cache(1 << 16)
def pieces(text: str) -> str:
    """The pieces of a text, in small letters, with a space between two."""
    return " ".join(_pieces().findall(text.lower().replace("’", "'")))


class Gazetteer(Vocabulary):
    """A list of names; as a vocabulary it numbers the places of tokens in matches. Outside of them is `UNKNOWN`.

    phrases  the names as `pieces`, each once, in order
    """

    LIMIT = 500_000

    def __init__(self, phrases: Iterable[str]) -> None:
        super().__init__(PLACES, frozen=True)
        self.phrases = list(phrases)
        self._known = set(self.phrases)
        self._longest: dict[str, int] = {}  # of the phrases that begin with a piece, the characters of the longest
        for phrase in self.phrases:
            first = phrase.partition(" ")[0]
            self._longest[first] = max(len(phrase), self._longest.get(first, 0))
        self._reach: dict[str, int] = {}  # of tokens that were seen: the same for what they begin with

    @classmethod
    def of(cls, names: Iterable[str]) -> Gazetteer:
        """The list of some names, as they are written."""
        return cls(sorted({pieces(name) for name in names} - {""}))

    @property
    def entries(self) -> list[str]:
        """The phrases."""
        return self.phrases

    def __reduce__(self) -> tuple[type[Gazetteer], tuple[list[str]]]:
        """Pickled without what follows from the phrases."""
        return type(self), (self.phrases,)

    def matches(self, tokens: Sequence[str]) -> list[tuple[int, int]]:
        """The first token of each match, and the one after its last: the longest first, left to right, no two overlap.

        How a word is written, large or small, makes no difference.
        """
        reach = self._reaches(tokens)
        if not any(reach):
            return []
        found, place = list[tuple[int, int]](), 0
        while place < len(tokens):
            end = self._end(tokens, place, reach[place]) if reach[place] else 0
            if end:
                found.append((place, end))
            place = end or place + 1
        return found

    def _reaches(self, tokens: Sequence[str]) -> list[int]:
        """Of each token how many characters a match that begins with it has at most; mostly 0."""
        known = self._reach
        try:
            return [known[token] for token in tokens]
        except KeyError:
            if len(known) > self.LIMIT:
                known = self._reach = {}  # a stream without end brings new words without end
            for token in tokens:
                if token not in known:
                    known[token] = self._longest.get(pieces(token).partition(" ")[0], 0)
            return [known[token] for token in tokens]

    def _end(self, tokens: Sequence[str], place: int, longest: int) -> int:
        """The token after the longest match that begins at a place; 0 where none does."""
        text, found = pieces(tokens[place]), 0
        for end in range(place + 1, len(tokens) + 1):
            if text in self._known:
                found = end
            if end == len(tokens) or len(text) >= longest:
                break
            text = f"{text} {pieces(tokens[end])}"
        return found


def places(length: int) -> list[str]:
    """Where each token of a match of so many stands in it."""
    return [SINGLE] if length == 1 else [BEGIN, *[INSIDE] * (length - 2), END]
