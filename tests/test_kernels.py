"""The kernels against their twins, and against themselves: a row's result must not depend on its neighbours."""

import math
import os
import platform
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import panels, ragged, rows_of

from rnntag import engine
from rnntag.kernels import compiling

# Register tiles are 1, 2, 3, 4 and 6 rows high: every remainder, and some whole numbers of tiles.
SENTENCES = (1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 40)
WIDTHS = (16, 32, 80, 144)
every_width = pytest.mark.parametrize("N", WIDTHS)
every_number = pytest.mark.parametrize("sentences", SENTENCES)
both_ways = pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reverse"])


def some_lengths(sentences):
    return np.random.default_rng(sentences).integers(1, 8, sentences).tolist()


class Recurrent:
    """Random inputs for one direction of a recurrent layer over a batch, to be run by any engine at any width."""

    gates = 1

    def __init__(self, lengths, N, reverse=False, initial=False, column=0, scale=1.0):
        rng = np.random.default_rng([sum(lengths), N, reverse])
        self.batch, self.N, self.reverse, self.column = ragged(lengths), N, reverse, column
        R, B = self.batch.rows, self.batch.sentences if initial else 0
        self.Z = (rng.normal(size=(R, self.gates * N)) * scale).astype(np.float32)
        self.U = (rng.normal(size=(N, self.gates * N)) / math.sqrt(N)).astype(np.float32)
        self.H0, self.C0 = (rng.normal(size=(B, N)).astype(np.float32) for _ in range(2))
        self.dH = rng.normal(size=(R, 2 * N)).astype(np.float32)

    def alone(self, sentence):
        """The same inputs with one sentence for a batch."""
        other, rows = object.__new__(type(self)), rows_of(self.batch, sentence)
        other.batch, other.U = ragged([len(rows)]), self.U
        other.N, other.reverse, other.column = self.N, self.reverse, self.column
        other.Z, other.dH = self.Z[rows], self.dH[rows]
        other.H0, other.C0 = self.H0[sentence:][:1], self.C0[sentence:][:1]
        return other

    def run(self, engine, dtype=np.float32):
        """All that a forward and a backward pass leave behind."""
        batch, N, Z = self.batch, self.N, self.Z.astype(dtype)
        H = np.zeros((batch.rows, 2 * N), dtype)
        H0, U, dH = self.H0.astype(dtype), self.U.astype(dtype), self.dH.astype(dtype)
        where = batch.sizes, batch.offsets, self.reverse
        engine.rnn_forward(Z, panels(U, 16), H0, *where, H, self.column)
        dZ = np.full_like(Z, np.nan)
        engine.rnn_backward(dH, self.column, panels(U.T, 16), H, *where, dZ)
        return {"sums": Z, "states": H, "dZ": dZ, "dH": dH}


class Gated(Recurrent):
    """The same for the long short-term memory."""

    gates = 4

    def run(self, engine, dtype=np.float32):
        batch, N, Z = self.batch, self.N, self.Z.astype(dtype)
        H, C = np.zeros((batch.rows, 2 * N), dtype), np.full((batch.rows, N), np.nan, dtype)
        H0, C0, U, dH = (X.astype(dtype) for X in (self.H0, self.C0, self.U, self.dH))
        dC = np.full((batch.sentences, N), np.nan, dtype)
        where = batch.sizes, batch.offsets, self.reverse
        engine.lstm_forward(Z, panels(U, 32), H0, C0, *where, H, self.column, C)
        gates = Z.copy()
        engine.lstm_backward(dH, self.column, panels(U.T, 16), Z, C, C0, *where, dC)
        return {"gates": gates, "states": H, "cells": C, "dZ": Z, "dH": dH, "dC": dC}


