"""Guesses how tokens that came without their text were written: which of them had no space between.

What matters is not a beautiful text but which chunks between white space text will bring, and how tokens divide them:
a mark that was taken off a word, ``n't`` off ``do``, ``l'`` off ``homme``. So where both are usual, as with hyphens and
dashes, no space is assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rnntag.data.tokenisation import tight_sign

CLOSING = frozenset(".,;:!?%)]}»”’…‰°′″·।॥؟،؛。、，；：！？）》」』】〉")
OPENING = frozenset("([{«“‘„‚¿¡$£€#（《「『【〈")
INSIDE = frozenset("-–—/_@&+=~*^\\|<>•")  # without space on either side
QUOTES = frozenset(('"', "'", "''", "``"))
ENCLITIC = re.compile(r"['’][^\W\d_]{1,4}|n['’]t|-[^\W\d_]+", re.IGNORECASE)  # 's, 'll; n't; French -t and -il
PROCLITIC = re.compile(r"[^\W\d_]{1,7}['’]")  # l', qu', dell'
# English words that treebanks write as two.
PARTED = frozenset(("can not", "gon na", "wan na", "got ta", "gim me", "lem me", "du n", "n no"))


def as_written(tokens: Sequence[str]) -> tuple[str, list[int]]:
    """A text that tokens may have come from, and where each begins in it."""
    pieces, starts, place = [], [], 0
    for token, tight in zip(tokens, (*_tight(tokens), True), strict=False):
        starts.append(place)
        pieces.append(token if tight else f"{token} ")
        place += len(pieces[-1])
    return "".join(pieces), starts


def _tight(tokens: Sequence[str]) -> Iterator[bool]:
    """Whether there was no space, for each two neighbours."""
    open_quotes = False
    for token, following in pairwise(tokens):
        if token in QUOTES:
            open_quotes = not open_quotes
        quoted = (token in QUOTES and open_quotes) or (following in QUOTES and open_quotes)
        yield quoted or _belong(token, following)


def _belong(token: str, following: str) -> bool:
    """Whether two tokens are usually written without space between."""
    if CLOSING.issuperset(following) or OPENING.issuperset(token) or {token, following} & INSIDE:
        return True
    if tight_sign().match(token[-1:]) and tight_sign().match(following):
        return True
    if token[-1:].isalnum() and ENCLITIC.fullmatch(following):
        return True
    if following[:1].isalnum() and PROCLITIC.fullmatch(token):
        return True
    return f"{token} {following}".lower() in PARTED or set(token) | set(following) == {"-"}
