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
from pathlib import Path
from typing import IO

from rnntag.errors import RnntagError
from rnntag.model.file import load_model, save_model
from rnntag.model.model import Model
from rnntag.training.job import Job
from rnntag.training.listener import Listener
from rnntag.training.reports import Epoch, Report
from rnntag.training.trainer import train

# Modules do not come from the folder in which one happens to be, and Ctrl-C is ignored.
_START = """
import sys
sys.path[:] = sys.argv[3:]
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
from rnntag.training.processes import work
work(*sys.argv[1:3])
"""
_JOB, _BASE, _STOP = "job", "base", "stop"  # files in the folder that parent and children share, beside the models

Message = Epoch | list[str] | RnntagError  # what a child sends: epochs, then its warnings or its fault


def block_interrupt() -> None:
    """Let processes that this thread starts ignore Ctrl-C from their first instant on."""
    if hasattr(signal, "pthread_sigmask"):  # not on Windows, where a group of their own does it
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


class Children:
    """Processes that train on the same job, each under a seed of its own; may be used from several threads.

    folder  an empty one, which they share

    `unwanted` is true once they are killed.
    """

    def __init__(self, job: Job, folder: Path) -> None:
        self.unwanted = False
        self._folder = folder
        self._alive: set[subprocess.Popen[bytes]] = set()
        with open(folder / _JOB, "wb") as file:
            pickle.dump(replace(job, base=None), file, protocol=5)  # 5: arrays are written as they lie, without a copy
        if job.base:
            save_model(job.base, folder / _BASE)

    @property
    def stopping(self) -> bool:
        """Whether they were asked to stop."""
        return (self._folder / _STOP).exists()

    def stop(self) -> None:
        """Ask those at work to end after the update that they do now, with the best weights they have."""
        (self._folder / _STOP).touch()

    def kill(self) -> None:
        """End those at work, at once, and those that are just being started."""
        self.unwanted = True
        for process in list(self._alive):
            process.kill()

    def messages(self, seed: int) -> Generator[Epoch | list[str], None, None]:
        """Train in a new process: its epochs as they end, then its warnings. Raises what was raised there."""
        command = [sys.executable, "-c", _START, str(self._folder), str(seed), *sys.path]
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
                yield from _read_messages(process.stdout, seed)
            finally:
                self._alive.discard(process)

    def take_model(self, seed: int) -> Model:
        """The model that the process of a seed has left at its end; its file is gone then."""
        path = _model_path(self._folder, seed)
        model = load_model(path)
        path.unlink()
        return model


def _model_path(folder: Path, seed: int) -> Path:
    return folder / f"{seed}.rnntag"


def _read_messages(stream: IO[bytes], seed: int) -> Generator[Epoch | list[str], None, None]:
    """What a child writes, up to the warnings at its end. Raises its fault, or that it ended without a result."""
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


class _Sender(Listener):
    """Sends epochs to the parent, and stops when that asks for it."""

    def __init__(self, stream: IO[bytes], stop: Path) -> None:
        self.warnings: list[str] = []
        self._stream, self._stop = stream, stop

    def report(self, progress: Report) -> None:
        if isinstance(progress, Epoch):
            self.send(progress)

    def warn(self, warning: str) -> None:
        self.warnings.append(warning)

    def stopping(self) -> bool:
        return self._stop.exists()

    def send(self, message: Message) -> None:
        """Write a message and let it go."""
        pickle.dump(message, self._stream)
        self._stream.flush()


def work(place: str, seed: str) -> None:
    """The body of a child: train under a seed on the job in a folder, leave the model there, tell the parent.

    It ends at once when its standard input does, since the parent has ended then.
    """

    def leave() -> None:
        os.read(0, 1)
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()
    folder = Path(place)
    with open(folder / _JOB, "rb") as file:
        job: Job = pickle.load(file)
    if (folder / _BASE).exists():
        job = replace(job, base=load_model(folder / _BASE))
    sender = _Sender(sys.stdout.buffer, folder / _STOP)
    try:
        model = train(replace(job, recipe=replace(job.recipe, seed=int(seed))), 1, sender)
        save_model(model, _model_path(folder, int(seed)))
        sender.send(sender.warnings)
    except RnntagError as error:
        sender.send(error)
