"""The spec of a network, checked when made; and the checks of settings that a recipe shares."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from rnntag.errors import SpecError
from rnntag.features import table as features

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Settings = TypeVar("Settings", bound="DataclassInstance")

# The names of the rows of the tables in cells.py and decoders.py, which load NumPy: --help must not.
CELLS = ("lstm", "rnn", "window")
DIRECTIONS = ("forward", "backward", "both")
DECODERS = ("crf", "softmax")


def within(settings: object, name: str, low: float, high: float) -> None:
    """Raise SpecError where a setting is no number of its default's kind between ``low`` and ``high``."""
    value = getattr(settings, name)
    whole = isinstance(getattr(type(settings), name), int)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise SpecError(f"{name.replace('_', '-')} is {value!r}, but must be a {'whole ' if whole else ''}number")
    if not low <= value <= high:
        raise SpecError(f"{name.replace('_', '-')} is {value}, but must lie between {low} and {high}")


def one_of(settings: object, name: str, known: tuple[str, ...]) -> None:
    """Raise SpecError where a setting is none of the known ones."""
    value = getattr(settings, name)
    if value not in known:
        raise SpecError(f"{name} is '{value}', but must be one of {', '.join(known)}")


@dataclass(frozen=True)
class Spec:
    """The shape of a network: with the sizes of vocabularies, all that is needed to lay out its parameters.

    Raises SpecError for settings that cannot be, alone or together.
    """

    cell: str = "lstm"
    direction: str = "both"
    layers: int = 1
    hidden: int = 128  # units a direction
    embedding: int = 100  # width of a word's vector
    window: int = 3  # tokens the window cell reads on each side that its direction looks to
    look_ahead: int = 0  # tokens a forward network reads on before it answers for one
    decoder: str = "crf"
    features: tuple[str, ...] = features.AUTO
    vectors: int = 0  # width of the pretrained vectors of the feature ``vector``; 0: there are none

    def __post_init__(self) -> None:
        one_of(self, "cell", CELLS)
        one_of(self, "direction", DIRECTIONS)
        one_of(self, "decoder", DECODERS)
        within(self, "layers", 1, 8)
        within(self, "hidden", 1, 4096)
        within(self, "embedding", 1, 4096)
        within(self, "window", 0, 100)
        within(self, "look_ahead", 0, 1000)
        if self.look_ahead and (self.direction != "forward" or not self.recurs):
            fact = "look-ahead is for networks that read left to right and recur"
            raise SpecError(fact, hint="add --direction forward, or leave --look-ahead out")
        given = self.features.split(",") if isinstance(self.features, str) else self.features
        if not isinstance(given, (list, tuple)) or not all(isinstance(name, str) for name in given):
            raise SpecError(f"features is {given!r}, but must be names", hint='features=("word", "char")')
        object.__setattr__(self, "features", tuple(given))
        if self.features != features.AUTO:
            features.check(self.features)
        if self.direction == "forward" and features.AFTER in self.features and not self.look_ahead:
            fact = f"the feature '{features.AFTER}' shows the next word, of which a forward network knows nothing"
            raise SpecError(fact, hint="leave it out, or let it look ahead: --look-ahead 1")
        if features.OWN in self.features and not self.look_ahead:
            fact = f"the feature '{features.OWN}' is for networks that look ahead"
            raise SpecError(fact, hint="leave it out: without --look-ahead the word itself is what is answered for")
        within(self, "vectors", 0, 100_000)
        if (self.vectors > 0) != (features.VECTOR in self.features):
            fact = "the feature 'vector' comes with a file of them"
            raise SpecError(fact, hint="leave it out of --features and give --vectors FILE")

    @property
    def recurs(self) -> bool:
        """Whether states are fed back."""
        return self.cell != "window"

    @property
    def units(self) -> int:
        """``hidden`` rounded up to whole panels of 16: the kernels' width. The units beyond stay zero."""
        return -(-self.hidden // 16) * 16

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions a layer runs in, left to right first."""
        return ("forward", "backward") if self.direction == "both" else (self.direction,)


def from_dict(kind: type[Settings], stored: dict[str, Any]) -> Settings:
    """Settings from what ``dataclasses.asdict`` made of them. Raises SpecError for one this version does not know."""
    known = {field.name for field in fields(kind)}
    if unknown := sorted(set(stored) - known):
        raise SpecError(f"unknown setting '{unknown[0]}'")
    return kind(**stored)
