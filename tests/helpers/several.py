"""Several runs: their job, their processes as they are started, and the command that runs them."""

import os
import subprocess

import pytest
from shell import LESSONS, columns

from rnntag.data.bio import SCHEMES
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.model import Model
from rnntag.model.record import Record
from rnntag.network.spec import Spec
from rnntag.training import processes
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe
from rnntag.training.reports import RunDone

PLAIN = {"NUMBA_DISABLE_JIT": 1}  # the twins start at once
TINY = ("--hidden", 8, "--embedding", 8, "--features", "word,char")
SPEC, RECIPE = Spec(hidden=8, embedding=8, features=("word", "char")), Recipe(epochs=2, seed=5)
ENDLESS = Recipe(epochs=90_000, patience=90_000, seed=5)
ENDED = r"^the training under seed 5 ended without a result$"
needs_signals = pytest.mark.skipif(os.name == "nt", reason="no Ctrl-C can be sent there")


def write_utterances(folder):
    """The path of a corpus, written to a folder, of sixty utterances of two intents."""
    path = folder / "lessons.conll"
    sentences = columns(LESSONS).strip("\n").split("\n\n")
    text = "".join(f"# intent = {'wake' if 'at' in each else 'other'}\n{each}\n\n" for each in sentences)
    path.write_text(text * 10, "utf-8", newline="\n")
    return path


def job(data, recipe=RECIPE, dev=None):
    """A small job whose dev set is what it learns, unless there is another."""
    return Job(data, dev or data, SPEC, recipe)


def ended_run(number, model=None, **figures):
    """A run at its end, with some figures; its model knows nothing else."""
    record = Record(figures=figures)
    empty = Model(SPEC, SCHEMES["bio"], ["O"], {name: Vocabulary() for name in SPEC.features}, record=record)
    return RunDone(number, 3, 4 + number, record, model or empty)


def finished(reports):
    """The runs that ended, in their order."""
    return sorted((report for report in reports if isinstance(report, RunDone)), key=lambda run: run.run)


def popen(monkeypatch, act=lambda process, number: None, command=lambda command, number: command):
    """The list of processes started from now on: what to do with each just then, and what to start in its place."""
    started = []

    class Popen(subprocess.Popen):
        def __init__(self, words, **more):
            started.append(self)
            number = len(started)
            super().__init__(command(words, number), **more)
            act(self, number)

    monkeypatch.setattr(processes.subprocess, "Popen", Popen)
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")  # the twins start at once
    return started
