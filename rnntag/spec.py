"""What a model is made of, and how it is trained; checked when made."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from rnntag import features
from rnntag.errors import SpecError

CELLS = ("lstm", "rnn", "window")
DIRECTIONS = ("forward", "backward", "both")
DECODERS = ("crf", "softmax")
LARGE = 1_000_000  # tokens of a training set that needs no second look at each sentence
INTENT_RULES = ("any", "exact")
INTENTS = ("first", "joined", "none")


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
    look_ahead: int = 0  # tokens a forward network reads on before it answers for one
    decoder: str = "crf"
    features: tuple[str, ...] = features.AUTO
    vectors: int = 0  # width of the pretrained vectors that the feature ``vector`` shows; 0: there are none

    def __post_init__(self) -> None:
        _one_of(self, "cell", CELLS)
        _one_of(self, "direction", DIRECTIONS)
        _one_of(self, "decoder", DECODERS)
        _within(self, "layers", 1, 8)
        _within(self, "hidden", 1, 4096)
        _within(self, "embedding", 1, 4096)
        _within(self, "window", 0, 100)
        _within(self, "look_ahead", 0, 1000)
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
        _within(self, "vectors", 0, 100_000)
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


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. Together with the data and the seed it settles every byte of the model."""

    dropout: float = 0.5
    batch: int = 0  # sentences an update; 0: by the size of the training set
    learning_rate: float = 0.003
    epochs: int = 0  # passes over the training set at most; 0: by its size
    patience: int = 0  # epochs without a better score on dev before training stops; 0: a third of epochs, 8 at least
    word_dropout: float = 1.0  # x: a word seen n times in training is shown as unknown with probability x / (x + n)
    decay: float = 0.999  # share of the averaged weights that stays at an update; they are evaluated and saved
    clip: float = 5.0  # largest gradient norm
    seed: int = 1
    # How strongly two passes under other dropout are drawn together; 0: one pass; -1: 1 up to `LARGE` tokens, then 0.
    consistency: float = -1.0
    intents: str = (
        "first"  # of several joined by #: the first is learned, or the joined ones are an intent of their own
    )
    bptt: int = -1  # tokens of running text between two cuts of backpropagation; 0: sentences alone; -1: by the tags
    context: int = 32  # tokens of running text that a network with a way back reads on to each side of a window
    shards: int = 2  # parts a batch is always cut into, however many threads there are

    def __post_init__(self) -> None:
        _within(self, "dropout", 0.0, 0.95)
        _within(self, "batch", 0, 100_000)
        _within(self, "learning_rate", 1e-7, 10.0)
        _within(self, "epochs", 0, 100_000)
        _within(self, "patience", 0, 100_000)
        _within(self, "word_dropout", 0.0, 1000.0)
        _within(self, "decay", 0.0, 0.999999)
        _within(self, "clip", 1e-6, 1e9)
        _within(self, "seed", 0, 2**32 - 1)
        _within(self, "bptt", -1, 1_000_000)
        _within(self, "context", 0, 10_000)
        _within(self, "shards", 1, 256)
        _within(self, "consistency", -1.0, 100.0)
        _one_of(self, "intents", INTENTS)


def settled(recipe: Recipe, sentences: int, tokens: int) -> Recipe:
    """A recipe with what it leaves open decided by the size of the training set.

    A small one is seen often and in small batches, or too few updates are done to learn it: epochs fall with the
    fourth root of its tokens, from 67 at 2,000 to 12 at 2,000,000; a batch holds 8 sentences under 1,000, 16 under
    4,000. A large one is seen once an epoch, which twice as much would not make better, and half as many epochs.

    sentences  or windows of running text, of which 16 are a batch at most
    """
    most = 16 if recipe.bptt > 0 else 32
    batch = recipe.batch or min(most, 8 if sentences < 1000 else 16 if sentences < 4000 else 32)
    consistency = recipe.consistency if recipe.consistency >= 0 else float(tokens < LARGE)
    passes = 30 if tokens < LARGE else 15
    epochs = recipe.epochs or min(max(round(passes * (50_000 / tokens) ** 0.25), 5), 80)
    patience = recipe.patience or max(8, epochs // 3)
    return replace(recipe, batch=batch, epochs=epochs, patience=patience, consistency=consistency)


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
    """Settings of both kinds in one dictionary, each to where it belongs. Raises SpecError for an unknown one.

    Whoever lets a network wait for words and names no direction means one that has to.
    """
    if settings.get("look_ahead") and "direction" not in settings:
        settings = {**settings, "direction": "forward"}
    names = {field.name for field in fields(Spec)}
    spec = {name: value for name, value in settings.items() if name in names}
    rest = {name: value for name, value in settings.items() if name not in names}
    return from_dict(Spec, spec), from_dict(Recipe, rest)
