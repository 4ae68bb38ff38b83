"""Batches cut into shards: the parts of a batch whose gradients are computed side by side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from rnntag.arrays.ragged import Array, Batch, windows
from rnntag.features.table import CHARACTERS
from rnntag.features.vocabulary import UNKNOWN
from rnntag.network.inputs import Gold, Noise, Reach, Tokens
from rnntag.network.network import Network
from rnntag.training.sampler import Stretches
from rnntag.training.training_set import TrainingSet


class Shard(NamedTuple):
    """A fixed part of a batch, as the network takes it.

    number   which part
    batch    the layout of its B sequences
    tokens   what they show; ids are rows of the batch's own tables (`ShardedBatch`)
    gold     what is to be learned
    scale    what its gradient is multiplied by, so that those of all shards add up to that of the batch's mean
    noise    dropout
    reach    how sequences hang together with what stands around them, if they do
    streams  (B,)  whose states are carried on,
    begins   (B,)  and which of them begin
    """

    number: int
    batch: Batch
    tokens: Tokens
    gold: Gold
    scale: float
    noise: Noise
    reach: Reach | None
    streams: Array
    begins: Array


class ShardedBatch(NamedTuple):
    """A batch in shards, and the rows of each embedding table that it touches, in ascending order."""

    shards: list[Shard]
    rows: dict[str, Array]


class Sharder:
    """Cuts the batches of an epoch into shards, always the same for a seed: threads and their number change nothing."""

    def __init__(self, training_set: TrainingSet, network: Network) -> None:
        self._set, self._network = training_set, network
        self._rarity = {network.columns[name]: rarity for name, rarity in training_set.rarity.items()}
        self._matches = {network.columns[name]: matches for name, matches in training_set.matches.items()}
        self._places = np.zeros(max(map(len, training_set.lexicon.vocabularies.values())), np.int32)

    def epoch(self, epoch: int, done: int = 0) -> Iterator[ShardedBatch]:
        """The batches of an epoch, numbered from 1, as the recipe's seed has it, but for so many first ones."""
        recipe, sampler = self._set.recipe, self._set.sampler
        batches = sampler.epoch(np.random.default_rng([recipe.seed, 2, epoch]), recipe.batch)
        for number, stretches in islice(enumerate(batches, 1), done, None):
            size, shards = len(stretches.starts), []
            for part in range(min(recipe.shards, size)):
                rng = np.random.default_rng([recipe.seed, 3, epoch, number, part])
                shards.append(self._shard(part, sampler.shard(stretches, part, recipe.shards), 1.0 / size, rng))
            yield ShardedBatch(shards, self._number_rows(shards))

    def _number_rows(self, shards: list[Shard]) -> dict[str, Array]:
        """Number ids among those of the batch; gives which row of each table every number stands for."""
        rows = {}
        for name in self._network.tables:
            column = self._network.columns[name]
            touched = np.unique(np.concatenate([shard.tokens.ids[:, column] for shard in shards]))
            self._places[touched] = np.arange(len(touched))
            for shard in shards:
                shard.tokens.ids[:, column] = self._places[shard.tokens.ids[:, column]]
            rows[f"embedding.{name}"] = touched.astype(np.int64)
        return rows

    def _shard(self, part: int, stretches: Stretches, scale: float, rng: np.random.Generator) -> Shard:
        """A shard of some stretches, longest first; with consistency, a copy of each beside it under other dropout."""
        given, recipe = self._set, self._set.recipe
        copies = recipe.consistency > 0
        streams = stretches.number // recipe.shards
        if copies:
            stretches, scale = stretches.of(np.repeat(np.arange(len(stretches.starts)), 2)), scale / 2
            streams = 2 * np.repeat(streams, 2) + np.arange(len(stretches.starts)) % 2
        found = windows(stretches.lengths, stretches.beyond, given.spec.look_ahead)
        batch, order = found.seen, found.order
        tokens = self._tokens(batch.gather(stretches.starts[order]), rng)
        tags = given.gold_tags[found.own.gather(stretches.starts)]
        gold = Gold(tags, given.sampler.intents(given.gold_intents, stretches), copies)
        noise, reach = Noise(rng, recipe.dropout), given.sampler.reach(found)
        return Shard(part, batch, tokens, gold, scale, noise, reach, streams[order], stretches.begins[order])

    def _tokens(self, places: Array, rng: np.random.Generator) -> Tokens:
        """What the tokens at some places of the training set show; rare words and some matches are shown as unknown."""
        given, network = self._set, self._network
        types = given.types[places]
        ids = given.lexicon.types[types]
        network.write_positional(ids, None if given.positional is None else given.positional[places])
        for column, rarity in self._rarity.items():
            shown = ids[:, column]
            shown[rng.random(len(shown), np.float32) < rarity[shown]] = UNKNOWN
        for column, matches in self._matches.items():
            numbers, match = np.unique(matches[places], return_inverse=True)
            hidden = rng.random(len(numbers), np.float32) < given.recipe.gazetteer_dropout
            ids[hidden[match], column] = UNKNOWN
        if spelled := given.lexicon.spelled(types):
            ids[:, network.columns[CHARACTERS]] = spelled.place
        return Tokens(ids, spelled)
