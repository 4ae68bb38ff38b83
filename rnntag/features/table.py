"""The table of features: each turns a token into a string that a vocabulary numbers.

A token is given by a *key*: its word, behind a TAB each further column that a feature asks for and, where a name of a
list stands, where in it of each list. Tokens of equal keys have the same features, but for positional ones, so whatever
follows from a key is computed once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError

NUMBER = re.compile("[2-9]|[1-9][0-9]{1,3}")
LIST = re.compile(r"[\w.-]+")
_DIGIT = re.compile(r"\d")


CHARACTERS = "char"  # the feature that is not looked up but computed, from a word's letters
VECTOR = "vector"  # the feature whose vectors came from a file and stay as they are
BIGRAMS = BEFORE, AFTER = "before", "after"  # a token together with the one before it, and with the one after it
# Where a network looks ahead, the word that it answers for, as it reads the last of those it waits for; bigrams are
# then those of that word.
OWN = "own"
POSITIONAL = (*BIGRAMS, OWN)  # features that depend on a token's neighbours, in the order of columns of their ids
END = "\n"  # shown behind a text's end to a network that reads on; no token is a line end
COLUMN = "column:"
COLUMN_WIDTH = 24
GAZETTEER = "gazetteer:"  # and the name of a list: where a token stands in a match
GAZETTEER_WIDTH = 8
WIDTHS = {BEFORE: 24, AFTER: 24, OWN: 0}
AUTO = ("auto",)  # what fits the corpus
WORDS = ("word", "shape", "prefix", "suffix", CHARACTERS)
STEMS = ("word", "prefix", "suffix")
OF_CHARACTERS = 0.7  # share of tokens of a single character from which on a corpus is one of characters


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


def check(names: Sequence[str]) -> None:
    """Raise SpecError if these are not features, or not each of them once."""
    for name in names:
        special = name in (CHARACTERS, VECTOR, *POSITIONAL) or column(name) is not None or gazetteer(name) is not None
        if name not in FEATURES and not special:
            known = ", ".join([*FEATURES, CHARACTERS, *POSITIONAL])
            raise SpecError(
                f"'{name}' is not a feature", hint=f"there are: {known}, and column:2 for the second column"
            )
    if not names:
        raise SpecError("features is empty", hint="--features word,char,shape")
    if len(set(names)) < len(names):
        raise SpecError(f"features names one twice: {','.join(names)}")


def fitting(
    sentences: Sequence[Sentence], forward: bool = False, look_ahead: int = 0, marks: bool = False
) -> tuple[str, ...]:
    """The features for a corpus: where tokens are characters, bigrams stand in for words.

    forward     whether the network reads left to right alone, and so knows nothing of the next token
    look_ahead  tokens that it reads on before it answers for one
    marks       whether tags are punctuation, of which bigrams say more than how a word is written
    """
    lengths = [len(token) for sentence in sentences for token in sentence.tokens]
    positional = (OWN, *BIGRAMS) if look_ahead else (BEFORE,) if forward else BIGRAMS
    if marks:
        return (*STEMS, *positional)
    if lengths.count(1) >= OF_CHARACTERS * len(lengths):
        return (*WORDS, *positional)
    return (*WORDS, OWN) if look_ahead else WORDS


def column(name: str) -> int | None:
    """K of the feature ``column:K``, the token's K-th column (the word is the first); None for other features."""
    number = name.removeprefix(COLUMN)
    return int(number) if number != name and NUMBER.fullmatch(number) else None


def gazetteer(name: str) -> str | None:
    """NAME of the feature ``gazetteer:NAME``, matches in the list of that name; None for other features."""
    own = name.removeprefix(GAZETTEER)
    return own if own != name and LIST.fullmatch(own) else None


def width(name: str) -> int:
    """The width of the vectors of a feature that is looked up; 0: as the spec says."""
    if gazetteer(name) is not None:
        return GAZETTEER_WIDTH
    return FEATURES[name].width if name in FEATURES else WIDTHS.get(name, COLUMN_WIDTH)
