"""All that the page of an evaluation shows, as JSON can hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from rnntag.evaluation import mistakes, significance
from rnntag.evaluation.counts import MEASURES, Counts, IntentCounts, Scores, macro, percent
from rnntag.evaluation.mistakes import Mistakes, WrongFacts
from rnntag.evaluation.reliability import Reliability
from rnntag.evaluation.results import SHOWN, Result
from rnntag.version import __version__


class Card(TypedDict):
    """A measure in percent, the borders of its interval if that is known, and what it counts."""

    name: str
    value: float
    low: float | None
    high: float | None
    note: str


class FileFacts(TypedDict):
    """One of several files, or all together, and its measures in percent; None for one that it does not have."""

    name: str
    figures: dict[str, float | None]


class IntentsFacts(TypedDict):
    """Scores of each intent, their mean, and which are taken for which."""

    intents: list[dict[str, object]]
    intent_macro: dict[str, float]
    intent_confusions: list[dict[str, object]]


class ConfusionFacts(TypedDict):
    """How often each type of ``labels`` was predicted as each: a row is a gold type, the last label no span at all."""

    labels: list[str]
    counts: list[list[int]]


class EpochFacts(TypedDict, total=False):
    """What a log of the training says of an epoch; of several runs also which one it belongs to."""

    run: int
    epoch: int
    loss: float
    f1: float | None
    seconds: float
    best: bool


class BinFacts(TypedDict):
    """Predictions of about the same probability (see `rnntag.evaluation.reliability.Bin`)."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


class ThresholdFacts(TypedDict):
    """Precision, recall and F1 of what is at least so probable, in percent."""

    p: float
    precision: float
    recall: float
    f1: float


class ReliabilityFacts(TypedDict):
    """The expected calibration error, and what it follows from."""

    ece: float
    bins: list[BinFacts]
    thresholds: list[ThresholdFacts]


class PageFacts(TypedDict):
    """All that a page shows, by its sections; what the template alone reads is not typed further."""

    title: str
    version: str
    signature: str
    rule: str
    cards: list[Card]
    files: list[FileFacts]
    types: list[dict[str, object]]
    macro: dict[str, float]
    intents: list[dict[str, object]]
    intent_macro: dict[str, float]
    intent_confusions: list[dict[str, object]]
    confusions: ConfusionFacts
    kinds: dict[str, int]
    seen: list[dict[str, object]]
    curve: Sequence[EpochFacts] | None
    reliability: ReliabilityFacts | None
    sentences: list[WrongFacts]


def page_facts(result: Result, title: str, curve: Sequence[EpochFacts] | None = None) -> PageFacts:
    """Gather all that a page on these scores shows; ``curve`` is the log of the training.

    The confusions are those of gold types, one a row, with predicted ones; a span of the right type with other
    borders is in none.
    """
    scores, found = result.scores, result.mistakes or mistakes.group(result.compared, result.known)
    return {
        "title": title,
        "version": __version__,
        "signature": result.signature,
        "rule": scores.rule,
        "cards": _cards(result),
        "files": _files(result),
        "types": _labels(scores.types),
        "macro": scores.macro.as_dict(),
        **_intents(scores.intents),
        "confusions": _confusions(scores, found),
        "kinds": found.kinds,
        "seen": [share._asdict() for share in found.seen],
        "curve": curve,
        "reliability": _reliability(result.reliability),
        "sentences": [wrong.as_dict() for wrong in found.sentences[:SHOWN]],
    }


def _labels(labels: Mapping[str, Counts]) -> list[dict[str, object]]:
    return [{"label": label, **counts.as_dict()} for label, counts in labels.items()]


def _intents(found: IntentCounts | None) -> IntentsFacts:
    """What is known of intents; empty where there are none to compare."""
    types, pairs = (found.types, found.confusions) if found else ({}, {})
    return {
        "intents": _labels(types),
        "intent_macro": macro(types.values()).as_dict(),
        "intent_confusions": [
            {"gold": gold, "predicted": predicted, "count": count} for (gold, predicted), count in pairs.items()
        ],
    }


def _files(result: Result) -> list[FileFacts]:
    """Each of several files and all of them together, F1 first."""
    if not result.parts:
        return []
    names = sorted(result.scores.fractions(), key=lambda name: name != "f1")
    found: list[FileFacts] = []
    for label, scores in [*((part.name, part.scores) for part in result.parts), ("all", result.scores)]:
        fractions = scores.fractions()
        figures = {MEASURES[name]: round(percent(*fractions[name]), 2) if name in fractions else None for name in names}
        found.append({"name": label, "figures": figures})
    return found


def _reliability(found: Reliability | None) -> ReliabilityFacts | None:
    if found is None or not found.bins:
        return None
    bins: list[BinFacts] = [
        {"low": low, "high": high, "count": count, "confidence": confidence, "accuracy": accuracy}
        for low, high, count, confidence, accuracy in found.bins
    ]
    thresholds: list[ThresholdFacts] = [
        {"p": p, "precision": precision, "recall": recall, "f1": f1} for p, precision, recall, f1 in found.thresholds
    ]
    return {"ece": found.spans, "bins": bins, "thresholds": thresholds}


def _cards(result: Result) -> list[Card]:
    """Each measure, F1 first, with its interval and what it counts."""
    scores, unit = result.scores, "tags" if result.scores.rule == "tokens" else "spans"
    fractions = scores.fractions()
    notes = {name: f"{part} of {whole}" for name, (part, whole) in fractions.items()}
    notes["f1"] = f"{scores.overall.gold} {unit}"
    cards: list[Card] = []
    for name in sorted(fractions, key=lambda name: name != "f1"):
        low, high = significance.rounded(result.intervals.measures[name]) if result.intervals else (None, None)
        value = round(percent(*fractions[name]), 2)
        cards.append({"name": MEASURES[name], "value": value, "low": low, "high": high, "note": notes[name]})
    return cards


def _confusions(scores: Scores, found: Mistakes) -> ConfusionFacts:
    """How often each gold type was predicted as each type; the last row and column are of spans without a partner."""
    names = [*scores.types, None]
    counts = dict(found.confusions) | {(name, name): counts.correct for name, counts in scores.types.items()}
    return {
        "labels": [*scores.types, "none"],
        "counts": [[counts.get((gold, predicted), 0) for predicted in names] for gold in names],
    }
