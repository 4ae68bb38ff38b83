"""Kernels of cells and of rows against their twins, and against themselves: a row depends on no neighbour."""

import math
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import SENTENCES, agree, fuses, panels, ragged, rows_of, some_lengths

from rnntag.arrays import engine
from rnntag.kernels import compiling

WIDTHS = (16, 32, 80, 144)
every_width = pytest.mark.parametrize("N", WIDTHS)
every_number = pytest.mark.parametrize("sentences", SENTENCES)
both_ways = pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reverse"])


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


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=40), st.booleans(), st.booleans())
def test_any_lengths_will_do(lengths, reverse, initial):
    kernels, plain = engine.kernels(), engine.plain()
    for kind in (Recurrent, Gated):
        case = kind(lengths, 16, reverse, initial, 16)
        agree(case.run(kernels), case.run(plain, np.float64), 3e-6)


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


def test_tanh_and_sigmoid_are_right_to_three_or_four_in_ten_million(kernels):
    x = np.linspace(-12, 12, 160_000, dtype=np.float32)
    wide = x.astype(np.float64)
    sigmoid, tanh = gates_on_lanes(kernels, x)
    np.testing.assert_array_equal(tanh, tanh_on_lanes(kernels, x))
    # Where nothing fuses, the last step of either polynomial rounds once more, by up to 6e-8 each.
    assert np.abs(tanh - np.tanh(wide)).max() < (3e-7 if fuses() else 4e-7)
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


# States that are pooled


class Pooled:
    """Random states, their largest and mean over each sentence, and the way back; ``ties``: many are equal."""

    def __init__(self, lengths, W=32, ties=False):
        rng = np.random.default_rng([sum(lengths), W])
        self.batch = ragged(lengths)
        shape = self.batch.rows, W
        self.H = (rng.integers(-1, 2, shape) if ties else rng.normal(size=shape)).astype(np.float32)
        self.dS = rng.normal(size=(self.batch.sentences, 2 * W)).astype(np.float32)

    def run(self, engine, dtype=np.float32):
        where, W = (self.batch.sizes, self.batch.offsets), self.H.shape[1]
        S, top = np.full(self.dS.shape, np.nan, dtype), np.full((self.batch.sentences, W), -1, np.int32)
        engine.pool(self.H.astype(dtype), *where, S, top)
        dH = np.ones(self.H.shape, dtype)  # the gradient is added to what is there
        engine.pool_backward(self.dS.astype(dtype), top, *where, dH)
        return {"pooled": S, "top": top, "dH": dH}


@every_number
@pytest.mark.parametrize("ties", [False, True], ids=["distinct", "ties"])
def test_pooling_agrees_with_its_twin(kernels, plain, sentences, ties):
    case = Pooled(some_lengths(sentences), ties=ties)
    found, expected = case.run(kernels), case.run(plain, np.float64)
    np.testing.assert_array_equal(found.pop("top"), expected.pop("top"))
    agree(found, expected, 3e-7)


def test_a_sentence_alone_is_pooled_to_the_bits_it_has_in_a_batch(kernels):
    case = Pooled([7, 5, 5, 2, 1])
    together = case.run(kernels)
    for sentence in range(case.batch.sentences):
        rows, alone = rows_of(case.batch, sentence), object.__new__(Pooled)
        alone.batch, alone.H, alone.dS = ragged([len(rows)]), case.H[rows], case.dS[sentence : sentence + 1]
        found = alone.run(kernels)
        np.testing.assert_array_equal(found["pooled"][0], together["pooled"][sentence])
        np.testing.assert_array_equal(np.array(rows)[found["top"][0]], together["top"][sentence])
        np.testing.assert_array_equal(found["dH"], together["dH"][rows])


def test_nan_among_the_states_reaches_what_is_pooled_of_its_sentence_alone(kernels, plain):
    case = Pooled([4, 3, 1])
    case.H[rows_of(case.batch, 1)[2], 5] = np.nan
    for hands in (kernels, plain):
        mean = case.run(hands)["pooled"][:, 32:]
        assert np.argwhere(np.isnan(mean)).tolist() == [[1, 5]], hands.name


# The machine's own instructions

FUSED = re.compile(r"vfn?m(add|sub)\d+ps|\bfml[as]\b")
LIBM = re.compile(r"\$?\b(expm?1?f?|tanhf?|logf|log1pf?|fmaf?|sqrtf?|powf?|fmaxf?|fminf?)\b(?=,|$|@|\))", re.MULTILINE)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64", "aarch64", "arm64"), reason="other instructions")
@pytest.mark.parametrize(
    "name", ["lstm_forward", "lstm_backward", "rnn_forward", "rnn_backward", "crf_forward", "crf_backward", "adam"]
)
def test_a_hot_kernel_multiplies_and_adds_on_whole_registers(kernels, name):
    if not fuses():
        pytest.skip(
            "no fused multiply-add on this processor, or Numba was told to leave it: none can be seen in the code"
        )
    code = compiling.assembly(getattr(kernels, name))
    # Three is what adam has, each on one register where those hold sixteen numbers.
    assert len(FUSED.findall(code)) >= 3
    # The one call allowed: the log of crf_forward's norm, a single number a token where there are Y exponentials.
    called = {call.group().strip("$") for call in LIBM.finditer(code)}
    assert called <= ({"logf"} if name == "crf_forward" else set())


def test_viterbi_adds_and_chooses_on_whole_registers(kernels):
    code = compiling.assembly(kernels.viterbi)
    assert re.search(r"\bv?addps\b|\bfadd\b", code)
    assert not LIBM.search(code)


# Another processor

GENERIC = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from rnntag.arrays import engine
from rnntag.kernels import compiling

whole = compiling.kernel
wanted = {"lstm_forward", "viterbi"}  # compiling the others too would take a minute of nothing
compiling.kernel = lambda signature: lambda f: whole(signature)(f) if f.__name__ in wanted else f
from rnntag.kernels import crf, lstm
from types import SimpleNamespace
from test_crf import Chain
from test_kernels import Gated, fuses

assert not fuses()
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
