"""Scores sentences batch by batch, on several threads and on the engine that fits."""

from __future__ import annotations

from collections.abc import Iterator

from rnntag.arrays.ragged import Array

# Loading the kernels costs about a second, in which the NumPy twins tag some ten thousand words.
PATIENCE = 5_000  # words tagged, or waiting to be, before the kernels are loaded
BATCH = 512  # words a batch holds at most, unless one sentence is longer: their gates stay in a core's own cache
SHARE = 128  # words that are worth waking a thread for


def cut_pieces(order: Array, lengths: Array, words: int) -> Iterator[Array]:
    """Sentences, longest first, cut into batches of like length that hold about so many words each."""
    place = 0
    while place < len(order):
        count = max(1, round(words / int(lengths[order[place]])))
        yield order[place : place + count]
        place += count
