"""Adam under a falling step size, on a clipped gradient, with an average of the weights kept beside them.

A batch touches few rows of an embedding table. The others have gradient 0, and what Adam and the average do to them
until they are touched again follows from the steps alone: they are brought up to date when they are next read, and
the result is that of updating every row at every step, but for rounding (``rnntag.kernels.optimiser.catch_up``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np

from rnntag.arrays.engine import Engine
from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Array
from rnntag.errors import SpecError
from rnntag.training.recipe import Recipe

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
HOPELESS = 20  # updates in a row without a finite gradient before training gives up
_NUMBERS = ("rate", "skipped", "_done", "_failed", "_now")  # of an optimiser's state
WINDOW = 512  # updates after which every row is brought up to date: bounds what must be kept of the past
PARTS = 2  # a long vector is always worked on in so many parts, however many threads there are

S = TypeVar("S")
T = TypeVar("T")


class Each(Protocol):
    """Applies a function to each of some things, as `map` does, perhaps to several at the same time."""

    def __call__(self, function: Callable[[S], T], things: Iterable[S], /) -> Iterable[T]: ...


class Optimiser:
    """Updates parameters in place and keeps their average.

    engine   whose kernels do it
    P        the parameters
    updates  how many there will be: over them the step size falls to 0 along a cosine (Loshchilov & Hutter, ICLR 2017)
    tables   how many of the first arrays of P are embedding tables, of which a batch touches few rows

    Of tables, only rows named to `touch` since the last update are up to date; after `settle`, all are.

    `averaged` is the average of the weights, `rate` the step size of the last update, `skipped` counts those left out.
    """

    def __init__(self, engine: Engine, P: Parameters, recipe: Recipe, updates: int, tables: int = 0) -> None:
        self.P, self.averaged = P, P.copy()
        self.rate = recipe.learning_rate
        self.skipped = 0
        self._engine, self._recipe, self._updates = engine, recipe, updates
        self._M, self._V = P.like(), P.like()
        self._done = self._failed = 0  # updates so far, and those without a finite gradient since the last that had one
        self._tables = {name: np.zeros(len(P[name]), np.int32) for name in list(P.shapes)[:tables]}
        self._rows: dict[str, Array] = {}
        self._now = 0  # updates done in this window
        # Of a row last touched at each of them, what `rnntag.kernels.optimiser.catch_up` makes up for: s, q, d, x, y.
        self._drift = np.zeros((WINDOW + 1, 5))

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """All that the next update depends on: numbers, and arrays, which are views."""
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        flat = {"P": self.P, "M": self._M, "V": self._V, "averaged": self.averaged}
        arrays = {name: parameters.flat for name, parameters in flat.items()}
        arrays |= {f"since.{name}": since for name, since in self._tables.items()}
        return numbers, arrays | {"drift": self._drift[: self._now]}

    def restore(self, numbers: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        """Go on where `state` was taken. Raises KeyError or ValueError for what is no state of these parameters."""
        for name in _NUMBERS:
            setattr(self, name, type(getattr(self, name))(numbers[name]))
        for name, array in self.state()[1].items():
            array[:] = arrays[name]

    def touch(self, rows: dict[str, Array]) -> dict[str, Array]:
        """Copies of those rows of each table that the next update has gradients for (rows, width); no row twice."""
        self._rows = rows
        self._catch_up(rows)
        return {name: self.P[name].take(chosen, axis=0) for name, chosen in rows.items()}

    def settle(self) -> None:
        """Bring every row of every table up to date."""
        self._catch_up({name: np.arange(len(since)) for name, since in self._tables.items()})
        for since in self._tables.values():
            since[:] = 0
        self._now = 0

    def _catch_up(self, rows: dict[str, Array]) -> None:
        """Bring some rows of each table up to date."""
        if self._now:
            drift = self._drift[: self._now].astype(np.float32)
            for name, chosen in rows.items():
                table = self.P[name], self._M[name], self._V[name], self.averaged[name]
                self._engine.catch_up(*table, chosen, self._tables[name], self._now, drift, EPSILON)

    def step(self, gradients: Sequence[Parameters], each: Each = map) -> float:
        """Update the parameters; gives the norm of the gradient before clipping, not finite if the update was left out.

        gradients  of parts of a batch, summed into the first; their tables hold the rows named to `touch`, in order
        each       may run a function on several parts at the same time

        An exploding gradient is scaled down to the norm asked for (Pascanu, Mikolov & Bengio, ICML 2013, algorithm
        1); one that is not finite is skipped. Raises SpecError when that happens `HOPELESS` times in a row.
        """
        G = gradients[0]
        norm = math.sqrt(sum(each(lambda part: self._summed(gradients, part), range(PARTS))))
        self.rate = self._recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * self._done / self._updates))
        self._done += 1
        if not math.isfinite(norm):
            self.skipped, self._failed = self.skipped + 1, self._failed + 1
            if self._failed == HOPELESS:
                fact = f"the gradient exploded: {HOPELESS} updates in a row were not finite"
                raise SpecError(fact, hint="lower --learning-rate")
            return norm
        self._failed = 0
        update = self._done - self.skipped
        corrected = self.rate * math.sqrt(1 - BETA2**update) / (1 - BETA1**update)
        scale = min(1.0, self._recipe.clip / norm) if norm else 1.0
        settings = scale, corrected, BETA1, BETA2, EPSILON
        decay = min(self._recipe.decay, update / (9 + update))  # lower at first: first values are soon forgotten
        dense = [vector.after(len(self._tables)) for vector in (self.P, G, self._M, self._V, self.averaged)]

        def updated(part: int) -> None:
            p, g, m, v, a = (_part(vector, part) for vector in dense)
            self._engine.adam(p, g, m, v, *settings)
            self._engine.average(a, p, decay)

        list(each(updated, range(PARTS)))
        self._now += 1
        self._record_drift(corrected, decay)
        for name, rows in self._rows.items():
            table = self.P[name], G[name], self._M[name], self._V[name], self.averaged[name]
            self._engine.adam_rows(*table, rows, self._tables[name], self._now, *settings, decay)
        if self._now == WINDOW:
            self.settle()
        return norm

    def _summed(self, gradients: Sequence[Parameters], part: int) -> float:
        """Sum one part of the gradients into the first; gives its sum of squares."""
        total, *others = (_part(gradient.flat, part) for gradient in gradients)
        for other in others:
            total += other
        return float(self._engine.squared_norm(total))

    def _record_drift(self, rate: float, decay: float) -> None:
        """Add what this update does to rows whose gradient is 0, for each update at which they were last touched."""
        s, q, d, x, y = self._drift[: self._now].T
        s[-1], q[-1], d[-1], x[-1], y[-1] = 0.0, 0.0, 1.0, 1.0, 1.0
        x *= BETA1
        y *= BETA2
        s += rate * x / np.sqrt(y)
        q *= decay
        q += (1 - decay) * s
        d *= decay


def _part(vector: Array, part: int) -> Array:
    """One of `PARTS` parts of a vector's rows: a view."""
    rows = len(vector)
    return vector[rows * part // PARTS : rows * (part + 1) // PARTS]
