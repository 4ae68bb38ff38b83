"""What a training reports while it goes on: updates, epochs, ends of runs."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from rnntag.errors import RnntagError
from rnntag.evaluation.counts import Scores
from rnntag.model.model import Model
from rnntag.model.record import Record
from rnntag.training.listener import Listener


@dataclass(frozen=True)
class Step:
    """One update done, and how the epoch goes."""

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float  # nats a token, of tags and intents, mean over the epoch so far
    gradient_norm: float  # of this update, before clipping
    tokens_per_second: float


@dataclass(frozen=True)
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


class Spread(NamedTuple):
    """Mean of a figure over the runs, in percent, and its deviation in percent points (of a sample; 0 for one run)."""

    mean: float
    deviation: float


@dataclass(frozen=True)
class RunEpoch:
    """An epoch of one of several runs."""

    run: int  # counted from 1
    runs: int
    seed: int
    epoch: Epoch

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the epoch, and whose it is."""
        return {"run": self.run, "seed": self.seed, **self.epoch.as_dict()}


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class RunFailed:
    """One of several runs that came to nothing, and why."""

    run: int
    runs: int
    seed: int
    fault: RnntagError


Report = Step | Epoch | RunEpoch | RunDone | RunFailed


class Reporter(Listener):
    """Passes updates and epochs on to a function, whose true answer ends the training."""

    def __init__(self, function: Callable[[Step | Epoch], object]) -> None:
        self._function, self._answer = function, False

    def report(self, progress: Report) -> None:
        if isinstance(progress, (Step, Epoch)):
            self._answer = bool(self._function(progress))

    def stopping(self) -> bool:
        return self._answer


def spread(values: Sequence[float]) -> Spread:
    """Mean and deviation of some figures, at least one."""
    return Spread(statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else 0.0)
