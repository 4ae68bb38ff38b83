"""How a network is trained: every setting but the shape of the network; checked when made."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from rnntag.network.spec import Spec, from_dict, one_of, within

LARGE = 1_000_000  # tokens of a training set that needs no second look at each sentence
INTENTS = ("first", "joined", "none")
SHORTER = 3  # the epochs, where training goes on from a model


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. Together with the data and the seed it settles every byte of the model."""

    dropout: float = 0.5  # share of inputs and states left out at random
    batch: int = 0  # sentences an update; 0: by the size of the training set
    learning_rate: float = 0.003  # the step size at first; it falls to 0 over the epochs
    epochs: int = 0  # passes over the training set at most; 0: by its size
    patience: int = 0  # epochs without a better score on dev before training stops; 0: a third of epochs, 8 at least
    word_dropout: float = 1.0  # x: a word seen n times in training is shown as unknown with probability x / (x + n)
    gazetteer_dropout: float = 0.3  # share of matches in lists that are hidden: there are names that stand in none
    decay: float = 0.999  # share of the averaged weights that stays at an update; they are evaluated and saved
    clip: float = 5.0  # largest gradient norm
    seed: int = 1  # of first values, dropout, the order of sentences, and what is held back where there is no dev
    # How strongly two passes under other dropout are drawn together; 0: one pass; -1: 1 up to `LARGE` tokens, then 0.
    consistency: float = -1.0
    # Of several joined by #: the first is learned, or the joined ones are an intent of their own; or none is learned.
    intents: str = "first"
    bptt: int = -1  # tokens of running text between two cuts of backpropagation; 0: sentences alone; -1: by the tags
    context: int = 32  # tokens of running text that a network of both directions reads on each side of a window
    # Of sentences that are replayed, the share that an epoch has beside all of the training set.
    replay_share: float = 0.3
    shards: int = 2  # parts a batch is always cut into, however many threads there are

    def __post_init__(self) -> None:
        within(self, "dropout", 0.0, 0.95)
        within(self, "batch", 0, 100_000)
        within(self, "learning_rate", 1e-7, 10.0)
        within(self, "epochs", 0, 100_000)
        within(self, "patience", 0, 100_000)
        within(self, "word_dropout", 0.0, 1000.0)
        within(self, "gazetteer_dropout", 0.0, 1.0)
        within(self, "decay", 0.0, 0.999999)
        within(self, "clip", 1e-6, 1e9)
        within(self, "seed", 0, 2**32 - 1)
        within(self, "bptt", -1, 1_000_000)
        within(self, "context", 0, 10_000)
        within(self, "replay_share", 0.0, 1.0)
        within(self, "shards", 1, 256)
        within(self, "consistency", -1.0, 100.0)
        one_of(self, "intents", INTENTS)


def settled(recipe: Recipe, sentences: int, tokens: int, largest_batch: int = 32, goes_on: bool = False) -> Recipe:
    """A recipe with all that it leaves open decided by the size of the training set.

    A small one is seen often and in small batches, or too few updates are done to learn it: epochs fall with the
    fourth root of its tokens, from 67 at 2,000 to 14 just below `LARGE`; a batch holds 8 sentences under 1,000, 16
    under 4,000, 32 from there on. From `LARGE` on epochs are half as many, and in each a sentence is passed once: a
    second pass (`Recipe.consistency`) would not make the model better.

    sentences      of an epoch, or windows of running text
    tokens         of an epoch
    largest_batch  how many of them are a batch at most
    goes_on        from a model that knows most of it: a third of the epochs is enough
    """
    batch = recipe.batch or min(largest_batch, 8 if sentences < 1000 else 16 if sentences < 4000 else 32)
    consistency = recipe.consistency if recipe.consistency >= 0 else float(tokens < LARGE)
    passes = 30 if tokens < LARGE else 15
    by_size = min(max(round(passes * (50_000 / tokens) ** 0.25), 5), 80)
    epochs = recipe.epochs or (max(by_size // SHORTER, 3) if goes_on else by_size)
    patience = recipe.patience or max(8, epochs // 3)
    return replace(recipe, batch=batch, epochs=epochs, patience=patience, consistency=consistency)


def parted(settings: dict[str, Any]) -> tuple[Spec, Recipe]:
    """Split settings of both in one dictionary into the spec and the recipe. Raises SpecError for an unknown one.

    Whoever asks for look-ahead and names no direction means the forward one, which alone looks ahead.
    """
    if settings.get("look_ahead") and "direction" not in settings:
        settings = {**settings, "direction": "forward"}
    names = {field.name for field in fields(Spec)}
    spec = {name: value for name, value in settings.items() if name in names}
    rest = {name: value for name, value in settings.items() if name not in names}
    return from_dict(Spec, spec), from_dict(Recipe, rest)
