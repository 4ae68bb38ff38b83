"""What the updates of an epoch are taught on: whole sentences, or running text as streams side by side.

A stream is cut in windows of K tokens. Each update takes the next window of every stream; what a stream has read, left
to right, is carried from its window to the next, and gradients stop between the two: truncated backpropagation through
time (Williams & Peng, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network Trajectories",
Neural Computation 2(4), 1990). With K as long as the longest text nothing is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rnntag.arrays.ragged import Array, by_length
from rnntag.network.cells import State

POOL = 64  # batches whose sentences are sorted by length together


class Chosen(NamedTuple):
    """Stretches of a flat run of tokens, each a sentence of a batch.

    starts   (B,)  first tokens
    lengths  (B,)  how many are taught
    beyond   (B,)  how many more are read
    number   (B,)  which sentence it is; of streams, which stream
    begins   (B,)  whether nothing is carried over to it
    """

    starts: Array
    lengths: Array
    beyond: Array
    number: Array
    begins: Array

    def of(self, places: Array | slice) -> Chosen:
        """Some of them."""
        return Chosen(*(column[places] for column in self))


class Sentences:
    """Sentences in batches of like length; each ends with ``pad`` tokens that are only read."""

    def __init__(self, lengths: Array, pad: int, size: int) -> None:
        self._size = size
        ends = np.cumsum(lengths + pad)
        beyond = np.full_like(lengths, pad)
        self._all = Chosen(ends - lengths - pad, lengths, beyond, np.arange(len(lengths)), np.ones(len(lengths), bool))

    @property
    def updates(self) -> int:
        """Batches an epoch."""
        return -(-len(self._all.starts) // self._size)

    def epoch(self, rng: np.random.Generator) -> Iterator[Chosen]:
        """Like lengths together, in random order, each batch longest first."""
        lengths, size = self._all.lengths, self._size
        order = rng.permutation(len(lengths))
        batches = []
        for start in range(0, len(order), size * POOL):
            pool = order[start : start + size * POOL]
            pool = pool[by_length(lengths[pool])]
            batches += [pool[at : at + size] for at in range(0, len(pool), size)]
        for place in rng.permutation(len(batches)):
            yield self._all.of(batches[place])


class Streams:
    """Texts in random order, one after the other, dealt out in equal parts to ``size`` streams.

    lengths  (texts,)  their tokens
    pad      tokens behind each text that are only read
    window   K
    beyond   tokens that are read beyond a window, as far as its text goes
    """

    def __init__(self, lengths: Array, pad: int, window: int, beyond: int, size: int) -> None:
        self._size = size
        ends = np.cumsum(lengths + pad)
        count = -(-lengths // window)  # windows of each text
        text = np.repeat(np.arange(len(lengths)), count)
        self._first = np.cumsum(count) - count
        self._count = count
        place = window * (np.arange(len(text)) - self._first[text])
        rest = lengths[text] - place
        own = np.minimum(rest, window)
        more = np.minimum(rest + pad - own, max(beyond, pad))
        self._all = Chosen((ends - lengths - pad)[text] + place, own, more, text, place == 0)

    @property
    def updates(self) -> int:
        """Windows of a stream, of which each update takes one."""
        return -(-len(self._all.starts) // self._size)

    def epoch(self, rng: np.random.Generator) -> Iterator[Chosen]:
        """The next window of every stream, again and again; longest first."""
        texts = rng.permutation(len(self._count))
        ends = np.cumsum(self._count[texts])
        within = np.arange(ends[-1]) - np.repeat(ends - self._count[texts], self._count[texts])
        order = np.repeat(self._first[texts], self._count[texts]) + within
        for place in range(self.updates):
            own = order[place :: self.updates]
            chosen = self._all.of(own)
            begins = chosen.begins | (place == 0)
            chosen = chosen._replace(number=np.arange(len(own)), begins=begins)
            yield chosen.of(by_length(chosen.lengths))


class Carried:
    """What each of some streams has read so far: a state a layer, a row a stream."""

    def __init__(self, units: Sequence[int], streams: int) -> None:
        self._states = [State(*np.zeros((2, streams, N), np.float32)) for N in units]

    def before(self, streams: Array, begins: Array) -> list[State]:
        """The states of some streams; those that begin have read nothing."""
        states = [State(*(array[streams] for array in state)) for state in self._states]
        for state in states:
            for array in state:
                array[begins] = 0.0
        return states

    def keep(self, streams: Array, after: Sequence[State]) -> None:
        """Put the states of some streams in the place of those before."""
        for state, new in zip(self._states, after, strict=True):
            for array, values in zip(state, new, strict=True):
                if len(values):
                    array[streams] = values
