"""Viterbi, on-line. What the arrays are: ``rnntag.kernels.online``."""

from __future__ import annotations

import numpy as np

from rnntag.plain.ragged import Array, unpack


def _passed(tags: Array, back: Array, seen: int, waiting: int) -> Array:
    """The tags (waiting, n) that paths ending in ``tags`` (n,) passed at the steps that wait, the last step first."""
    passed = np.empty((waiting, len(tags)), np.int32)
    for ago in range(waiting):
        if ago:
            tags = back[(seen - ago) % (len(back) - 2)][tags]
        passed[ago] = tags
    return passed


def viterbi_online(E: Array, M: Array, opening: Array, v: Array, back: Array, state: Array, path: Array) -> int:
    """v = e + max over the tag before of (v₋₁ + m), lowered by its maximum; how many tags became final."""
    lag, ring, transitions, found = len(back) - 3, len(back) - 2, unpack(M), 0
    seen, waiting = state.tolist()
    for e in E:
        if seen:
            scores = v[0][:, None] + transitions
            back[seen % ring] = scores.argmax(axis=0)
            v[0] = e + scores.max(axis=0)
        else:
            v[0] = e + opening
        seen, waiting, highest = seen + 1, waiting + 1, v[0].max()
        if highest > -np.inf:
            v[0] -= highest
        survivors = np.flatnonzero(v[0] > -np.inf) if highest > -np.inf else np.zeros(1, np.intp)
        passed = _passed(survivors, back, seen, waiting)
        if waiting > lag:
            right = passed[-1] == passed[-1, v[0, survivors].argmax()]
            v[0, survivors[~right]] = -np.inf
            passed = passed[:, right]
        agreed = passed[(passed == passed[:, :1]).all(axis=1), 0]
        path[found : found + len(agreed)] = agreed[::-1]
        found, waiting = found + len(agreed), waiting - len(agreed)
    state[:] = seen, waiting
    return found


def viterbi_close(closing: Array, v: Array, back: Array, state: Array, path: Array) -> int:
    """The sequence of viterbi_online ends: the best path decides on all tags that still wait; how many these are."""
    seen, waiting = state.tolist()
    if waiting:
        closed = v[0] + closing
        best = (closed if closed.max() > -np.inf else v[0]).argmax()
        path[:waiting] = _passed(best[None], back, seen, waiting)[::-1, 0]
    state[:] = 0
    return int(waiting)
