"""The arithmetic of ``rnntag.kernels`` once more, in NumPy: same names, same arguments, any float width.

Written straight from the equations, a step at a time over all live rows. It is the oracle of the tests, and the
engine of small jobs: it needs no compiling, and Numba is never imported.
"""

from __future__ import annotations

from types import SimpleNamespace

from rnntag.plain import crf, embedding, lstm, online, optimiser, pooling, rnn


def load() -> SimpleNamespace:
    """The functions, as ``rnntag.kernels.load`` gives theirs."""
    return SimpleNamespace(
        name="plain",
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