class Chain:
    """Random scores for the conditional random field; tag 0 may go anywhere, some other moves are forbidden."""

    def __init__(self, lengths, Y, scale=1.0, tags=None, whole=False):
        rng = np.random.default_rng([sum(lengths), Y])
        self.batch = ragged(lengths)

        def some(*shape):
            return (rng.integers(-2, 3, shape) if whole else rng.normal(size=shape)).astype(np.float32)

        self.E, self.M, self.bounds = some(self.batch.rows, Y) * np.float32(scale), some(Y, Y), some(2, Y)
        self.M[1:, 1:][rng.random((Y - 1, Y - 1)) < 0.3] = -np.inf
        self.bounds[:, 1:][rng.random((2, Y - 1)) < 0.3] = -np.inf
        if tags is not None:  # the rest is padding
            self.M[tags:], self.M[:, tags:], self.bounds[:, tags:] = -np.inf, -np.inf, -np.inf

    def alone(self, sentence):
        other, rows = object.__new__(Chain), rows_of(self.batch, sentence)
        other.batch, other.E, other.M, other.bounds = ragged([len(rows)]), self.E[rows], self.M, self.bounds
        return other

    def run(self, engine, dtype=np.float32):
        batch, E, bounds, K = self.batch, self.E.astype(dtype), self.bounds.astype(dtype), np.exp(self.M)
        K, where = K.astype(dtype), (batch.sizes, batch.offsets)
        A, F, dE, V = (np.full_like(E, np.nan) for _ in range(4))
        logZ, path = np.full(batch.sentences, np.nan), np.full(batch.rows, -1, np.int32)
        engine.crf_forward(E, panels(K, 16), bounds, *where, A, F, logZ)
        engine.crf_backward(A, F, panels(K.T, 16), *where, dE)
        engine.viterbi(E, panels(self.M.astype(dtype), 16), bounds, *where, V, path)
        moves = K * (A[batch.previous].T @ F[batch.sentences :])
        return {"logZ": logZ, "marginals": dE, "moves": moves, "best": V, "path": path}


def agree(found, expected, tolerance):
    """Equal to within the tolerance, in units of the largest number of each array."""
    assert found.keys() == expected.keys()
    for name, right in expected.items():
        finite = right[np.isfinite(right)]
        size = max(1.0, float(np.abs(finite).max(initial=0.0)))
        np.testing.assert_allclose(found[name], right, rtol=0, atol=tolerance * size, err_msg=name)


# Against the twins


@every_width
@every_number
@pytest.mark.parametrize("kind", [Recurrent, Gated], ids=["rnn", "lstm"])
def test_cells_agree_with_their_twins(kernels, plain, kind, N, sentences):
    for reverse in (False, True):
        for initial in (False, True):
            column = N if reverse != initial else 0
            case = kind(some_lengths(sentences), N, reverse, initial, column)
            agree(case.run(kernels), case.run(plain, np.float64), 3e-6)


@both_ways
@pytest.mark.parametrize("initial", [False, True], ids=["zeros", "initial"])
@pytest.mark.parametrize("column", [0, 32])
@pytest.mark.parametrize("kind", [Recurrent, Gated], ids=["rnn", "lstm"])
def test_cells_leave_other_columns_alone(kernels, plain, kind, reverse, initial, column):
    case = kind(some_lengths(9), 32, reverse, initial, column)
    found = case.run(kernels)
    agree(found, case.run(plain, np.float64), 3e-6)
    others = slice(32, None) if column == 0 else slice(32)
    assert not found["states"][:, others].any()
    np.testing.assert_array_equal(found["dH"][:, others], case.dH[:, others])


@both_ways
@pytest.mark.parametrize("kind", [Recurrent, Gated], ids=["rnn", "lstm"])
def test_cells_agree_when_their_gates_are_saturated(kernels, plain, kind, reverse):
    case = kind([9, 6, 6, 2, 1], 32, reverse, True, scale=40.0)
    assert np.abs(case.Z).max() > 100
    agree(case.run(kernels), case.run(plain, np.float64), 3e-6)


