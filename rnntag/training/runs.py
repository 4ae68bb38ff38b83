"""Several seeds: one training a seed, each in a process of its own, and the best on dev kept.

A run is byte for byte the single training under its seed, if that is given the same dev, however many of them go on at
the same time. The score of one seed is a draw from a distribution; `Spread` is what is known of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import NamedTuple

from rnntag.arrays import engine as engines
from rnntag.data.sentence import Sentence
from rnntag.errors import RnntagError, SpecError
from rnntag.model.model import Model
from rnntag.training.calibration import finish, judge
from rnntag.training.identity import identity
from rnntag.training.job import Job
from rnntag.training.kept_runs import KeptRuns
from rnntag.training.listener import Listener
from rnntag.training.processes import Children, block_signals
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Epoch, RunDone, RunEpoch, RunFailed, Spread, spread

POLL = 0.2  # seconds between two looks at whether to stop
MOST = 1000  # runs

RunReport = RunEpoch | RunDone | RunFailed


class Several(NamedTuple):
    """What several runs came to.

    model     the one to keep
    done      the runs that came to their end; models that are not needed any longer are gone
    averaged  all of them as one, if that was asked for
    wins      whether that is the one to keep
    """

    model: Model
    done: list[RunDone]
    averaged: Model | None = None
    wins: bool = False


def train_several(
    job: Job,
    runs: int,
    processes: int,
    average: bool,
    listener: Listener,
    warnings: Sequence[str] = (),
    kept: KeptRuns | None = None,
) -> Several:
    """Train under several seeds and choose: the best model on dev, or all of them as one if that is better still.

    job, runs, processes  as `train_runs` takes them
    average               whether to try all of them as one
    listener              hears of the runs and may end them
    warnings              of the corpora (`Job.checked`), passed on to the listener first
    kept                  where they are kept, and go on

    Raises what `train_runs` does, and ModelError where others were kept there.
    """
    for warning in warnings:
        listener.warn(warning)
    with listener.preparing() as notice:
        engines.kernels(notice)  # compiled here once, and not in every process
    if kept:
        kept.begin(identity(job), seeds(job.recipe, runs))
    done: list[RunDone] = []
    later: list[str] = []
    reports = train_runs(job, runs, min(processes, runs), listener.stopping, kept)
    with closing(reports), listener.training():
        for progress in reports:
            listener.report(progress)
            if isinstance(progress, RunDone):
                done = [*done, progress] if average else slim([*done, progress])
                later += [f"seed {progress.seed}: {warning}" for warning in progress.warnings]
            elif isinstance(progress, RunFailed):
                later.append(f"seed {progress.seed}: {progress.fault}")
            del progress  # and its model, unless it is the best
    for warning in later:
        listener.warn(warning)
    chosen = best(done)
    assert chosen.model
    if not average or len(done) == 1:
        return Several(chosen.model, done)
    averaged = together(done, job.dev)
    wins = averaged.record.figures["quality"] > max(chosen.quality, 0.0)
    return Several(averaged if wins else chosen.model, done, averaged, wins)


def seeds(recipe: Recipe, runs: int) -> range:
    """The seeds of so many runs, from that of the recipe on. Raises SpecError for no number of runs, or a last seed."""
    if not isinstance(runs, int) or not 1 <= runs <= MOST:
        raise SpecError(f"runs is {runs!r}, but must lie between 1 and {MOST}")
    last = replace(recipe, seed=recipe.seed + runs - 1)
    return range(recipe.seed, last.seed + 1)


def spreads(done: Sequence[RunDone]) -> dict[str, Spread]:
    """Mean and deviation over runs of each figure that all of them have."""
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
    record = replace(best(done).record, epoch=None, seeds=[run.seed for run in done])  # each has an epoch of its own
    model = Model(first.spec, first.scheme, first.tags, vocabularies, first.intents, members, record)
    model.tokeniser = first.tokeniser
    model.record = replace(record, figures=judge(model, dev).figures())
    finish(model, dev)
    return model


def train_runs(
    job: Job, runs: int, processes: int, stopping: Callable[[], bool] = lambda: False, kept: KeptRuns | None = None
) -> Generator[RunReport, None, None]:
    """Train under several seeds; epochs and ends as they come, those of different runs in any order.

    job        that of each run, but for the seed: the first has the one given here, the next that and 1, and so on
    runs       how many trainings
    processes  how many of them at a time, each in a process and on a thread of its own
    stopping   asked several times a second; once it is true, the runs under way end with the best weights they have
               and no others begin. The first run begins all the same and does one batch, so there is always a model.
    kept       where they are kept, and go on; those that are finished there are not trained again

    When the loop is left before its end, the processes are killed. Raises SpecError before any work if a seed is out
    of range, and the fault of the first run that failed if none came to an end.
    """
    numbered = dict(enumerate(seeds(job.recipe, runs), 1))
    messages: SimpleQueue[RunReport | BaseException | None] = SimpleQueue()
    with ExitStack() as stack:
        if kept:
            stack.callback(kept.tidy)
        pool = stack.enter_context(ThreadPoolExecutor(processes, initializer=block_signals))
        children = Children(job)
        stack.callback(children.kill)  # before the pool waits for those at work: their models are not wanted
        for number, seed in numbered.items():
            pool.submit(_follow, children, kept, (number, runs, seed), messages.put)
        left, done = runs, 0
        faults: list[RnntagError] = []
        while left:
            if stopping():
                children.stop()
            try:
                message = messages.get(timeout=POLL)
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


def _follow(
    children: Children,
    kept: KeptRuns | None,
    run: tuple[int, int, int],
    put: Callable[[RunReport | BaseException | None], None],
) -> None:
    """Start one run, or take the one that was kept, and pass on its epochs and its end.

    run  its number, how many there are, and its seed
    put  gets None for one that need not begin any longer
    """
    number, _, seed = run
    try:
        if kept and (finished := kept.finished(seed)):
            for epoch in finished.epochs:
                put(RunEpoch(*run, epoch))
            return put(RunDone(*run, finished.model.record, finished.model, finished.warnings))
        if children.unwanted or (children.stopping and number > 1):
            return put(None)
        for answer in children.answers(seed, kept.place(seed) if kept else None):
            if isinstance(answer, Epoch):
                put(RunEpoch(*run, answer))
            else:
                put(RunDone(*run, answer.model.record, *answer))
    except RnntagError as fault:
        put(RunFailed(*run, fault))
    except BaseException as error:  # handed to the one who waits for this run
        put(error)
