"""The errors and warnings that a user sees: the place, the fact, the way out.

Every fault that reaches a user is one of these. They are raised where the fact is known and printed in one
place, the command line's group; in between they are only caught to be handed on from one process to another.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence

# Controls become pictures of themselves; what has no picture, or turns the direction of writing, is a lost character.
CONTROLS = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
CONTROLS |= dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD)
CONTROLS |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
KEPT = {code: picture for code, picture in CONTROLS.items() if code not in (0x09, 0x0A)}
LONGEST = 300  # characters of a fact, or of a line that is quoted
PASTED = 1000  # of a hint or a place: both may hold the whole path of a file
END = 20  # of a place, with the number of a line


def visible(text: str) -> str:
    """Text with its controls made visible, but for TABs and line ends."""
    return text.translate(KEPT)


def shown(text: str, longest: int = LONGEST) -> str:
    """Text with its controls made visible, but for TABs and line ends, and cut where it is very long."""
    return visible(text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)")


def one_line(text: str, longest: int = LONGEST) -> str:
    """The same without line ends."""
    return shown(text, longest).translate({0x0A: CONTROLS[0x0A]})


def _place(text: str) -> str:
    """A place in one line, the middle of which gives way where it is very long."""
    return one_line(text if len(text) <= PASTED else f"{text[: PASTED - END]}…{text[-END:]}", PASTED + 1)


class RnntagError(Exception):
    """A fault in what a user gave, in one sentence.

    fact   what is wrong, in the user's terms, without a full stop
    where  the place, as ``file:line`` where there is one (editors make it a link)
    quote  numbered lines of the user's own data: (line number, text)
    hint   one way out, ready to paste if it is a command
    """

    def __init__(
        self,
        fact: str,
        *,
        where: str | None = None,
        quote: Sequence[tuple[int, str]] = (),
        hint: str | None = None,
    ) -> None:
        self.fact, self.where, self.quote, self.hint = fact, where, tuple(quote), hint
        super().__init__(fact)

    def __str__(self) -> str:
        fact = one_line(self.fact)
        lines = [f"{_place(self.where)}: {fact}" if self.where else fact]
        lines += [f"    {number}  {one_line(text)}" for number, text in self.quote]
        if self.hint:
            lines.append(f"hint: {shown(self.hint, PASTED)}")
        return "\n".join(lines)


class CorpusError(RnntagError):
    """Text or a corpus that cannot be read as what it was said to be."""


class NothingReadError(CorpusError):
    """A corpus of which nothing can be read, whatever of it is left out: a column that is not there, say."""


class RestLostError(CorpusError):
    """A fault behind which nothing can be read, where records that cannot be read are left out."""


class ModelError(RnntagError):
    """A model file that cannot be loaded, or a model that does not fit the data."""


class SpecError(RnntagError):
    """A setting out of its range, or two that contradict each other."""


class RnntagWarning(UserWarning):
    """What looks wrong, or was decided for want of being told: a sentence that the command line would print."""


def warn(sentence: str) -> None:
    """Warn whoever called the package, at the line where they did."""
    frame, level = sys._getframe(), 1
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "rnntag":
        frame, level = frame.f_back, level + 1
    warnings.warn(shown(sentence.removeprefix("warning: ")), RnntagWarning, stacklevel=level)
