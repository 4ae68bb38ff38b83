"""The best path through a sequence without end, in constant memory: Viterbi, on-line.

The paths that may still become the best one, one for each tag they end in, share a beginning: that is final, and need
not be kept. Bloit & Rodet, "Short-time Viterbi for online HMM decoding", ICASSP 2008; Šrámek, Brejová & Vinař,
"On-line Viterbi algorithm for analysis of long biological sequences", WABI 2007. Where they do not agree in time, the
best of them decides, and those that differ end there.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rnntag.kernels.compiling import kernel, part
from rnntag.kernels.simd import largest, load16, splat16, store, where_greater

NONE = -math.inf


@part
def _open(E: Any, r: int, opening: Any, v: Any) -> None:
    """v[1] = e + opening"""
    for y in range(v.shape[1]):
        v[1, y] = E[r, y] + opening[y]


@part
def _step(E: Any, r: int, M: Any, v: Any, back: Any, ring: int, slot: int, count: int) -> None:
    """v[1] = e + max over the surviving tags k of (v[0] + m), and which k it was."""
    for j in range(0, v.shape[1], 16):
        best, which = splat16(NONE), splat16(0.0)
        for i in range(count):
            k = back[ring, i]
            score = splat16(v[0, k]) + load16(M, j // 16, k)
            which = where_greater(score, best, splat16(np.float32(k)), which)
            best = where_greater(score, best, score, best)
        store(v, 1, j, which)
        for y in range(j, j + 16):
            back[slot, y] = np.int32(v[1, y])
        store(v, 1, j, best + load16(E, r, j))


@part
def _lower(v: Any) -> None:
    """v[0] = v[1], lowered so that the best score is 0."""
    m = splat16(NONE)
    for j in range(0, v.shape[1], 16):
        score = load16(v, 1, j)
        m = where_greater(score, m, score, m)
    highest = largest(m)
    m = splat16(highest if highest > NONE else np.float32(0.0))
    for j in range(0, v.shape[1], 16):
        store(v, 0, j, load16(v, 1, j) - m)


@part
def _survivors(v: Any, back: Any, ring: int) -> int:
    """How many tags a path survives in; they are written to the first row of scratch. Tag 0 stands where none does."""
    count = 0
    for y in range(v.shape[1]):
        back[ring, count] = y
        count += 1 if v[0, y] > NONE else 0
    if count == 0:
        back[ring, 0], count = 0, 1
    return count


@part
def _agreed(back: Any, ring: int, slot: int, count: int, waiting: int) -> int:
    """How many steps ago all survivors passed the same tag; as many as wait, if they do not agree on any.

    The tags that they passed last on this way back are written to the second row of scratch.
    """
    for i in range(count):
        back[ring + 1, i] = back[ring, i]
    ago, agree = 0, count == 1
    while not agree and ago < waiting - 1:
        ago, agree = ago + 1, True
        for i in range(count):
            back[ring + 1, i] = back[slot, back[ring + 1, i]]
            agree &= back[ring + 1, i] == back[ring + 1, 0]
        slot = slot - 1 if slot else ring - 1
    return ago if agree else waiting


@part
def _decide(v: Any, back: Any, ring: int, count: int) -> int:
    """End the paths that passed another tag than the best one did, by the second row of scratch; how many are left."""
    best, left = 0, 0
    while best < count - 1 and v[0, back[ring, best]] < 0:
        best += 1
    decided = back[ring + 1, best]
    for i in range(count):
        tag = back[ring, i]
        if back[ring + 1, i] == decided:
            back[ring, left] = tag
            left += 1
        else:
            v[0, tag] = NONE
    return left


@part
def _trace(back: Any, ring: int, slot: int, tag: int, path: Any, start: int, end: int) -> None:
    """path[start:end] = the tags that led to ``tag``, and that itself, at the step of ``slot``, last."""
    for place in range(end - 1, start - 1, -1):
        path[place] = tag
        tag = back[slot, tag]
        slot = slot - 1 if slot else ring - 1


@kernel("i8(f4[:,::1], f4[:,:,::1], f4[::1], f4[:,::1], i4[:,::1], i8[::1], i4[::1])")
def viterbi_online(E: Any, M: Any, opening: Any, v: Any, back: Any, state: Any, path: Any) -> int:
    """v = e + max over the tag before of (v₋₁ + m), lowered by its maximum; how many tags became final.

    A tag is final once all surviving paths agree on it, or once L later steps were seen: then the best path decides,
    and the paths that disagree end there, so that all that is ever written is one path. Of equal paths the one with
    the smaller tag ids, from the end on, is taken. A tag that may be reached must have a transition on.

    E        (R, Y)         in      tag scores of the steps that come next
    M        (Y/16, Y, 16)  in      transitions, packed: from tag k to the tags of a panel
    opening  (Y,)           in      scores of opening a sequence with a tag
    v        (2, Y)         in/out  score of the best surviving path that ends in a tag; a row of scratch
    back     (L + 3, Y)     in/out  L + 1 rows in turn: the tag before, on that path; two rows of scratch
    state    (2,)           in/out  steps seen, and how many of them wait for their tags; zeros before the first
    path     (R + L,)       out     the tags that became final, in order
    """
    lag, ring = back.shape[0] - 3, back.shape[0] - 2
    seen, waiting, found = state[0], state[1], 0
    count = _survivors(v, back, ring) if seen else 0
    for r in range(E.shape[0]):
        slot = seen % ring
        if seen:
            _step(E, r, M, v, back, ring, slot, count)
        else:
            _open(E, r, opening, v)
        seen, waiting = seen + 1, waiting + 1
        _lower(v)
        count = _survivors(v, back, ring)
        ago = _agreed(back, ring, slot, count, waiting)
        if ago == waiting > lag:
            count = _decide(v, back, ring, count)
            ago = _agreed(back, ring, slot, count, waiting)
        if ago < waiting:
            end = found + waiting - ago
            _trace(back, ring, (slot - ago) % ring, back[ring + 1, 0], path, found, end)
            found, waiting = end, ago
    state[0], state[1] = seen, waiting
    return found


@kernel("i8(f4[::1], f4[:,::1], i4[:,::1], i8[::1], i4[::1])")
def viterbi_close(closing: Any, v: Any, back: Any, state: Any, path: Any) -> int:
    """The sequence of viterbi_online ends: the best path decides on all tags that still wait; how many these are.

    closing  (Y,)  in   scores of closing a sequence with a tag; where none may be closed, they do not count
    path     (L,)  out  the tags that waited, in order

    v, back and state are those that viterbi_online was given; on return nothing was seen.
    """
    ring, seen, waiting = back.shape[0] - 2, state[0], state[1]
    best, tag = np.float32(NONE), 0
    for y in range(v.shape[1]):
        if v[0, y] + closing[y] > best:
            best, tag = v[0, y] + closing[y], y
    if best == NONE:
        for y in range(v.shape[1]):
            if v[0, y] > best:
                best, tag = v[0, y], y
    _trace(back, ring, (seen - 1) % ring, tag, path, 0, waiting)
    state[0], state[1] = 0, 0
    return waiting