@pytest.mark.parametrize("Y", [16, 48, 128])
@every_number
def test_the_crf_agrees_with_its_twin(kernels, plain, Y, sentences):
    case = Chain(some_lengths(sentences), Y, tags=Y - 5)
    found, expected = case.run(kernels), case.run(plain)
    np.testing.assert_array_equal(found.pop("path"), expected.pop("path"))
    np.testing.assert_array_equal(found.pop("best"), expected.pop("best"))
    wide = case.run(plain, np.float64)
    agree(found, {name: wide[name] for name in found}, 3e-6)


def test_the_crf_agrees_with_its_twin_where_a_plain_exponential_overflows(kernels, plain):
    case = Chain(some_lengths(13), 16, scale=200.0)
    # Every move is allowed here: scaled to sum to 1, a tag e^87 behind the best cannot be told from one out of reach.
    case.M = np.maximum(case.M, np.float32(-5))
    assert case.E.max() > 100
    found, expected = case.run(kernels), case.run(plain, np.float64)
    found.pop("path"), expected.pop("path")
    agree(found, expected, 3e-5)


@pytest.mark.parametrize(
    ("behind", "move"),
    [(50, 0), (80, 0), (60, 20), (80, 15), (80, 30), (120, 0), (1000, 0)],
)
def test_the_crf_stays_finite_when_the_tag_far_behind_turns_out_best(kernels, behind, move):
    case = Chain([3, 2, 1], 16, tags=3)
    case.E[:], case.M[:3, :3], case.bounds[:, :3] = 0, 0, 0
    case.M[0, 2] = case.bounds[0, 2] = -np.inf  # O B I: no I after O
    case.E[:3, 1], case.M[1, 2] = -behind, -move
    case.E[3:, 2] = 500
    found = case.run(kernels)
    assert np.isfinite(found["logZ"]).all()
    assert np.isfinite(found["moves"]).all()
    np.testing.assert_allclose(found["marginals"].sum(axis=1), 1, atol=1e-5)
    if behind + move < 87:  # beyond, the tag counts as out of reach
        assert found["logZ"][1] == pytest.approx(500 - behind - move)


@pytest.mark.parametrize("Y", [16, 48])
def test_of_equal_paths_the_kernel_takes_the_same_as_its_twin(kernels, plain, Y):
    for sentences in SENTENCES:
        case = Chain(some_lengths(sentences), Y, whole=True)
        np.testing.assert_array_equal(case.run(kernels)["path"], case.run(plain)["path"])
    case.E[:], case.M[:], case.bounds[:] = 0, 0, 0
    assert not case.run(kernels)["path"].any()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=40), st.booleans(), st.booleans())
def test_any_lengths_will_do(lengths, reverse, initial):
    kernels, plain = engine.kernels(), engine.plain()
    for kind in (Recurrent, Gated):
        case = kind(lengths, 16, reverse, initial, 16)
        agree(case.run(kernels), case.run(plain, np.float64), 3e-6)
    case = Chain(lengths, 16)
    found, expected = case.run(kernels), case.run(plain, np.float64)
    np.testing.assert_array_equal(found.pop("path"), case.run(plain)["path"])
    expected.pop("path")
    agree(found, expected, 3e-6)


# Against themselves


@both_ways
@pytest.mark.parametrize("kind", [Recurrent, Gated], ids=["rnn", "lstm"])
def test_a_sentence_alone_has_the_bits_it_has_in_a_batch(kernels, kind, reverse):
    for sentences in (3, 5, 7, 13):
        case = kind(some_lengths(sentences), 32, reverse, True, 32)
        together = case.run(kernels)
        for sentence in range(sentences):
            rows = rows_of(case.batch, sentence)
            for name, found in case.alone(sentence).run(kernels).items():
                expected = together[name][sentence : sentence + 1] if name == "dC" else together[name][rows]
                np.testing.assert_array_equal(found, expected, err_msg=name)


