"""Finds sentences that stand more than once, in one file or in two, and whether they are tagged alike."""

from __future__ import annotations

from collections.abc import Iterator

from rnntag.checks.findings import Finding
from rnntag.corpora.tally import FEW, TORN
from rnntag.data.sentence import Sentence


class Duplicates:
    """The sentences of all files: of each distinct one 64 bits of hash, its place and a hash of its tags are kept."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[int, int, int]] = {}  # number of the file and line of the first, and its tagging
        self.files: list[str] = []
        self.repeated = 0
        self.torn: list[str] = []  # places of those that are tagged otherwise

    def add(self, sentence: Sentence) -> Iterator[Finding]:
        """What is to be said of a sentence that has come before."""
        if not self.files or self.files[-1] != sentence.source:
            self.files.append(sentence.source)
        tagging = hash("\t".join((*(sentence.tags or ()), sentence.intent or "")))
        key, place = hash("\t".join(sentence.tokens)), (len(self.files) - 1, sentence.line, tagging)
        file, line, other = self.known.setdefault(key, place)
        if (file, line) == place[:2]:
            return
        self.repeated += 1
        where, before = sentence.where(), f"{self.files[file]}:{line}"
        if file == place[0]:
            yield Finding(where, "repeat", f"the same sentence as {before}")
        else:
            yield Finding(where, "leak", f"the sentence also stands in another file, {before}")
        if tagging != other:
            self.torn.append(where)
            yield Finding(where, "conflict", f"the same sentence as {before}, but tagged otherwise")

    def disagreement(self) -> Iterator[Finding]:
        """A finding if so many are tagged otherwise that there is nothing to learn from them."""
        if len(self.torn) >= FEW and len(self.torn) >= self.repeated * TORN:
            fact = f"{len(self.torn)} of {self.repeated} repeated sentences are tagged otherwise than the first time"
            yield Finding(self.torn[0], "disagreement", fact, "tag the same words in the same way")
