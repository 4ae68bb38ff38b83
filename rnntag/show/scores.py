"""Scores, mistakes, calibration and comparisons as tables for a terminal or a file, and as JSON."""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rnntag.data.sentence import Span
from rnntag.evaluation.comparison import Comparison
from rnntag.evaluation.counts import MEASURES, percent
from rnntag.evaluation.mistakes import KINDS, Mistakes, Wrong
from rnntag.evaluation.reliability import Reliability
from rnntag.evaluation.results import Result
from rnntag.evaluation.significance import Interval
from rnntag.show.console import console

CONFUSIONS, WORST = 20, 10  # how many of them, and of the worst sentences, are shown
BAR = 30  # width of a bar, in characters


def as_text(found: Result | Comparison, color: str = "auto") -> str:
    """A result or a comparison as tables; ``color`` is that of `rnntag.show.console.console`."""
    return comparison_table(found, color) if isinstance(found, Comparison) else score_table(found, color)


def score_table(result: Result, color: str = "auto") -> str:
    """Scores by type and over all, what else the result holds, and its signature."""
    scores, intervals = result.scores, result.intervals
    table = _table("tag" if scores.rule == "tokens" else "span", "precision", "recall", "F1")
    if intervals:
        table.add_column("95 %", justify="right")
    for name in ("gold", "found", "correct"):
        table.add_column(name, justify="right")
    for label, counts in [*scores.types.items(), (None, scores.overall)]:
        figures = [f"{value:.2f}" for value in (counts.precision, counts.recall, counts.f1)]
        if intervals:
            figures.append(_borders(intervals.types[label] if label is not None else intervals.measures["f1"]))
        numbers = [str(value) for value in (counts.gold, counts.predicted, counts.correct)]
        if label is None:
            table.add_section()
        table.add_row(
            Text("all" if label is None else label), *figures, *numbers, style="bold" if label is None else None
        )
    out = _wide(color)
    with out.capture() as captured:
        out.print(table)
        out.print()
        out.print(
            f"token accuracy {scores.accuracy:.2f} ({scores.correct_tokens} of {scores.tokens}), "
            f"sentence accuracy {scores.sentence_accuracy:.2f} ({scores.correct_sentences} of {scores.sentences})",
            soft_wrap=True,
        )
        if intents := scores.intents:
            out.print(
                f"intent accuracy {intents.accuracy:.2f} ({intents.correct} of {intents.utterances}), "
                f"utterance accuracy {intents.whole_accuracy:.2f} ({intents.whole} of {intents.utterances})",
                soft_wrap=True,
            )
        if intervals:
            named = [f"{MEASURES[name]} {_borders(interval)}" for name, interval in intervals.measures.items()]
            out.print("95 % intervals: " + ", ".join(named), soft_wrap=True)
        if result.mistakes:
            _print_mistakes(out, result.mistakes)
        if result.reliability:
            _print_reliability(out, result.reliability)
        out.print(Text(result.signature, style="dim"), soft_wrap=True)
    return captured.get()


def comparison_table(comparison: Comparison, color: str = "auto") -> str:
    """The measures of two taggings, how they differ, and what that means."""
    table = _table("", "A", "B", "B - A", "95 %", "p bootstrap", "p randomisation")
    for name, difference in comparison.contrast.measures.items():
        figures = [f"{difference.a:.2f}", f"{difference.b:.2f}", f"{difference.value:+.2f}"]
        chances = [f"{p:.4f}" for p in (difference.bootstrap, difference.swaps)]
        table.add_row(MEASURES[name], *figures, _borders(difference.interval), *chances)
    out = _wide(color)
    with out.capture() as captured:
        for letter, name in zip("AB", comparison.names, strict=True):
            out.print(Text(f"{letter}  {name}"), soft_wrap=True)
        out.print()
        out.print(table)
        out.print()
        out.print(Text(f"{comparison.contrast.meaning()}.", style="bold"), soft_wrap=True)
        out.print(Text(comparison.signature, style="dim"), soft_wrap=True)
    return captured.get()


def as_json(found: Result | Comparison) -> str:
    """A result or a comparison as a line of JSON."""
    return json.dumps(found.as_dict(), ensure_ascii=False) + "\n"


def _table(first: str, *others: str) -> Table:
    """A table whose columns but the first are aligned on the right."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _wide(color: str) -> Console:
    """A console on which no figure is shortened, however narrow the terminal."""
    out = console(color)
    out.width = max(out.width, 1_000)
    return out


def _borders(interval: Interval) -> str:
    """An interval in words."""
    return f"{interval.low:.2f} to {interval.high:.2f}"


def _print_reliability(out: Console, found: Reliability) -> None:
    """Print calibration errors, the reliability diagram, and scores above each threshold.

    In the diagram a bar is the share that is right, and | the mean probability.
    """
    intents = "" if found.intents is None else f", of intents {found.intents:.4f}"
    out.print(f"expected calibration error of spans {found.spans:.4f}{intents}")
    diagram = _table("probability", "spans", "said", "right")
    diagram.add_column()
    for low, high, count, confidence, accuracy in found.bins:
        bar = ["█" if place < accuracy * BAR else "·" for place in range(BAR)]
        bar[min(BAR - 1, int(confidence * BAR))] = "|"
        figures = [str(count), f"{100 * confidence:.1f}", f"{100 * accuracy:.1f}"]
        diagram.add_row(f"{low:.2f} to {high:.2f}", *figures, Text("".join(bar)))
    kept = _table("at least", "precision", "recall", "F1")
    for threshold in found.thresholds:
        kept.add_row(*(f"{figure:.2f}" for figure in threshold))
    for table in (diagram, kept):
        out.print()
        out.print(table)
    out.print()


def _print_mistakes(out: Console, mistakes: Mistakes) -> None:
    """Print kinds of mistakes, known words against new ones, confusions and worst sentences, but for empty tables."""
    kinds = _table("mistakes", "count")
    kinds.add_column()
    for kind, count in mistakes.kinds.items():
        kinds.add_row(kind, str(count), KINDS[kind])
    seen = _table("seen in training", "right", "of", "%")
    for name, right, whole in mistakes.seen:
        seen.add_row(name, str(right), str(whole), f"{percent(right, whole):.2f}")
    confusions = Table("gold type", "found type", box=None, header_style="bold", pad_edge=False)
    confusions.add_column("count", justify="right")
    for labels, count in list(mistakes.confusions.items())[:CONFUSIONS]:
        confusions.add_row(*(Text("-" if label is None else label) for label in labels), str(count))
    worst = Table("worst sentences", "mistake", "gold", "found", box=None, header_style="bold", pad_edge=False)
    for wrong in mistakes.sentences[:WORST]:
        place = wrong.compared.gold.where()
        for row in _rows(wrong):
            worst.add_row(*map(Text, (place, *row)))
            place = ""
    for table in (kinds, seen, confusions, worst):
        if table.row_count:
            out.print(table)
            out.print()


def _rows(wrong: Wrong) -> list[tuple[str, str, str]]:
    """The mistakes of a sentence, and its intent if that is wrong: kind, gold, predicted."""
    gold, predicted = wrong.compared.gold, wrong.compared.predicted

    def shown(span: Span | None) -> str:
        return f"[{' '.join(gold.tokens[span.start : span.end])}]({span.label})" if span else "-"

    rows = [(mistake.kind, shown(mistake.gold), shown(mistake.predicted)) for mistake in wrong.mistakes]
    return [*rows, ("intent", gold.intent or "-", predicted.intent or "-")] if wrong.wrong_intent else rows
