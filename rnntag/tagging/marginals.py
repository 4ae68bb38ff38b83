"""The distribution over all taggings of a sentence: how probable a tag is, a span, a whole tagging.

Scores are divided by a temperature first, which is found on held-out sentences (`rnntag.training.calibration`).

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


class SpanTypes:
    """The types of span that a scheme writes with some tags: which tags make up each, and which continue a span.

    scheme, tags  what they follow from; Y is the number of tags, not padded
    numbers       the number of each type, by its label
    slots         (types, S)  the tags of each type, -1 where it has fewer than S
    continues     (Y, Y)      whether the tag of the column continues the span that the tag of the row stands in
    """

    def __init__(self, scheme: Scheme, tags: Sequence[str]) -> None:
        spans = [scheme.spans([tag]) for tag in tags]
        labels = dict.fromkeys(span.label for own in spans for span in own)
        self.numbers = {label: number for number, label in enumerate(labels)}
        members: list[list[int]] = [[] for _ in labels]
        for tag_number, own in enumerate(spans):
            for span in own:
                members[self.numbers[span.label]].append(tag_number)
        width = max(map(len, members), default=1)
        self.slots = np.array([each + [-1] * (width - len(each)) for each in members], np.int64).reshape(-1, width)
        self.continues = np.zeros((len(tags), len(tags)), bool)
        for each in members:
            for before in each:
                for after in each:
                    self.continues[before, after] = len(scheme.spans([tags[before], tags[after]])) == 1


class Potentials:
    """What marginals need of the transitions at one temperature; the same for every batch, so computed once.

    temperature     what scores are divided by
    bounds  (2, Y)  scores of opening (row 0) and closing (row 1) a sentence with a tag, divided
    M       (Y, Y)  scores of transitions, divided
    best    (Y,)    the best of them out of each tag
    K       (Y, Y)  the potentials exp(M - best)
    onward, back    K and its transpose, packed for the kernels
    """

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


class Marginals:
    """The probabilities of the taggings of one batch, by the forward and the backward pass.

    tags   (R, Y)  marginal probability of each tag; as sums of float32 go, a little above 1 at times
    log_z  (B,)    log of the partition function
    """

    def __init__(self, engine: Engine, potentials: Potentials, batch: Batch, E: Array, space: Workspace) -> None:
        R, Y = E.shape
        self._potentials, self._batch = potentials, batch
        self._E = E
        E = np.divide(E, potentials.temperature, out=space("tempered", R, Y))
        E += potentials.best
        E[batch.last] -= potentials.best  # no transition follows
        self._A, self._Q, self.tags = space("alphas", R, Y), space("factors", R, Y), space("marginals", R, Y)
        self.log_z = np.empty(batch.sentences)
        engine.crf_forward(
            E, potentials.onward, potentials.bounds, batch.sizes, batch.offsets, self._A, self._Q, self.log_z
        )
        engine.crf_backward(self._A, self._Q, potentials.back, batch.sizes, batch.offsets, self.tags)

    def scores(self, path: Array) -> Array:
        """Unnormalised log-probabilities (B,) of taggings (R,), one of each sentence."""
        batch, potentials = self._batch, self._potentials
        B = batch.sentences
        each = self._E[np.arange(len(path)), path] / np.float64(potentials.temperature)
        each[:B] += potentials.bounds[0, path[:B]]
        each[batch.last] += potentials.bounds[1, path[batch.last]]
        each[B:] += potentials.M[path[batch.previous], path[B:]]
        return np.bincount(batch.sequence, each, B)

    def log_taggings(self, path: Array) -> Array:
        """Log of the probability (B,) of taggings (R,), one of each sentence."""
        return np.minimum(self.scores(path) - self.log_z, 0.0)

    def spans(self, types: SpanTypes, sequence: Array, start: Array, end: Array, numbers: Array) -> Array:
        """The probability (n,) of each of n spans: that it is there, with just these borders and this type.

        sequence, start, end  (n,)  in which sentence of the batch, its first token, and the one after its last
        numbers               (n,)  their types, as numbered in ``types``

        The partition function under constraint (Culotta & McCallum, "Confidence estimation for information
        extraction", HLT-NAACL 2004, section 3): of all taggings, those are summed that open a span of the type at
        ``start``, continue it to the last token, and no further.
        """
        offsets, lengths = self._batch.offsets, self._batch.lengths
        slots = types.slots[numbers]  # (n, S)
        real = slots >= 0
        slots = np.where(real, slots, 0)
        continues = types.continues[slots[:, :, None], slots[:, None, :]] & real[:, :, None] & real[:, None, :]
        K = np.where(continues, self._potentials.K[slots[:, :, None], slots[:, None, :]].astype(np.float64), 0.0)

        row = offsets[start] + sequence
        mass = np.where(real, self.tags[row[:, None], slots].astype(np.float64), 0.0)
        inner = np.flatnonzero(start > 0)  # less what continues a span that was there before
        mass[inner] -= np.einsum(
            "ns,nst,nt->nt",
            self._of(self._A, inner, slots, sequence, start - 1),
            K[inner],
            self._of(self._Q, inner, slots, sequence, start),
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
        p: Array = np.clip(mass.sum(axis=1), 0.0, 1.0)
        return p

    def _of(self, table: Array, chosen: Array, slots: Array, sequence: Array, place: Array) -> Array:
        """The entries of a table (R, Y) for the slots of chosen spans (n, S), each at its place in its sentence."""
        rows = self._batch.offsets[place[chosen]] + sequence[chosen]
        entries: Array = table[rows[:, None], slots[chosen]].astype(np.float64)
        return entries

    def _onward(self, chosen: Array, K: Array, slots: Array, sequence: Array, place: Array) -> Array:
        """p(tag | tag before) between the slots of chosen spans (n, S, S): K q / b, whose sum over all tags is 1."""
        Q = self._of(self._Q, chosen, slots, sequence, place)
        A = self._of(self._A, chosen, slots, sequence, place - 1)
        m = self._of(self.tags, chosen, slots, sequence, place - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            b = m / A
            moved = K[chosen] * Q[:, None, :] / b[:, :, None]
        return np.nan_to_num(moved, nan=0.0, posinf=0.0)
