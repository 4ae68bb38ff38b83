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
E tag scores, M moves from tag to tag; U recurrent weights; a ``d`` before a name is the gradient there.

Layout
------
A batch is ragged and time-major: its sequences are sorted by length, longest first; ``sizes[t]`` of them are alive at
step t, and row ``offsets[t] + b`` is step t of sequence b. Nothing is padded, nothing is ever reversed or copied: a
right-to-left pass walks t downward with a growing set of live rows.

Weights that meet one row of states at every step are *packed*: cut into panels of 32 or 16 columns, each of them
contiguous, so that a register tile reads memory in order. N and Y are multiples of 16; callers pad with zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace


def load(notice: Callable[[str], None] | None = None) -> SimpleNamespace:
    """Import Numba, then load the kernels from the cache, or compile them where the cache has none.

    ``notice`` is told, in a sentence, when compiling begins or when the cache cannot be written.
    """
    from rnntag.kernels import compiling

    compiling.notice = notice or (lambda sentence: None)
    from rnntag.kernels import crf, embedding, lstm, online, optimiser, pooling, rnn

    return SimpleNamespace(
        name="kernels",
        rnn_forward=rnn.rnn_forward,
        rnn_backward=rnn.rnn_backward,
        lstm_forward=lstm.lstm_forward,
        lstm_backward=lstm.lstm_backward,
        embed=embedding.embed,
        embed_backward=embedding.embed_backward,
        mask=embedding.mask,
        pool=pooling.pool,
        pool_backward=pooling.pool_backward,
        crf_forward=crf.crf_forward,
        crf_backward=crf.crf_backward,
        crf_gold=crf.crf_gold,
        viterbi=crf.viterbi,
        viterbi_online=online.viterbi_online,
        viterbi_close=online.viterbi_close,
        squared_norm=optimiser.squared_norm,
        adam=optimiser.adam,
        average=optimiser.average,
        catch_up=optimiser.catch_up,
        adam_rows=optimiser.adam_rows,
    )
