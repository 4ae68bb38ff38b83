"""Trains a network: epochs as a generator of reports, early stop, the best weights kept.

Whoever draws is the caller, and stopping is leaving the loop: the best model so far is there at any time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial

import numpy as np

from rnntag.arrays import engine as engines
from rnntag.arrays.engine import Engine
from rnntag.arrays.parameters import LANES, Parameters
from rnntag.arrays.ragged import Array
from rnntag.arrays.workspace import Workspace
from rnntag.errors import SpecError
from rnntag.features.table import VECTOR
from rnntag.model.file import TrainingState
from rnntag.model.model import Model
from rnntag.network.inputs import Inputs
from rnntag.network.losses import Objective
from rnntag.network.run import Run
from rnntag.training.calibration import finish, judge
from rnntag.training.checkpoint import Checkpoint
from rnntag.training.course import Course
from rnntag.training.identity import identity
from rnntag.training.job import Job
from rnntag.training.listener import Listener
from rnntag.training.optimiser import Optimiser
from rnntag.training.reports import Epoch, Step
from rnntag.training.shards import Shard, Sharder
from rnntag.training.training_set import TrainingSet
from rnntag.training.warm_start import carry_over


def train(
    job: Job,
    threads: int = 2,
    listener: Listener | None = None,
    warnings: Sequence[str] = (),
    checkpoint: Checkpoint | None = None,
) -> Model:
    """Train on a job whose corpora were checked: the best model, finished.

    threads     as a Trainer takes them
    listener    hears of the training and may end it; of one that goes on, it hears of the earlier epochs again
    warnings    of the corpora (`Job.checked`), passed on to the listener before the first update
    checkpoint  goes on where that stands, if it is to, and keeps it

    Raises SpecError and CorpusError as `TrainingSet.of` does, SpecError where the gradient explodes at once, and
    ModelError for a checkpoint of another training.
    """
    listener = listener or Listener()
    with listener.preparing() as notice:
        engine = engines.kernels(notice)
        if checkpoint:
            checkpoint.check(identity(job))
        trainer = Trainer(TrainingSet.of(job), threads, engine)
    if checkpoint:
        checkpoint.take_up(trainer.restore)
    for warning in warnings:
        listener.warn(warning)
    with closing(trainer.run()) as run, listener.training():
        for report in trainer.course.reports:
            listener.report(report)
        for progress in run:
            listener.report(progress)
            stopping = listener.stopping()
            if checkpoint and (stopping or checkpoint.is_due(progress)):
                checkpoint.write(trainer.model, trainer.state(), stopping)
            if stopping:
                break
    for warning in trainer.warnings:
        listener.warn(warning)
    return trainer.model


class Trainer:
    """Trains one model.

    threads  shards of a batch worked on at the same time; the weights do not depend on it

    `model` is what is trained, `warnings` are what the training had to say of itself at its end.
    """

    def __init__(self, training_set: TrainingSet, threads: int = 2, engine: Engine | None = None) -> None:
        self.model, self.warnings = training_set.model(), list[str]()
        self._set, self._engine = training_set, engine or engines.kernels()
        recipe, network = training_set.recipe, self.model.network
        self._threads = max(1, min(threads, recipe.shards))
        self._sharder = Sharder(training_set, network)
        self._spaces = [Workspace() for _ in range(recipe.shards)]
        units = [layer.units for layer in network.layers]
        streams = 2 * -(-recipe.batch // recipe.shards)  # of a shard, and their copies
        self._states = [training_set.sampler.states(units, streams) for _ in range(recipe.shards)]
        self.course = Course(recipe.patience)
        P = self._initial()
        self.model.parameters.flat[:] = P.flat
        tables = len(network.tables)
        self._optimiser = Optimiser(self._engine, P, recipe, recipe.epochs * self._updates, tables)

    def run(self) -> Generator[Step | Epoch, None, None]:
        """Train until the epochs or the patience are used up, or the caller leaves the loop.

        `model` holds the best weights so far; if no epoch was finished, the latest ones once the generator is closed.
        Raises SpecError if the gradient explodes before that.
        """
        optimiser = self._optimiser
        try:
            yield from self._epochs()
        except GeneratorExit:
            pass  # the caller has seen enough
        except SpecError as error:
            if self.course.best is None:
                raise
            self.warnings.append(f"{error.fact}; kept is the best model before that")
        finally:
            if self.course.best is None:
                optimiser.settle()
                self.model.parameters.flat[:] = optimiser.averaged.flat
        finish(self.model, self._set.dev, self._engine)

    def state(self) -> TrainingState:
        """What the rest of the training depends on besides the job and `model`; the arrays are views.

        Taken between two updates; `restore` takes it up.
        """
        if self.course.best is None:  # so that what is kept can tag
            self.model.parameters.flat[:] = self._optimiser.averaged.flat
        numbers, arrays = self._optimiser.state()
        for shard, states in enumerate(self._states):
            arrays |= {f"carried.{shard}.{number}": array for number, array in enumerate(states.arrays())}
        arrays["norms"] = np.array(self.course.norms, np.float64)
        return TrainingState({"course": self.course.as_dict(), "optimiser": numbers}, arrays)

    def restore(self, best: Model, state: TrainingState) -> None:
        """Go on where `state` was taken of a trainer of the same job; ``best`` was its model then.

        Raises KeyError, TypeError or ValueError for what is no state of such a trainer.
        """
        values, arrays = state
        self.course = Course.from_dict(values["course"], arrays["norms"].tolist())
        self._optimiser.restore(values["optimiser"], arrays)
        for shard, states in enumerate(self._states):
            for number, array in enumerate(states.arrays()):
                array[:] = arrays[f"carried.{shard}.{number}"]
        self.model.parameters.flat[:] = best.parameters.flat
        self.model.record = replace(self.model.record, epoch=best.record.epoch, figures=best.record.figures)

    @property
    def _updates(self) -> int:
        """Updates of an epoch."""
        return self._set.sampler.updates(self._set.recipe.batch)

    def _initial(self) -> Parameters:
        """First values under the recipe's seed, but for what the base has learned."""
        P = self.model.network.initial(np.random.default_rng([self._set.recipe.seed, 1]))
        if self._set.vectors:
            P[f"embedding.{VECTOR}"][1:] = self._set.vectors.table
        if self._set.base:
            carry_over(self._set.base, self.model, P)
        return P

    def _epochs(self) -> Generator[Step | Epoch, None, None]:
        """Every epoch that is left, up to the last or until patience is used up."""
        recipe, course, averaged = self._set.recipe, self.course, self._set.model([self._optimiser.averaged])
        began = time.perf_counter() - course.seconds
        while course.epoch <= recipe.epochs and course.patience:
            speed = 0.0
            for step in self._epoch():
                course.seconds, speed = time.perf_counter() - began, step.tokens_per_second
                yield step
            self._optimiser.settle()
            scores = judge(averaged, self._set.dev, self._engine, self._threads)
            course.seconds = time.perf_counter() - began
            report = course.end_epoch(recipe, self._optimiser.rate, speed, scores)
            if report.best:
                self.model.parameters.flat[:] = self._optimiser.averaged.flat
                self.model.record = replace(self.model.record, epoch=report.epoch, figures=scores.figures())
            yield report

    def _epoch(self) -> Generator[Step, None, None]:
        """What is left of a pass over the training set."""
        recipe, updates, course, optimiser = self._set.recipe, self._updates, self.course, self._optimiser
        tokens, began = 0, time.perf_counter()
        with ThreadPoolExecutor(self._threads) as pool:
            each = pool.map if self._threads > 1 else map
            batches = self._sharder.epoch(course.epoch, len(course.norms))
            batch = next(batches, None)
            while batch:
                tables = optimiser.touch(batch.rows)
                results = each(partial(self._gradient, optimiser.P, tables), batch.shards)
                batch = next(batches, None)  # while the threads are at work
                parts, gradients = zip(*results, strict=True)
                norm = optimiser.step(gradients, each)
                loss, count = (sum(column) for column in zip(*parts, strict=True))
                course.add(loss, count, norm)
                tokens += count
                passes = 2 if recipe.consistency else 1  # copies are the same words again
                speed = tokens / passes / (time.perf_counter() - began)
                yield Step(course.epoch, recipe.epochs, len(course.norms), updates, course.loss, norm, speed)

    @np.errstate(over="ignore", invalid="ignore")  # the optimiser sees what is not finite, and tells
    def _gradient(self, P: Parameters, tables: dict[str, Array], shard: Shard) -> tuple[tuple[float, int], Parameters]:
        """A shard's loss, summed, its tokens, and its part of the gradient of the batch's mean over sentences.

        tables  of each embedding table the rows that the batch touches: the network sees no others
        """
        space, states = self._spaces[shard.number], self._states[shard.number]
        shapes = P.shapes | {name: table.shape for name, table in tables.items()}
        rows = sum(-(-math.prod(shape) // LANES) for shape in shapes.values())
        G = Parameters(shapes, memory=space("gradient", rows, LANES))
        G.before(len(tables))[:] = 0.0  # what stands between two tables counts in the norm
        before = states.before(shard.streams, shard.begins)
        reach = shard.reach._replace(before=before) if shard.reach else None
        inputs, run = Inputs(shard.batch, shard.tokens, reach), Run(self._engine, P.replacing(tables), G, space)
        objective = Objective(shard.scale, self._set.recipe.consistency)
        loss = self.model.network.loss(run, inputs, shard.gold, objective, shard.noise)
        states.keep(shard.streams, loss.after)
        return (loss.value, len(shard.gold.tags)), G
