"""Several seeds: one training a seed, each in a process of its own, and the best on dev kept.

A run is what a single training under its seed would have been, byte for byte, however many of them go on at the same
time. The score of one seed is a draw from a distribution; `Spread` is what is known of it.
"""

from __future__ import annotations

import math
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from rnntag.errors import RnntagError
from rnntag.evaluation import score
from rnntag.model import Model
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence
from rnntag.spec import Recipe, Spec
from rnntag.tagging import Tagger
from rnntag.training import Epoch, Trainer
from rnntag.vectors import Vectors

FIGURES = ("f1", "accuracy", "intent_accuracy", "utterance_accuracy", "quality")
POLL = 0.2  # seconds between two looks at whether to stop


class Spread(NamedTuple):
    """Mean of a figure over the runs, and its deviation (of a sample; 0 for a single run)."""

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
    """One of several runs at its end: its seed, and what dev says of its best weights."""

    run: int
    runs: int
    seed: int
    model: Model

    @property
    def figures(self) -> dict[str, float]:
        """Those of `rnntag.evaluation.Scores.figures`; empty if the run was stopped in its first epoch."""
        return {name: self.model.record[name] for name in FIGURES if name in self.model.record}

    @property
    def quality(self) -> float:
        """What runs are chosen by."""
        return float(self.model.record.get("quality", -math.inf))


class _Job(NamedTuple):
    """What a process is told: all that a Trainer wants, where the model goes, and the file whose coming stops it."""

    train: list[Sentence]
    dev: list[Sentence]
    spec: Spec
    recipe: Recipe
    scheme: str
    vectors: Vectors | None
    output: str
    stop: str


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


def together(done: Sequence[RunDone], dev: list[Sentence]) -> Model:
    """The models of several runs as one, whose members' scores are averaged; what dev says of it is in its record.

    Averaging the weights themselves makes no model: trained from other first values, unit 7 of one is not unit 7 of
    another.
    """
    first = best(done).model
    members = [run.model.parameters for run in done]
    vocabularies = first.lexicon.vocabularies  # the same in all runs, as are the tags: they come from the corpus
    model = Model(first.spec, first.scheme, first.tags, vocabularies, first.intents, members)
    scores = score(dev, Tagger(model).tagged(dev), model.scheme, "any" if model.intents else None)
    model.record = {**first.record, **scores.figures(), "seeds": [run.seed for run in done]}
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
) -> Generator[RunEpoch | RunDone, None, None]:
    """Train under the seeds ``recipe.seed``, ``recipe.seed + 1`` and so on, so many at a time.

    Once ``stopping()`` is true, the runs under way end with the best weights they have and no others begin; so they
    do when the loop is left. Raises what a run raises.
    """
    told: SimpleQueue[RunEpoch | RunDone | BaseException | None] = SimpleQueue()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rnntag-runs-")))
        stop = folder / "stop"
        pool = stack.enter_context(ThreadPoolExecutor(processes))
        stack.callback(stop.touch)  # before the pool waits for those that may be at work

        def follow(number: int) -> None:
            seed = recipe.seed + number - 1
            output = str(folder / f"{number}.rnntag")
            own = replace(recipe, seed=seed)
            job = _Job(train, dev, spec, own, scheme.name if scheme else "auto", vectors, output, str(stop))
            try:
                if stop.exists():
                    return told.put(None)
                for epoch in _messages(job):
                    told.put(RunEpoch(number, runs, seed, epoch))
                told.put(RunDone(number, runs, seed, Model.load(output)))
            except BaseException as error:  # handed to the one who waits for this run
                told.put(error)

        for number in range(1, runs + 1):
            pool.submit(follow, number)
        left = runs
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
            if message is not None:
                yield message


def _messages(job: _Job) -> Generator[Epoch, None, None]:
    """Run a job in a process of its own; its epochs as they end. Raises what it raised."""
    command = [sys.executable, "-c", "from rnntag.runs import _work; _work()"]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as process:
        assert process.stdin
        assert process.stdout
        pickle.dump(job, process.stdin)
        process.stdin.close()
        while True:
            try:
                message = pickle.load(process.stdout)
            except EOFError:
                raise RnntagError(f"the training under seed {job.recipe.seed} ended without a result") from None
            if message is None:
                return
            if isinstance(message, BaseException):
                raise message
            yield message


def _work() -> None:
    """The body of such a process: a job comes on standard input, epochs go to standard output, None at the end."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is answered by the one who started this
    job: _Job = pickle.load(sys.stdin.buffer)
    out = sys.stdout.buffer

    def send(message: Any) -> None:
        pickle.dump(message, out)
        out.flush()

    try:
        from rnntag.scheme import named

        trainer = Trainer(job.train, job.dev, job.spec, job.recipe, named(job.scheme), 1, vectors=job.vectors)
        run = trainer.run()
        for progress in run:
            if isinstance(progress, Epoch):
                send(progress)
            if os.path.exists(job.stop):
                break
        run.close()
        trainer.model.save(job.output)
        send(None)
    except RnntagError as error:
        send(error)