def test_a_sentence_alone_has_the_tags_and_marginals_it_has_in_a_batch(kernels):
    for sentences in (3, 5, 7, 13):
        case = Chain(some_lengths(sentences), 32)
        together = case.run(kernels)
        for sentence in range(sentences):
            rows, found = rows_of(case.batch, sentence), case.alone(sentence).run(kernels)
            for name in ("marginals", "best", "path"):
                np.testing.assert_array_equal(found[name], together[name][rows], err_msg=name)
            assert found["logZ"][0] == together["logZ"][sentence]


# What must not be hidden


@both_ways
@pytest.mark.parametrize("kind", [Recurrent, Gated], ids=["rnn", "lstm"])
def test_nan_goes_on_in_its_sentence_and_nowhere_else(kernels, kind, reverse):
    case = kind([4, 4, 3, 2, 1], 16, reverse, True)
    clean = case.run(kernels)
    hurt = rows_of(case.batch, 1)
    case.Z[hurt[1], 3] = np.nan
    found = case.run(kernels)
    after = hurt[:1] if reverse else hurt[2:]  # in running order
    before = hurt[2:] if reverse else hurt[:1]
    assert np.isnan(found["states"][hurt[1], 3])
    assert np.isnan(found["states"][after, :16]).all()
    np.testing.assert_array_equal(found["states"][before], clean["states"][before])
    assert np.isnan(found["dZ"][before]).all()
    others = [row for row in range(case.batch.rows) if row not in hurt]
    for name in ("states", "dZ", "dH"):
        np.testing.assert_array_equal(found[name][others], clean[name][others], err_msg=name)


@both_ways
@pytest.mark.parametrize("kind", [Recurrent, Gated], ids=["rnn", "lstm"])
def test_nan_in_the_gradient_goes_back_in_time(kernels, kind, reverse):
    case = kind([4, 3, 1], 16, reverse)
    run = rows_of(case.batch, 0)
    case.dH[run[0] if reverse else run[-1], 5] = np.nan
    first = run[-1] if reverse else run[0]
    found = case.run(kernels)
    assert np.isnan(found["dZ"][first]).all()
    assert np.isfinite(found["dZ"][rows_of(case.batch, 1)]).all()


@pytest.mark.filterwarnings("ignore:invalid value")  # NumPy's word on the same NaN
@pytest.mark.parametrize("tags", [slice(7, 8), slice(None)], ids=["one", "all"])
def test_nan_among_the_tag_scores_reaches_log_z(kernels, plain, tags):
    case = Chain([3, 2, 2], 16)
    case.M[:], case.bounds[:] = 0, 0
    case.E[rows_of(case.batch, 1)[1], tags] = np.nan
    for hands in (plain, kernels):
        A, F, logZ = np.empty_like(case.E), np.empty_like(case.E), np.empty(3)
        K = panels(np.exp(case.M), 16)
        hands.crf_forward(case.E, K, case.bounds, case.batch.sizes, case.batch.offsets, A, F, logZ)
        assert np.isfinite(logZ).tolist() == [True, False, True], hands.name


# The activations


def tanh_on_lanes(kernels, x):
    """tanh of float32 numbers, as a layer without recurrent weights computes it."""
    Z, N = x.reshape(-1, 16).copy(), 16
    H, U = np.empty_like(Z), np.zeros((1, N, N), np.float32)
    sizes, offsets = np.array([len(Z)], np.int64), np.zeros(1, np.int64)
    kernels.rnn_forward(Z, U, np.empty((0, N), np.float32), sizes, offsets, False, H, 0)
    return H.reshape(-1)


