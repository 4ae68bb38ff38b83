"""What can be seen at a place between two characters of a text: hashed features, for whoever asks whether to cut there.

A place is described by what stands in its chunk, which is all between two white spaces, and by how the next chunk
begins: the characters around it and their kinds, the run of letters or digits on each side, the chunk as a whole and as
a skeleton of kinds, whether it looks like an address. Each of these becomes a number below the size of a table of
weights (feature hashing: Weinberger, Dasgupta, Langford, Smola & Attenberg, "Feature hashing for large scale multitask
learning", ICML 2009).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnntag.data.tokenisation import tight_sign

if TYPE_CHECKING:
    Array = np.ndarray  # of any shape

SPACE, SMALL, CAPITAL, DIGIT, UNSPACED, COMBINING, MARKS = range(7)  # kinds; each mark is one of its own behind these
OTHERS = 250  # marks beyond ASCII, by their code modulo this
MARGIN = 5  # characters that features look away from a place
AWAY = 4  # from so many characters on, how far it is to an end of the chunk is no longer told
BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
MIX = np.uint64(0xD6E8FEB86659FD93)
NEITHER, SLASH, AT, STOP = map(ord, "\n/@.")


class Boundaries(NamedTuple):
    """Places of a text and what is seen there.

    places    (n,)            character behind each place: those that stand between two that are no white space
    features  (n, FEATURES)   what is seen, as numbers below the size asked for
    """

    places: Array
    features: Array

    @classmethod
    def of(cls, text: str, bits: int) -> Boundaries:
        """All places of a text, their features below ``2 ** bits``."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
        small, kinds = _folded(codes)
        inner = (kinds[:-1] != SPACE) & (kinds[1:] != SPACE) & (kinds[1:] != COMBINING)
        places = np.flatnonzero(inner) + 1
        margin = np.full(MARGIN, NEITHER), np.full(MARGIN, SPACE)
        C = np.concatenate([margin[0], small, margin[0]])
        K = np.concatenate([margin[1], kinds, margin[1]])
        with np.errstate(over="ignore"):
            features = _Seen(C, K, places + MARGIN, bits).features()
        return cls(places, features)


def kind(character: str) -> int:
    """The kind of a character."""
    if character.isspace():
        return SPACE
    category = unicodedata.category(character)
    if category[0] == "M":
        return COMBINING
    if ord(character) > 127 and tight_sign().match(character):
        return UNSPACED
    if category[0] == "L":
        return CAPITAL if category in ("Lu", "Lt") else SMALL
    if category[0] == "N":
        return DIGIT
    return MARKS + ord(character) if ord(character) < 128 else MARKS + 128 + ord(character) % OTHERS


def _folded(codes: Array) -> tuple[Array, Array]:
    """Characters as small letters, and their kinds; each distinct one is looked at once."""
    distinct, numbers = np.unique(codes, return_inverse=True)
    characters = [chr(code) for code in distinct.tolist()]
    small = [ord(low) if len(low := character.lower()) == 1 else ord(character) for character in characters]
    kinds = [kind(character) for character in characters]
    return np.array(small, np.int64)[numbers], np.array(kinds, np.int64)[numbers]


def _borders(run: Array) -> tuple[Array, Array, Array]:
    """Of runs of equal values: whether one begins at each place, where the one there begins, where it ends."""
    begins = np.concatenate([[True], run[1:] != run[:-1]])
    places = np.arange(len(run))
    first = np.maximum.accumulate(np.where(begins, places, 0))
    last = np.concatenate([begins[1:], [True]])
    end = np.minimum.accumulate(np.where(last, places + 1, len(run))[::-1])[::-1]
    return begins, first, end


class _Stretches:
    """Hashes of stretches of a row of numbers: equal ones have the same, wherever they stand (Karp & Rabin, 1987)."""

    def __init__(self, values: Array, steps: Array) -> None:
        """``steps``: by how many powers of the base each value is on; values between are passed over with 0."""
        powers, self._back = (_powers(base, len(values) + 1) for base in (BASE, pow(BASE, -1, 2**64)))
        self._steps = steps
        terms = values.astype(np.uint64) * powers[steps[:-1]]
        self._sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms)])

    def __call__(self, start: Array, end: Array) -> Array:
        hashes: Array = (self._sums[end] - self._sums[start]) * self._back[self._steps[start]]
        return hashes


