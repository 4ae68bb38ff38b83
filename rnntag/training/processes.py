"""Trainings in child processes: what the parent starts and hears, and what the child runs.

All that passes between them goes through the pipes of the child: to its standard input, which stays open as long as the
parent lives, the job and perhaps the wish to stop; to its standard output epochs and the end. What they are as bytes is
told in `rnntag.training.messages`; nothing of it is on a disk.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import suppress
from dataclasses import replace
from typing import IO

from rnntag.errors import RnntagError
from rnntag.model.model import Model
from rnntag.training import messages
from rnntag.training.checkpoint import Checkpoint, beside
from rnntag.training.interrupt import SIGNALS
from rnntag.training.job import Job
from rnntag.training.kept_runs import Finished
from rnntag.training.listener import Listener
from rnntag.training.messages import Ended, Parts
from rnntag.training.reports import Epoch, Report
from rnntag.training.trainer import train

# Modules do not come from the folder in which one happens to be. What ends a job goes to all of its processes: this one
# asks those it has started.
_START = f"""
import sys
sys.path[:] = sys.argv[3:]
import signal
for number in {[int(each) for each in SIGNALS]}:
    signal.signal(number, signal.SIG_IGN)
from rnntag.training.processes import work
work(*sys.argv[1:3])
"""
_STOP = b"s"


def block_signals() -> None:
    """Let processes that this thread starts ignore what ends a job from their first instant on."""
    if hasattr(signal, "pthread_sigmask"):  # not on Windows, where a group of their own does it
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


class Children:
    """Processes that train on the same job, each under a seed of its own; may be used from several threads.

    `unwanted` is true once they are killed, `stopping` once they were asked to stop.
    """

    def __init__(self, job: Job) -> None:
        self.unwanted = self.stopping = False
        self._job = messages.of_job(job)
        self._alive: set[subprocess.Popen[bytes]] = set()
        self._asking = threading.Lock()
        self._at_work: set[IO[bytes]] = set()  # the standard inputs of those that have their job

    def stop(self) -> None:
        """Ask those at work to end after the update that they do now, with the best weights they have."""
        with self._asking:
            self.stopping = True
            while self._at_work:
                _ask_to_stop(self._at_work.pop())

    def kill(self) -> None:
        """End those at work, at once, and those that are just being started."""
        self.unwanted = True
        for process in list(self._alive):
            process.kill()

    def answers(self, seed: int, place: str | None = None) -> Generator[Epoch | Ended, None, None]:
        """Train in a new process: its epochs as they come, then its end. Raises what was raised there.

        place  where the run is kept once it is finished, and its checkpoint beside that
        """
        command = [sys.executable, "-c", _START, str(seed), os.path.abspath(place) if place else "", *sys.path]
        group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        try:
            child = subprocess.Popen(
                command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=group
            )
        except OSError as error:
            raise RnntagError(f"the training under seed {seed} cannot begin: {error.strerror or error}") from None
        with child as process:
            self._alive.add(process)
            if self.unwanted:
                process.kill()
            assert process.stdin
            assert process.stdout
            try:
                self._hand_over(process.stdin)
                yield from _answers(process.stdout, seed)
            finally:
                self._alive.discard(process)
                with self._asking:
                    self._at_work.discard(process.stdin)

    def _hand_over(self, stream: IO[bytes]) -> None:
        """Give a process its job and, if they were asked to by then, the wish to stop."""
        with suppress(OSError):  # it has ended, which shows where it should answer
            messages.write(stream, self._job)
        with self._asking:
            if self.stopping:
                _ask_to_stop(stream)
            else:
                self._at_work.add(stream)


def _ask_to_stop(stream: IO[bytes]) -> None:
    with suppress(OSError):  # it has ended
        stream.write(_STOP)


def _answers(stream: IO[bytes], seed: int) -> Generator[Epoch | Ended, None, None]:
    """What a child answers, up to its end. Raises its fault, or that it ended without a result."""
    while True:
        try:
            parts = messages.read(stream)
        except EOFError:
            raise RnntagError(f"the training under seed {seed} ended without a result") from None
        answer = messages.answer_of(parts)
        if isinstance(answer, RnntagError):
            raise answer
        yield answer
        if isinstance(answer, Ended):
            return


class _Sender(Listener):
    """Sends epochs to the parent, and stops when that asks for it."""

    def __init__(self, stream: IO[bytes], asked: threading.Event) -> None:
        self.warnings: list[str] = []
        self.epochs: list[Epoch] = []
        self._stream, self._asked = stream, asked

    def report(self, progress: Report) -> None:
        if isinstance(progress, Epoch):
            self.epochs.append(progress)
            self.send(messages.of_epoch(progress))

    def warn(self, warning: str) -> None:
        self.warnings.append(warning.removeprefix("warning: "))

    def stopping(self) -> bool:
        return self._asked.is_set()

    def send(self, parts: Parts) -> None:
        """Write a message."""
        messages.write(self._stream, parts)


def work(seed: str, place: str) -> None:
    """The body of a child: train under a seed on the job that the parent gives, and tell it.

    place  where the run is kept once it is finished; empty if it is not

    It ends at once when its standard input does, since the parent has ended then.
    """
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # what anything prints is not among the answers
    asked = threading.Event()
    # Without a buffer: the thread that waits for the parent would hold its lock when Python ends.
    source = open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)  # noqa: SIM115

    def heed() -> None:
        while source.read(1):
            asked.set()
        os._exit(1)

    gc.disable()  # a corpus is a great many objects, none of which is garbage: looking for it takes half of the time
    try:
        job = messages.job_of(messages.read(source))
    except EOFError:
        return
    gc.enable()
    threading.Thread(target=heed, daemon=True).start()
    sender = _Sender(answers, asked)
    try:
        job = replace(job, recipe=replace(job.recipe, seed=int(seed)))
        model = _kept(job, place, sender) if place else train(job, 1, sender)
        sender.send(messages.of_end(Ended(model, sender.warnings)))
    except RnntagError as error:
        sender.send(messages.of_fault(error))


def _kept(job: Job, place: str, sender: _Sender) -> Model:
    """The model of a job, which goes on where its checkpoint stands; if it is finished, it is kept at its place."""
    path = beside(place)
    checkpoint = Checkpoint(path, os.path.lexists(path), sender.warn, lambda said: None)
    model = train(job, 1, sender, checkpoint=checkpoint)
    if not sender.stopping():
        try:
            Finished(model, sender.warnings, sender.epochs).save(place, checkpoint.identity)
        except RnntagError as error:
            sender.warn(f"{place}: {error.fact}; the run is not kept")
    return model
