"""Lanes: what they compute, the machine code they become, and another processor."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from numerics import fuses

from rnntag.kernels import compiling, simd

# What is computed on lanes

load16, store, splat16 = simd.load16, simd.store, simd.splat16
fma, root, total, largest = simd.fma, simd.root, simd.total, simd.largest
where_greater, times_power_of_two = simd.where_greater, simd.times_power_of_two


@numba.njit(error_model="numpy")
def each_operation(A, out):
    """Rows of what is computed of rows a, b and c of A, from column 3 on; the sum and the largest of a."""
    a, b, c = load16(A, 0, 3), load16(A, 1, 3), load16(A, 2, 3)
    store(out, 0, 1, a + b)
    store(out, 1, 1, a - b)
    store(out, 2, 1, a * b)
    store(out, 3, 1, a / b)
    store(out, 4, 1, fma(a, b, c))
    store(out, 5, 1, root(b))
    store(out, 6, 1, where_greater(a, c, a, splat16(7.0)))
    store(out, 7, 1, times_power_of_two(a, c))
    return total(a), largest(a)


def test_lanes_compute_what_numpy_does_and_write_nowhere_else():
    rng = np.random.default_rng(1)
    A, out = rng.normal(size=(3, 20)).astype(np.float32), np.full((8, 18), 9.0, np.float32)
    A[1] = np.abs(A[1]) + 1
    A[2] = rng.integers(-20, 20, 20)
    A[0, 5] = A[2, 5]  # not greater
    A[0, 6] = np.nan
    a, b, c = A[:, 3:19]
    sum_, highest = each_operation(A, out)
    wide = a.astype(np.float64) * b + c
    kept = np.where(np.isnan(a) | (a <= c), np.float32(7), a)
    expected = [a + b, a - b, a * b, a / b, wide.astype(np.float32), np.sqrt(b), kept, a * np.float32(2) ** c]
    for number, (found, right) in enumerate(zip(out[:, 1:17], expected, strict=True)):
        np.testing.assert_allclose(found, right, rtol=3e-7, atol=3e-7 if number == 4 else 0, err_msg=str(number))
    assert (out[:, [0, 17]] == 9).all()
    assert np.isnan(sum_)
    A[0, 6] = 2.5
    sum_, highest = each_operation(A, out)
    assert sum_ == pytest.approx(a.astype(np.float64).sum(), rel=1e-5)
    assert highest == a.max()


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
from cases import Chain, Gated
from numerics import fuses

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
    command = [sys.executable, "-W", "ignore", "-c", GENERIC, str(Path(__file__).parents[1] / "helpers")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout == "agreed\n", done.stderr
