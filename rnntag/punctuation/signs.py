"""Tells where a sentence ends and where it does not: by quotation marks, brackets and abbreviations.

A sign is a quotation mark or a bracket; it is no mark, and so it is a token.
"""

from __future__ import annotations

import re
from functools import cache

from rnntag.data.tokenisation import UNSPACED, tight_sign

OPENING = frozenset((*"“‘„‚«‹([{（［｛「『《〈【〔〖〘〚｟｢﹁﹃", "``"))  # the last as the Penn Treebank writes them
CLOSING = frozenset((*"”’»›)]}）］｝」』》〉】〕〗〙〛｠｣﹂﹄", "''"))
STRAIGHT = frozenset("\"'`＂＇")
SIGNS = OPENING | CLOSING | STRAIGHT
TURNED = frozenset("“‘«‹»›") | STRAIGHT  # they open here and close there
NO_BREAK = "\xa0\u202f"  # spaces within a line

# Words that a full stop shortens: whatever follows, before a number, and before a word that begins no sentence.
ALWAYS = re.compile(
    "Mr|Mrs|Ms|Messrs|Dr|Prof|St|Mt|Gen|Sen|Rep|Gov|Lt|Col|Capt|Sgt|Rev|Hon|mr|mrs|ms|dr|vs|cf|e\\.g|i\\.e"
)
COUNTED = re.compile("nos?|nr|figs?|vol|pp?|ch|sec|art|eq")
OFTEN = re.compile(
    "etc|al|inc|ltd|co|corp|bros|[js]r|dept|ave|approx|ca|est|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}"  # u.s, p.m, ph.d
)
ELLIPSIS = "…"


@cache  # a large class, as in `rnntag.data.tokenisation`
def _within() -> re.Pattern[str]:
    """Letters and figures that join, without a space, what goes on."""
    return re.compile(rf"[^\W_{UNSPACED}]|/")


def is_within(before: str, after: str) -> bool:
    """Whether a mark of half width between these two stands within what is written in one go: ``x/?y``."""
    return bool(_within().match(before) and _within().match(after))


def opens(sign: str, before: str) -> bool:
    """Whether a quotation mark or bracket opens, by the character before it."""
    if sign not in TURNED:
        return sign in OPENING
    return not before.strip() or before in OPENING or (sign in OPENING and bool(tight_sign().match(before)))


def closes(sign: str, before: str, after: str) -> bool:
    """Whether a sign closes what a mark has ended, by the characters before and after it."""
    if before.isspace() and before not in NO_BREAK:
        return False
    return sign in CLOSING or sign in STRAIGHT or (sign in TURNED and not after.strip())


def ends_sentence(word: str, stop: str, following: str) -> bool:
    """Whether a full stop or an ellipsis between two words ends a sentence, rather than shorten the one or go on."""
    if not following:
        return True
    if stop == ELLIPSIS:
        return not following[0].islower()
    if ALWAYS.fullmatch(word):
        return False
    begins = following[0].isupper() or not _within().match(following)
    small = word.lower()
    if COUNTED.fullmatch(small):
        return not following[0].isdigit()
    if OFTEN.fullmatch(small):
        return begins
    return not (len(word) == 1 and word.isupper() and word != "I" and begins)
