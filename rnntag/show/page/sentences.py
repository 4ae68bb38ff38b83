"""Sentences with their gold and predicted spans as the page shows them, and what they can be filtered by.

Where spans are, a sentence is cut into segments: a grid of one row of words, one of gold and one of predicted spans,
each below the words it covers. A span in both is shown once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

from rnntag.data.sentence import Span
from rnntag.data.tokenisation import joined
from rnntag.evaluation.counts import right_intent
from rnntag.evaluation.mistakes import KINDS, IntentFacts, WrongFacts

PAGE = 50  # sentences that are shown at a time
COLUMNS = 8  # of a segment; spans that need more go on in the next one


class Bar(NamedTuple):
    """A span below columns ``start`` to ``end`` of a segment, counted from 1; whether it begins and ends in it."""

    whose: str  # gold, predicted, both
    start: int
    end: int
    label: str
    begins: bool
    ends: bool


class Segment(NamedTuple):
    """Words, a column wherever a span begins or ends, and the spans below them.

    space  whether there is a blank before it
    tight  whether there is none between its columns
    """

    columns: list[str]
    bars: list[Bar]
    space: bool
    tight: bool


class DrawnSentence(NamedTuple):
    """A sentence with mistakes, ready to be drawn; a mistake is its kind, the gold and the predicted type."""

    where: str
    text: str
    segments: list[Segment]
    intent: IntentFacts | None
    intent_differs: bool
    mistakes: list[tuple[str, str | None, str | None]]

    @property
    def kinds(self) -> dict[str, int]:
        """How many mistakes there are of each kind."""
        counts = Counter(kind for kind, _, _ in self.mistakes)
        return {kind: counts[kind] for kind in KINDS if counts[kind]} | ({"intent": 1} if self.intent_differs else {})

    def record(self) -> dict[str, object]:
        """For the page's script, which searches and filters: text, and each mistake as its kind and both types."""
        mistakes = [[kind, gold or "", predicted or ""] for kind, gold, predicted in self.mistakes]
        if self.intent_differs:
            mistakes.append(["intent", "", ""])
        return {"text": f"{self.text} {self.where}", "mistakes": mistakes}


def drawn(facts: WrongFacts) -> DrawnSentence:
    """Lay a sentence of the facts out."""
    intent = facts["intent"]
    text, _ = joined(facts["tokens"])
    return DrawnSentence(
        facts["where"] or "",
        text,
        list(segments(facts["tokens"], _spans(facts["gold"]), _spans(facts["predicted"]))),
        intent,
        intent is not None and not right_intent(intent["gold"] or "", intent["predicted"], "exact"),
        [(each["kind"], each["gold"], each["predicted"]) for each in facts["mistakes"]],
    )


def _spans(found: Sequence[Sequence[int | str]]) -> set[Span]:
    return {Span(int(start), int(end), str(label)) for start, end, label in found}


def segments(tokens: Sequence[str], gold: set[Span], predicted: set[Span]) -> Iterator[Segment]:
    """Cut a sentence into segments: words that a span connects stay together, up to `COLUMNS` columns of them."""
    text, offsets = joined(tokens)
    whose = {"both": gold & predicted, "gold": gold - predicted, "predicted": predicted - gold}
    spans = sorted((*span, name) for name, found in whose.items() for span in found)

    def spaced(place: int) -> bool:
        return place > 0 and offsets[place][0] > offsets[place - 1][1]

    for cuts in _stretches(spans, len(tokens)):
        first, last = cuts[0], cuts[-1]
        columns = [text[offsets[start][0] : offsets[end - 1][1]] for start, end in pairwise(cuts)]
        bars = [
            Bar(
                name,
                bisect_right(cuts, max(start, first)),
                bisect_right(cuts, min(end, last)),
                label,
                start >= first,
                end <= last,
            )
            for start, end, label, name in spans
            if start < last and end > first
        ]
        yield Segment(columns, bars, spaced(first), not any(map(spaced, cuts[1:-1])))


def _stretches(spans: Sequence[tuple[int, int, str, str]], length: int) -> Iterator[list[int]]:
    """Where the columns of each segment begin, and where its last one ends; words without spans are one as well."""
    borders = {place for start, end, _, _ in spans for place in (start, end)}
    tied = {place for start, end, _, _ in spans for place in range(start + 1, end)}  # to the word before
    cuts = [0]
    for place in sorted(borders | {length}):
        if place > 0:
            cuts.append(place)
        if len(cuts) > 1 and (place not in tied or len(cuts) > COLUMNS):
            yield cuts
            cuts = [place]


class Filters(NamedTuple):
    """What the sentences can be filtered by: (value, name, how many mistakes)."""

    kinds: list[tuple[str, str, int]]
    types: list[tuple[str, str, int]]
    pairs: list[tuple[str, str, int]]


class Filterable(Protocol):
    """What can be filtered by the kinds of its mistakes, and by the gold and the predicted type of each."""

    @property
    def kinds(self) -> dict[str, int]:
        """How many mistakes there are of each kind."""
        ...

    @property
    def mistakes(self) -> list[tuple[str, str | None, str | None]]:
        """Each mistake: its kind, the gold and the predicted type."""
        ...

    def record(self) -> dict[str, object]:
        """For the page's script, which searches and filters."""
        ...


def filters(found: Sequence[Filterable], names: Mapping[str, str]) -> Filters:
    """Count kinds and types of mistakes, and pairs of types, the most frequent first; ``names`` are those of kinds."""
    kinds: Counter[str] = Counter()
    types: Counter[str] = Counter()
    pairs: Counter[tuple[str | None, str | None]] = Counter()
    for each in found:
        kinds.update(each.kinds)
        types.update(label for _, *both in each.mistakes for label in set(filter(None, both)))
        pairs.update((gold, predicted) for _, gold, predicted in each.mistakes if gold != predicted)
    return Filters(
        [(kind, name, kinds[kind]) for kind, name in names.items() if kinds[kind]],
        [(label, label, types[label]) for label in sorted(types)],
        [
            (f"{gold or ''}\t{predicted or ''}", f"{gold or 'none'} → {predicted or 'none'}", count)
            for (gold, predicted), count in pairs.most_common()
        ],
    )
