"""Keeps a trained model: in its place or, where that is full by now, in another one."""

from __future__ import annotations

import os
import shlex
import tempfile
from contextlib import suppress

from rnntag.errors import RnntagError
from rnntag.model.file import save_model
from rnntag.model.model import Model


def is_worth_keeping(model: Model, output: str | os.PathLike[str], interrupted: bool) -> bool:
    """Whether a model is to take its place: not if its training ended in the first epoch and another one is there."""
    return not interrupted or bool(model.record.figures) or not os.path.exists(output)


def keep(model: Model, output: str | os.PathLike[str]) -> None:
    """Save a model. Raises RnntagError where it cannot be saved there, which says where it is instead."""
    try:
        save_model(model, output)
    except RnntagError as error:
        if (place := _rescued(model, os.path.basename(output))) is None:
            raise
        fact, hint = f"{error.fact}; the model is in {place} instead", f"mv {shlex.quote(place)} PLACE"
        raise RnntagError(fact, where=error.where, hint=hint) from None


def _rescued(model: Model, name: str) -> str | None:
    """Save a model where there may be room, under this name in a folder of its own; None where there is none."""
    for parent in (tempfile.gettempdir(), os.path.expanduser("~")):
        folder = None
        with suppress(OSError, RnntagError):
            folder = tempfile.mkdtemp(prefix="rnntag-", dir=parent)
            save_model(model, place := os.path.join(folder, name))
            return place
        if folder:
            with suppress(OSError):
                os.rmdir(folder)
    return None
