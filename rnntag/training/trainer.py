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
from rnntag.evaluation.counts import Scores
from rnntag.features.table import VECTOR
from rnntag.model.model import Model
from rnntag.network.inputs import Inputs
from rnntag.network.losses import Objective
from rnntag.network.run import Run
from rnntag.training.calibration import finish, judge
from rnntag.training.job import Job
from rnntag.training.listener import Listener
from rnntag.training.optimiser import Optimiser
from rnntag.training.reports import Epoch, Step
from rnntag.training.shards import Shard, Sharder
from rnntag.training.training_set import TrainingSet
from rnntag.training.warm_start import carry_over


def train(job: Job, threads: int = 2, listener: Listener | None = None, warnings: Sequence[str] = ()) -> Model:
    """Train on a job whose corpora were checked: the best model, finished.

    threads   as a Trainer takes them
    listener  hears of the training and may end it
    warnings  of the corpora (`Job.checked`), passed on to the listener before the first update

    Raises SpecError and CorpusError as `TrainingSet.of` does, and SpecError where the gradient explodes at once.
    """
    listener = listener or Listener()
    with listener.preparing() as notice:
        trainer = Trainer(TrainingSet.of(job), threads, engines.kernels(notice))
    for warning in warnings:
        listener.warn(warning)
    with closing(trainer.run()) as run, listener.training():
        for progress in run:
            listener.report(progress)
            if listener.stopping():
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
        self._best: tuple[float, float] | None = None  # quality and accuracy of the best weights so far

    def run(self) -> Generator[Step | Epoch, None, None]:
        """Train until the epochs or the patience are used up, or the caller leaves the loop.

        `model` holds the best weights so far; if no epoch was finished, the latest ones once the generator is closed.
        Raises SpecError if the gradient explodes before that.
        """
        self._best, model, P = None, self.model, self._initial()
        model.parameters.flat[:] = P.flat
        updates = self._set.recipe.epochs * self._updates
        optimiser = Optimiser(self._engine, P, self._set.recipe, updates, tables=len(model.network.tables))
        try:
            yield from self._epochs(optimiser)
        except GeneratorExit:
            pass  # the caller has seen enough
        except SpecError as error:
            if self._best is None:
                raise
            self.warnings.append(f"{error.fact}; kept is the best model before that")
        finally:
            if self._best is None:
                optimiser.settle()
                model.parameters.flat[:] = optimiser.averaged.flat
        finish(model, self._set.dev, self._engine)

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

    def _epochs(self, optimiser: Optimiser) -> Generator[Step | Epoch, None, None]:
        """Every epoch, up to the last or until patience is used up."""
        recipe, averaged = self._set.recipe, self._set.model([optimiser.averaged])
        patience, began = recipe.patience, time.perf_counter()
        for epoch in range(1, recipe.epochs + 1):
            steps = yield from self._epoch(epoch, optimiser)
            scores = judge(averaged, self._set.dev, self._engine, self._threads)
            better = self._keep_if_best(epoch, optimiser.averaged, scores)
            patience = recipe.patience if better else patience - 1
            norms = np.array([step.gradient_norm for step in steps if math.isfinite(step.gradient_norm)] or [0.0])
            yield Epoch(
                epoch=epoch,
                epochs=recipe.epochs,
                loss=steps[-1].loss,
                gradient_norm=float(np.median(norms)),
                clipped=float(np.mean(norms > recipe.clip)),
                skipped=sum(not math.isfinite(step.gradient_norm) for step in steps),
                learning_rate=optimiser.rate,
                tokens_per_second=steps[-1].tokens_per_second,
                seconds=time.perf_counter() - began,
                scores=scores,
                best=better,
            )
            if patience == 0:
                return

    def _keep_if_best(self, epoch: int, weights: Parameters, scores: Scores) -> bool:
        """Whether these weights are better than those so far; then the model has them, and their figures."""
        reached = (scores.quality, scores.accuracy)
        if self._best is not None and reached <= self._best:
            return False
        self._best = reached
        self.model.parameters.flat[:] = weights.flat
        self.model.record = replace(self.model.record, epoch=epoch, figures=scores.figures())
        return True

    def _epoch(self, epoch: int, optimiser: Optimiser) -> Generator[Step, None, list[Step]]:
        """One pass over the training set; gives back the steps that it yielded."""
        recipe, updates = self._set.recipe, self._updates
        losses, tokens, used, began = 0.0, 0, 0, time.perf_counter()
        steps: list[Step] = []
        with ThreadPoolExecutor(self._threads) as pool:
            each = pool.map if self._threads > 1 else map
            batches = self._sharder.epoch(epoch)
            batch = next(batches, None)
            while batch:
                tables = optimiser.touch(batch.rows)
                results = each(partial(self._gradient, optimiser.P, tables), batch.shards)
                batch = next(batches, None)  # while the threads are at work
                parts, gradients = zip(*results, strict=True)
                norm = optimiser.step(gradients, each)
                loss, count = (sum(column) for column in zip(*parts, strict=True))
                tokens += count
                if math.isfinite(norm):
                    losses, used = losses + loss, used + count
                passes = 2 if recipe.consistency else 1  # copies are the same words again
                speed = tokens / passes / (time.perf_counter() - began)
                mean = losses / max(used, 1)
                steps.append(Step(epoch, recipe.epochs, len(steps) + 1, updates, mean, norm, speed))
                yield steps[-1]
        optimiser.settle()
        return steps

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