def gates_on_lanes(kernels, x):
    """The same numbers through σ and tanh, as one step of a long short-term memory computes them (2, n)."""
    x, N = x.reshape(-1, 16), 16
    Z = np.repeat(x.reshape(-1, 2, 1, 8), 4, axis=2).reshape(len(x), 64)
    H, C, U = np.empty_like(x), np.empty_like(x), np.zeros((2, N, 32), np.float32)
    sizes, offsets, none = np.array([len(Z)], np.int64), np.zeros(1, np.int64), np.empty((0, N), np.float32)
    kernels.lstm_forward(Z, U, none, none, sizes, offsets, False, H, 0, C)
    gates = Z.reshape(-1, 2, 4, 8).transpose(2, 0, 1, 3).reshape(4, -1)
    np.testing.assert_array_equal(gates[0], gates[1])
    np.testing.assert_array_equal(gates[0], gates[3])
    return gates[0], gates[2]


def test_tanh_and_sigmoid_are_right_to_three_in_ten_million(kernels):
    x = np.linspace(-12, 12, 160_000, dtype=np.float32)
    wide = x.astype(np.float64)
    sigmoid, tanh = gates_on_lanes(kernels, x)
    np.testing.assert_array_equal(tanh, tanh_on_lanes(kernels, x))
    assert np.abs(tanh - np.tanh(wide)).max() < 3e-7
    assert np.abs(sigmoid - (0.5 + 0.5 * np.tanh(0.5 * wide))).max() < 3e-7
    tiny = np.geomspace(1e-30, 1e-2, 1600, dtype=np.float32)
    np.testing.assert_allclose(tanh_on_lanes(kernels, tiny), np.tanh(tiny.astype(np.float64)), rtol=3e-7)


def test_tanh_saturates_at_one_and_never_beyond(kernels):
    x = np.concatenate([np.linspace(0, 20, 159_984), np.geomspace(20, 3e38, 15), [np.inf]]).astype(np.float32)
    right, left = tanh_on_lanes(kernels, x), tanh_on_lanes(kernels, -x)
    np.testing.assert_array_equal(left, -right)
    assert right.max() <= 1.0
    assert (right[x > 8] > 1 - 3e-7).all()
    assert len(np.unique(right[x > 8])) == 1
    assert np.diff(right).min() > -6e-7  # it may step back by rounding, no more
    sigmoid, _ = gates_on_lanes(kernels, np.concatenate([x, -x]))
    assert sigmoid.min() >= 0.0
    assert sigmoid.max() <= 1.0
    assert not tanh_on_lanes(kernels, np.zeros(16, np.float32)).any()
    assert np.isnan(tanh_on_lanes(kernels, np.full(16, np.nan, np.float32))).all()


def test_the_exponential_of_the_crf_is_right_to_four_in_ten_million(kernels):
    E = np.linspace(-100, 0, 160_000, dtype=np.float32).reshape(-1, 16)
    E[:, 0] = 0  # its factor is that of 1
    A, F, logZ = np.empty_like(E), np.empty_like(E), np.empty(len(E))
    sizes, offsets = np.array([len(E)], np.int64), np.zeros(1, np.int64)
    kernels.crf_forward(E, np.ones((1, 16, 16), np.float32), np.zeros((2, 16), np.float32), sizes, offsets, A, F, logZ)
    wide = np.exp(E.astype(np.float64))
    found = F.astype(np.float64) / F[:, :1]
    here = (E > -86.9) & (wide / wide.sum(axis=1, keepdims=True) > 1.2e-38)
    assert here.sum() > 130_000
    np.testing.assert_allclose(found[here], wide[here], rtol=4e-7)
    assert not found[E < -87.1].any()
    np.testing.assert_allclose(logZ, np.log(wide.sum(axis=1)), atol=1e-6)


# The optimiser


