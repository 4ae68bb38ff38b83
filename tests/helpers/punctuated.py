"""Punctuated texts as tokens and tags."""

from rnntag.punctuation.marks import Marks, customary
from rnntag.punctuation.task import tagged_words

IWSLT = Marks.parse("COMMA=,;: PERIOD=.! QUESTION=?")


def shown(text, marks=None, case=False):
    """Tokens with their tags, as ``well/COMMA``."""
    pairs = zip(*tagged_words(text, marks or customary(text), case), strict=True)
    return " ".join(token if tag == "O" else f"{token}/{tag}" for token, tag in pairs)
