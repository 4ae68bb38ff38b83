"""Which stretches of the training set each update is taught on: whole sentences, or windows of running text.

Running text is dealt out to streams side by side and cut in windows of K tokens. Each update takes the next window of
every stream; the states that a stream has reached, left to right, are carried from its window to the next, and
gradients stop between the two: truncated backpropagation through time (Williams & Peng, "An Efficient Gradient-Based
Algorithm for On-Line Training of Recurrent Network Trajectories", Neural Computation 2(4), 1990). With K as long as the
longest text nothing is cut.

What else differs between the two modes is up to the sampler as well: nothing else asks which it is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rnntag.arrays.ragged import Array, WindowBatch, by_length
from rnntag.corpora.splits import texts
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.network.cells import State
from rnntag.network.inputs import Reach
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import is_punctuation
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe

POOL = 64  # batches whose sentences are sorted by length together
WINDOW = 128  # tokens of running text between two cuts, unless the recipe says otherwise


class Stretches(NamedTuple):
    """Stretches of a flat run of tokens, each a sequence of a batch.

    starts   (B,)  first tokens
    lengths  (B,)  how many are taught
    beyond   (B,)  how many more are read
    number   (B,)  which sentence it is; of running text which text, and in a batch which stream
    begins   (B,)  whether no states are carried over to it
    """

    starts: Array
    lengths: Array
    beyond: Array
    number: Array
    begins: Array

    def of(self, places: Array | slice) -> Stretches:
        """Those at some places."""
        return Stretches(*(column[places] for column in self))


class CarriedStates:
    """What each of some streams has read so far: a state a layer, a row a stream.

    units  width of each layer; none where nothing is carried on
    """

    def __init__(self, units: Sequence[int], streams: int) -> None:
        self._states = [State(*np.zeros((2, streams, N), np.float32)) for N in units]

    def arrays(self) -> list[Array]:
        """The states of all streams, (streams, N) each: views."""
        return [array for state in self._states for array in state]

    def before(self, streams: Array, begins: Array) -> list[State]:
        """Copies of the states of some streams (B,), a row each; zeros for those that begin (B,)."""
        states = [State(*(array[streams] for array in state)) for state in self._states]
        for state in states:
            for array in state:
                array[begins] = 0.0
        return states

    def keep(self, streams: Array, after: Sequence[State]) -> None:
        """Put new states of some streams (B,) in the place of those before; of cells without C, that has no rows."""
        for state, new in zip(self._states, after, strict=True):
            for array, values in zip(state, new, strict=True):
                if len(values):
                    array[streams] = values


class Sampler(ABC):
    """The stretches of a training set, and the batches of them that an epoch consists of.

    stretches       all of them
    count           how many of them an epoch has
    largest_batch   sentences or windows that are a batch at most, unless the recipe says otherwise
    learns_intents  whether each sentence is an utterance, whose intent can be learned
    """

    largest_batch: int
    learns_intents: bool
    stretches: Stretches
    count: int

    @staticmethod
    @abstractmethod
    def texts(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
        """The sentences in groups, over whose borders nothing is read."""

    @classmethod
    @abstractmethod
    def of(cls, recipe: Recipe, spec: Spec, lengths: Array, again: int = 0) -> Sampler:
        """The sampler of texts of these lengths (texts,), each followed by the tokens of look-ahead.

        again  so many of the last texts are replayed: of them, an epoch has a share drawn anew
        """

    def updates(self, size: int) -> int:
        """Batches of an epoch."""
        return -(-self.count // size)

    @abstractmethod
    def epoch(self, rng: np.random.Generator, size: int) -> Iterator[Stretches]:
        """The batches of an epoch, of ``size`` stretches at most, each batch longest first."""

    @abstractmethod
    def shard(self, batch: Stretches, part: int, shards: int) -> Stretches:
        """Those stretches of a batch that one of its shards works on."""

    @abstractmethod
    def intents(self, known: Array, batch: Stretches) -> Array:
        """The intent of each stretch (B,), -1 where none is learned; ``known``: that of each sentence."""

    @abstractmethod
    def reach(self, windows: WindowBatch) -> Reach | None:
        """How stretches hang together with the text around them, for the network; None for whole sentences."""

    @abstractmethod
    def states(self, units: Sequence[int], streams: int) -> CarriedStates:
        """Room for the states that a shard carries from update to update, at the beginning of training."""


class SentenceSampler(Sampler):
    """Sentences in batches of like length.

    lengths  (sentences,)  their tokens
    pad      tokens behind each sentence that are only read
    again    so many of the last ones are replayed
    share    how many of them in an epoch
    """

    largest_batch, learns_intents = 32, True

    def __init__(self, lengths: Array, pad: int, again: int = 0, share: float = 0.0) -> None:
        ends = np.cumsum(lengths + pad)
        beyond = np.full_like(lengths, pad)
        number, begins = np.arange(len(lengths)), np.ones(len(lengths), bool)
        self.stretches = Stretches(ends - lengths - pad, lengths, beyond, number, begins)
        self._new, self._again, self._drawn = len(lengths) - again, again, drawn(share, again)
        self.count = self._new + self._drawn

    @classmethod
    def of(cls, recipe: Recipe, spec: Spec, lengths: Array, again: int = 0) -> SentenceSampler:
        return cls(lengths, spec.look_ahead, again, recipe.replay_share)

    @staticmethod
    def texts(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
        return [[sentence] for sentence in sentences]

    def epoch(self, rng: np.random.Generator, size: int) -> Iterator[Stretches]:
        """Like lengths together, in random order."""
        lengths = self.stretches.lengths
        order = rng.permutation(self._new)
        if self._drawn:
            replayed = self._new + rng.choice(self._again, self._drawn, replace=False)
            order = rng.permutation(np.concatenate([order, replayed]))
        batches = []
        for start in range(0, len(order), size * POOL):
            pool = order[start : start + size * POOL]
            pool = pool[by_length(lengths[pool])]
            batches += [pool[at : at + size] for at in range(0, len(pool), size)]
        for place in rng.permutation(len(batches)):
            yield self.stretches.of(batches[place])

    def shard(self, batch: Stretches, part: int, shards: int) -> Stretches:
        return batch.of(slice(part, None, shards))

    def intents(self, known: Array, batch: Stretches) -> Array:
        chosen: Array = known[batch.number]
        return chosen

    def reach(self, windows: WindowBatch) -> Reach | None:
        return None if windows.rows is None else Reach(windows, [], False)

    def states(self, units: Sequence[int], streams: int) -> CarriedStates:
        return CarriedStates((), 0)


class StreamSampler(Sampler):
    """Texts in random order, one after the other, dealt out in equal parts to as many streams as a batch has windows.

    lengths  (texts,)  their tokens
    pad      tokens behind each text that are only read
    window   K
    beyond   tokens that are read beyond a window, as far as its text goes
    again    so many of the last texts are replayed
    share    how much of them in an epoch
    """

    largest_batch, learns_intents = 16, False

    def __init__(self, lengths: Array, pad: int, window: int, beyond: int, again: int = 0, share: float = 0.0) -> None:
        ends = np.cumsum(lengths + pad)
        count = -(-lengths // window)  # windows of each text
        text = np.repeat(np.arange(len(lengths)), count)
        self._first = np.cumsum(count) - count
        self._count = count
        place = window * (np.arange(len(text)) - self._first[text])
        rest = lengths[text] - place
        own = np.minimum(rest, window)
        more = np.minimum(rest + pad - own, max(beyond, pad))
        self.stretches = Stretches((ends - lengths - pad)[text] + place, own, more, text, place == 0)
        self._new = len(lengths) - again
        self._drawn = drawn(share, int(count[self._new :].sum()))
        self.count = int(count[: self._new].sum()) + self._drawn

    @classmethod
    def of(cls, recipe: Recipe, spec: Spec, lengths: Array, again: int = 0) -> StreamSampler:
        beyond = recipe.context if "backward" in spec.directions else 0
        return cls(lengths, spec.look_ahead, recipe.bptt, beyond, again, recipe.replay_share)

    @staticmethod
    def texts(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
        return texts(sentences)

    def epoch(self, rng: np.random.Generator, size: int) -> Iterator[Stretches]:
        """The next window of every stream, again and again."""
        updates, (first, count) = self.updates(size), self._texts(rng)
        ends = np.cumsum(count)
        within = np.arange(ends[-1]) - np.repeat(ends - count, count)
        order = np.repeat(first, count) + within
        for place in range(updates):
            own = order[place::updates]
            batch = self.stretches.of(own)
            begins = (within[place::updates] == 0) | (place == 0)
            batch = batch._replace(number=np.arange(len(own)), begins=begins)
            yield batch.of(by_length(batch.lengths))

    def _texts(self, rng: np.random.Generator) -> tuple[Array, Array]:
        """The texts of an epoch in order: of each the first of its windows, and how many of them.

        Of those that are replayed, as many as give the windows that there are to be; of the last, a part.
        """
        texts, count = rng.permutation(self._new), self._count.copy()
        if not self._drawn:
            return self._first[texts], count[texts]
        first, replayed = self._first.copy(), self._new + rng.permutation(len(count) - self._new)
        ends = np.cumsum(count[replayed])
        replayed = replayed[: 1 + np.searchsorted(ends, self._drawn)]
        last, too_many = replayed[-1], ends[len(replayed) - 1] - self._drawn
        first[last] += rng.integers(0, too_many + 1)
        count[last] -= too_many
        texts = rng.permutation(np.concatenate([texts, replayed]))
        return first[texts], count[texts]

    def shard(self, batch: Stretches, part: int, shards: int) -> Stretches:
        """A stream stays with its shard, which carries its states."""
        return batch.of(batch.number % shards == part)

    def intents(self, known: Array, batch: Stretches) -> Array:
        """No utterance ends in running text."""
        return np.full(len(batch.starts), -1)

    def reach(self, windows: WindowBatch) -> Reach | None:
        return Reach(windows, [], True)

    def states(self, units: Sequence[int], streams: int) -> CarriedStates:
        return CarriedStates(units, streams)


def drawn(share: float, again: int) -> int:
    """How many of those that are replayed an epoch has: at least one, if there are any and some are wanted."""
    return max(round(share * again), min(again, 1)) if share else 0


def settled_mode(job: Job, scheme: Scheme, tags: Sequence[str]) -> Recipe:
    """The job's recipe with its mode settled: tags of punctuation, where the network recurs, are learned as streams.

    Raises SpecError for running text whose tags are spans, or under a cell that does not recur.
    """
    recipe, spec = job.recipe, job.spec
    if recipe.bptt < 0:
        runs_on = spec.recurs and (job.task is not None or is_punctuation(tags, job.marks))
        recipe = replace(recipe, bptt=WINDOW if runs_on else 0)
    if recipe.bptt and scheme.prefixes:
        raise SpecError("running text (--bptt) is for tags of single tokens, but these are spans", hint="leave it out")
    if recipe.bptt and not spec.recurs:
        raise SpecError("--bptt is for cells that recur", hint="leave it out, or take --cell lstm")
    return recipe


def sampler_class(recipe: Recipe) -> type[Sampler]:
    """The sampler of a recipe whose mode is settled."""
    return StreamSampler if recipe.bptt else SentenceSampler
