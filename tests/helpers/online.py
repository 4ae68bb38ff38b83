"""Long sequences of random scores, on-line Viterbi over them by any engine, and by hand."""

from itertools import pairwise

import numpy as np
from hypothesis import strategies as st
from numerics import panels, ragged

NONE = -np.inf


class Text:
    """Random scores of one long sequence; from each tag there is a way on, of the other transitions some are forbidden.

    whole  scores are small whole numbers: every sum is exact, and many paths are equal
    """

    def __init__(self, steps, tags, Y=16, forbidden=0.4, seed=0, whole=False):
        rng = np.random.default_rng([steps, tags, seed])

        def some(*shape):
            return (rng.integers(-2, 3, shape) if whole else rng.normal(size=shape) * 2).astype(np.float32)

        self.E, self.M, self.bounds, self.tags = some(steps, Y), some(Y, Y), some(2, Y), tags
        onward = np.roll(np.eye(tags, dtype=bool), 1, axis=1)
        self.M[:tags, :tags][(rng.random((tags, tags)) < forbidden) & ~onward] = NONE
        self.bounds[:, :tags][rng.random((2, tags)) < forbidden] = NONE
        self.bounds[0, rng.integers(tags)] = 0
        self.M[tags:], self.M[:, tags:], self.bounds[:, tags:] = NONE, NONE, NONE  # the rest is padding

    def only(self, allowed):
        """The same with the transitions and bounds that a scheme allows."""
        self.M[: self.tags, : self.tags] = np.where(allowed.transitions, 0, NONE)
        self.bounds[:, : self.tags] = np.where(allowed.bounds, 0, NONE)
        return self

    def legal(self, path):
        return bool(
            self.bounds[0, path[0]] > NONE and all(self.M[before, tag] > NONE for before, tag in pairwise(path))
        )

    def viterbi(self, engine, dtype=np.float32):
        """The best path in full; where none may be closed, of those that stay open."""
        batch, E, M, bounds = ragged([len(self.E)]), *(X.astype(dtype) for X in (self.E, self.M, self.bounds))
        for closing in (bounds[1], np.zeros_like(bounds[1])):
            path, V = np.empty(len(E), np.int32), np.empty_like(E)
            both = np.stack([bounds[0], closing])
            engine.viterbi(E, panels(M, 16), both, batch.sizes, batch.offsets, V, path)
            if V[-1].max() > NONE:
                break
        return path


class Online:
    """What an engine keeps of a sequence between two blocks."""

    def __init__(self, engine, text, lag):
        self.engine, self.text, self.lag, Y = engine, text, lag, len(text.M)
        self.panels = panels(text.M, 16)
        self.v, self.back = np.full((2, Y), np.nan, np.float32), np.full((lag + 3, Y), -1, np.int32)
        self.state = np.zeros(2, np.int64)

    def _written(self, size, function, *arrays):
        path = np.full(size + 2, -1, np.int32)
        found = function(*arrays, self.v, self.back, self.state, path)
        assert found <= size
        assert (path[found:] == -1).all()
        return path[:found].tolist()

    def feed(self, E):
        return self._written(len(E) + self.lag, self.engine.viterbi_online, E, self.panels, self.text.bounds[0])

    def close(self):
        return self._written(self.lag, self.engine.viterbi_close, self.text.bounds[1])

    def blocks(self, cuts):
        """The tags of each block that the cuts leave."""
        return [self.feed(E) for E in np.split(self.text.E, cuts)]

    def kept(self):
        return {"v": self.v[0].copy(), "back": self.back[:-2].copy(), "state": self.state.copy()}


def run(engine, text, lag, cuts=()):
    """All tags, to the end."""
    online = Online(engine, text, lag)
    return joined([*online.blocks(cuts), online.close()])


def joined(blocks):
    """Blocks of tags as one list."""
    return [tag for block in blocks for tag in block]


def best(paths):
    """The tag whose path has the highest score; of several, the first."""
    return max(paths, key=lambda tag: paths[tag][0])


def by_hand(text, lag):
    """How many tags become final at each step, and all tags: for each tag the best path that ends in it, in full."""
    paths, final, counts = {}, 0, []
    for t, e in enumerate(text.E):
        before, paths = paths, {}
        for y in range(text.tags):
            ways = {k: (score + text.M[k, y], path) for k, (score, path) in before.items()}
            score, path = ways[best(ways)] if t else (text.bounds[0, y], ())
            if score > NONE:
                paths[y] = score + float(e[y]), (*path, y)
        if t + 1 - final > lag:
            decided = paths[best(paths)][1][final]
            paths = {y: kept for y, kept in paths.items() if kept[1][final] == decided}
        known = final
        while final <= t and len({path[final] for _, path in paths.values()}) == 1:
            final += 1
        counts.append(final - known)
    closed = {y: (score + text.bounds[1, y], path) for y, (score, path) in paths.items()}
    paths = closed if any(score > NONE for score, _ in closed.values()) else paths
    return counts, list(paths[best(paths)][1])


seeds = st.integers(0, 10**6)
lags = st.integers(0, 10)
shares = st.sampled_from([0.0, 0.3, 0.6, 0.9])