@pytest.mark.parametrize("rows", [1, 255, 256, 257, 5000])
def test_the_optimiser_agrees_with_its_twin(kernels, plain, rows):
    rng = np.random.default_rng(rows)
    P, G, M, A = (rng.normal(size=(rows, 16)).astype(np.float32) for _ in range(4))
    V = rng.uniform(0.1, 2, (rows, 16)).astype(np.float32)
    wide = [array.astype(np.float64) for array in (P, G, M, V, A)]
    settings = 0.3, 0.01, 0.9, 0.999, 1e-8
    for _ in range(3):
        kernels.adam(P, G, M, V, *settings)
        kernels.average(A, P, 0.9)
        plain.adam(*wide[:4], *settings)
        plain.average(wide[4], wide[0], 0.9)
    for found, expected in zip((P, G, M, V, A), wide, strict=True):
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-7)
    assert kernels.squared_norm(G) == pytest.approx(plain.squared_norm(G), rel=1e-6)
    G[-1, -1] = np.nan
    assert math.isnan(kernels.squared_norm(G))


@pytest.mark.parametrize("width", [1, 8, 100])
def test_updates_of_some_rows_agree_with_their_twins(kernels, plain, width):
    rng, rows = np.random.default_rng(width), np.array([0, 3, 7], np.int64)
    P, M, A = (rng.normal(size=(9, width)).astype(np.float32) for _ in range(3))
    G, V = rng.normal(size=(3, width)).astype(np.float32), rng.uniform(0.1, 2, (9, width)).astype(np.float32)
    tables, wide = (P, M, V, A), [array.astype(np.float64) for array in (P, M, V, A)]
    drift = rng.uniform(0, 1, (6, 5)).astype(np.float32)
    since = [np.array([0, 1, 2, 5, 0, 1, 2, 6, 0], np.int32) for _ in range(2)]
    for hands, (p, m, v, a), seen in ((kernels, tables, since[0]), (plain, wide, since[1])):
        hands.catch_up(p, m, v, a, rows, seen, 6, drift, 1e-8)
        hands.adam_rows(p, G, m, v, a, rows, seen, 7, 0.3, 0.01, 0.9, 0.999, 1e-8, 0.9)
        assert seen.tolist() == [7, 1, 2, 7, 0, 1, 2, 7, 0]
    for found, expected in zip(tables, wide, strict=True):
        np.testing.assert_allclose(found, expected, rtol=3e-6, atol=3e-7)


# Rows that are looked up


def test_looking_up_and_its_gradient_agree_with_their_twins(kernels, plain):
    rng = np.random.default_rng(2)
    table, ids = rng.normal(size=(7, 5)).astype(np.float32), rng.integers(0, 5, (40, 3)).astype(np.int32)
    results = []
    for hands in (kernels, plain):
        X, dtable = np.zeros((40, 12), np.float32), np.full((7, 5), np.nan, np.float32)
        hands.embed(table, ids, 1, X, 4)
        assert (X[:, 4:9] == table[ids[:, 1]]).all()
        assert not X[:, :4].any()
        assert not X[:, 9:].any()
        dX = np.random.default_rng(3).normal(size=X.shape).astype(np.float32)
        hands.embed_backward(dtable, ids, 1, dX, 4)
        for number in range(7):
            np.testing.assert_allclose(dtable[number], dX[ids[:, 1] == number, 4:9].sum(axis=0), atol=2e-6)
        results.append(dtable)
    np.testing.assert_array_equal(*results)


def test_the_gold_path_agrees_with_its_twin_and_with_a_walk_along_it(kernels, plain):
    batch, rng = ragged([5, 4, 4, 1]), np.random.default_rng(6)
    R, Y = batch.rows, 16
    E, M, bounds = (rng.normal(size=shape).astype(np.float32) for shape in ((R, Y), (Y, Y), (2, Y)))
    gold = rng.integers(0, 5, R)
    expected, places, moves = 0.0, np.zeros((R, Y)), np.zeros((Y, Y))
    for sentence in range(batch.sentences):
        tags = gold[rows_of(batch, sentence)]
        expected += bounds[0, tags[0]] + bounds[1, tags[-1]] + E[rows_of(batch, sentence), tags].sum()
        places[rows_of(batch, sentence), tags] = 0.25
        for before, tag in pairwise(tags):
            expected += M[before, tag]
            moves[before, tag] += 0.25
    first, last = ([rows_of(batch, b)[end] for b in range(batch.sentences)] for end in (0, -1))
    for hands in (kernels, plain):
        dE, dM, dbounds = (np.ones(shape, np.float32) for shape in ((R, Y), (Y, Y), (2, Y)))
        score = hands.crf_gold(E, M, bounds, gold, batch.sizes, batch.offsets, 0.25, dE, dM, dbounds)
        assert score == pytest.approx(expected, rel=1e-6)
        np.testing.assert_array_equal(dE, 1 - places)
        np.testing.assert_array_equal(dM, 1 - moves)
        np.testing.assert_allclose(dbounds, [dE[first].sum(axis=0), dE[last].sum(axis=0)], rtol=1e-6)


