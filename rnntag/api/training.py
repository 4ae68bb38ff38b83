"""A training that Python asked for: checked, run, kept."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from rnntag.errors import SpecError, warn

if TYPE_CHECKING:
    from rnntag.model.model import Model
    from rnntag.training.job import Job
    from rnntag.training.recipe import Recipe
    from rnntag.training.reports import Report


class Plan(NamedTuple):
    """How a job is to be run, and where its model goes: what `rnntag.train` takes under these names."""

    output: str | os.PathLike[str] | None
    resume: bool
    runs: int
    average: bool
    threads: int


def checked(plan: Plan, recipe: Recipe, read: Iterable[object]) -> Plan:
    """The plan. Raises SpecError for one that cannot be, RnntagError where the model could not be written.

    read  what the training is made from; files among it are not to be written over
    """
    from rnntag.files.whole import check_writable
    from rnntag.training.kept_runs import place_beside
    from rnntag.training.runs import seeds

    seeds(recipe, plan.runs)
    if plan.average and plan.runs == 1:
        raise SpecError("average needs several runs")
    if plan.output is not None:
        written = [*filter(os.path.exists, (plan.output, place_beside(plan.output, plan.runs)))]
        for path in (path for path in read if isinstance(path, (str, os.PathLike)) and os.path.exists(path)):
            if any(os.path.samefile(path, place) for place in written):
                raise SpecError(f"{os.fspath(path)} is read, so it cannot be written as well", hint="another output")
        check_writable(plan.output)
    elif plan.resume:
        raise SpecError("resume needs an output, beside which the checkpoint stands")
    return plan


def trained(job: Job, plan: Plan, report: Callable[[Report], object] | None) -> Model:
    """The model of a job, which is saved if it has a place.

    A signal that would have ended the process, Ctrl-C among them, comes once that is done. Raises RnntagError.
    """
    from rnntag.corpora.splits import discard
    from rnntag.training.checkpoint import Checkpoint
    from rnntag.training.interrupt import interruptible
    from rnntag.training.keeping import is_worth_keeping, keep
    from rnntag.training.kept_runs import KeptRuns, kept_beside
    from rnntag.training.listener import Reporter
    from rnntag.training.runs import train_several
    from rnntag.training.trainer import train

    kept = kept_beside(plan.output, plan.runs, plan.resume, warn, warn) if plan.output is not None else None
    job, warnings, notes = job.checked()
    for note in notes:
        warn(f"note: {note}")
    heeded: AbstractContextManager[list[int]] = interruptible(discard) if plan.output is not None else nullcontext([])
    with heeded as interrupted:
        listener = Reporter(report, warn, interrupted)
        if plan.runs == 1:
            model = train(job, plan.threads, listener, warnings, kept if isinstance(kept, Checkpoint) else None)
        else:
            runs = kept if isinstance(kept, KeptRuns) else None
            model = train_several(job, plan.runs, plan.threads, plan.average, listener, warnings, runs).model
        if plan.output is not None and kept is not None:
            if is_worth_keeping(model, plan.output, bool(interrupted)):
                keep(model, plan.output)
            if not interrupted:
                kept.remove()
    if interrupted:
        signal.raise_signal(interrupted[0])
    return model
