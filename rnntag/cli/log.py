"""The log of a training: a line of JSON for each epoch, written and read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from rnntag.cli.talk import say
from rnntag.errors import CorpusError
from rnntag.formats import open_source, source_name

if TYPE_CHECKING:
    from rnntag.model.record import Record
    from rnntag.training.reports import Report

ANOTHER = "--log is of another training than that of the model"


def learning_curve(path: str) -> list[dict[str, object]]:
    """What a log says of each epoch. Raises CorpusError for a file that is none."""
    with open_source(path) as stream:
        lines = stream.read().decode("utf-8", "replace").splitlines()
    epochs = []
    for number, line in enumerate(lines, 1):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or "loss" not in found or "epoch" not in found:
            hint = "rnntag train --log FILE writes one"
            raise CorpusError("is no report of an epoch", where=f"{source_name(path)}:{number}", hint=hint)
        epochs.append(found)
    return epochs


def is_log_of(curve: Sequence[Mapping[str, object]], record: Record) -> bool:
    """Whether a log can be that of a model's training; of one that averages several runs, nothing speaks against it.

    curve   what the log says of each epoch
    record  of the model

    The epoch whose weights were kept must be there, as one of as many, with the score that the model had on dev. That
    of a model of running text is taken once its training is over, and is not compared.
    """
    if record.epoch is None:
        return True
    seeds, epochs = record.trained_under, record.recipe.get("epochs")
    kept = [line for line in curve if line["epoch"] == record.epoch and line.get("epochs") == epochs]
    kept = [line for line in kept if line.get("seed") in (None, *seeds)]
    if record.runs_on or "f1" not in record.figures:
        return bool(kept)
    return any(line.get("f1") == record.figures["f1"] for line in kept)


@contextmanager
def epoch_log(path: str | None) -> Iterator[Callable[[Report], None]]:
    """Gives a function that writes each report of an epoch as a line of JSON, if there is a file to write to."""
    if path is None:
        yield lambda progress: None
        return
    file = open(path, "a", encoding="utf-8")  # noqa: SIM115  closed below, whatever a full disk says to that
    try:
        yield _Log(file, path)
    finally:
        with suppress(OSError):
            file.close()


class _Log:
    """Writes reports of epochs to an open file; where that fails, it tells so once."""

    def __init__(self, file: TextIO, path: str) -> None:
        self._file, self._path = file, path
        self._fresh, self._told = True, False

    def __call__(self, progress: Report) -> None:
        from rnntag.training.reports import Epoch, RunEpoch

        if not isinstance(progress, (Epoch, RunEpoch)):
            return
        try:
            if (
                self._fresh and self._file.seekable()
            ):  # no pipe; not before: a training that never began leaves the old log
                self._file.truncate(0)
            self._fresh = False
            print(json.dumps(progress.as_dict()), file=self._file, flush=True)
        except OSError as error:
            if not self._told:
                say(f"warning: {self._path}: cannot be written: {error.strerror}; training goes on")
            self._told = True