# The machine's own instructions

FUSED = re.compile(r"vfn?m(add|sub)\d+ps|\bfml[as]\b")
LIBM = re.compile(r"\$?\b(expm?1?f?|tanhf?|logf|log1pf?|fmaf?|sqrtf?|powf?|fmaxf?|fminf?)\b(?=,|$|@|\))", re.MULTILINE)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64", "aarch64", "arm64"), reason="other instructions")
@pytest.mark.parametrize(
    "name", ["lstm_forward", "lstm_backward", "rnn_forward", "rnn_backward", "crf_forward", "crf_backward", "adam"]
)
def test_a_hot_kernel_multiplies_and_adds_on_whole_registers(kernels, name):
    if platform.machine() in ("x86_64", "AMD64") and "fma" not in Path("/proc/cpuinfo").read_text():
        pytest.skip("no fused multiply-add on this processor")
    code = compiling.assembly(getattr(kernels, name))
    assert len(FUSED.findall(code)) >= 4
    # The one call allowed: the log of crf_forward's norm, a single number a token where there are Y exponentials.
    called = {call.group().strip("$") for call in LIBM.finditer(code)}
    assert called <= ({"logf"} if name == "crf_forward" else set())


def test_viterbi_adds_and_chooses_on_whole_registers(kernels):
    code = compiling.assembly(kernels.viterbi)
    assert re.search(r"\bv?addps\b|\bfadd\b", code)
    assert not LIBM.search(code)


def test_the_norm_of_a_long_gradient_keeps_its_digits(kernels):
    assert kernels.squared_norm(np.full((200_000, 16), 0.1, np.float32)) == pytest.approx(32_000, rel=1e-6)


# Another processor

GENERIC = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from rnntag import engine
from rnntag.kernels import compiling
from rnntag.kernels import compiling

whole = compiling.kernel
wanted = {"lstm_forward", "viterbi"}  # compiling the others too would take a minute of nothing
compiling.kernel = lambda signature: lambda f: whole(signature)(f) if f.__name__ in wanted else f
from rnntag.kernels import crf, lstm
from types import SimpleNamespace
from test_kernels import Chain, Gated

kernels = SimpleNamespace(lstm_forward=lstm.lstm_forward, viterbi=crf.viterbi)
kernels.lstm_backward = kernels.crf_forward = kernels.crf_backward = lambda *arrays: None
plain = engine.plain()
case = Gated([5, 4, 4, 2, 1, 1, 1], 32, False, True)
found, expected = case.run(kernels), case.run(plain, np.float64)
for name in ("gates", "states", "cells"):
    np.testing.assert_allclose(found[name], expected[name], atol=1e-5)
case = Chain([5, 4, 4, 2, 1, 1, 1], 16)
np.testing.assert_array_equal(case.run(kernels)["path"], case.run(plain)["path"])
print("agreed")
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="plain SSE2 is x86's")
def test_a_processor_without_fused_multiply_add_agrees(tmp_path):
    environment = os.environ | {"NUMBA_CPU_NAME": "generic", "RNNTAG_CACHE": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", GENERIC, str(Path(__file__).parent)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout == "agreed\n", done.stderr
