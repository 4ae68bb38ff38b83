"""What the tests of the arithmetic lean on: ragged batches, finite differences, and answers found the long way.

Letters as in ``rnntag.kernels``. Nothing here borrows from ``rnntag.plain``, so that a fault there cannot hide.
"""

import math
import platform
from itertools import pairwise, product

import numba
import numpy as np
from numba.core import codegen

from rnntag.arrays.ragged import Batch
from rnntag.arrays.workspace import pack
from rnntag.data.bio import SCHEMES
from rnntag.network.decoders import Legal

# Register tiles are 1, 2, 3, 4 and 6 rows high: every remainder, and some whole numbers of tiles.
SENTENCES = (1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 40)
TAGS = ["O", "B-a", "I-a", "B-b", "I-b"]


def fuses():
    """Whether kernels are compiled for fused multiply-add: the processor has it, and Numba was not told to leave it."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return True
    given = numba.config.CPU_FEATURES
    features = set((codegen.get_host_cpu_features() if given is None else given).split(","))
    return {"+avx", "+fma"} <= features  # LLVM gives up the one with the other


def ragged(lengths):
    """The batch of sentences of these lengths."""
    return Batch(np.array(sorted(lengths, reverse=True), np.int64))


def legal(tags=TAGS, scheme="bio"):
    """What a scheme allows of some tags."""
    transitions, begin, end = SCHEMES[scheme].legal(tags)
    return Legal(np.array(transitions, bool), np.array([begin, end], bool))


def gold_path(batch):
    """Tags that BIO allows (R,): each sentence is a turn of O, B-b, I-b, I-b, B-a …"""
    turn = [0, 3, 4, 4, 1, 2, 3, 1]
    return np.array([turn[step % len(turn)] for step in batch.step], np.int64)


def panels(W, width):
    """W in the packed form that the cells and the CRF want, in its own float width."""
    return pack(W, width, np.empty((W.shape[1] // width, len(W), width), W.dtype))


def some_lengths(sentences):
    """Lengths of so many sentences, always the same."""
    return np.random.default_rng(sentences).integers(1, 8, sentences).tolist()


def agree(found, expected, tolerance):
    """Equal to within the tolerance, in units of the largest number of each array."""
    assert found.keys() == expected.keys()
    for name, right in expected.items():
        finite = right[np.isfinite(right)]
        size = max(1.0, float(np.abs(finite).max(initial=0.0)))
        np.testing.assert_allclose(found[name], right, rtol=0, atol=tolerance * size, err_msg=name)


def slope(f, x, step=1e-5, where=None):
    """Central differences of f() with respect to the elements of x, or to those whose flat positions are given."""
    flat = x.reshape(-1)
    assert np.shares_memory(flat, x), "perturbing a copy would give zeros"
    slopes = []
    for place in range(len(flat)) if where is None else where:
        value = flat[place]
        flat[place] = value + step
        above = f()
        flat[place] = value - step
        below = f()
        flat[place] = value
        slopes.append((above - below) / (2 * step))
    return np.array(slopes).reshape(x.shape if where is None else -1)


def row(batch, sentence, step):
    """Where step ``step`` of a sentence stands."""
    return int(batch.offsets[step]) + sentence


def rows_of(batch, sentence):
    """The rows of one sentence, in the order of its tokens."""
    return [row(batch, sentence, step) for step in range(batch.lengths[sentence])]


def rows_before(batch, reverse):
    """For each sentence its rows in running order, each with the row before it, or None: (sentence, before, row)."""
    for sentence in range(batch.sentences):
        run = rows_of(batch, sentence)
        for before, here in pairwise([None, *(reversed(run) if reverse else run)]):
            yield sentence, before, here


def states_before(batch, X, X0, reverse):
    """What stood in X one step before each row (R, N); X0 may have no rows."""
    out = np.zeros_like(X)
    for sentence, before, here in rows_before(batch, reverse):
        if before is not None:
            out[here] = X[before]
        elif len(X0):
            out[here] = X0[sentence]
    return out


def at_starts(batch, dZ, U, reverse):
    """Gradient at the states before the first step (B, N), from the gradient at the projected input."""
    dH0 = np.zeros((batch.sentences, len(U)), dZ.dtype)
    for sentence, before, here in rows_before(batch, reverse):
        if before is None:
            dH0[sentence] = dZ[here] @ U.T
    return dH0


def lstm_column(gate, unit):
    """The column of gate 0 to 3 (i f g o) of a unit: panels of 8 units."""
    return unit // 8 * 32 + gate * 8 + unit % 8


def lstm_by_hand(Z, U, h, c):
    """States and cells of one sentence whose projected input is Z (T, 4N), a unit at a time."""

    def sigmoid(x):
        return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))

    N, states, cells = len(U), [], []
    for z in Z:
        before, h, c = h, [0.0] * N, list(c)
        for unit in range(N):
            i, f, g, o = (
                z[k] + sum(before[m] * U[m, k] for m in range(N))
                for k in (lstm_column(gate, unit) for gate in range(4))
            )
            c[unit] = sigmoid(f) * c[unit] + sigmoid(i) * math.tanh(g)
            h[unit] = sigmoid(o) * math.tanh(c[unit])
        states.append(h)
        cells.append(c)
    return np.array(states), np.array(cells)


def rnn_by_hand(Z, U, h):
    """States of one sentence whose projected input is Z (T, N), a unit at a time."""
    N, states = len(U), []
    for z in Z:
        h = [math.tanh(z[k] + sum(h[m] * U[m, k] for m in range(N))) for k in range(N)]
        states.append(h)
    return np.array(states)


class Paths:
    """Every tag sequence of one sentence: E (T, Y) its tag scores, M (Y, Y) transitions, bounds (2, Y).

    logZ, marginals (T, Y), transitions (Y, Y): expected number of each transition; best: the first of the best paths,
    compared from the end on; highest: its score.
    """

    def __init__(self, E, M, bounds):
        T, Y = E.shape
        paths = list(product(range(Y), repeat=T))
        scores = [
            bounds[0, path[0]]
            + bounds[1, path[-1]]
            + sum(E[t, y] for t, y in enumerate(path))
            + sum(M[transition] for transition in pairwise(path))
            for path in paths
        ]
        self.highest = max(scores)
        self.best = min((p for p, s in zip(paths, scores, strict=True) if s == self.highest), key=lambda p: p[::-1])
        weights = [math.exp(score - self.highest) for score in scores]
        whole = math.fsum(weights)
        self.logZ = self.highest + math.log(whole)
        self.marginals, self.transitions = np.zeros((T, Y)), np.zeros((Y, Y))
        for path, weight in zip(paths, weights, strict=True):
            for t, y in enumerate(path):
                self.marginals[t, y] += weight / whole
            for transition in pairwise(path):
                self.transitions[transition] += weight / whole
