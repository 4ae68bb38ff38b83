"""Batches cut into shards: the parts of a batch whose gradients are computed side by side."""

from __future__ import annotations

from typing import NamedTuple

from rnntag.arrays.ragged import Array, Batch
from rnntag.network.inputs import Gold, Noise, Reach, Tokens


class Shard(NamedTuple):
    """A fixed part of a batch; ids number the rows of the batch's tables."""

    number: int
    batch: Batch
    tokens: Tokens
    gold: Gold
    scale: float
    noise: Noise
    reach: Reach | None
    streams: Array  # (B,) whose states are carried on,
    begins: Array  # (B,) and which of them begin


class Prepared(NamedTuple):
    """A batch, and which rows of each table it touches."""

    shards: list[Shard]
    rows: dict[str, Array]
