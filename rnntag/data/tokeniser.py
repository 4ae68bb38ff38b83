"""A tokeniser that is learned from a corpus: raw text is cut as its tokens were.

Whether to cut between two characters is asked of a logistic regression over `rnntag.data.boundaries`, which starts from
what `rnntag.data.tokenisation` would do and learns, chunk by chunk between white space, what the corpus does instead.
It is trained by AdaGrad: Duchi, Hazan & Singer, "Adaptive subgradient methods for online learning and stochastic
optimization", JMLR 2011.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from rnntag.data.boundaries import CAPITAL, DIGIT, SMALL, Boundaries, kind
from rnntag.data.tokenisation import Cut, cut, tokens_of

if TYPE_CHECKING:
    Array = np.ndarray  # of any shape

Lesson = tuple[str, Sequence[int]]  # a text, and where each of its tokens begins
Cuts = tuple[int, ...]  # where a chunk is cut

LEAST_BITS, MOST_BITS = 10, 17  # a table of weights has 2 ** bits
UNITS = 50  # weights are stored as whole numbers: so many are 1
PRIOR = 2.0  # what the rule says, for or against a cut
MOST_PLACES = 300_000  # that are learned from; more bring hardly anything
EPOCHS, BATCH, RATE = 12, 2048, 0.1
UPDATES = 50  # of an epoch, at least; then batches are smaller
DECAY = 1e-6  # of weights: the L2 penalty of a place
KEPT = 100_000  # chunks whose tokens are remembered
TOGETHER = 1 << 18  # characters that are looked at together, each of which takes half a kilobyte,
LONGEST = 1 << 20  # and of a chunk at most: a longer one is cut in pieces of so many
FOLLOWS = {SMALL: " a", CAPITAL: " A", DIGIT: " 0"}  # what stands for a chunk behind one that ends with a full stop


class Tokeniser(Cut):
    """Cuts text as a corpus was cut.

    weights  (2 ** bits,) int8: for a cut, in units of ``1 / UNITS``, by feature
    """

    def __init__(self, weights: Array) -> None:
        """Raises ValueError for weights of another shape or type."""
        sizes = {2**bits: bits for bits in range(LEAST_BITS, MOST_BITS + 1)}
        if weights.dtype != np.int8 or weights.ndim != 1 or len(weights) not in sizes:
            raise ValueError("the weights of the tokeniser are none")
        super().__init__(characters=True)
        self.weights, self._bits = weights, sizes[len(weights)]
        self._known: dict[str, list[str]] = {}  # of chunks seen before, their tokens

    @classmethod
    def learn(cls, lessons: Iterable[Lesson], tokens: Iterable[Sequence[str]]) -> Tokeniser:
        """The tokeniser of some texts; the same sentences as ``tokens`` teach it to leave them alone."""
        seen = _seen_chunks(lessons)
        for chunk in dict.fromkeys(chain.from_iterable(map(_keys, tokens))):
            if len(chunk) > 1:
                seen[chunk].setdefault((), 1)
        chosen = _chosen(seen)
        places = sum(len(chunk) for chunk in chosen)
        bits = min(max(places.bit_length(), LEAST_BITS), MOST_BITS)
        weights = _regression(*_examples(chosen, bits), bits)
        return cls(np.clip(np.rint(weights * UNITS), -127, 127).astype(np.int8))

    def __call__(self, text: str) -> tuple[list[str], None]:
        chunks = text.split()
        return (chunks if _are_tokens(chunks) else self._tokens(chunks)), None

    def leaves(self, text: str) -> bool:
        return _are_tokens(text.split())

    def arriving(self, text: str) -> tuple[list[str], None]:
        return self._tokens(text.split()), None

    def _tokens(self, chunks: Sequence[str]) -> list[str]:
        keys = _keys(chunks)
        known = self._known
        if not all(key in known for key in keys):
            self._remember(keys)
        return list(chain.from_iterable(map(known.__getitem__, keys)))

    def prepare(self, texts: Iterable[str]) -> None:
        self._remember(list(chain.from_iterable(_keys(text.split()) for text in texts)))

    def settled(self, text: str) -> int:
        chunks = text.split()
        if not chunks or (text[-1].isspace() and chunks[-1][-1] != "."):
            return len(text)
        return text.rindex(chunks[-1])

    def _remember(self, keys: Sequence[str]) -> None:
        fresh = [key for key in dict.fromkeys(keys) if key not in self._known]
        if len(self._known) + len(fresh) > KEPT:
            self._known.clear()
            fresh = list(dict.fromkeys(keys))
        for key, cuts in zip(fresh, self._cuts(fresh), strict=True):
            chunk = key.partition(" ")[0]
            self._known[key] = [chunk[start:end] for start, end in pairwise((0, *cuts, len(chunk)))]

    def _cuts(self, keys: Sequence[str]) -> Iterator[list[int]]:
        """Where each chunk is cut."""
        some: list[str] = []
        size = 0
        for key in keys:
            if some and size + len(key) > TOGETHER:
                yield from self._cuts_together(some)
                some, size = [], 0
            if len(key) > LONGEST:
                yield list(self._cuts_in_pieces(key))
            else:
                some.append(key)
                size += len(key)
        if some:
            yield from self._cuts_together(some)

    def _cuts_in_pieces(self, key: str) -> Iterator[int]:
        for start in range(0, len(key), LONGEST):
            if start:
                yield start
            [cuts] = self._cuts_together([key[start : start + LONGEST]])
            yield from (start + place for place in cuts)

    def _cuts_together(self, keys: Sequence[str]) -> Iterator[list[int]]:
        """Where each of some chunks is cut."""
        seen = Boundaries.of("\n".join(keys), self._bits)
        scores = self.weights[seen.features].sum(1, dtype=np.int32)
        scores += np.where(_rule(keys)[seen.places], 1, -1) * int(PRIOR * UNITS)
        cuts = seen.places[scores > 0]
        starts = np.cumsum([0, *(len(key) + 1 for key in keys)])
        borders = np.searchsorted(cuts, starts)
        for number, start in enumerate(starts[:-1].tolist()):
            yield (cuts[borders[number] : borders[number + 1]] - start).tolist()


def _are_tokens(chunks: Sequence[str]) -> bool:
    """Whether a text is one of tokens with spaces between: a comma or a full stop stands alone, and none at a word."""
    if "," not in chunks and "." not in chunks:
        return False
    return not any(chunk[-1] == "," for chunk in chunks if len(chunk) > 1)


def _keys(chunks: Sequence[str]) -> Sequence[str]:
    """Chunks with what their cuts depend on: behind a full stop, how the next one begins."""
    if not any(chunk[-1] == "." for chunk in chunks):
        return chunks
    following = (*chunks[1:], "")
    return [
        chunk + FOLLOWS.get(kind(after[0]), " -") if chunk[-1] == "." and after else chunk
        for chunk, after in zip(chunks, following, strict=True)
    ]


def _seen_chunks(lessons: Iterable[Lesson]) -> dict[str, Counter[Cuts]]:
    """How often each chunk was cut in each way."""
    seen: dict[str, Counter[Cuts]] = defaultdict(Counter)
    for text, starts in lessons:
        chunks, place, next_start = text.split(), 0, 0
        for chunk, key in zip(chunks, _keys(chunks), strict=True):
            place = text.index(chunk, place)
            cuts = []
            while next_start < len(starts) and starts[next_start] < place + len(chunk):
                if starts[next_start] > place:
                    cuts.append(starts[next_start] - place)
                next_start += 1
            place += len(chunk)
            seen[key][tuple(cuts)] += 1
    return seen


def _chosen(seen: Mapping[str, Counter[Cuts]]) -> Mapping[str, Counter[Cuts]]:
    """As many chunks as are learned from: half of them the most frequent ones, the others from all over."""
    total = sum(map(len, seen))
    if total <= MOST_PLACES:
        return seen
    ranked = sorted(seen, key=lambda chunk: (-seen[chunk].total(), chunk))
    places, taken = 0, 0
    while places < MOST_PLACES / 2 and taken < len(ranked):
        places += len(ranked[taken])
        taken += 1
    stride = max(1, round((total - places) / (MOST_PLACES / 2)))
    return {chunk: seen[chunk] for chunk in (*ranked[:taken], *ranked[taken::stride])}


def _examples(seen: Mapping[str, Counter[Cuts]], bits: int) -> tuple[Array, Array, Array, Array]:
    """Features of all places, what the rule says of each, the share of cuts there, and how much each weighs."""
    text = "\n".join(seen)
    share, weight = np.zeros(len(text) + 1, np.float32), np.zeros(len(text) + 1, np.float32)
    start = 0
    for chunk, ways in seen.items():
        count = ways.total()
        weight[start : start + len(chunk)] = count**0.5
        for cuts, times in ways.items():
            share[[start + place for place in cuts]] += times / count
        start += len(chunk) + 1
    places, features = Boundaries.of(text, bits)
    prior = np.where(_rule(list(seen))[places], PRIOR, -PRIOR).astype(np.float32)
    return features, prior, share[places], weight[places]


def _rule(keys: Sequence[str]) -> Array:
    """Where the rule would cut chunks that stand behind each other, one line each: (characters + 1,)."""
    found = np.zeros(sum(len(key) + 1 for key in keys) + 1, bool)
    start = 0
    for key in keys:
        tokens = tokens_of(key, True)
        if len(tokens) > 1:
            found[[start + first for first, _ in cut(key, True)[1]]] = True
        start += len(key) + 1
    return found


def _regression(features: Array, prior: Array, share: Array, weight: Array, bits: int) -> Array:
    """Weights of least logistic loss: (2 ** bits,) float32."""
    w, squares = np.zeros(1 << bits, np.float32), np.full(1 << bits, 0.1, np.float32)
    random, batch = np.random.default_rng(0), min(BATCH, max(1, len(share) // UPDATES))
    for epoch in range(EPOCHS):
        order, rate = random.permutation(len(share)), RATE * (1 - epoch / EPOCHS)
        for first in range(0, len(order), batch):
            chosen = order[first : first + batch]
            seen = features[chosen]
            scores = np.clip(w[seen].sum(1) + prior[chosen], -30, 30)
            errors = (1 / (1 + np.exp(-scores)) - share[chosen]) * weight[chosen]
            spread = np.repeat(errors, seen.shape[1])
            gradient = np.bincount(seen.ravel(), spread, 1 << bits).astype(np.float32) + DECAY * batch * w
            squares += gradient * gradient
            w -= rate * gradient / np.sqrt(squares)
    return w
