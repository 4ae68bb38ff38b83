"""Where does each kernel stand, and what did each step towards it bring? One core.

    python benchmarks/roofline.py [--json FILE]

The ceiling is the largest sgemm rate that NumPy's BLAS reaches on this machine in this run. FLOP count multiplications
and additions of the products alone: 16 N (D + N) a word forward, 48 N (D + N) in training, for both directions.
"""

from __future__ import annotations

import rnntag  # noqa: F401  first of all: it tells BLAS, which it finds unloaded, to use one thread

# isort: split
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
from measure import arguments, show, write_json

from rnntag.arrays import engine as engines
from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Batch
from rnntag.arrays.workspace import Workspace, pack
from rnntag.features.lexicon import Lexicon
from rnntag.features.vocabulary import Vocabulary
from rnntag.kernels.products import add_product16, add_product32
from rnntag.model.inference import Inference
from rnntag.network.decoders import Legal
from rnntag.network.inputs import Gold, Noise, Tokens
from rnntag.network.network import Network
from rnntag.network.spec import Spec
from rnntag.tagging.marginals import Marginals, Potentials

LENGTHS = np.sort(np.random.default_rng(1).integers(4, 20, 32))[::-1].copy()  # as unequal as those of ATIS
EMBEDDING, WORDS = 100, 1000


def rate(work: Callable[[], Any], flop: float, times: int = 7) -> float:
    """GFLOP/s of the fastest of some runs."""
    return flop / seconds(work, times) / 1e9


def seconds(work: Callable[[], Any], times: int = 7) -> float:
    """A call's time in the fastest of some runs of at least 30 ms."""
    work()
    began = time.perf_counter()
    work()
    repeats = max(1, int(0.03 / (time.perf_counter() - began)))
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        for _ in range(repeats):
            work()
        best = min(best, (time.perf_counter() - began) / repeats)
    return best


def sgemm() -> float:
    """The largest rate over some sizes."""
    best = 0.0
    for n in (256, 512, 1024, 1536):
        A = np.random.default_rng(n).normal(size=(n, n)).astype(np.float32)
        C = np.empty_like(A)
        best = max(best, rate(lambda A=A, C=C: np.matmul(A, A, out=C), 2.0 * n**3))
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


