"""What a model is made of, and how it is trained; checked when made."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from rnntag.errors import SpecError

CELLS = ("lstm", "rnn", "window")
DIRECTIONS = ("forward", "backward", "both")
DECODERS = ("crf", "softmax")


def _within(settings: Any, name: str, low: float, high: float) -> None:
    value = getattr(settings, name)
    whole = isinstance(getattr(type(settings), name), int)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise SpecError(f"{name.replace('_', '-')} is {value!r}, but must be a {'whole ' if whole else ''}number")
    if not low <= value <= high:
        raise SpecError(f"{name.replace('_', '-')} is {value}, but must lie between {low} and {high}")


def _one_of(settings: Any, name: str, known: tuple[str, ...]) -> None:
    value = getattr(settings, name)
    if value not in known:
        raise SpecError(f"{name} is '{value}', but must be one of {', '.join(known)}")


@dataclass(frozen=True)
class Spec:
    """The shape of a network; all that is needed to lay out its parameters, but for the vocabularies."""

    cell: str = "lstm"
    direction: str = "both"
    layers: int = 1
    hidden: int = 128  # units a direction
    embedding: int = 100  # width of a word's vector
    window: int = 3  # tokens the window cell sees on each side that its direction looks to
    decoder: str = "crf"

    def __post_init__(self) -> None:
        _one_of(self, "cell", CELLS)
        _one_of(self, "direction", DIRECTIONS)
        _one_of(self, "decoder", DECODERS)
        _within(self, "layers", 1, 8)
        _within(self, "hidden", 1, 4096)
        _within(self, "embedding", 1, 4096)
        _within(self, "window", 0, 100)

    @property
    def units(self) -> int:
        """``hidden`` rounded up to whole panels of 16: the kernels' width. The units beyond stay zero."""
        return -(-self.hidden // 16) * 16

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions a layer runs in, left to right first."""
        return ("forward", "backward") if self.direction == "both" else (self.direction,)


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. Together with the data and the seed it settles every byte of the model."""

    dropout: float = 0.5
    batch: int = 32  # sentences an update
    learning_rate: float = 0.003
    epochs: int = 30
    patience: int = 8  # epochs without a better dev F1 before training stops
    clip: float = 5.0  # largest gradient norm
    seed: int = 1
    shards: int = 2  # parts a batch is always cut into, however many threads there are

    def __post_init__(self) -> None:
        _within(self, "dropout", 0.0, 0.95)
        _within(self, "batch", 1, 100_000)
        _within(self, "learning_rate", 1e-7, 10.0)
        _within(self, "epochs", 1, 100_000)
        _within(self, "patience", 1, 100_000)
        _within(self, "clip", 1e-6, 1e9)
        _within(self, "seed", 0, 2**32 - 1)
        _within(self, "shards", 1, 256)


def as_dict(settings: Spec | Recipe) -> dict[str, Any]:
    """The settings as JSON can hold them."""
    return asdict(settings)


def from_dict(kind: type[Any], stored: dict[str, Any]) -> Any:
    """Settings as ``as_dict`` stored them. Raises SpecError for a setting this version does not know."""
    known = {field.name for field in fields(kind)}
    if unknown := sorted(set(stored) - known):
        raise SpecError(f"unknown setting '{unknown[0]}'")
    return kind(**stored)


def parted(settings: dict[str, Any]) -> tuple[Spec, Recipe]:
    """Settings of both kinds in one dictionary, each to where it belongs. Raises SpecError for an unknown one."""
    names = {field.name for field in fields(Spec)}
    spec = {name: value for name, value in settings.items() if name in names}
    rest = {name: value for name, value in settings.items() if name not in names}
    return from_dict(Spec, spec), from_dict(Recipe, rest)
