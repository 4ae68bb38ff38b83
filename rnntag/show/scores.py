"""Scores, mistakes, calibration and comparisons as tables for a terminal or a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from rich.console import Console
from rich.text import Text

from rnntag.data.sentence import Span
from rnntag.evaluation.comparison import Comparison
from rnntag.evaluation.counts import MEASURES, Counts, Macro, Scores, macro, percent
from rnntag.evaluation.mistakes import KINDS, Mistakes, Wrong
from rnntag.evaluation.reliability import Reliability
from rnntag.evaluation.results import Result
from rnntag.evaluation.significance import Interval, Intervals
from rnntag.show.console import text_line
from rnntag.show.tables import Grid, print_line, sized_console

CONFUSIONS, WORST = 20, 10  # how many of them, and of the worst sentences, are shown
BAR, LEAST_BAR = 30, 10  # width of a bar, in characters
BEFORE_BAR = 14  # columns before it, at least


def as_text(found: Result | Comparison, color: str = "auto", width: int | None = None) -> str:
    """A result or a comparison as tables.

    color  that of `rnntag.show.console.console`
    width  of the terminal; None is as `rnntag.show.tables.sized_console` finds it
    """
    out = sized_console(color, width)
    with out.capture() as captured:
        if isinstance(found, Comparison):
            _print_comparison(out, found)
        else:
            _print_result(out, found)
    return "\n".join(line.rstrip(" ") for line in captured.get().split("\n"))


def _print_result(out: Console, result: Result) -> None:
    """Print scores by file, by type, over all and by intent, what else the result holds, and its signature."""
    scores, intervals = result.scores, result.intervals
    if result.parts:
        _files(result).draw(out)
        out.print()
    _labels("tag" if scores.rule == "tokens" else "span", scores.types, scores.overall, intervals).draw(out)
    out.print()
    if scores.intents:
        _labels("intent", scores.intents.types).draw(out)
        out.print()
    _print_accuracies(out, scores)
    if intervals:
        named = [f"{MEASURES[name]} {_borders(interval)}" for name, interval in intervals.measures.items()]
        print_line(out, "95 % intervals: " + ", ".join(named))
    if result.mistakes:
        _print_mistakes(out, result.mistakes, scores)
    if result.reliability:
        _print_reliability(out, result.reliability)
    _print_signature(out, result.signature)


def _print_signature(out: Console, signature: str) -> None:
    """Print the last line, which is never cut into several: it is to be copied."""
    out.print(text_line(signature, style="dim"), soft_wrap=True)


def _print_accuracies(out: Console, scores: Scores) -> None:
    print_line(
        out,
        f"token accuracy {scores.accuracy:.2f} ({scores.correct_tokens} of {scores.tokens}), "
        f"sentence accuracy {scores.sentence_accuracy:.2f} ({scores.correct_sentences} of {scores.sentences})",
    )
    if intents := scores.intents:
        print_line(
            out,
            f"intent accuracy {intents.accuracy:.2f} ({intents.correct} of {intents.utterances}), "
            f"utterance accuracy {intents.whole_accuracy:.2f} ({intents.whole} of {intents.utterances})",
        )


def _files(result: Result) -> Grid:
    """A row a file, and one for all of them together."""
    accuracies = [name for name in result.scores.fractions() if name.endswith("accuracy")]
    named = [MEASURES[name] for name in accuracies]
    grid = Grid("file", "sentences", "precision", "recall", "F1", "macro F1", *named)
    for name, scores in [*((part.name, part.scores) for part in result.parts), (None, result.scores)]:
        counts, fractions = scores.overall, scores.fractions()
        figures = [counts.precision, counts.recall, counts.f1, scores.macro.f1]
        shares = [f"{percent(*fractions[each]):.2f}" if each in fractions else "-" for each in accuracies]
        row = [str(scores.sentences), *(f"{figure:.2f}" for figure in figures), *shares]
        grid.add("all" if name is None else name, *row, style="bold" if name is None else "")
    return grid


def _labels(
    what: str, labels: Mapping[str, Counts], overall: Counts | None = None, intervals: Intervals | None = None
) -> Grid:
    """A row a label, one for all of them if their counts are given, and one for their mean."""
    grid = Grid(what, "precision", "recall", "F1", *(["95 %"] if intervals else []), "gold", "found", "correct")
    for label, counts in labels.items():
        grid.add(label, *_figures(counts), *([_borders(intervals.types[label])] if intervals else []), *_sums(counts))
    if overall:
        within = [_borders(intervals.measures["f1"])] if intervals else []
        grid.add("all", *_figures(overall), *within, *_sums(overall), style="bold")
    grid.add("macro", *_figures(macro(labels.values())), *[""] * (len(grid.heads) - 4))
    return grid


def _figures(counts: Counts | Macro) -> list[str]:
    return [f"{figure:.2f}" for figure in (counts.precision, counts.recall, counts.f1)]


def _sums(counts: Counts) -> list[str]:
    return [str(count) for count in (counts.gold, counts.predicted, counts.correct)]


def _print_comparison(out: Console, comparison: Comparison) -> None:
    """Print the measures of two taggings, how they differ, and what that means."""
    grid = Grid("", "A", "B", "B - A", "95 %", "p bootstrap", "p randomisation")
    for name, difference in comparison.contrast.measures.items():
        figures = [f"{difference.a:.2f}", f"{difference.b:.2f}", f"{difference.value:+.2f}"]
        chances = [f"{p:.4f}" for p in (difference.bootstrap, difference.swaps)]
        grid.add(MEASURES[name], *figures, _borders(difference.interval), *chances)
    for letter, name in zip("AB", comparison.names, strict=True):
        print_line(out, f"{letter}  {name}")
    out.print()
    grid.draw(out)
    out.print()
    print_line(out, Text(f"{comparison.contrast.meaning()}.", style="bold"))
    _print_signature(out, comparison.signature)


def _borders(interval: Interval) -> str:
    """An interval in words."""
    return f"{interval.low:.2f} to {interval.high:.2f}"


def _print_reliability(out: Console, found: Reliability) -> None:
    """Print calibration errors, the reliability diagram, and scores above each threshold.

    In the diagram a bar is the share that is right, and | the mean probability.
    """
    intents = "" if found.intents is None else f", of intents {found.intents:.4f}"
    print_line(out, f"expected calibration error of spans {found.spans:.4f}{intents}")
    size = min(BAR, max(LEAST_BAR, out.width - BEFORE_BAR))
    diagram = Grid("probability", "spans", "said", "right", "", left=[""])
    for low, high, count, confidence, accuracy in found.bins:
        bar = ["█" if place < accuracy * size else "·" for place in range(size)]
        bar[min(size - 1, int(confidence * size))] = "|"
        figures = [str(count), f"{100 * confidence:.1f}", f"{100 * accuracy:.1f}"]
        diagram.add(f"{low:.2f} to {high:.2f}", *figures, "".join(bar))
    kept = Grid("at least", "precision", "recall", "F1")
    for threshold in found.thresholds:
        kept.add(*(f"{figure:.2f}" for figure in threshold))
    for grid in (diagram, kept):
        out.print()
        grid.draw(out)
    out.print()


def _print_mistakes(out: Console, mistakes: Mistakes, scores: Scores) -> None:
    """Print kinds of mistakes, known words against new ones, confusions and worst sentences, but for empty tables."""
    kinds = Grid("mistakes", "count", "", left=[""])
    for kind, count in mistakes.kinds.items():
        kinds.add(kind, str(count), KINDS[kind])
    seen = Grid("seen in training", "right", "of", "%")
    for name, right, whole in mistakes.seen:
        seen.add(name, str(right), str(whole), f"{percent(right, whole):.2f}")
    intents = scores.intents.confusions if scores.intents else {}
    for grid in (kinds, seen, _confusions("type", mistakes.confusions.items()), _confusions("intent", intents.items())):
        if grid:
            grid.draw(out)
            out.print()
    _print_worst(out, mistakes)


def _confusions(what: str, pairs: Iterable[tuple[tuple[str | None, str | None], int]]) -> Grid:
    """The most frequent confusions of types or intents."""
    grid = Grid(f"gold {what}", f"found {what}", "count", left=[f"found {what}"])
    for labels, count in islice(pairs, CONFUSIONS):
        grid.add(*("-" if label is None else label for label in labels), str(count))
    return grid


def _print_worst(out: Console, mistakes: Mistakes) -> None:
    """Print the worst sentences: as a table if that is not too wide, else as a list."""
    grid = Grid("worst sentences", "mistake", "gold", "found", left=["mistake", "gold", "found"])
    worst = [(wrong.compared.gold.where(), _rows(wrong)) for wrong in mistakes.sentences[:WORST]]
    for place, rows in worst:
        for number, row in enumerate(rows):
            grid.add("" if number else place, *row)
    if not grid:
        return
    if grid.width <= out.width:
        grid.draw(out)
    else:
        print_line(out, Text("worst sentences", style="bold"))
        for place, rows in worst:
            out.print(text_line(place), soft_wrap=True)  # an editor makes it a link, if it is whole
            for kind, gold, predicted in rows:
                print_line(out, f"{kind}: {gold}, found {predicted}", indent=2)
    out.print()


def _rows(wrong: Wrong) -> list[tuple[str, str, str]]:
    """The mistakes of a sentence, and its intent if that is wrong: kind, gold, predicted."""
    gold, predicted = wrong.compared.gold, wrong.compared.predicted

    def shown(span: Span | None) -> str:
        return f"[{' '.join(gold.tokens[span.start : span.end])}]({span.label})" if span else "-"

    rows = [(mistake.kind, shown(mistake.gold), shown(mistake.predicted)) for mistake in wrong.mistakes]
    return [*rows, ("intent", gold.intent or "-", predicted.intent or "-")] if wrong.wrong_intent else rows
