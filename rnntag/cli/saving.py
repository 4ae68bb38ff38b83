"""Where the model of a training goes: what is kept beside it, and what becomes of both at the end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from rnntag.cli.talk import say

GOES_ON = "the same command with --resume goes on where it stopped"

SIGNALLED = 128  # what shells add to the number of a signal to make an exit status

if TYPE_CHECKING:
    from rnntag.model.model import Model
    from rnntag.training.kept_runs import Kept
    from rnntag.training.listener import Notice


def place_for(output: str, runs: int, resume: bool, tell: Notice) -> Kept:
    """What is kept of a training whose model goes to ``output``. Raises RnntagError if that could not be written."""
    from rnntag.files.whole import check_writable
    from rnntag.training.kept_runs import kept_beside

    check_writable(output)
    return kept_beside(output, runs, resume, say, tell)


def save(model: Model, output: str, kept: Kept, tell: Notice, interrupted: Sequence[int]) -> None:
    """Save a model, unless another one is there and no epoch of this came to its end.

    Then what was kept of the training is removed; of one that was interrupted it stays, and the command exits. Raises
    what `keep` does.
    """
    from rnntag.show.description import raw_text
    from rnntag.show.progress import summary
    from rnntag.training.keeping import is_worth_keeping, keep

    if not is_worth_keeping(model, output, bool(interrupted)):
        tell(f"{output} is left as it was: no epoch came to its end")
    else:
        if os.path.exists(output):
            tell(f"replacing {output}")
        keep(model, output)
        tell(f"raw text {raw_text(model)}")
        tell(summary(model, output))
    if interrupted:
        tell(GOES_ON)
        click.get_current_context().exit(SIGNALLED + interrupted[0])
    kept.remove()
