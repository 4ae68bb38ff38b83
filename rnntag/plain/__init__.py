"""The NumPy twins of ``rnntag.kernels``: same names, same arguments, any float width.

Written straight from the equations, a step at a time over all live rows. They are the oracle of the tests, and the
engine of small jobs: they need no compiling, and Numba is never imported.

Its face: `load`, for `rnntag.arrays.engine` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rnntag.plain import crf, embedding, lstm, online, optimiser, pooling, rnn

MODULES = (rnn, lstm, embedding, pooling, crf, online, optimiser)


def load(names: Iterable[str]) -> dict[str, Callable[..., Any]]:
    """The functions of these names. Raises KeyError for one that no module has."""
    found = {name: function for module in MODULES for name, function in vars(module).items()}
    return {name: found[name] for name in names}
