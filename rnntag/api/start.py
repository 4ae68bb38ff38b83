"""Where a training begins that Python asked for: settings and task, its own or those of the model it goes on from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from rnntag.api.tagger import Tagger

if TYPE_CHECKING:
    from rnntag.model.model import Model
    from rnntag.network.spec import Spec
    from rnntag.punctuation.marks import Marks
    from rnntag.punctuation.task import Task
    from rnntag.training.recipe import Recipe


class Start(NamedTuple):
    """What is settled before a corpus is read: the model to go on from, if any, and what follows from it."""

    base: Model | None
    spec: Spec
    recipe: Recipe
    task: Task | None
    marks: Marks | None


def start(
    base: Tagger | str | os.PathLike[str] | None,
    settings: Mapping[str, object],
    task: str | None,
    marks: str | None,
    case: bool,
) -> Start:
    """Begin with what was asked for, as `rnntag.train` takes it.

    Raises SpecError for what cannot be or differs from the base, ModelError for a base that is no model.
    """
    from rnntag.model.file import load_model
    from rnntag.punctuation.marks import Marks
    from rnntag.punctuation.task import Task
    from rnntag.training.warm_start import settings as going_on
    from rnntag.training.warm_start import task_beside

    model = base.model if isinstance(base, Tagger) else None if base is None else load_model(base)
    named = Marks.parse(marks) if marks else None
    wanted = (Task(task, named, case), None) if task else (None, named)
    return Start(model, *going_on(model, dict(settings)), *task_beside(model, *wanted))
