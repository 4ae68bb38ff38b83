"""Several seeds: one training a seed, each in a process of its own, and the best on dev kept.

A run is byte for byte the single training under its seed, if that is given the same dev, however many of them go on at
the same time. The score of one seed is a draw from a distribution; `Spread` is what is known of it.
"""

from __future__ import annotations

import math
import os
import pickle
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, NamedTuple

from rnntag.calibration import calibrated, lean
from rnntag.errors import RnntagError
from rnntag.evaluation import score
from rnntag.model import Model
from rnntag.punctuation import Task
from rnntag.scheme import Scheme, named
from rnntag.sentence import Sentence
from rnntag.spec import Recipe, Spec
from rnntag.tagging import Tagger
from rnntag.training import Epoch, Trainer
from rnntag.vectors import Vectors

FIGURES = ("f1", "accuracy", "intent_accuracy", "utterance_accuracy", "quality")
POLL = 0.2  # seconds between two looks at whether to stop


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
    model     None: another run was better, and only the figures of this one are still of use (see `slim`)
    warnings  what the training had to say at its end
    """

    run: int
    runs: int
    seed: int
    record: dict[str, Any]
    model: Model | None
    warnings: Sequence[str] = ()

    @property
    def figures(self) -> dict[str, float]:
        """Those of `rnntag.evaluation.Scores.figures`; empty if the run was stopped in its first epoch."""
        return {name: self.record[name] for name in FIGURES if name in self.record}

    @property
    def quality(self) -> float:
        """What runs are chosen by."""
        return float(self.record.get("quality", -math.inf))


@dataclass(frozen=True)
class RunFailed:
    """One of several runs that came to nothing, and why."""

    run: int
    runs: int
    seed: int
    fault: RnntagError


class _Job(NamedTuple):
    """What every process is told: all that a Trainer wants but the seed, and the file whose coming stops it."""

    train: list[Sentence]
    dev: list[Sentence]
    spec: Spec
    recipe: Recipe
    scheme: str
    vectors: Vectors | None
    task: Task | None
    stop: str


def seeds(recipe: Recipe, runs: int) -> range:
    """The seeds of so many runs, from that of the recipe on. Raises SpecError where the last is none."""
    last = replace(recipe, seed=recipe.seed + runs - 1)
    return range(recipe.seed, last.seed + 1)


def spread(values: Sequence[float]) -> Spread:
    """Mean and deviation of some figures."""
    return Spread(statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else 0.0)


def spreads(done: Sequence[RunDone]) -> dict[str, Spread]:
    """Mean and deviation of each figure over runs."""
    names = [name for name in done[0].figures if all(name in run.figures for run in done)]
    return {name: spread([run.figures[name] for run in done]) for name in names}


def best(done: Sequence[RunDone]) -> RunDone:
    """The best run on dev; of equal ones, the first."""
    return max(sorted(done, key=lambda run: run.run), key=lambda run: run.quality)


def slim(done: Sequence[RunDone]) -> list[RunDone]:
    """The same runs, of which only the best keeps its model: a thousand of them need not be held in memory."""
    chosen = best(done)
    return [run if run is chosen else replace(run, model=None) for run in done]


def together(done: Sequence[RunDone], dev: list[Sentence]) -> Model:
    """The models of several runs as one, whose members' scores are averaged; what dev says of it is in its record.

    Averaging the weights themselves makes no model: trained from other first values, unit 7 of one is not unit 7 of
    another.
    """
    done = sorted(done, key=lambda run: run.run)  # not as they happened to end
    models = [run.model for run in done if run.model]
    first = models[0]
    members = [model.parameters.copy() for model in models]  # each stays a model of its own
    vocabularies = first.lexicon.vocabularies  # the same in all runs, as are the tags: they come from the corpus
    record = {name: value for name, value in best(done).record.items() if name != "epoch"}  # each has its own
    model = Model(first.spec, first.scheme, first.tags, vocabularies, first.intents, members, record)
    if model.running and "O" in model.tags:
        lean(model, dev)
    scores = score(dev, Tagger(model).tagged(dev), model.scheme, "any" if model.intents else None)
    model.record |= {**scores.figures(), "seeds": [run.seed for run in done]}
    model.temperatures = calibrated(model, dev)
    return model


def train_runs(
    train: list[Sentence],
    dev: list[Sentence],
    spec: Spec,
    recipe: Recipe,
    scheme: Scheme | None,
    vectors: Vectors | None,
    runs: int,
    processes: int,
    stopping: Callable[[], bool] = lambda: False,
    task: Task | None = None,
) -> Generator[RunEpoch | RunDone | RunFailed, None, None]:
    """Train under several seeds; epochs and ends as they come, those of different runs in any order.

    train, dev, spec, scheme, vectors, task  as a Trainer takes them
    recipe     that of each run, but for the seed: the first has the one given here, the next that and 1, and so on
    runs       how many trainings
    processes  how many of them at a time, each in a process and on a thread of its own
    stopping   asked several times a second; once it is true, the runs under way end with the best weights they have
               and no others begin. The first run begins all the same and does one batch, so there is always a model.

    When the loop is left before its end, the processes are killed. Raises SpecError before any work if a seed is out
    of range, and the fault of the first run that failed if none came to an end.
    """
    numbered = dict(enumerate(seeds(recipe, runs), 1))
    told: SimpleQueue[RunEpoch | RunDone | RunFailed | BaseException | None] = SimpleQueue()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rnntag-runs-")))
        stop = folder / "stop"
        pool = stack.enter_context(ThreadPoolExecutor(processes, initializer=_deaf))
        children = _Children()
        stack.callback(children.kill)  # before the pool waits for those that may be at work: nobody wants their models
        with open(folder / "job", "wb") as file:
            job = _Job(train, dev, spec, recipe, scheme.name if scheme else "auto", vectors, task, str(stop))
            pickle.dump(job, file, protocol=5)  # 5: arrays are written as they lie, without a copy

        def follow(number: int, seed: int) -> None:
            try:
                if children.unwanted or (stop.exists() and number > 1):
                    return told.put(None)
                output = str(folder / f"{number}.rnntag")
                for message in children.messages(str(folder / "job"), seed, output):
                    if isinstance(message, Epoch):
                        told.put(RunEpoch(number, runs, seed, message))
                    else:
                        model = Model.load(output)
                        os.unlink(output)
                        told.put(RunDone(number, runs, seed, model.record, model, message))
            except RnntagError as fault:
                told.put(RunFailed(number, runs, seed, fault))
            except BaseException as error:  # handed to the one who waits for this run
                told.put(error)

        for number, seed in numbered.items():
            pool.submit(follow, number, seed)
        left, done = runs, 0
        faults: list[RnntagError] = []
        while left:
            if stopping():
                stop.touch()
            try:
                message = told.get(timeout=POLL)
            except Empty:
                continue
            if isinstance(message, BaseException):
                raise message
            left -= not isinstance(message, RunEpoch)
            done += isinstance(message, RunDone)
            if isinstance(message, RunFailed):
                faults.append(message.fault)
            if message is not None:
                yield message
                message = None  # a model is not kept here until the next message
        if not done:
            raise faults[0]


# The folder in which one happens to be is not where modules come from; of Ctrl-C nothing is heard.
_START = """
import sys
sys.path[:] = sys.argv[4:]
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
from rnntag.runs import _work
_work(*sys.argv[1:4])
"""


def _deaf() -> None:
    """Processes that this thread starts hear nothing of Ctrl-C, from their first instant on."""
    if hasattr(signal, "pthread_sigmask"):  # not on Windows, where a group of their own does it
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


class _Children:
    """The processes at work; may be used from several threads."""

    def __init__(self) -> None:
        self.unwanted = False
        self._alive: set[subprocess.Popen[bytes]] = set()

    def kill(self) -> None:
        """End those at work, at once, and those that are just being started."""
        self.unwanted = True
        for process in list(self._alive):
            process.kill()

    def messages(self, job: str, seed: int, output: str) -> Generator[Epoch | list[str], None, None]:
        """Run a job in a process of its own: its epochs as they end, then its warnings. Raises what it raised."""
        command = [sys.executable, "-c", _START, job, str(seed), output, *sys.path]
        group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        try:
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=group)
        except OSError as error:
            raise RnntagError(f"the training under seed {seed} cannot begin: {error.strerror or error}") from None
        with child as process:  # it ends when its standard input does, so when this process does
            self._alive.add(process)
            if self.unwanted:
                process.kill()
            assert process.stdout
            try:
                yield from _told(process.stdout, seed)
            finally:
                self._alive.discard(process)


def _told(stream: IO[bytes], seed: int) -> Generator[Epoch | list[str], None, None]:
    """What such a process writes, up to the warnings at its end."""
    while True:
        try:
            message = pickle.load(stream)
        except (EOFError, pickle.UnpicklingError):
            raise RnntagError(f"the training under seed {seed} ended without a result") from None
        if isinstance(message, BaseException):
            raise message
        yield message
        if not isinstance(message, Epoch):
            return


def _work(path: str, seed: str, output: str) -> None:
    """The body of such a process: epochs go to standard output, then the warnings or the fault at its end.

    path    the file of a _Job
    output  where the model goes

    It ends at once when its standard input does: nobody is there any longer.
    """

    def leave() -> None:
        os.read(0, 1)
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()
    with open(path, "rb") as file:
        job: _Job = pickle.load(file)
    out = sys.stdout.buffer

    def send(message: Epoch | list[str] | RnntagError) -> None:
        pickle.dump(message, out)
        out.flush()

    try:
        recipe = replace(job.recipe, seed=int(seed))
        trainer = Trainer(
            job.train, job.dev, job.spec, recipe, named(job.scheme), 1, vectors=job.vectors, task=job.task
        )
        trainer.warnings.clear()  # they are about the data, and told where they were read
        run = trainer.run()
        for progress in run:
            if isinstance(progress, Epoch):
                send(progress)
            if os.path.exists(job.stop):
                break
        run.close()
        trainer.model.save(output)
        send(trainer.warnings)
    except RnntagError as error:
        send(error)
