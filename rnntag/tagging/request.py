"""What can be asked of a tagger besides the best tags."""

from __future__ import annotations

from typing import NamedTuple


class Wanted(NamedTuple):
    """What is asked of a tagger besides the best tags.

    certain  how probable what was found is
    best     that many taggings of each sentence, best first; each comes out as a Sentence of its own, with its rank
    forced   tags that a sentence comes in with, other than ``?``, stand
    """

    certain: bool = False
    best: int = 1
    forced: bool = False


TAGS = Wanted()
