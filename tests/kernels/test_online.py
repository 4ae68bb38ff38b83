"""The best path, on-line: against paths that are kept in full, against Viterbi, and the kernel against its twin."""

import platform
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import legal, panels, ragged

from rnntag.arrays import engine
from rnntag.kernels import compiling

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


# Against the long way


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 30), st.integers(1, 6), lags, shares, seeds)
def test_a_tag_is_final_when_the_surviving_paths_agree_or_the_lag_is_over_and_not_before(
    steps, tags, lag, forbidden, seed
):
    text = Text(steps, tags, forbidden=forbidden, seed=seed, whole=True)
    counts, path = by_hand(text, lag)
    for hands in (engine.kernels(), engine.plain()):
        online = Online(hands, text, lag)
        found = online.blocks(range(1, steps))
        assert [len(tags) for tags in found] == counts, hands.name
        assert joined([*found, online.close()]) == path, hands.name
    assert text.legal(path)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 40), st.integers(1, 16), st.integers(0, 3), shares, seeds)
def test_with_a_lag_as_long_as_the_sequence_it_is_viterbi_and_takes_the_same_of_equal_paths(
    steps, tags, more, forbidden, seed
):
    text = Text(steps, tags, forbidden=forbidden, seed=seed, whole=True)
    for hands in (engine.kernels(), engine.plain()):
        assert run(hands, text, steps + more) == text.viterbi(hands).tolist(), hands.name


def test_of_paths_that_are_all_equal_the_smallest_tags_are_taken(either):
    text = Text(20, 5, forbidden=0.0)
    text.E[:], text.M[:5, :5], text.bounds[:, :5] = 0, 0, 0
    for lag in (0, 3, 30):
        assert run(either, text, lag) == [0] * 20


def test_without_a_lag_each_tag_is_the_best_that_may_follow(either):
    text, expected = Text(50, 7), []
    for e in text.E:
        expected.append(int((e + (text.M[expected[-1]] if expected else text.bounds[0])).argmax()))
    online = Online(either, text, 0)
    assert online.blocks(range(1, 50)) == [[tag] for tag in expected]
    assert online.close() == []


def test_a_later_word_changes_a_tag_only_if_it_comes_within_the_lag(either):
    text = Text(4, 5).only(legal())  # O B-a I-a B-b I-b
    text.E[:] = 0
    text.E[0, 1], text.E[0, 3], text.E[3, 4] = 1, 0.5, 9  # at first it looks like a, at the end it is b
    text.E[1:3, [0, 1, 3]] = -20  # in between it goes on
    assert run(either, text, 2) == [1, 2, 2, 0]
    assert run(either, text, 3) == [3, 4, 4, 4]


# Legal and bounded


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 60), st.integers(1, 16), lags, shares, seeds)
def test_whatever_is_written_is_one_legal_path(steps, tags, lag, forbidden, seed):
    text = Text(steps, tags, forbidden=forbidden, seed=seed)
    for hands in (engine.kernels(), engine.plain()):
        path = run(hands, text, lag)
        assert len(path) == steps
        assert text.legal(path), hands.name


def test_scores_of_a_long_text_stay_exact_where_their_sum_does_not(kernels, plain):
    steps, tags = 100_000, 4
    text = Text(steps, tags, forbidden=0.0, whole=True)
    text.E += np.float32(1000)
    text.E[::3] -= np.float32(0.25)
    online, path = Online(kernels, text, 200), []
    spread = np.ptp(text.E[:, :tags], axis=1).max() + np.ptp(text.M[:tags, :tags])
    for block in np.split(text.E, 100):
        path += online.feed(block)
        assert online.v[0, :tags].max() == 0
        assert online.v[0, :tags].min() >= -spread
        assert (online.v[0, tags:] == NONE).all()
    path += online.close()
    assert path == text.viterbi(plain, np.float64).tolist()
    assert path != text.viterbi(kernels).tolist()  # its sums have lost the quarters


# The kernel against the twin


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_kernel_is_its_twin_to_the_bit_wherever_blocks_are_cut(data):
    Y = data.draw(st.sampled_from([16, 48, 128]))
    steps, lag = data.draw(st.integers(1, 60)), data.draw(st.integers(0, 20))
    tags, forbidden = data.draw(st.integers(max(1, Y - 20), Y)), data.draw(shares)
    text = Text(steps, tags, Y, forbidden, data.draw(seeds), data.draw(st.booleans()))
    cuts = sorted(data.draw(st.lists(st.integers(0, steps), max_size=6)))
    online, twin = Online(engine.kernels(), text, lag), Online(engine.plain(), text, lag)
    assert online.blocks(cuts) == twin.blocks(cuts)
    whole = Online(engine.kernels(), text, lag)
    whole.blocks([])
    for other in (twin, whole):
        for name, kept in online.kept().items():
            np.testing.assert_array_equal(kept, other.kept()[name], err_msg=name)
    assert online.close() == twin.close() == whole.close()
    assert run(engine.kernels(), text, lag, cuts) == run(engine.kernels(), text, lag)


def test_after_the_end_another_sequence_begins_as_if_it_were_the_first(either):
    first, second = Text(23, 6), Text(31, 6, seed=1)
    second.M, second.bounds = first.M, first.bounds
    online = Online(either, first, 5)
    online.blocks([])
    online.close()
    assert not online.state.any()
    assert online.feed(second.E) + online.close() == run(either, second, 5)


@pytest.mark.parametrize("lag", [0, 4])
def test_of_nothing_nothing_becomes_final(either, lag):
    text = Text(3, 5)
    online = Online(either, text, lag)
    online.v[:] = np.inf  # memory that was not written may hold anything
    assert online.feed(text.E[:0]) == online.close() == []
    online.feed(text.E)
    before = online.kept()
    assert online.feed(text.E[:0]) == []
    np.testing.assert_equal(online.kept(), before)


def test_where_no_path_is_left_the_kernel_still_does_as_its_twin(kernels, plain):
    text = Text(30, 6)
    text.E[12] = NONE
    for lag in (0, 2, 50):
        online, twin = Online(kernels, text, lag), Online(plain, text, lag)
        assert online.blocks([]) == twin.blocks([])
        assert (online.v[0] == NONE).all()
        assert (twin.v[0] == NONE).all()
        assert online.close() == twin.close()
        assert run(kernels, text, lag)[12:] == [0] * 18


@pytest.mark.filterwarnings("ignore:invalid value")  # NumPy's word on the same NaN
def test_of_scores_that_are_no_numbers_still_only_tags_come(either):
    text = Text(30, 6)
    text.E[7, 2], text.E[20] = np.nan, np.nan
    for lag in (0, 2, 50):
        path = run(either, text, lag)
        assert len(path) == 30
        assert set(path) <= set(range(6))


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64", "aarch64", "arm64"), reason="other instructions")
def test_it_adds_and_chooses_on_whole_registers(kernels):
    code = compiling.assembly(kernels.viterbi_online)
    assert re.search(r"\bv?addps\b|\bfadd\b", code)
    assert re.search(r"\bv?cmp\w*ps\b|\bfcmgt\b", code)
