"""Counts what is found in several files, and sums it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rnntag.checks import Checks
from rnntag.checks.findings import ERROR, KINDS, MENDABLE, NOTE, Change, Digest, Finding


class Report:
    """What is found in files: which of it is shown, and how much there is in all.

    every    whether each finding is shown, rather than the first of many of a kind
    counts   how often each kind was found
    changes  how many changes the last stream of findings had
    """

    def __init__(self, every: bool = False) -> None:
        self.every = every
        self.counts: Counter[str] = Counter()
        self.changes = 0

    def shown(self, stream: Iterable[Finding | Change]) -> Iterator[Finding | Change]:
        """Of all that is found in a file what is to be shown: changes at once, findings at the end, kind by kind."""
        digest, self.changes = Digest(self.every), 0
        for each in stream:
            if isinstance(each, Finding):
                digest.add(each)
            else:
                self.changes += 1
                yield each
        self.counts.update(digest.counts)
        yield from digest

    def fails(self, strict: bool) -> bool:
        """Whether there are errors or, if it is strict, notes."""
        return any(strict or KINDS[kind] == ERROR for kind in self.counts)

    @property
    def is_mendable(self) -> bool:
        """Whether a mended copy would lack some of what was found."""
        return not MENDABLE.isdisjoint(self.counts)

    def summary(self, checks: Checks, files: int) -> str:
        """How much was read and found, in one line."""
        totals = []
        for severity in (ERROR, NOTE):
            counts = {kind: self.counts[kind] for kind in KINDS if KINDS[kind] == severity and self.counts[kind]}
            number, kinds = sum(counts.values()), ", ".join(f"{count} {kind}" for kind, count in counts.items())
            totals.append(f"{number or 'no'} {severity}{'s' * (number != 1)}" + (f" ({kinds})" if kinds else ""))
        read = f"{files} file{'s' * (files != 1)}, {checks.sentences} sentences, {checks.tokens} tokens"
        schemes = f", {' and '.join(map(_title, checks.schemes))}" if checks.schemes else ""
        return f"{read}{schemes}: {', '.join(totals)}"


def _title(scheme: str) -> str:
    """What a scheme is called in a sentence."""
    return "one tag a token" if scheme == "tokens" else scheme.upper()
