"""Parameters as one flat vector with named views into it, and their first values.

Optimiser, clipping, averaging, saving and gradient checking are each one line over the flat vector; the network reads
the views. Units and tags beyond those asked for, up to whole panels of 16, start at zero and have zero gradient, so
they stay zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import copy
from itertools import accumulate

import numpy as np

from rnntag.arrays.blas import one_thread
from rnntag.arrays.ragged import Array

Shapes = dict[str, tuple[int, ...]]
LANES = 16


class Parameters:
    """Named float32 arrays that share one vector; each begins at a multiple of 16 numbers."""

    def __init__(self, shapes: Shapes, dtype: type = np.float32, memory: Array | None = None) -> None:
        """``memory``  (n, 16): where to lay them, whatever it holds; None: new, all zero."""
        self.shapes = shapes
        sizes = [math.prod(shape) for shape in shapes.values()]
        starts = [0, *accumulate(-(-size // LANES) * LANES for size in sizes)]
        rows = starts[-1] // LANES
        self.flat: Array = np.zeros((rows, LANES), dtype) if memory is None else memory[:rows]
        vector = self.flat.reshape(-1)
        self._views = {
            name: vector[start : start + size].reshape(shape)
            for (name, shape), size, start in zip(shapes.items(), sizes, starts, strict=False)
        }

    def __getitem__(self, name: str) -> Array:
        return self._views[name]

    def __iter__(self) -> Iterator[tuple[str, Array]]:
        return iter(self._views.items())

    def replacing(self, arrays: dict[str, Array]) -> Parameters:
        """The same arrays, but for some given ones, with any number of rows, which are not part of ``flat``."""
        other = copy(self)
        other._views = {**self._views, **arrays}
        return other

    def before(self, arrays: int) -> Array:
        """The rows of ``flat`` (rows, 16) that hold the first ``arrays`` arrays: a view."""
        return self.flat[: self._start(arrays)]

    def after(self, arrays: int) -> Array:
        """The rows of ``flat`` (rows, 16) behind the first ``arrays`` arrays: a view."""
        return self.flat[self._start(arrays) :]

    def _start(self, arrays: int) -> int:
        return sum(-(-math.prod(shape) // LANES) for shape in list(self.shapes.values())[:arrays])

    def like(self) -> Parameters:
        """The same names and shapes, all zero."""
        return Parameters(self.shapes, self.flat.dtype.type)

    def copy(self) -> Parameters:
        """The same names, shapes and values."""
        other = self.like()
        other.flat[:] = self.flat
        return other


def glorot(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """Glorot's first values (rows, columns), uniform in ±√(6 / (rows + columns)).

    Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010,
    equation 16.
    """
    bound = np.sqrt(6.0 / (rows + columns))
    return rng.uniform(-bound, bound, (rows, columns))


@one_thread()
def orthogonal(rng: np.random.Generator, size: int) -> Array:
    """A random orthogonal matrix (size, size), under which a gradient neither vanishes nor explodes.

    Saxe, McClelland & Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    ICLR 2014.
    """
    q, r = np.linalg.qr(rng.normal(size=(size, size)))
    return q * np.sign(np.diag(r))
