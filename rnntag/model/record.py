"""What a model records of its training, and the temperatures of its probabilities."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple

from rnntag.punctuation.marks import Marks, puts_marks
from rnntag.punctuation.task import PUNCTUATION, Task

SETTINGS = ("bptt", "context", "seed")  # settings of a recipe that are read again once training is over
MOST = 1 << 53  # that is counted, and a number that any tool can read


class Temperatures(NamedTuple):
    """What scores are divided by before they become probabilities, found by `rnntag.training.calibration`."""

    tags: float = 1.0
    intents: float = 1.0

    def check(self) -> None:
        """Raises ValueError for a temperature that is not a positive, finite number."""
        if not all(isinstance(each, float) and 0.0 < each < inf for each in self):
            raise ValueError("the temperatures are none")


@dataclass(frozen=True)
class Record:
    """How a model was trained, and what follows from that for its input and output.

    recipe      the settings of the training
    train, dev  of each corpus its fingerprint and its sentences, of train its tokens
    characters  whether raw text is cut into characters too (`rnntag.data.tokenisation`), if no tokeniser was learned
    cut_right   percent of dev's tokens that raw text would be cut into; None where it cannot be known
    unknown     percent of dev's tokens that are unknown words
    lower       whether the training had small letters only: whatever the model is shown is put into them
    task        what ordinary text taught it, if that is what it learned from
    tag_marks   what the tags of columns stand for, where the user has named marks
    base        the fingerprint of the model that it went on from
    replay      of the corpus that was learned again in part: its fingerprint and its sentences
    epoch       the one whose weights are kept; None before the first one's end, and of several members
    figures     scores on dev, in percent: f1, accuracy, quality, and of intents intent_accuracy, utterance_accuracy
    seeds       those of several members
    """

    recipe: Mapping[str, Any] = field(default_factory=dict)
    train: Mapping[str, Any] = field(default_factory=dict)
    dev: Mapping[str, Any] = field(default_factory=dict)
    characters: bool = False
    cut_right: float | None = None
    unknown: float | None = None
    lower: bool = False
    task: Task | None = None
    tag_marks: Marks | None = None
    base: str | None = None
    replay: Mapping[str, Any] = field(default_factory=dict)
    epoch: int | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    seeds: Sequence[int] = ()

    @property
    def runs_on(self) -> bool:
        """Whether it was trained on running text: the sentences it tags are then one text."""
        return bool(self.recipe.get("bptt", 0))

    @property
    def context(self) -> int:
        """Tokens it reads on each side of those it tags; 0 where it reads single sentences."""
        return int(self.recipe.get("context", 0)) if self.runs_on else 0

    @property
    def trained_under(self) -> list[int]:
        """The seed of each member, if it is known."""
        if "seed" in self.recipe and not self.seeds:
            return [self.recipe["seed"]]
        return list(self.seeds)

    @property
    def marks(self) -> Marks | None:
        """What the tags mean, where the user has named the marks; else None."""
        return self.task.marks if self.task else self.tag_marks

    def reads(self, tags: Sequence[str]) -> Task | None:
        """The task by which raw text is cut, not by ``characters``; of marks, a model that puts them sees none."""
        return self.task or (Task(PUNCTUATION) if puts_marks(tags, self.marks) else None)

    def capitals(self, tags: Sequence[str]) -> bool:
        """Whether each sentence begins with a capital in text that is written, because tags say nothing of case."""
        return puts_marks(tags, self.marks) and not (self.task and self.task.case)

    def as_dict(self) -> dict[str, Any]:
        """The record as a JSON object, without what is not known."""
        known: dict[str, Any] = {
            "recipe": dict(self.recipe),
            "train": dict(self.train),
            "dev": dict(self.dev),
            "characters": self.characters,
            "cut_right": self.cut_right,
            "unknown": self.unknown,
            "lower": self.lower,
            "task": self.task.as_dict() if self.task else None,
            "tag_marks": str(self.tag_marks) if self.tag_marks else None,
            "base": self.base,
            "replay": dict(self.replay),
            "epoch": self.epoch,
            **self.figures,
            "seeds": list(self.seeds),
        }
        return {name: value for name, value in known.items() if value not in (None, {}, [])}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Record:
        """The record that `as_dict` wrote. Raises TypeError, ValueError or KeyError for what is none."""
        if not isinstance(stored, dict):
            raise TypeError("the record is none")
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored and name != "figures"}
        if "task" in known:
            known["task"] = Task.from_dict(known["task"])
        if "tag_marks" in known:
            known["tag_marks"] = Marks.parse(known["tag_marks"])
        record = cls(**known, figures={name: value for name, value in stored.items() if name not in known})
        record._check()
        return record

    def _check(self) -> None:
        for name in ("recipe", "train", "dev", "replay"):
            if not isinstance(getattr(self, name), dict):
                raise TypeError(f"the {name} in the record is none")
        if not all(_is_count(self.recipe[name]) for name in SETTINGS if name in self.recipe):
            raise TypeError("the recipe in the record is none")
        if not all(isinstance(value, (bool, int, float, str)) for value in self.recipe.values()):
            raise TypeError("the settings of the recipe in the record are none")
        own = (self.train, ("sentences", "tokens")), (self.dev, ("sentences",)), (self.replay, ("sentences",))
        for corpus, counts in own:
            if corpus and not (isinstance(corpus["corpus"], str) and all(_is_count(corpus[name]) for name in counts)):
                raise TypeError("a corpus in the record is none")
        if not isinstance(self.seeds, (list, tuple)) or not all(map(_is_count, self.seeds)):
            raise TypeError("the seeds in the record are none")
        if not all(each is None or isinstance(each, float) for each in (self.cut_right, self.unknown)):
            raise TypeError("how well text is read is not in the record")
        if not isinstance(self.characters, bool) or not isinstance(self.lower, bool):
            raise TypeError("how text is read is not in the record")
        if self.base is not None and not isinstance(self.base, str):
            raise TypeError("the base in the record is none")
        if self.epoch is not None and not _is_count(self.epoch):
            raise TypeError("the epoch in the record is none")
        if not all(isinstance(value, float) for value in self.figures.values()):
            raise TypeError("the scores in the record are none")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST


def is_english(words: Container[str]) -> bool:
    """Whether a vocabulary is that of English text: it has each of the words that the restorer knows English by."""
    from rnntag.punctuation.restorer import ENGLISH  # of use to those who write text alone

    return all(word in words for word in ENGLISH if word.isalpha())
