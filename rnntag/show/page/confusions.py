"""Which types are taken for which: the matrix as rows of cells, the most confused types first."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

SHADES = 7
PALE = 7  # a count so large is as dark as can be only if none is larger: a single mistake is never dark


class Cell(NamedTuple):
    """How often one type stands for another; ``shade`` is 0 where nothing is wrong, else it goes up to `SHADES`."""

    predicted: str
    times: int
    right: bool
    shade: int
    pair: str  # what the errors are filtered by
    folded: bool


class Row(NamedTuple):
    """A gold type against each predicted one."""

    gold: str
    cells: list[Cell]
    folded: bool


class Matrix(NamedTuple):
    """Rows of gold types by columns of predicted ones; what is `folded` is not seen at first."""

    labels: list[tuple[str, bool]]
    rows: list[Row]
    types: int
    worst: list[str]


def matrix(facts: dict[str, Any], fold: int) -> Matrix | None:
    """The matrix of the facts; None where nothing is confused. The last label stands for no span at all."""
    names, counts = facts["labels"], facts["counts"]
    places = range(len(names))
    wrong = [sum(counts[one][other] + counts[other][one] for other in places if other != one) for one in places]
    if not any(wrong):
        return None
    none = len(names) - 1
    order = [*sorted(places[:-1], key=lambda place: -wrong[place]), none]
    folded = set(order[fold:-1])
    pairs = [(counts[gold][predicted], gold, predicted) for gold in places for predicted in places if gold != predicted]
    peak = max(PALE, *(count for count, _, _ in pairs))

    def cell(gold: int, predicted: int) -> Cell:
        count, right = counts[gold][predicted], gold == predicted != none
        shade = 0 if gold == predicted else math.ceil(SHADES * math.sqrt(count / peak))
        pair = "\t".join("" if place == none else names[place] for place in (gold, predicted))
        return Cell(names[predicted], count, right, shade, pair, predicted in folded)

    rows = [Row(names[gold], [cell(gold, predicted) for predicted in order], gold in folded) for gold in order]
    return Matrix([(names[place], place in folded) for place in order], rows, none, _worst(names, pairs))


def _worst(names: list[str], pairs: list[tuple[int, int, int]]) -> list[str]:
    """The three most frequent confusions in words."""
    found = sorted(pairs, key=lambda pair: -pair[0])[:3]
    return [f"{names[gold]} → {names[predicted]} ({count:,})" for count, gold, predicted in found if count]
