"""The compiled arithmetic: recurrent cells, conditional random field, optimiser. Numba lives here and nowhere else.

The contract of a kernel
------------------------
* Arrays are float32 and C-contiguous (but for log Z, a sum over a sentence, which is float64), ids are int32, lengths
  and positions int64. A kernel writes into arrays that
  its caller owns; it allocates nothing and raises nothing, and it lets go of the interpreter's lock.
* One eager signature each. No ``fastmath``: NaN and infinity stay what they are, and no sum is put in another order.
* Each has a twin of the same name and arguments in ``rnntag.plain``, written straight from the equation. The twin is
  proved by finite differences and by enumerating every path; the kernel is proved against the twin.

Letters
-------
T steps, B sequences, R = sum of their lengths (rows), N units, Y tags. Z projected input, H hidden states, C cells,
E tag scores, M transitions from tag to tag; U recurrent weights; a ``d`` before a name is the gradient there.

Layout
------
A batch is ragged and time-major: its sequences are sorted by length, longest first; ``sizes[t]`` of them are alive at
step t, and row ``offsets[t] + b`` is step t of sequence b. Nothing is padded, nothing is ever reversed or copied: a
right-to-left pass walks t downward with a growing set of live rows.

Weights that meet one row of states at every step are *packed*: cut into panels of 32 or 16 columns, each of them
contiguous, so that a register tile reads memory in order. N and Y are multiples of 16; callers pad with zeros.

Its face: `load` and `identity`, for `rnntag.arrays.engine` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def load(names: Iterable[str], notice: Callable[[str], None] | None = None) -> dict[str, Callable[..., Any]]:
    """The kernels of these names: imports Numba, takes them from the cache, or compiles them where the cache has none.

    ``notice`` is called with a sentence when compiling begins or when the cache cannot be written. Raises KeyError for
    a name that no module has.
    """
    from rnntag.kernels.compiling import compiler

    if notice:
        compiler.notice = notice
    from rnntag.kernels import crf, embedding, lstm, online, optimiser, pooling, rnn

    modules = (rnn, lstm, embedding, pooling, crf, online, optimiser)
    found = {name: kernel for module in modules for name, kernel in vars(module).items()}
    return {name: found[name] for name in names}


def identity() -> dict[str, str]:
    """The processor, and the compiled code: a name that is another one under other sources, versions or features."""
    import llvmlite.binding

    from rnntag.kernels.compiling import version

    return {"the processor": llvmlite.binding.get_host_cpu_name(), "the compiled code": version()[:16]}
