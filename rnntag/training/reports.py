"""What a training reports while it goes on: updates, epochs, ends of runs."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from rnntag.errors import RnntagError
from rnntag.evaluation.counts import Scores
from rnntag.model.model import Model
from rnntag.model.record import Record


@dataclass(frozen=True, repr=False)
class Step:
    """One update done, and how the epoch goes."""

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float  # nats a token, of tags and intents, mean over the epoch so far
    gradient_norm: float  # of this update, before clipping
    tokens_per_second: float

    def __repr__(self) -> str:
        return f"Step(epoch {self.epoch} of {self.epochs}, batch {self.batch} of {self.batches}, loss {self.loss:.4f})"


@dataclass(frozen=True, repr=False)
class Epoch:
    """One pass over the training set, and what dev says of the averaged weights after it."""

    epoch: int
    epochs: int
    loss: float  # nats a token, of tags and intents, with dropout
    gradient_norm: float  # median over the updates that were done, before clipping
    clipped: float  # share of updates that were clipped
    skipped: int  # updates left out, their gradient not being finite
    learning_rate: float
    tokens_per_second: float
    seconds: float  # since training began
    scores: Scores
    best: bool

    def as_dict(self) -> dict[str, Any]:
        """For JSON: everything but the scores of each type."""
        counts = self.scores.overall
        figures = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "scores"}
        return figures | {
            "precision": counts.precision,
            "recall": counts.recall,
            "f1": counts.f1,
            "accuracy": self.scores.accuracy,
            **self.scores.figures(),
        }

    def stored(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return vars(self) | {"scores": self.scores.stored()}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Epoch:
        """What `stored` gave. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(**{**stored, "scores": Scores.from_stored(stored["scores"])})

    def __repr__(self) -> str:
        best = ", best" if self.best else ""
        return f"Epoch({self.epoch} of {self.epochs}, loss {self.loss:.4f}, F1 {self.scores.overall.f1:.2f}{best})"


class Spread(NamedTuple):
    """Mean of a figure over the runs, in percent, and its deviation in percent points (of a sample; 0 for one run)."""

    mean: float
    deviation: float


@dataclass(frozen=True, repr=False)
class RunEpoch:
    """An epoch of one of several runs."""

    run: int  # counted from 1
    runs: int
    seed: int
    epoch: Epoch

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the epoch, and whose it is."""
        return {"run": self.run, "seed": self.seed, **self.epoch.as_dict()}

    def __repr__(self) -> str:
        return f"RunEpoch(run {self.run} of {self.runs}, seed {self.seed}, {self.epoch!r})"


@dataclass(frozen=True, repr=False)
class RunDone:
    """One of several runs at its end: its seed, and what dev says of its best weights.

    record    that of its model
    model     None: another run was better, and only the figures of this one are still of use (`rnntag.training.runs`)
    warnings  what the training had to say of itself at its end
    """

    run: int
    runs: int
    seed: int
    record: Record
    model: Model | None
    warnings: Sequence[str] = ()

    @property
    def figures(self) -> dict[str, float]:
        """Those of `rnntag.evaluation.counts.Scores.figures`; empty if the run was stopped in its first epoch."""
        return dict(self.record.figures)

    @property
    def quality(self) -> float:
        """What runs are chosen by; of one that was stopped in its first epoch, less than any other."""
        return float(self.record.figures.get("quality", -math.inf))

    def __repr__(self) -> str:
        f1 = f", F1 {self.figures['f1']:.2f}" if "f1" in self.figures else ""
        return f"RunDone(run {self.run} of {self.runs}, seed {self.seed}{f1})"


@dataclass(frozen=True)
class RunFailed:
    """One of several runs that came to nothing, and why."""

    run: int
    runs: int
    seed: int
    fault: RnntagError


Report = Step | Epoch | RunEpoch | RunDone | RunFailed


def spread(values: Sequence[float]) -> Spread:
    """Mean and deviation of some figures, at least one."""
    return Spread(statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else 0.0)