def _powers(base: int, count: int) -> Array:
    """The powers of a number modulo 2**64, from 1 on (count,)."""
    factors = np.full(count, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


class _Seen:
    """Makes the features of places.

    C, K  small characters and kinds of a text, with a margin on both sides
    at    the places in them
    """

    def __init__(self, C: Array, K: Array, at: Array, bits: int) -> None:
        self.C, self.K, self.at, self.shift = C, K, at, np.uint64(64 - bits)
        self.made: list[Array] = []
        letters = np.where(K == CAPITAL, SMALL, K)
        begins, self.run_first, self.run_end = _borders(letters)
        _, chunk_first, chunk_end = _borders(K == SPACE)
        self.start, self.end = chunk_first[at - 1], chunk_end[at]
        self.stretch = _Stretches(C, np.arange(len(C) + 1))
        steps = np.concatenate([[0], np.cumsum(begins)])
        self.skeleton = _Stretches(np.where(begins, letters + 1, 0), steps)

    def add(self, *seen: Array) -> None:
        """One more feature: all of this together."""
        hashed = np.full(len(self.at), (len(self.made) + 1) * BASE % 2**64, np.uint64)
        for part in seen:
            hashed = (hashed ^ part.astype(np.uint64)) * MIX
            hashed ^= hashed >> np.uint64(29)
        self.made.append(((hashed * np.uint64(BASE)) >> self.shift).astype(np.int32))

    def features(self) -> Array:
        c, k = {}, {}
        for step in range(-MARGIN, MARGIN):
            there = self.at + step
            inside = (there >= self.start) & (there < self.end)
            c[step], k[step] = np.where(inside, self.C[there], NEITHER), np.where(inside, self.K[there], SPACE)
        self._windows(c, k)
        self._runs(c, k)
        self._chunks(c, k)
        return np.stack(self.made, 1)

    def _windows(self, c: dict[int, Array], k: dict[int, Array]) -> None:
        """Characters and kinds around the place, as far as the chunk goes."""
        for first, last in ((-1, 0), (0, 1), (-1, 1), (-2, 0), (0, 2), (-2, 1), (-1, 2), (-2, 2), (-3, 0), (0, 3)):
            self.add(*(c[step] for step in range(first, last)))
        for first, last in ((-3, 1), (-1, 3)):
            self.add(*(c[step] for step in range(first, last)))
        for reach in (1, 2, 3):
            self.add(*(k[step] for step in range(-reach, reach)))
        self.add(k[-2], c[-1], k[0])
        self.add(k[-1], c[0], k[1])

    def _runs(self, c: dict[int, Array], k: dict[int, Array]) -> None:
        """The letters, the digits or the marks on either side, up to where something else begins."""
        left = self.stretch(np.maximum(self.start, self.run_first[self.at - 1]), self.at)
        right = self.stretch(self.at, np.minimum(self.end, self.run_end[self.at]))
        self.add(left, c[0])
        self.add(c[-1], right)
        self.add(left, right)
        self.add(left)
        self.add(right)
        follows = self._following()
        to_end = np.minimum(self.end - self.at, AWAY)
        self.add(c[0], follows, to_end)
        self.add(left, c[0], follows, to_end)

    def _following(self) -> Array:
        """The kind of what the next chunk begins with: 0 at the end of the line."""
        nearby = np.minimum(self.end + 1, len(self.K) - 1)
        behind: Array = np.where(self.C[np.minimum(self.end, len(self.C) - 1)] == NEITHER, SPACE, self.K[nearby])
        first: Array = np.minimum(behind, MARKS)
        return first

    def _chunks(self, c: dict[int, Array], k: dict[int, Array]) -> None:
        """The chunk before and behind the place, as it is and as its skeleton, and whether it is an address."""
        before, behind = self.stretch(self.start, self.at), self.stretch(self.at, self.end)
        self.add(before)
        self.add(behind)
        self.add(before, behind)
        left, right = self.skeleton(self.start, self.at), self.skeleton(self.at, self.end)
        self.add(left, right, k[-1])
        self.add(left, c[0], k[-1])
        self.add(right, c[-1], k[0])
        self.add(left, right, c[-1])
        self.add(left, right, c[0])
        here, ahead = np.minimum(self.at - self.start, AWAY), np.minimum(self.end - self.at, AWAY)
        self.add(k[-1], k[0], here, ahead)
        self.add(c[-1], k[0], here)
        self.add(k[-1], c[0], ahead)
        slashes = self._count(self.C == SLASH)
        marks = self._count(self.C == AT) > 0
        form = marks + 2 * np.minimum(slashes, 3) + 8 * np.minimum(self._count(self.C == STOP), 3)
        self.add(form, k[-1], k[0])
        self.add(form, c[-1], c[0], here, ahead)
        address = 2 * marks + (self._count(self._links()) > 0)
        self.add(address)
        self.add(address, here)
        self.add(address, ahead)
        self.add(address, c[-1], c[0])
        self.add(address, c[-1], k[0])
        self.add(address, k[-1], c[0])

    def _count(self, those: Array) -> Array:
        """How many of those characters stand in the chunk of each place."""
        sums = np.concatenate([[0], np.cumsum(those)])
        counts: Array = sums[self.end] - sums[self.start]
        return counts

    def _links(self) -> Array:
        """Where ``://`` or ``www.`` begins."""
        found = np.zeros(len(self.C), bool)
        for sign in ("://", "www."):
            here = np.ones(len(self.C) - len(sign), bool)
            for step, character in enumerate(sign):
                here &= self.C[step : step - len(sign)] == ord(character)
            found[: len(here)] |= here
        return found
