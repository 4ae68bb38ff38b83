"""Where does each kernel stand, and what did each step towards it bring? One core.

    python benchmarks/roofline.py [--json FILE] [--smoke]

The ceiling is the largest sgemm rate that NumPy's BLAS reaches on this machine in this run. FLOP count multiplications
and additions of the products alone: 16 N (D + N) a word forward, 48 N (D + N) in training, for both directions.
"""

from __future__ import annotations

import rnntag  # noqa: F401  first of all: it tells BLAS, which it finds unloaded, to use one thread

# isort: split
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
from inside import Workspace, add_product16, add_product32, engines, one_layer, pack
from measure import Clock, Rows, Tables, benchmark

LENGTHS = np.sort(np.random.default_rng(1).integers(4, 20, 32))[::-1].copy()  # as unequal as those of ATIS
WORDS = 1000
SIZES = (256, 512, 1024, 1536)  # of the matrices that sgemm is asked for
UNITS = (64, 128, 256)


def sgemm(clock: Clock, sizes: Sequence[int]) -> float:
    """The largest GFLOP/s over some sizes."""
    best = 0.0
    for n in sizes:
        A = np.random.default_rng(n).normal(size=(n, n)).astype(np.float32)
        C = np.empty_like(A)
        best = max(best, 2e-9 * n**3 / clock.seconds(lambda A=A, C=C: np.matmul(A, A, out=C)))
    return best


@numba.njit("void(f4[:,::1], f4[:,::1], f4[:,:,::1], i8)", nogil=True)
def tiles32(Z: Any, X: Any, W: Any, times: int) -> None:
    for _ in range(times):
        for p in range(W.shape[0]):
            add_product32(Z, 0, 32 * p, X, 0, 0, X.shape[0], W, p)


@numba.njit("void(f4[:,::1], f4[:,::1], f4[:,:,::1], i8)", nogil=True)
def tiles16(Z: Any, X: Any, W: Any, times: int) -> None:
    for _ in range(times):
        for p in range(W.shape[0]):
            add_product16(Z, 0, 16 * p, X, 0, 0, X.shape[0], W, p)


