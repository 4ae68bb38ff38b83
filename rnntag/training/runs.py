"""Several seeds: one training a seed, each in a process of its own, and the best on dev kept.

A run is byte for byte the single training under its seed, if that is given the same dev, however many of them go on at
the same time. The score of one seed is a draw from a distribution; `Spread` is what is known of it.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue

from rnntag.corpora.vector_files import Vectors
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import RnntagError
from rnntag.evaluation.compare import score
from rnntag.model.file import load_model
from rnntag.model.model import Model
from rnntag.network.spec import Spec
from rnntag.punctuation.task import Task
from rnntag.tagging.tagger import Tagger
from rnntag.training.calibration import calibrated, tune_outside_bias
from rnntag.training.job import _Job
from rnntag.training.processes import Children, block_interrupt
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Epoch, RunDone, RunEpoch, RunFailed, Spread, spread

POLL = 0.2  # seconds between two looks at whether to stop


def seeds(recipe: Recipe, runs: int) -> range:
    """The seeds of so many runs, from that of the recipe on. Raises SpecError where the last is none."""
    last = replace(recipe, seed=recipe.seed + runs - 1)
    return range(recipe.seed, last.seed + 1)


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
    record = replace(best(done).record, epoch=None)  # each has its own
    model = Model(first.spec, first.scheme, first.tags, vocabularies, first.intents, members, record)
    if model.record.runs_on and "O" in model.tags:
        tune_outside_bias(model, dev)
    scores = score(dev, Tagger(model).tagged(dev), model.scheme, "any" if model.intents else None)
    model.record = replace(record, figures=scores.figures(), seeds=[run.seed for run in done])
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
        pool = stack.enter_context(ThreadPoolExecutor(processes, initializer=block_interrupt))
        children = Children()
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
                        model = load_model(output)
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
