"""Which types are taken for which: the matrix as rows of cells, the most confused types first."""

from __future__ import annotations

import math
from typing import NamedTuple

from rnntag.show.page.facts import ConfusionFacts

SHADES = 7
PALE = 7  # a count so large is as dark as can be only if none is larger: a single mistake is never dark


class MatrixCell(NamedTuple):
    """How often a type was predicted in place of the gold one of its row.

    right   whether both are the same type
    shade   0 where nothing is wrong, else up to `SHADES`
    pair    by which the page filters the sentences: both types, a TAB between them
    folded  whether it is hidden at first
    """

    predicted: str
    times: int
    right: bool
    shade: int
    pair: str
    folded: bool


class MatrixRow(NamedTuple):
    """A gold type against each predicted one."""

    gold: str
    cells: list[MatrixCell]
    folded: bool


class Matrix(NamedTuple):
    """Rows of gold types by columns of predicted ones.

    labels  those of the columns, and whether each is hidden at first
    types   how many types there are besides that of no span
    worst   the most frequent confusions in words
    """

    labels: list[tuple[str, bool]]
    rows: list[MatrixRow]
    types: int
    worst: list[str]


def matrix(facts: ConfusionFacts, fold: int) -> Matrix | None:
    """Lay the counts out, of which ``fold`` types are seen at first; None where nothing is confused."""
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

    def cell(gold: int, predicted: int) -> MatrixCell:
        count, right = counts[gold][predicted], gold == predicted != none
        shade = 0 if gold == predicted else math.ceil(SHADES * math.sqrt(count / peak))
        pair = "\t".join("" if place == none else names[place] for place in (gold, predicted))
        return MatrixCell(names[predicted], count, right, shade, pair, predicted in folded)

    rows = [MatrixRow(names[gold], [cell(gold, predicted) for predicted in order], gold in folded) for gold in order]
    return Matrix([(names[place], place in folded) for place in order], rows, none, _worst(names, pairs))


def _worst(names: list[str], pairs: list[tuple[int, int, int]]) -> list[str]:
    """The three most frequent confusions in words."""
    found = sorted(pairs, key=lambda pair: -pair[0])[:3]
    return [f"{names[gold]} → {names[predicted]} ({count:,})" for count, gold, predicted in found if count]
