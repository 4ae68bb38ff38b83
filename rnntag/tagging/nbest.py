"""The best taggings of a sentence in order, exactly.

Viterbi's scores of all that leads up to a tag are the best a path can still win on its way back to the start, so a
best-first search from the end, guided by them, finds paths in the order of their scores and looks at little else:
Soong & Huang, "A tree-trellis based fast search for finding the N best sentence hypotheses", ICASSP 1991.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from rnntag.arrays.ragged import Array


class _End(NamedTuple):
    """The end of a path: the tag at ``step``, a link to the rest of the end, and the score of all of it."""

    step: int
    tag: int
    score: float
    after: _End | None


def best_paths(M: Array, E: Array, bounds: Array, count: int) -> list[tuple[float, list[int]]]:
    """The ``count`` best paths of one sentence with their scores, best first; fewer if there are no more.

    M       (Y, Y)  transitions
    E       (T, Y)  tag scores
    bounds  (2, Y)  scores of opening (row 0) and closing (row 1) a sentence with a tag

    A path is the number of a tag for each token; paths that score -inf are none.
    """
    T = len(E)
    own, M = E.astype(np.float64), M.astype(np.float64)  # in float32 near ones would come out of order
    own[0] += bounds[0]
    own[-1] += bounds[1]
    V = own.copy()  # score of the best path that ends in a tag
    for step in range(1, T):
        V[step] += (V[step - 1][:, None] + M).max(axis=0)
    found: list[tuple[float, list[int]]] = []
    # An entry stands for the best of an order of candidates that has not been taken; its sibling comes after it.
    # Entries are numbered, so that of equal ones no arrays are compared.
    heap: list[tuple[float, int, Array, Array, int, int, float, _End | None]] = []
    entries = 0

    def push(totals: Array, order: Array, place: int, step: int, behind: float, after: _End | None) -> None:
        nonlocal entries
        if place < len(order) and totals[order[place]] > -np.inf:
            heappush(heap, (-float(totals[order[place]]), entries, totals, order, place, step, behind, after))
            entries += 1

    push(V[-1], np.argsort(-V[-1], kind="stable"), 0, T - 1, 0.0, None)
    while heap and len(found) < count:
        total, _, totals, order, place, step, behind, after = heappop(heap)
        tag = int(order[place])
        push(totals, order, place + 1, step, behind, after)
        transition = float(M[tag, after.tag]) if after else 0.0
        end = _End(step, tag, behind + float(own[step, tag]) + transition, after)
        if step == 0:
            found.append((-total, _path(end)))
            continue
        before = V[step - 1] + M[:, tag] + end.score
        push(before, np.argsort(-before, kind="stable"), 0, step - 1, end.score, end)
    return found


def _path(end: _End | None) -> list[int]:
    """The tags of a path from its first one on."""
    path = []
    while end:
        path.append(end.tag)
        end = end.after
    return path
