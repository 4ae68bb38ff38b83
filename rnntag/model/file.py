"""A model as a file in safetensors format: written whole, checked byte by byte when read."""

from __future__ import annotations

from collections.abc import Sequence

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Array
from rnntag.errors import ModelError

FORMAT = 4


def _tensor(name: str, member: int) -> str:
    """What an array of a member is called in the file."""
    return f"{name}.{member}" if member else name


def _tensors(members: Sequence[Parameters]) -> dict[str, Array]:
    return {_tensor(name, number): view for number, member in enumerate(members) for name, view in member}


class _Other(Exception):
    """A file of another format: whether a later or an earlier one, and the version that wrote it."""


DAMAGED = "it is cut short, damaged or some other file; train it again, or fetch it again"


def _foreign(where: str) -> ModelError:
    return ModelError("is not a model file", where=where, hint=DAMAGED)
