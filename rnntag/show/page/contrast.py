"""All that the page of a comparison shows, as JSON can hold it, and the sentences on which two taggings differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypedDict

from rnntag.evaluation.comparison import Comparison
from rnntag.evaluation.counts import MEASURES, Counts
from rnntag.evaluation.mistakes import Wrong, WrongFacts
from rnntag.evaluation.results import SHOWN
from rnntag.evaluation.significance import rounded
from rnntag.show.page.sentences import DrawnSentence, drawn
from rnntag.version import __version__

VERDICTS = {  # by whether A and whether B is right
    (True, False): "only A right",
    (False, True): "only B right",
    (False, False): "both wrong",
    (True, True): "both right",
}


class MeasureFacts(TypedDict):
    """A measure of A and of B in percent, how they differ, the interval of that, and the larger of its two p."""

    name: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float


class LabelFacts(TypedDict):
    """The F1 of a type or an intent in A and in B, in percent, how they differ, and how often it is in gold."""

    label: str
    gold: int
    a: float
    b: float
    difference: float


class PairFacts(TypedDict):
    """A sentence on which A and B differ: one of `VERDICTS`, and what each found."""

    verdict: str
    a: WrongFacts
    b: WrongFacts


class ComparisonFacts(TypedDict):
    """All that a page shows, by its sections."""

    title: str
    version: str
    signature: str
    rule: str
    names: list[str]
    meaning: str
    measures: list[MeasureFacts]
    types: list[LabelFacts]
    intents: list[LabelFacts]
    verdicts: dict[str, int]
    sentences: list[PairFacts]


def comparison_facts(comparison: Comparison, title: str) -> ComparisonFacts:
    """Gather all that a page on two taggings shows."""
    a, b = comparison.results
    one_intents, other_intents = a.scores.intents, b.scores.intents
    scored = 3 if one_intents and other_intents else 2  # spans and tokens; intents where both have them
    pairs = [
        _pair(Wrong.of(one), Wrong.of(other))
        for one, other in zip(a.compared, b.compared, strict=True)
        if one.found[:scored] != other.found[:scored]
    ]
    verdicts = Counter(pair["verdict"] for pair in pairs)
    return {
        "title": title,
        "version": __version__,
        "signature": comparison.signature,
        "rule": a.scores.rule,
        "names": list(comparison.names),
        "meaning": comparison.contrast.meaning(),
        "measures": _measures(comparison),
        "types": _labels(a.scores.types, b.scores.types),
        "intents": _labels(one_intents.types, other_intents.types) if one_intents and other_intents else [],
        "verdicts": {verdict: verdicts[verdict] for verdict in VERDICTS.values() if verdicts[verdict]},
        "sentences": pairs[:SHOWN],
    }


def _measures(comparison: Comparison) -> list[MeasureFacts]:
    """Each measure that both have, F1 first."""
    measures: list[MeasureFacts] = []
    for name, found in sorted(comparison.contrast.measures.items(), key=lambda each: each[0] != "f1"):
        low, high = rounded(found.interval)
        measures.append(
            {
                "name": MEASURES[name],
                "a": round(found.a, 2),
                "b": round(found.b, 2),
                "difference": round(found.value, 2),
                "low": low,
                "high": high,
                "p": round(found.p, 4),
            }
        )
    return measures


def _labels(a: Mapping[str, Counts], b: Mapping[str, Counts]) -> list[LabelFacts]:
    """Each label that is in either; one that A or B alone predicted counts as 0 in the other."""
    none = Counts(0, 0, 0)
    found: list[LabelFacts] = []
    for label in sorted(a.keys() | b.keys()):
        one, other = a.get(label, none), b.get(label, none)
        figures = round(one.f1, 2), round(other.f1, 2)
        difference = round(other.f1 - one.f1, 2)
        gold = max(one.gold, other.gold)
        found.append({"label": label, "gold": gold, "a": figures[0], "b": figures[1], "difference": difference})
    return found


def _pair(one: Wrong, other: Wrong) -> PairFacts:
    return {"verdict": VERDICTS[_right(one), _right(other)], "a": one.as_dict(), "b": other.as_dict()}


def _right(answer: Wrong) -> bool:
    return not (answer.mistakes or answer.wrong_intent)


class DrawnPair(NamedTuple):
    """A sentence on which A and B differ, ready to be drawn twice."""

    verdict: str
    a: DrawnSentence
    b: DrawnSentence

    @property
    def kinds(self) -> dict[str, int]:
        """The verdict, which is what such sentences are filtered by."""
        return {self.verdict: 1}

    @property
    def mistakes(self) -> list[tuple[str, str | None, str | None]]:
        """The mistakes of either, each once, under the verdict."""
        labels = dict.fromkeys((gold, predicted) for _, gold, predicted in (*self.a.mistakes, *self.b.mistakes))
        return [(self.verdict, *both) for both in labels]

    def record(self) -> dict[str, object]:
        """For the page's script, which searches and filters."""
        found = [[kind, gold or "", predicted or ""] for kind, gold, predicted in self.mistakes]
        return {"text": f"{self.a.text} {self.a.where}", "mistakes": found or [[self.verdict, "", ""]]}


def drawn_pairs(facts: Sequence[PairFacts]) -> list[DrawnPair]:
    """Lay the sentences out on which two taggings differ."""
    return [DrawnPair(each["verdict"], drawn(each["a"]), drawn(each["b"])) for each in facts]
