"""What is kept of several runs until their model is saved, so that none of it is lost: a folder of model files.

Of a run under seed 2 that is under way it holds ``seed2.rnntag.checkpoint``, of one that is finished ``seed2.rnntag``.
Each process writes its own files; whoever started it reads them, and removes them at the end.
"""

from __future__ import annotations

import os
import re
import shlex
from contextlib import suppress
from typing import NamedTuple

from rnntag.errors import ModelError, RnntagError
from rnntag.files.whole import writing
from rnntag.model.file import TrainingState, load_checkpoint, save_model
from rnntag.model.model import Model
from rnntag.training.checkpoint import Checkpoint, Tell, beside, check_same
from rnntag.training.identity import Identity
from rnntag.training.reports import Epoch

ENDING = ".runs"
FILE = re.compile(r"seed(\d+)\.rnntag(\.checkpoint)?")
OLD = ".old"  # behind the name of the folder: what stood there of other runs, until these come to their end


def folder_beside(output: str | os.PathLike[str]) -> str:
    """Where the files of several runs stand whose model goes to ``output``."""
    return f"{os.fspath(output)}{ENDING}"


class Finished(NamedTuple):
    """A run that came to its end: its model, what it had to say of itself, and what it reported."""

    model: Model
    warnings: list[str]
    epochs: list[Epoch]

    @classmethod
    def load(cls, place: str) -> tuple[Finished, TrainingState]:
        """The run that was saved at a place. Raises ModelError for a file that is damaged or something else."""
        model, state = load_checkpoint(place)
        try:
            epochs = [Epoch.from_stored(report) for report in state.values["reports"]]
            return cls(model, list(state.values["warnings"]), epochs), state
        except (KeyError, TypeError, ValueError) as error:
            fact = f"is not of a run that is finished ({type(error).__name__}: {error})"
            raise ModelError(fact, where=place) from None

    def save(self, place: str, identity: Identity) -> None:
        """Save it at its place; its checkpoint is gone then. Raises RnntagError where it cannot be written."""
        reports = [epoch.stored() for epoch in self.epochs]
        values = {"identity": identity, "warnings": self.warnings, "reports": reports}
        save_model(self.model, place, TrainingState(values, {}))
        with suppress(OSError):
            os.unlink(beside(place))


class KeptRuns:
    """The folder of several runs.

    path    the folder; it need not be there
    resume  whether to go on where those stand that are in it
    warn    hears of what begins anew,
    tell    and of what goes on

    Raises RnntagError if something else is there.
    """

    def __init__(self, path: str | os.PathLike[str], resume: bool, warn: Tell, tell: Tell) -> None:
        self._path, self._resume, self._tell, self._seeds = os.fspath(path), resume, tell, range(0)
        finished, under_way = self._known()
        if resume and not finished | under_way:
            warn(f"nothing to resume: there is no {self._path}; the training begins at the beginning")
        elif not resume and finished | under_way:
            fact = f"{self._path} is of runs that were cut short ({_counted(finished, under_way)})"
            warn(f"{fact}; it goes to {self._path}{OLD}, and away in the end; --resume goes on with them")

    def begin(self, identity: Identity, seeds: range) -> None:
        """Begin with the runs under some seeds: those that were kept are checked or, where none goes on, removed.

        identity  that of the job, whatever its seed

        Raises ModelError for a file that is damaged or of another training, RnntagError where none can be written.
        """
        self._seeds = seeds
        finished, under_way = self._known()
        if not self._resume:
            if finished | under_way:
                with writing(self._path):
                    self._remove(None, OLD)
                    os.rename(self._path, self._path + OLD)
        else:
            finished, under_way = finished.intersection(seeds), under_way.intersection(seeds)
            for seed in sorted(finished | under_way):
                own = {**identity, "settings": {**identity["settings"], "seed": seed}}
                self._check(seed, seed in finished, own)
            if finished | under_way:
                self._tell(f"going on with {self._path}: {_counted(finished, under_way)}")
        with writing(self._path):
            os.makedirs(self._path, exist_ok=True)

    def place(self, seed: int) -> str:
        """Where the run under a seed is kept once it is finished; its checkpoint is `beside` that."""
        return os.path.join(self._path, f"seed{seed}.rnntag")

    def finished(self, seed: int) -> Finished | None:
        """The run under a seed if it came to its end before. Raises ModelError if it cannot be read any longer."""
        if not self._resume or not os.path.exists(place := self.place(seed)):
            return None
        return Finished.load(place)[0]

    def remove(self) -> None:
        """Remove what was kept of these runs: their model is saved. Others that are there are told of."""
        finished, under_way = self._known()
        self._remove((finished | under_way).intersection(self._seeds))
        self._remove(None, OLD)
        if others := sorted((finished | under_way).difference(self._seeds)):
            self._tell(f"{self._path} stays, for it holds more than was asked for: seed {', '.join(map(str, others))}")

    def tidy(self) -> None:
        """Remove the folder if nothing is in it."""
        self._remove(set())

    def _known(self) -> tuple[set[int], set[int]]:
        """The seeds of the runs that are finished, and of those under way. Raises RnntagError for anything else."""
        if not os.path.lexists(self._path):
            return set(), set()
        if not os.path.isdir(self._path):
            raise self._foreign("is not one")
        finished, under_way = set[int](), set[int]()
        for name in os.listdir(self._path):
            if match := FILE.fullmatch(name):
                (under_way if match[2] else finished).add(int(match[1]))
            elif not name.startswith("."):  # of a file that was being written, or of the system
                raise self._foreign(f"holds {name}")
        return finished, under_way - finished

    def _foreign(self, why: str) -> RnntagError:
        hint = "move it away, or name another place with -o"
        return RnntagError(f"stands where the folder of the runs goes, and {why}", where=self._path, hint=hint)

    def _check(self, seed: int, finished: bool, identity: Identity) -> None:
        """Raise ModelError for a file that is damaged or of another training."""
        place = self.place(seed) if finished else beside(self.place(seed))
        try:
            _, state = Finished.load(place) if finished else load_checkpoint(place)
        except ModelError as error:
            hint = f"rm {shlex.quote(place)}  # its seed is then trained again"
            raise ModelError(error.fact, where=place, hint=hint) from None
        check_same(identity, state, place)

    def _remove(self, seeds: set[int] | None, ending: str = "") -> None:
        """Remove the files of some seeds, or of all, and the folder if no others are left."""
        folder = self._path + ending
        with suppress(OSError):
            for name in os.listdir(folder):
                match = FILE.match(name.removeprefix("."))
                if match and (seeds is None or int(match[1]) in seeds):
                    os.unlink(os.path.join(folder, name))
            os.rmdir(folder)


def _counted(finished: set[int], under_way: set[int]) -> str:
    return f"{len(finished)} finished, {len(under_way)} under way"


Kept = Checkpoint | KeptRuns


def place_beside(output: str | os.PathLike[str], runs: int) -> str:
    """Where that is kept which `kept_beside` keeps."""
    return beside(output) if runs == 1 else folder_beside(output)


def kept_beside(output: str | os.PathLike[str], runs: int, resume: bool, warn: Tell, tell: Tell) -> Kept:
    """What is kept of a training until its model is saved at ``output``: a checkpoint, or a folder for several runs."""
    if os.path.lexists(other := place_beside(output, 2 if runs == 1 else 1)):
        warn(f"{other} stays as it is: it is of a training {'of several runs' if runs == 1 else 'without --runs'}")
    if runs == 1:
        return Checkpoint(place_beside(output, runs), resume, warn, tell)
    return KeptRuns(place_beside(output, runs), resume, warn, tell)