def tiles(ceiling: float) -> list[dict[str, Any]]:
    """The recurrent product alone, forward (N x 4N) and backward (4N x N)."""
    rows = []
    for N in (64, 128, 256):
        for B in (1, 2, 3, 6, 16, 32):
            X, dZ = np.ones((B, N), np.float32), np.ones((B, 4 * N), np.float32)
            U = np.full((N, 4 * N), 1e-3, np.float32)
            W, V = (np.empty((4 * N // 32, N, 32), np.float32), np.empty((N // 16, 4 * N, 16), np.float32))
            pack(U, 32, W), pack(U.T, 16, V)
            Z, dH, flop = np.zeros((B, 4 * N), np.float32), np.zeros((B, N), np.float32), 2.0 * B * N * 4 * N * 20
            forward = rate(lambda: tiles32(Z, X, W, 20), flop)
            backward = rate(lambda: tiles16(dH, dZ, V, 20), flop)
            shares = {"forward / sgemm": forward / ceiling, "backward / sgemm": backward / ceiling}
            rows.append({"N": N, "sequences": B, "forward GFLOP/s": forward, "backward GFLOP/s": backward} | shares)
    return rows


def layer(N: int, tags: int = 128) -> tuple[Network, Parameters, Batch, Tokens]:
    """A network of one bidirectional layer over one feature, and a batch of 32 sentences."""
    legal = Legal(np.ones((tags, tags), bool), np.ones((2, tags), bool))
    network = Network(Spec(hidden=N, embedding=EMBEDDING, features=("word",)), {"word": WORDS}, tags, legal)
    P, batch = network.initial(np.random.default_rng(1)), Batch(LENGTHS.astype(np.int64))
    return network, P, batch, Tokens(np.random.default_rng(2).integers(0, WORDS, (batch.rows, 1)).astype(np.int32))


def layers(ceiling: float) -> list[dict[str, Any]]:
    """A bidirectional layer: input product, recurrence and activations; then the same with its way back."""
    kernels, rows = engines.kernels(), []
    for N in (64, 128, 256):
        network, P, batch, tokens = layer(N, 16)
        flop, space, none = N * (network.D + N) * batch.rows, Workspace(), Noise(None, 0.0)  # type: ignore[arg-type]
        forward = rate(lambda: network.forward(kernels, P, batch, tokens, space, none), 16.0 * flop)
        G, dE = P.like(), np.full((batch.rows, network.Y), 1e-3, np.float32)
        dX = np.empty((batch.rows, network.W), np.float32)

        def step() -> None:
            _, trace = network.forward(kernels, P, batch, tokens, space, none)
            dX[:] = 0.0
            network.backward(kernels, P, G, batch, tokens, trace, dE, dX, space)

        training = rate(step, 48.0 * flop)
        rows.append(
            {
                "layer, batch 32": f"D = {network.D}, N = {N}, both directions",
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


def ladder() -> list[dict[str, Any]]:
    """One direction of 128 units over 32 unequal sentences, the input product done; every rung gives the same H."""
    N, kernels, plain = 128, engines.kernels(), engines.plain()
    _, P, batch, _ = layer(N)
    U, R = P["layer0.forward.recurrent"], batch.rows
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

    wanted, rows, flop = by(kernels), [], 2.0 * N * 4 * N * R
    first = 0.0
    with ThreadPoolExecutor(2) as pool:
        rungs: list[tuple[str, Callable[[], np.ndarray], float]] = [
            ("naive loops, compiled", by_naive, 1),
            ("a BLAS product and NumPy gates a step", lambda: by(plain), 1),
            ("register tiles, gates on lanes", lambda: by(kernels), 1),
            ("two threads, a batch each", by_threads, 2),
        ]
        for name, work, share in rungs:
            error = float(np.abs(work() - wanted).max())
            if error > 1e-5:
                raise SystemExit(f"{name}: differs by {error:.1e}")
            reached = rate(work, flop * share)
            first = first or reached
            rows.append({"rung": name, "GFLOP/s": reached, "times the first": reached / first, "error": f"{error:.0e}"})
    return rows


def shares() -> list[dict[str, Any]]:
    """What part of tagging is Viterbi, and of training the CRF, as tags grow; and what exact marginals cost."""
    kernels, rows = engines.kernels(), []
    for tags in (16, 128, 512):
        network, P, batch, tokens = layer(128, tags)
        vocabulary = Vocabulary(map(chr, range(0x4E00, 0x4E00 + WORDS - 1)), frozen=True)
        lexicon, space, none = Lexicon({"word": vocabulary}), Workspace(), Noise(None, 0.0)  # type: ignore[arg-type]
        lexicon.numbers(vocabulary.strings)  # a word's type is its id
        work, numbers = Inference(network, [P], lexicon), tokens.ids[:, 0]
        work.know(kernels)
        G, gold = P.like(), Gold(np.zeros(batch.rows, np.int64), np.full(batch.sentences, -1))
        E = network.forward(kernels, P, batch, tokens, space, none)[0].copy()
        training = seconds(lambda: network.loss(kernels, P, G, batch, tokens, gold, 1.0, space, none))
        crf = seconds(
            lambda: network.decoder.loss(
                kernels, P, G, network.legal, batch, E.copy(), gold.tags, 1.0, Workspace(), 0.0
            )
        )
        tagging = seconds(lambda: work.best(kernels, batch, work.scores(kernels, batch, numbers, space)[0], space))
        tables = np.empty((network.Y // 16, network.Y, 16), np.float32)
        moves, V, path = network.moves(P), np.empty_like(E), np.empty(batch.rows, np.int32)
        panels, where = pack(moves.scores, 16, tables), (batch.sizes, batch.offsets)
        viterbi = seconds(lambda: kernels.viterbi(E, panels, moves.bounds, *where, V, path))
        potentials = Potentials(moves, 1.0)
        posterior = seconds(lambda: Marginals(kernels, potentials, batch, E, space))
        figures = {"training, µs a word": training, "tagging, µs a word": tagging}
        rows.append(
            {"tags": tags}
            | {name: figure / batch.rows * 1e6 for name, figure in figures.items()}
            | {"CRF's share of training": crf / training, "Viterbi's share of tagging": viterbi / tagging}
            | {"marginals, times Viterbi": posterior / viterbi}
        )
    return rows


if __name__ == "__main__":
    options = arguments(sys.argv[1:])
    ceiling = sgemm()
    tables = {
        f"the recurrent product against sgemm's {ceiling:.1f} GFLOP/s": tiles(ceiling),
        "a bidirectional layer": layers(ceiling),
        "the share of the CRF, 128 units": shares(),
        "a ladder: one direction of 128 units, 32 sentences": ladder(),
    }
    for title, rows in tables.items():
        show(f"roofline.py: {title}", rows)
    write_json(options.json, tables)
