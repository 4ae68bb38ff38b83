"""Options of a training that goes on from a model: --base, and --replay with what that has learned from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce, wraps
from typing import TYPE_CHECKING, Any

import click

from rnntag.cli import completion
from rnntag.cli.options import given, tag_marks, task_of
from rnntag.cli.places import Place, each
from rnntag.training.recipe import Recipe

if TYPE_CHECKING:
    from rnntag.model.model import Model
    from rnntag.punctuation.marks import Marks
    from rnntag.punctuation.task import Task


OPTIONS = (
    click.option(
        "--base",
        metavar="MODEL",
        shell_complete=completion.models,
        help="Go on from this model: what it knows stays, new words and tags are added. Leave out what shapes the "
        "network. Epochs are a third of what they are without.",
    ),
    click.option(
        "--replay",
        metavar="FILE",
        multiple=True,
        shell_complete=completion.files,
        help="What --base was trained on, of which a share is learned again, so that it is not forgotten; can be "
        "repeated.",
    ),
    click.option(
        "--replay-share",
        type=float,
        default=Recipe.replay_share,
        show_default=True,
        help="Share of the sentences of --replay that an epoch has beside all of TRAIN, drawn anew for each.",
    ),
)


@dataclass(frozen=True)
class WarmStart:
    """What a training goes on from: the file of a model and those of old corpora, if there are any."""

    base: str | None
    replay: tuple[str, ...]

    @property
    def places(self) -> list[Place]:
        """The files, by their options."""
        return [("--base", self.base), *each("--replay", self.replay)]

    def model(self) -> Model | None:
        """The model to go on from, if there is one.

        Raises UsageError for options that want another one beside them, ModelError for a file that is no model.
        """
        if self.replay and self.base is None:
            raise click.UsageError("--replay goes with --base, the model that has learned from it")
        if given("replay_share") and not self.replay:
            raise click.UsageError("--replay-share goes with --replay")
        if "-" in self.replay:
            raise click.UsageError("--replay needs the name of a file")
        if self.base is None:
            return None
        from rnntag.model.file import load_model

        return load_model(self.base)


def warm_start(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options; the command gets --base and --replay as ``start`` (`WarmStart`), --replay-share as a setting."""

    @wraps(function)
    def command(*arguments: object, base: str | None, replay: tuple[str, ...], **values: Any) -> Any:
        return function(*arguments, start=WarmStart(base, replay), **values)

    return reduce(lambda command, option: option(command), reversed(OPTIONS), command)


def task_and_marks(
    base: Model | None, name: str | None, marks: str | None, case: bool
) -> tuple[Task | None, Marks | None]:
    """The task and the marks of tags that were asked for, or those of the base. Raises UsageError and SpecError."""
    task = task_of(name, marks, case)
    asked = tag_marks(task, marks)
    if base is None:
        return task, asked
    from rnntag.training.warm_start import task_beside

    return task_beside(base, task, asked)