def tiles(clock: Clock, ceiling: float) -> Rows:
    """The recurrent product alone, forward (N x 4N) and backward (4N x N)."""
    rows = []
    for N in UNITS:
        for B in (1, 2, 3, 6, 16, 32):
            X, dZ = np.ones((B, N), np.float32), np.ones((B, 4 * N), np.float32)
            U = np.full((N, 4 * N), 1e-3, np.float32)
            W, V = (np.empty((4 * N // 32, N, 32), np.float32), np.empty((N // 16, 4 * N, 16), np.float32))
            pack(U, 32, W), pack(U.T, 16, V)
            Z, dH, flop = np.zeros((B, 4 * N), np.float32), np.zeros((B, N), np.float32), 2e-9 * B * N * 4 * N * 20
            forward = flop / clock.seconds(lambda: tiles32(Z, X, W, 20))
            backward = flop / clock.seconds(lambda: tiles16(dH, dZ, V, 20))
            shares = {"forward / sgemm": forward / ceiling, "backward / sgemm": backward / ceiling}
            rows.append({"N": N, "sequences": B, "forward GFLOP/s": forward, "backward GFLOP/s": backward} | shares)
    return rows


def layers(clock: Clock, ceiling: float) -> Rows:
    """A bidirectional layer: input product, recurrence and activations; then the same with its way back."""
    rows = []
    for N in UNITS:
        work, _, _ = one_layer(N, 16, LENGTHS, WORDS)
        flop = 1e-9 * N * (work.network.D + N) * work.batch.rows
        forward, training = 16 * flop / clock.seconds(work.forward), 48 * flop / clock.seconds(work.there_and_back)
        rows.append(
            {
                "layer, batch 32": f"D = {work.network.D}, N = {N}, both directions",
                "forward GFLOP/s": forward,
                "forward / sgemm": forward / ceiling,
                "training GFLOP/s": training,
                "training / sgemm": training / ceiling,
            }
        )
    return rows


@numba.njit(nogil=True)
def naive(Z: Any, U: Any, sizes: Any, offsets: Any, H: Any, C: Any) -> None:
    """What one writes first: three loops, and the C library's exp and tanh."""
    N = C.shape[1]
    for t in range(len(sizes)):
        for b in range(sizes[t]):
            r = offsets[t] + b
            if t:
                for k in range(N):
                    h = H[offsets[t - 1] + b, k]
                    for j in range(4 * N):
                        Z[r, j] += h * U[k, j]
            for n in range(N):
                k = n // 8 * 32 + n % 8
                i, f = 1 / (1 + np.exp(-Z[r, k])), 1 / (1 + np.exp(-Z[r, k + 8]))
                o = 1 / (1 + np.exp(-Z[r, k + 24]))
                c = i * np.tanh(Z[r, k + 16])
                if t:
                    c += f * C[offsets[t - 1] + b, n]
                C[r, n] = c
                H[r, n] = o * np.tanh(c)


def ladder(clock: Clock) -> Rows:
    """One direction of 128 units over 32 unequal sentences, the input product done; every rung gives the same H."""
    N, kernels, plain = 128, engines.kernels(), engines.plain()
    work, _, _ = one_layer(N, 16, LENGTHS, WORDS)
    batch, U = work.batch, work.P["layer0.forward.recurrent"]
    R = batch.rows
    W = pack(U, 32, np.empty((4 * N // 32, N, 32), np.float32))
    given = np.random.default_rng(3).normal(size=(R, 4 * N)).astype(np.float32)
    where, none = (batch.sizes, batch.offsets), np.empty((0, N), np.float32)

    def fresh() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return given.copy(), np.zeros((R, N), np.float32), np.zeros((R, N), np.float32)

    def by_naive() -> np.ndarray:
        Z, H, C = fresh()
        naive(Z, U, *where, H, C)
        return H

    def by(engine: engines.Engine) -> np.ndarray:
        Z, H, C = fresh()
        engine.lstm_forward(Z, W, none, none, *where, False, H, 0, C)
        return H

    def by_threads() -> np.ndarray:
        return max(pool.map(lambda _: by(kernels), range(2)), key=id)

    wanted, rows, flop = by(kernels), [], 2e-9 * N * 4 * N * R
    first = 0.0
    with ThreadPoolExecutor(2) as pool:
        rungs: list[tuple[str, Callable[[], np.ndarray], float]] = [
            ("naive loops, compiled", by_naive, 1),
            ("a BLAS product and NumPy gates a step", lambda: by(plain), 1),
            ("register tiles, gates on lanes", lambda: by(kernels), 1),
            ("two threads, a batch each", by_threads, 2),
        ]
        for name, rung, share in rungs:
            error = float(np.abs(rung() - wanted).max())
            if error > 1e-5:
                raise SystemExit(f"{name}: differs by {error:.1e}")
            reached = share * flop / clock.seconds(rung)
            first = first or reached
            rows.append({"rung": name, "GFLOP/s": reached, "times the first": reached / first, "error": f"{error:.0e}"})
    return rows


def shares(clock: Clock) -> Rows:
    """What part of tagging is Viterbi, and of training the CRF, as tags grow; and what exact marginals cost."""
    rows = []
    for tags in (16, 128, 512):
        work, scoring, types = one_layer(128, tags, LENGTHS, WORDS)
        batch, space, E = work.batch, Workspace(), work.forward().copy()
        training, crf = clock.seconds(work.loss), clock.seconds(lambda: work.decoder_loss(E.copy()))
        tagging = clock.seconds(lambda: scoring.viterbi(batch, scoring.scores(batch, types, space), space))
        viterbi = clock.seconds(lambda: scoring.viterbi(batch, E, space))
        marginals = clock.seconds(lambda: scoring.marginals(batch, E, space))
        figures = {"training, µs a word": training, "tagging, µs a word": tagging}
        rows.append(
            {"tags": tags}
            | {name: figure / batch.rows * 1e6 for name, figure in figures.items()}
            | {"CRF's share of training": crf / training, "Viterbi's share of tagging": viterbi / tagging}
            | {"marginals, times Viterbi": marginals / viterbi}
        )
    return rows


@benchmark
def main(smoke: bool) -> Tables:
    clock = Clock(0.0, 1) if smoke else Clock()
    ceiling = sgemm(clock, SIZES[:1] if smoke else SIZES)
    return {
        f"the recurrent product against sgemm's {ceiling:.1f} GFLOP/s": tiles(clock, ceiling),
        "a bidirectional layer": layers(clock, ceiling),
        "the share of the CRF, 128 units": shares(clock),
        "a ladder: one direction of 128 units, 32 sentences": ladder(clock),
    }


if __name__ == "__main__":
    main()
