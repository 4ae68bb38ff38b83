"""Trainings in child processes: what the parent starts and reads, and what the child runs."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from dataclasses import replace
from typing import IO

from rnntag.data.bio import named
from rnntag.errors import RnntagError
from rnntag.model.file import save_model
from rnntag.training.job import _Job
from rnntag.training.reports import Epoch
from rnntag.training.trainer import Trainer

# The folder in which one happens to be is not where modules come from; of Ctrl-C nothing is heard.
_START = """
import sys
sys.path[:] = sys.argv[4:]
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
from rnntag.training.processes import work
work(*sys.argv[1:4])
"""


def block_interrupt() -> None:
    """Processes that this thread starts hear nothing of Ctrl-C, from their first instant on."""
    if hasattr(signal, "pthread_sigmask"):  # not on Windows, where a group of their own does it
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


class Children:
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


def work(path: str, seed: str, output: str) -> None:
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
        save_model(trainer.model, output)
        send(trainer.warnings)
    except RnntagError as error:
        send(error)
