"""What a token shows the network: each feature turns a word into a string that a vocabulary numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_DIGIT = re.compile(r"\d")


class Feature(NamedTuple):
    """A row of the table: how to read the feature off a word, and how wide its vector is (0: as the spec says)."""

    read: Callable[[str], str]
    width: int


def word(token: str) -> str:
    """The word itself, its case folded and each digit a 0: ``Boeing747`` is ``boeing000``."""
    return _DIGIT.sub("0", token.lower())


def shape(token: str) -> str:
    """How the word is written: runs of capitals X, small letters x, digits 0, other letters c, the rest as -."""
    runs = ""
    for character in token:
        if character.isdigit():
            kind = "0"
        elif character.isalpha():
            kind = "X" if character.isupper() else "x" if character.islower() else "c"
        else:
            kind = "-"
        if not runs.endswith(kind):
            runs += kind
    # A capital and then small letters is one kind of word however long; so is everything that is longer still.
    return runs[:4]


def suffix(token: str) -> str:
    """The last three letters."""
    return word(token)[-3:]


def prefix(token: str) -> str:
    """The first three letters."""
    return word(token)[:3]


FEATURES: dict[str, Feature] = {
    "word": Feature(word, 0),
    "shape": Feature(shape, 8),
    "prefix": Feature(prefix, 24),
    "suffix": Feature(suffix, 24),
}
