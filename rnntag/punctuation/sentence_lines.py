"""Puts each sentence of restored text on a line of its own."""

from __future__ import annotations

import re

from rnntag.data.tokenisation import tight_sign
from rnntag.punctuation.signs import NO_BREAK, closes

BLANK = re.compile(r"\n[^\S\n]*\n")
FOLD = re.compile(r"(?<!\s)[^\S\n]*\n\s*")
BREAK = re.compile(rf"[^\S{NO_BREAK}]+")


class SentenceLines:
    """Lays white space out so that each line is a sentence, with what closes behind its last mark.

    Line ends of the text become spaces, or nothing between scripts that have none; a blank line stays one.
    """

    def __init__(self) -> None:
        self._any = False  # whether anything is written at all,
        self._open = False  # whether in this line,
        self._over = False  # and whether its sentence has ended

    def between(self, gap: str, stop: int, token: str, tail: str, following: str) -> str:
        """What is written for the text between two tokens.

        gap        that text
        stop       where marks end in it that end a sentence; 0 if there are none
        token      the second of the two
        tail       the character before the gap
        following  what stands behind the second token
        """
        blank = ""
        if not self._open:
            kept = gap.lstrip()
            skipped = len(gap) - len(kept)
            blank = "\n" if self._any and BLANK.search(gap[:skipped]) else ""
            gap, stop, tail = kept, max(0, stop - skipped), ""
            self._any = self._open = True
        if not (stop or self._over):
            return blank + _folded(tail, gap, token)
        head, behind = _folded(tail, gap[:stop], ""), gap[stop:]
        space = _break(behind)
        behind = behind[len(space) :]
        self._over = not space and not behind.strip() and closes(token, behind, following[:1])
        if not self._over:
            head += "\n\n" if BLANK.search(space) else "\n"
        return blank + head + _folded("", behind, token)

    def ended(self, following: str) -> str:
        """What is written behind a mark that ends a sentence, if that is to be followed by this."""
        self._over = not _break(following)
        self._open = self._over
        return "" if self._over else "\n"

    def goes_on(self) -> None:
        """Take note that the sentence has not ended after all."""
        self._over = False

    def end(self, rest: str, tail: str) -> str:
        """What is written for the rest of a text, and the end of its last line."""
        rest = _folded(tail, rest.rstrip() if self._open else rest.strip(), "")
        written = f"{rest}\n" if self._open or rest else ""
        self._any, self._open, self._over = self._any or bool(written), False, False
        return written


def _break(text: str) -> str:
    """The white space at the head of a text at which a line may end."""
    found = BREAK.match(text)
    return found[0] if found else ""


def _folded(before: str, gap: str, after: str) -> str:
    """The text between two others without line ends, but for those of blank lines."""
    if "\n" not in gap:
        return gap
    text = f"{before}{gap}{after}"

    def fold(space: re.Match[str]) -> str:
        if BLANK.search(space[0]):
            return "\n\n"
        sides = text[: space.start()][-1:], text[space.end() :][:1]
        return "" if all(map(tight_sign().match, sides)) else " "

    return FOLD.sub(fold, text)[len(before) : -len(after) or None]
