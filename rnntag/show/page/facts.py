"""All that the page of an evaluation shows, as JSON can hold it."""

from __future__ import annotations

from rnntag.evaluation import mistakes, significance
from rnntag.evaluation.counts import MEASURES, Scores, percent
from rnntag.evaluation.mistakes import Mistakes
from rnntag.evaluation.reliability import Reliability
from rnntag.evaluation.results import SHOWN, Result
from rnntag.version import __version__


def page_facts(result: Result, title: str, curve: list[dict[str, object]] | None = None) -> dict[str, object]:
    """All that a page on these scores shows, as JSON can hold it; ``curve`` is the log of the training.

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
        "types": [{"label": label, **counts.as_dict()} for label, counts in scores.types.items()],
        "confusions": _matrix(scores, found),
        "kinds": found.kinds,
        "seen": [share._asdict() for share in found.seen],
        "curve": curve,
        "reliability": _reliability(result.reliable),
        "sentences": [wrong.as_dict() for wrong in found.sentences[:SHOWN]],
    }


def _reliability(found: Reliability | None) -> dict[str, object] | None:
    if found is None or not found.bins:
        return None
    bins = [
        {"low": low, "high": high, "count": count, "confidence": said, "accuracy": right}
        for low, high, count, said, right in found.bins
    ]
    return {
        "before": None,
        "ece": found.spans,
        "bins": bins,
        "thresholds": [each._asdict() for each in found.thresholds],
    }


def _cards(result: Result) -> list[dict[str, object]]:
    """Each measure, F1 first, with its interval and what it counts."""
    scores, unit = result.scores, "tags" if result.scores.rule == "tokens" else "spans"
    fractions = scores.fractions()
    notes = {name: f"{part} of {whole}" for name, (part, whole) in fractions.items()}
    notes["f1"] = f"{scores.overall.gold} {unit}"
    cards = []
    for name in sorted(fractions, key=lambda name: name != "f1"):
        low, high = significance.rounded(result.intervals.measures[name]) if result.intervals else (None, None)
        value = round(percent(*fractions[name]), 2)
        cards.append({"name": MEASURES[name], "value": value, "low": low, "high": high, "note": notes[name]})
    return cards


def _matrix(scores: Scores, found: Mistakes) -> dict[str, object]:
    """How often each gold type was predicted as each type; the last row and column are of spans without a partner."""
    names = [*scores.types, None]
    counts = dict(found.confusions) | {(name, name): counts.correct for name, counts in scores.types.items()}
    return {
        "labels": [*scores.types, "none"],
        "counts": [[counts.get((gold, predicted), 0) for predicted in names] for gold in names],
    }
