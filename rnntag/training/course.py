"""Where a training stands between two updates: its epoch, its patience, its best score, what it has reported."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnntag.evaluation.counts import Scores
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Epoch


@dataclass
class Course:
    """Where a training stands.

    patience  epochs that it may still go on without a better score
    epoch     the one under way or, between two, the next; counted from 1
    best      quality and accuracy of the best weights so far; None before the first epoch's end
    seconds   for which it has gone on, in processes before this one
    reports   of the epochs that are done
    losses    of the epoch under way: the loss, summed over the updates that were done,
    used      the tokens that they learned from,
    norms     and the gradient norm of each update, not finite where it was left out
    """

    patience: int
    epoch: int = 1
    best: tuple[float, float] | None = None
    seconds: float = 0.0
    reports: list[Epoch] = field(default_factory=list)
    losses: float = 0.0
    used: int = 0
    norms: list[float] = field(default_factory=list)

    @property
    def loss(self) -> float:
        """Mean over the tokens of the epoch so far."""
        return self.losses / max(self.used, 1)

    def add(self, loss: float, tokens: int, norm: float) -> None:
        """Count an update."""
        self.norms.append(norm)
        if math.isfinite(norm):
            self.losses, self.used = self.losses + loss, self.used + tokens

    def is_better(self, scores: Scores) -> bool:
        """Whether scores are the best so far; from then on they are."""
        reached = (scores.quality, scores.accuracy)
        if self.best is not None and reached <= self.best:
            return False
        self.best = reached
        return True

    def end_epoch(self, recipe: Recipe, rate: float, speed: float, scores: Scores) -> Epoch:
        """The report of the epoch under way, whose weights have these scores; the next one is then under way.

        rate   the step size of its last update
        speed  tokens a second
        """
        better = self.is_better(scores)
        norms = np.array([norm for norm in self.norms if math.isfinite(norm)] or [0.0])
        report = Epoch(
            epoch=self.epoch,
            epochs=recipe.epochs,
            loss=self.loss,
            gradient_norm=float(np.median(norms)),
            clipped=float(np.mean(norms > recipe.clip)),
            skipped=sum(not math.isfinite(norm) for norm in self.norms),
            learning_rate=rate,
            tokens_per_second=speed,
            seconds=self.seconds,
            scores=scores,
            best=better,
        )
        self.patience = recipe.patience if better else self.patience - 1
        self.epoch, self.losses, self.used, self.norms = self.epoch + 1, 0.0, 0, []
        self.reports.append(report)
        return report

    def as_dict(self) -> dict[str, Any]:
        """All of it but the norms, as JSON can hold it."""
        known = {name: getattr(self, name) for name in _PLAIN}
        return known | {"reports": [report.stored() for report in self.reports]}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any], norms: list[float]) -> Course:
        """What `as_dict` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        course = cls(**{name: stored[name] for name in _PLAIN}, norms=norms)
        course.best = None if course.best is None else (float(course.best[0]), float(course.best[1]))
        course.reports = [Epoch.from_stored(report) for report in stored["reports"]]
        return course


_PLAIN = ("patience", "epoch", "best", "seconds", "losses", "used")
