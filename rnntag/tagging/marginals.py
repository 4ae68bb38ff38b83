"""The distribution over all taggings of a sentence: how probable a tag is, a span, a whole tagging.

Scores are divided by a temperature first. What it is, is found on held-out sentences (`rnntag.training.calibration`).

Letters as in ``rnntag.kernels``: R rows of B sentences, Y tags (padded to whole panels), E tag scores, M transitions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.parameters import LANES
from rnntag.arrays.ragged import Array, Batch
from rnntag.arrays.workspace import Workspace, pack
from rnntag.data.bio import Scheme
from rnntag.network.decoders import Transitions


class Joins:
    """Which tags make up a span of each type, and which of two neighbours carries on the span of the other.

    scheme, tags  what they follow from; Y is the number of tags, not padded
    types         the types, each with its place
    slots         (types, S)  the tags of each type, -1 where it has fewer than S
    carries       (Y, Y)      whether the tag of the column carries on the span that the tag of the row stands in
    """

    def __init__(self, scheme: Scheme, tags: Sequence[str]) -> None:
        labels = [scheme.spans([tag]) for tag in tags]
        known = dict.fromkeys(span.label for found in labels for span in found)
        self.types = {label: place for place, label in enumerate(known)}
        members: list[list[int]] = [[] for _ in self.types]
        for number, found in enumerate(labels):
            for span in found:
                members[self.types[span.label]].append(number)
        width = max(map(len, members), default=1)
        self.slots = np.array([each + [-1] * (width - len(each)) for each in members], np.int64).reshape(-1, width)
        self.carries = np.zeros((len(tags), len(tags)), bool)
        for each in members:
            for before in each:
                for after in each:
                    self.carries[before, after] = len(scheme.spans([tags[before], tags[after]])) == 1


class Chain:
    """What a posterior needs of the transitions, at one temperature: computed once, and the same for every batch."""

    def __init__(self, transitions: Transitions, temperature: float) -> None:
        M = transitions.scores / np.float32(temperature)
        self.temperature = np.float32(temperature)
        self.bounds = transitions.bounds / np.float32(temperature)
        # The best transition out of each tag counts as 0 (see `rnntag.network.decoders.Crf`).
        self.best = np.where(np.isfinite(M).any(axis=1), M.max(axis=1), 0).astype(np.float32)
        self.M, Y = M, len(M)
        self.K = np.exp(M - self.best[:, None])
        panels = (Y // LANES, Y, LANES)
        self.onward = pack(self.K, LANES, np.empty(panels, np.float32))
        self.back = pack(self.K.T, LANES, np.empty(panels, np.float32))


class Posterior:
    """The taggings of one batch, weighed.

    tags   (R, Y)  marginal probability of each tag; as sums of float32 go, a little above 1 at times
    log_z  (B,)    log of the partition function
    """

    def __init__(self, engine: Engine, chain: Chain, batch: Batch, E: Array, space: Workspace) -> None:
        R, Y = E.shape
        self.chain, self.batch = chain, batch
        self._E = E
        E = np.divide(E, chain.temperature, out=space("tempered", R, Y))
        E += chain.best
        E[batch.last] -= chain.best  # no transition follows
        self._A, self._Q, self.tags = space("alphas", R, Y), space("factors", R, Y), space("marginals", R, Y)
        self.log_z = np.empty(batch.sentences)
        engine.crf_forward(E, chain.onward, chain.bounds, batch.sizes, batch.offsets, self._A, self._Q, self.log_z)
        engine.crf_backward(self._A, self._Q, chain.back, batch.sizes, batch.offsets, self.tags)

    def scores(self, path: Array) -> Array:
        """Scores (B,) of taggings (R,), one of each sentence: log of their probabilities, but for log Z."""
        batch, chain = self.batch, self.chain
        B = batch.sentences
        each = self._E[np.arange(len(path)), path] / np.float64(chain.temperature)
        each[:B] += chain.bounds[0, path[:B]]
        each[batch.last] += chain.bounds[1, path[batch.last]]
        each[B:] += chain.M[path[batch.previous], path[B:]]
        return np.bincount(batch.sequence, each, B)

    def log_taggings(self, path: Array) -> Array:
        """Log of the probability (B,) of taggings (R,), one of each sentence."""
        return np.minimum(self.scores(path) - self.log_z, 0.0)

    def spans(self, joins: Joins, sequence: Array, start: Array, end: Array, types: Array) -> Array:
        """The probability of each of n spans: that it is there, with just these borders and this type.

        sequence, start, end  (n,)  in which sentence of the batch, its first token, and the one after its last
        types                 (n,)  by their place in ``joins.types``

        The partition function under constraint (Culotta & McCallum, "Confidence estimation for information
        extraction", HLT-NAACL 2004, section 3): of all taggings, those are summed that open a span of the type at
        ``start``, carry it on to the last token, and no further.
        """
        offsets, lengths = self.batch.offsets, self.batch.lengths
        slots = joins.slots[types]  # (n, S)
        real = slots >= 0
        slots = np.where(real, slots, 0)
        carries = joins.carries[slots[:, :, None], slots[:, None, :]] & real[:, :, None] & real[:, None, :]
        K = np.where(carries, self.chain.K[slots[:, :, None], slots[:, None, :]].astype(np.float64), 0.0)

        row = offsets[start] + sequence
        mass = np.where(real, self.tags[row[:, None], slots].astype(np.float64), 0.0)
        inner = np.flatnonzero(start > 0)  # less what carries on a span that was there before
        mass[inner] -= np.einsum(
            "ns,nst,nt->nt",
            self._of(self._A, inner, row, slots, sequence, start - 1),
            K[inner],
            self._of(self._Q, inner, row, slots, sequence, start),
        )
        place = start + 1
        going = np.flatnonzero(place < lengths[sequence])
        while len(going):
            onward = self._onward(going, K, slots, sequence, place)
            within = place[going] < end[going]
            stays = mass[going][:, :, None] * onward
            mass[going] = np.where(within[:, None], stays.sum(axis=1), mass[going] - stays.sum(axis=2))
            place[going] += 1
            going = going[within & (place[going] < lengths[sequence[going]])]
        return np.clip(mass.sum(axis=1), 0.0, 1.0)

    def _of(self, table: Array, chosen: Array, row: Array, slots: Array, sequence: Array, place: Array) -> Array:
        rows = self.batch.offsets[place[chosen]] + sequence[chosen]
        return table[rows[:, None], slots[chosen]].astype(np.float64)

    def _onward(self, chosen: Array, K: Array, slots: Array, sequence: Array, place: Array) -> Array:
        """p(tag | tag before) between the slots of spans (n, S, S): K q / b, whose sum over all tags is 1."""
        Q = self._of(self._Q, chosen, place, slots, sequence, place)
        A = self._of(self._A, chosen, place, slots, sequence, place - 1)
        m = self._of(self.tags, chosen, place, slots, sequence, place - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            b = m / A
            moved = K[chosen] * Q[:, None, :] / b[:, :, None]
        return np.nan_to_num(moved, nan=0.0, posinf=0.0)
