"""Options of a few values: what was meant is told by who wrote another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from rnntag.formats import guess

if TYPE_CHECKING:
    Strings = click.Choice[str]
else:  # in older versions of Click a Choice is always one of strings
    Strings = click.Choice


LIKE = 0.65  # how much of two words must be the same


def did_you_mean(word: str, names: Iterable[str], others: Iterable[str] = ()) -> str:
    """A question after those names that are like a word, and after others; with a space before it, or empty."""
    from difflib import get_close_matches

    word, known = word.lower(), list(names)
    like = [word] if word in known else get_close_matches(word, known, 2, LIKE)
    found = dict.fromkeys([*like, *others])
    return f" Did you mean {' or '.join(map(repr, found))}?" if found else ""


class Choice(Strings):
    """One of a few values."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The value. Raises BadParameter, with what may have been meant, for one that is no choice."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            meant = did_you_mean(str(value), self.choices, self._meant(str(value)))
            raise click.BadParameter(f"{error.message}{meant}", ctx, param) from None

    def _meant(self, word: str) -> list[str]:
        """What else may have been meant by a word."""
        return []


class FormatChoice(Choice):
    """One of the formats; what is no format may be how the names of its files end."""

    def _meant(self, word: str) -> list[str]:
        found = guess(f"file.{word.lower().lstrip('.')}", "")
        return [found] if found in self.choices else []
