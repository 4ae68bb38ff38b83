"""Checkpoints: a training that was cut short goes on, and ends with the bytes that it would have ended with.

A checkpoint is a file of the best model so far, with which one can tag; beside it stand weights, moments, averages and
carried states of the training, and where that stands. Its random numbers need no state: each batch has a seed of its
own, made of the recipe's seed, the epoch and the number of the batch.
"""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable

from rnntag.errors import ModelError, RnntagError
from rnntag.model.file import TrainingState, load_checkpoint, save_model
from rnntag.model.model import Model
from rnntag.training.identity import Identity, differences
from rnntag.training.reports import Epoch, Step

EVERY = 600.0  # seconds after which a checkpoint is written within an epoch
ENDING = ".checkpoint"
OURS = ("is damaged", "was written by", "its parts")  # how the fault of a file begins that is one of ours

Tell = Callable[[str], object]


def beside(output: str | os.PathLike[str]) -> str:
    """Where the checkpoint of a training stands whose model goes to ``output``."""
    return f"{os.fspath(output)}{ENDING}"


class Checkpoint:
    """The checkpoint of one training.

    path    its file
    resume  whether to go on where that stands
    warn    hears of what begins anew or fails,
    tell    and of what goes on

    `identity` is that of the training, once it was checked.

    Raises ModelError if it is to go on and the file is damaged or foreign, RnntagError if there is another file.
    """

    def __init__(self, path: str, resume: bool, warn: Tell, tell: Tell) -> None:
        self._path, self._warn, self._tell = path, warn, tell
        self._written, self._failed, self._replaces = time.monotonic(), False, False
        self._saved: tuple[Model, TrainingState] | None = None
        self._reached = ""
        self.identity: Identity = {}
        if not os.path.lexists(path):
            if resume:
                warn(f"nothing to resume: there is no {path}; the training begins at the beginning")
            return
        try:
            saved, self._reached = _load(path)
        except RnntagError as error:
            self._refuse(error, resume)
            return
        if resume:
            self._saved = saved
        else:
            self._replaces = True
            cut = f"{path} is of a training that was cut short {self._reached}"
            warn(f"{cut}, and will be replaced; --resume goes on with it")

    def _refuse(self, error: RnntagError, resume: bool) -> None:
        """Raise what is wrong with a file; one of ours that is of no use to anyone any longer is replaced."""
        if not error.fact.startswith(OURS):
            if resume:
                hint = "move it away, and the training begins at the beginning"
                raise ModelError(error.fact, where=self._path, hint=hint) from None
            fact, hint = (
                f"stands where the checkpoint goes, and is none: {error.fact}",
                "move it away, or name another place",
            )
            raise RnntagError(fact, where=self._path, hint=hint) from None
        if resume:
            hint = f"rm {shlex.quote(self._path)}  # the training then begins at the beginning"
            raise ModelError(error.fact, where=self._path, hint=hint) from None
        self._warn(f"{self._path}: {error.fact}; it will be replaced")

    def check(self, identity: Identity) -> None:
        """Raise ModelError if there is a training to go on with, and it is another one."""
        self.identity = identity
        if self._saved:
            check_same(identity, self._saved[1], self._path)

    def take_up(self, restore: Callable[[Model, TrainingState], None]) -> None:
        """Call a function with what there is to go on with, if anything. Raises ModelError if that does not fit."""
        if not self._saved:
            return
        try:
            restore(*self._saved)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise _unfitting(error, self._path) from None
        self._tell(f"going on {self._reached}")
        self._saved = None  # it is as large as the training itself

    def is_due(self, progress: Step | Epoch) -> bool:
        """Whether it is time to write: an epoch has ended, or a long one has gone on for a while."""
        return isinstance(progress, Epoch) or time.monotonic() - self._written >= EVERY

    def write(self, best: Model, state: TrainingState, stopping: bool = False) -> None:
        """Write what a training has come to. Where that fails it is told once, and the training goes on.

        Of a training that is stopping in its first epoch nothing is written over what another one had come to.
        """
        if stopping and self._replaces and not state.values["course"]["reports"]:
            self._warn(f"{self._path} stays as it was: no epoch came to its end")
            return
        try:
            save_model(best, self._path, state._replace(values={"identity": self.identity, **state.values}))
        except RnntagError as error:
            if not self._failed:
                self._warn(f"warning: {self._path}: {error.fact}; the training goes on without a new checkpoint")
            self._failed = True
        self._written = time.monotonic()

    def remove(self) -> None:
        """Remove it: the training has come to its end, and its model is saved."""
        try:
            os.unlink(self._path)
        except FileNotFoundError:
            pass
        except OSError as error:  # the model is saved: nothing is lost
            self._warn(f"{self._path} stays: it cannot be removed ({error.strerror})")


def _load(path: str) -> tuple[tuple[Model, TrainingState], str]:
    """What a checkpoint holds, and how far its training was. Raises ModelError for what is none."""
    saved = load_checkpoint(path)
    try:
        return saved, reached(saved[1])
    except (KeyError, TypeError) as error:
        raise _unfitting(error, path) from None


def check_same(identity: Identity, state: TrainingState, path: str) -> None:
    """Raise ModelError if the state that a file holds is that of another training."""
    try:
        changed = differences(identity, state.values["identity"])
    except (KeyError, TypeError, AttributeError) as error:
        raise _unfitting(error, path) from None
    if changed:
        fact = f"is of another training: {'; '.join(changed)}"
        hint = "give the same data and settings again, or leave --resume out to begin at the beginning"
        raise ModelError(fact, where=path, hint=hint)


def _unfitting(error: Exception, path: str) -> ModelError:
    fact = f"its parts do not fit together ({type(error).__name__}: {error})"
    return ModelError(fact, where=path, hint=f"rm {shlex.quote(path)}  # the training then begins at the beginning")


def reached(state: TrainingState) -> str:
    """How far a training was when it was cut short. Raises KeyError or TypeError for a state of none."""
    within, done = len(state.arrays["norms"]), state.values["course"]["epoch"] - 1
    return f"in epoch {done + 1}, after {within} of its updates" if within else f"after epoch {done}"
