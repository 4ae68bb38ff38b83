"""Findings and changes, the kinds there are, and which of many are shown."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

ERROR, NOTE, CHANGE = "error", "note", "change"
SHOWN = {ERROR: 10, NOTE: 3}  # of a kind in a file
QUOTED = 60  # characters

# In the order in which they are shown. Of an error training would refuse the file or learn nonsense; a note is worth
# a look.
KINDS = {
    "encoding": ERROR,
    "format": ERROR,
    "columns": ERROR,
    "token": ERROR,
    "tag": ERROR,
    "scheme": ERROR,
    "orphan": ERROR,
    "disagreement": ERROR,
    "length": NOTE,
    "spaces": NOTE,
    "control": NOTE,
    "invisible": NOTE,
    "character": NOTE,
    "mojibake": NOTE,
    "scripts": NOTE,
    "nfc": NOTE,
    "line-ends": NOTE,
    "conflict": NOTE,
    "leak": NOTE,
    "repeat": NOTE,
    "once": NOTE,
    "spelling": NOTE,
}
MENDABLE = frozenset({"orphan", "control", "spaces", "invisible", "nfc", "line-ends"})


class Finding(NamedTuple):
    """One thing that is wrong or doubtful.

    where  the place, as ``file:line``
    kind   one of `KINDS`
    fact   what is found there, without a full stop
    hint   a way out
    """

    where: str
    kind: str
    fact: str
    hint: str | None = None

    @property
    def severity(self) -> str:
        return KINDS[self.kind]

    def record(self) -> dict[str, str | int | None]:
        """The finding as a JSON object."""
        return {
            **_place(self.where),
            "severity": self.severity,
            "kind": self.kind,
            "fact": self.fact,
            "hint": self.hint,
        }

    def __str__(self) -> str:
        return escaped(f"{self.where}: {self.kind}: {self.fact}" + (f"; {self.hint}" if self.hint else ""))


class Change(NamedTuple):
    """A line of the mended copy that is not what it was."""

    where: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        return "mended"

    @property
    def severity(self) -> str:
        return CHANGE

    def record(self) -> dict[str, str | int | None]:
        """The change as a JSON object."""
        place = _place(self.where)
        return {**place, "severity": self.severity, "kind": self.kind, "before": self.before, "after": self.after}

    def __str__(self) -> str:
        return escaped(f"{self.where}: {self.kind}: {self.before} -> {self.after}")


def _place(where: str) -> dict[str, str | int | None]:
    """File and line; what is no place in a file has no line."""
    file, _, line = where.rpartition(":")
    return {"file": file, "line": int(line)} if file and line.isdecimal() else {"file": where, "line": None}


def quoted(text: str) -> str:
    """The text between quotation marks, cut where it is very long."""
    return f"'{text}'" if len(text) <= QUOTED else f"'{text[:QUOTED]}…'"


def escaped(text: str) -> str:
    """The text with escapes for what a terminal would not show, or would show as if it were something else."""
    combining = not unicodedata.is_normalized("NFC", text)
    if text.isprintable() and not combining:
        return text
    return "".join(_escape(char) if _is_hidden(char, combining) else char for char in text)


def _is_hidden(char: str, combining: bool) -> bool:
    """Whether a character is to be escaped, among them those that combine with others, if that is said."""
    return not char.isprintable() or (combining and unicodedata.combining(char) > 0)


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()


class Digest:
    """The findings of a file, kind by kind: the first few and the number of the rest, or every one of them."""

    def __init__(self, every: bool = False) -> None:
        self.every = every
        self.counts: Counter[str] = Counter()
        self.kept: dict[str, list[Finding]] = {kind: [] for kind in KINDS}

    def add(self, finding: Finding) -> None:
        self.counts[finding.kind] += 1
        kept = self.kept[finding.kind]
        if self.every or len(kept) <= SHOWN[finding.severity]:
            kept.append(finding)

    def __iter__(self) -> Iterator[Finding]:
        for kind, kept in self.kept.items():
            shown, more = SHOWN[KINDS[kind]], self.counts[kind] - SHOWN[KINDS[kind]]
            if self.every or more <= 1:  # the place of the rest needs a line as well
                yield from kept
            else:
                yield from kept[:shown]
                yield Finding(kept[shown].where, kind, f"and {more} more from here on", "--all shows each")
