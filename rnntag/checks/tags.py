"""Checks tags by which stands beside which: the scheme, where they break it, and labels that may be slips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rnntag.checks.findings import Finding
from rnntag.corpora.tally import FEW, opening_labels
from rnntag.data.bio import SCHEMES, Scheme, Transition, detect_from, transitions
from rnntag.data.bio_check import faults
from rnntag.data.sentence import Sentence
from rnntag.formats.columns import is_word

# Of sentences that break a scheme so many may keep to another by chance; of all, orphans make so many look like IOB1.
CHANCE = 0.1
RARE, TIMES = 2, 50  # a label with so few spans may be a slip for one that has so many times as many
SHORTEST = 5  # letters of a label that may be a slip by one letter
SPAN_SCHEMES = [scheme for scheme in SCHEMES.values() if scheme.prefixes]


def is_tagged(sentence: Sentence) -> bool:
    """Whether each token has a tag that is one word."""
    return all(map(is_word, set(sentence.tags or ())))


class TransitionCounts:
    """Counts which tag follows which in a file; sentences that are not tagged throughout are left out."""

    def __init__(self) -> None:
        self.pairs: Counter[Transition] = Counter()
        self.sentences = 0
        self.examples: list[Sentence] = []  # of each transition the first sentence that has it

    def add(self, sentence: Sentence) -> None:
        """Count the transitions of a sentence."""
        if is_tagged(sentence):
            known = len(self.pairs)
            self.pairs.update(transitions(sentence.tags or ()))
            self.sentences += 1
            if len(self.pairs) > known:
                self.examples.append(sentence)

    def scheme(self) -> Scheme:
        """The scheme that the tags of all sentences are written in, as `rnntag.data.bio.detect_from` sees it."""
        return detect_from(self.pairs)

    def broken(self, scheme: Scheme) -> set[Transition]:
        """The transitions that a scheme does not allow."""
        return {pair for pair in self.pairs if not scheme.allowed(*pair)}

    def first(self, pairs: set[Transition]) -> str:
        """The place where one of these transitions stands first."""
        return next(where for where, pair in self._places() if pair in pairs)

    def _places(self) -> Iterator[tuple[str, Transition]]:
        """The places of transitions; the first of each is among them, and comes before its others."""
        for sentence in self.examples:
            for index, pair in enumerate(transitions(sentence.tags or ())):
                yield sentence.where(min(index, len(sentence) - 1)), pair

    def labels(self, scheme: Scheme) -> dict[str, Label]:
        """The labels of the spans, in order of appearance."""
        opened = opening_labels({(before or "O", tag) for before, tag in self.pairs if tag is not None}, scheme)
        labels: dict[str, Label] = {}
        done: set[Transition] = set()
        for where, pair in self._places():
            label = opened.get((pair[0] or "O", pair[1] or ""))
            if label is not None and pair not in done:
                spans, first = labels.get(label, (0, where))
                labels[label] = Label(spans + self.pairs[pair], first)
                done.add(pair)
        return labels


class Label(NamedTuple):
    """How many spans a label has, and the place of the first."""

    spans: int
    where: str


def orphans(scheme: Scheme, sentence: Sentence) -> Iterator[Finding]:
    """Findings of tags that cannot stand where they do; what is no tag is passed over, and so is what follows it."""
    unknown = [index for index, tag in enumerate(sentence.tags or ()) if not is_word(tag)]
    blind = {sentence.where(index + step) for index in unknown for step in (0, 1)}
    for fault in faults(scheme, sentence):
        if fault.where not in blind:
            yield Finding(fault.where or "", "orphan", fault.fact, fault.hint)


def prevailing(tags: TransitionCounts, scheme: Scheme, sentences: Iterable[Sentence]) -> tuple[Scheme, list[Finding]]:
    """The scheme that most sentences of a file keep to, and a finding if others keep to another.

    scheme  what the file as a whole was taken for
    """
    rivals = [scheme, *(other for other in SPAN_SCHEMES if other is not scheme)]
    broken = {other: tags.broken(other) for other in rivals}
    kept: Counter[frozenset[Scheme]] = Counter()  # how many sentences keep to just these schemes
    first: dict[frozenset[Scheme], str] = {}
    for sentence in filter(is_tagged, sentences):
        pairs = set(transitions(sentence.tags or ()))
        keepers = frozenset(other for other in rivals if broken[other].isdisjoint(pairs))
        kept[keepers] += 1
        first.setdefault(keepers, sentence.where())

    def count(keeper: Scheme, other: Scheme | None = None) -> int:
        """How many sentences keep to a scheme, but not to another."""
        return sum(number for keepers, number in kept.items() if keeper in keepers and other not in keepers)

    main = max(rivals, key=count)
    second = max(rivals, key=lambda rival: count(rival, main))
    most, rest = count(main), count(second, main)
    few = rest < max(FEW, kept.total() * CHANCE) and not second.prefixes > main.prefixes
    if few or rest <= (kept.total() - most) * CHANCE:
        return main, []
    place = next(where for keepers, where in first.items() if second in keepers and main not in keepers)
    fact = f"{most} sentences keep to {main.name.upper()}, and {rest} to {second.name.upper()} alone"
    return main, [Finding(place, "scheme", fact, "a corpus is written in one scheme throughout")]


def mixed_schemes(files: list[tuple[str, TransitionCounts, Scheme]]) -> Iterator[Finding]:
    """Findings of files whose scheme is not that of the largest."""
    if not files:
        return
    name, _, main = max(files, key=lambda file: file[1].sentences)
    for _, tags, scheme in files:
        # Where tags mark tokens nothing breaks the scheme, but a file of spans is out of place.
        foreign = tags.broken(main) if main.prefixes else {pair for pair in tags.pairs if pair[1] not in (None, "O")}
        if scheme is not main and foreign:
            fact = f"the file is written in {scheme.name.upper()}, {name} in {main.name.upper()}"
            yield Finding(tags.first(foreign), "scheme", fact, "write all in one scheme")


def rare_labels(labels: dict[str, Label]) -> Iterator[Finding]:
    """Findings of labels of a single span, and of those that may be another one misspelt."""
    sharing: dict[str, list[str]] = {}
    for label in labels:
        for key in _deletions(label):
            sharing.setdefault(key, []).append(label)
    for label, (spans, where) in labels.items():
        if spans == 1:
            yield Finding(where, "once", f"label '{label}' occurs once")
        others = {other for key in _deletions(label) for other in sharing[key]} - {label}
        for other in sorted(others, key=lambda other: -labels[other].spans):
            if (how := _slip(label, other, labels)) and (spans, other) <= (labels[other].spans, label):
                counts = f"{spans} against {labels[other].spans} spans"
                fact = f"label '{label}' is '{other}' but for {how} ({counts})"
                yield Finding(where, "spelling", fact, "one label has one spelling")
                break


def _folded(label: str) -> str:
    """A label without what capitals and underscores make of it."""
    return label.casefold().replace("_", "-")


def _deletions(label: str) -> set[str]:
    """Keys that labels share which differ in one letter: the folded label, and the same without each of its letters."""
    folded = _folded(label)
    return {folded, *(folded[:place] + folded[place + 1 :] for place in range(len(folded)))}


def _slip(label: str, other: str, labels: dict[str, Label]) -> str | None:
    """What makes the difference between two labels, if it is no more than a slip."""
    mine, theirs = _folded(label), _folded(other)
    if mine == theirs:
        return "capitals" if label.casefold() == other.casefold() else "hyphen and underscore"
    if labels[label].spans > RARE or labels[other].spans < TIMES * labels[label].spans:
        return None
    if min(len(mine), len(theirs)) < SHORTEST or any(map(str.isdigit, set(mine) ^ set(theirs))):
        return None
    return "one letter" if _one_letter(mine, theirs) else None


def _one_letter(mine: str, theirs: str) -> bool:
    """Whether a letter is more, less or another, or two neighbours have changed places."""
    start, end = 0, 0
    while start < min(len(mine), len(theirs)) and mine[start] == theirs[start]:
        start += 1
    while end < min(len(mine), len(theirs)) - start and mine[-1 - end] == theirs[-1 - end]:
        end += 1
    left, right = mine[start : len(mine) - end], theirs[start : len(theirs) - end]
    return max(len(left), len(right)) == 1 or (len(left) == 2 and left == right[::-1])
