"""What every forward and backward pass works with, whatever the batch."""

from __future__ import annotations

from typing import NamedTuple

from rnntag.arrays.engine import Engine
from rnntag.arrays.parameters import Parameters
from rnntag.arrays.workspace import Workspace


class Run(NamedTuple):
    """What a forward or backward pass works with.

    engine  the functions that do the arithmetic
    P       parameters
    G       where the backward pass writes their gradient
    space   working memory, of one thread alone
    """

    engine: Engine
    P: Parameters
    G: Parameters
    space: Workspace

    @classmethod
    def forward_only(cls, engine: Engine, P: Parameters, space: Workspace) -> Run:
        """A run without a backward pass: to write any gradient raises KeyError."""
        return cls(engine, P, _NO_GRADIENT, space)


_NO_GRADIENT = Parameters({})
