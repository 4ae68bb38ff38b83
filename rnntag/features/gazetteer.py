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
from typing import NamedTuple

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

    def __init__(self, phrases: Iterable[str]) -> None:
        super().__init__(PLACES, frozen=True)
        self.phrases = list(phrases)

    @classmethod
    def of(cls, names: Iterable[str]) -> Gazetteer:
        """The list of some names, as they are written."""
        return cls(sorted({pieces(name) for name in names} - {""}))

    @property
    def entries(self) -> list[str]:
        """The phrases."""
        return self.phrases


class Match(NamedTuple):
    """A name in a sentence: its first token, the one after its last, and the number of its list."""

    start: int
    end: int
    list: int


class Finder:
    """Finds the names of several lists in sentences, in one pass for all of them.

    How a word is written, large or small, makes no difference.
    """

    LIMIT = 500_000  # tokens that are remembered: a stream without end brings new ones without end
    DEPTH = 4  # pieces of a name's beginning that are looked up: hardly any text goes on like a name for so long

    def __init__(self, lists: Sequence[Gazetteer]) -> None:
        self._lists = len(lists)
        self._known: dict[str, tuple[int, ...]] = {}  # of each name, the lists that have it
        self._begun: set[str] = set()  # what names begin with, and go on behind
        self._longest = max((len(phrase) for each in lists for phrase in each.phrases), default=0)
        for number, each in enumerate(lists):
            alone = (number,)
            for phrase in each.phrases:
                self._known[phrase] = (*self._known[phrase], number) if phrase in self._known else alone
                space = phrase.find(" ")
                for _ in range(self.DEPTH):
                    if space < 0:
                        break
                    self._begun.add(phrase[:space])
                    space = phrase.find(" ", space + 1)
        self._starts: dict[str, str] = {}  # tokens that were seen: their pieces where a name begins with them, else ""

    def matches(self, tokens: Sequence[str]) -> list[Match]:
        """The longest names of each list from left to right, of which no two overlap, in order of their starts."""
        starts = self._looked_up(tokens)
        if not any(starts):
            return []
        found, free = list[Match](), [0] * self._lists  # the places from which each list may match again
        for place, start in enumerate(starts):
            if start:
                for number, end in self._ends(tokens, place, start).items():
                    if place >= free[number]:
                        found.append(Match(place, end, number))
                        free[number] = end
        return found

    def _looked_up(self, tokens: Sequence[str]) -> list[str]:
        """Of each token its pieces, if a name begins with it; mostly nothing."""
        known = self._starts
        try:
            return [known[token] for token in tokens]
        except KeyError:
            if len(known) > self.LIMIT:
                known = self._starts = {}
            for token in tokens:
                if token not in known:
                    text = pieces(token)
                    known[token] = text if text in self._known or self._goes_on(text) else ""
            return [known[token] for token in tokens]

    def _goes_on(self, text: str) -> bool:
        """Whether a name may begin with a text and go on behind it."""
        return text in self._begun or (text.count(" ") >= self.DEPTH and len(text) < self._longest)

    def _ends(self, tokens: Sequence[str], place: int, text: str) -> dict[int, int]:
        """Of each list the token after its longest name that begins at a place, whose token has these pieces."""
        found, end = dict[int, int](), place + 1
        while True:
            if text in self._known:
                found.update(dict.fromkeys(self._known[text], end))
            if end == len(tokens) or not self._goes_on(text):
                return found
            text = f"{text} {pieces(tokens[end])}"
            end += 1


def places(length: int) -> list[str]:
    """Where each token of a match of so many stands in it."""
    return [SINGLE] if length == 1 else [BEGIN, *[INSIDE] * (length - 2), END]
