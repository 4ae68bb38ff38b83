"""Who hears of a training while it goes on, and may end it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnntag.training.reports import Report

Notice = Callable[[str], None]


class Listener:
    """Hears of a training, or of several; this one ignores all of it, others override what they want to hear."""

    def preparing(self) -> AbstractContextManager[Notice | None]:
        """Open while the corpus is encoded and the kernels are loaded; what it gives is called if they are compiled."""
        return nullcontext()

    def training(self) -> AbstractContextManager[object]:
        """Open while the network is trained."""
        return nullcontext()

    def report(self, progress: Report) -> None:
        """Hear of an update, of an epoch, or of the end of one of several runs."""

    def warn(self, warning: str) -> None:
        """Hear what looks wrong with the corpora, or went wrong in the training."""

    def stopping(self) -> bool:
        """Whether the training shall end with the best weights so far."""
        return False


class Reporter(Listener):
    """Passes what a training reports on to a function, whose true answer ends it, and warnings to another.

    interrupted  ends the training as well once it is not empty
    """

    def __init__(
        self,
        function: Callable[[Report], object] | None,
        warn: Callable[[str], None],
        interrupted: Sequence[int] = (),
    ) -> None:
        self._function, self._warn, self._answer, self._interrupted = function, warn, False, interrupted

    def report(self, progress: Report) -> None:
        if self._function:
            self._answer = bool(self._function(progress)) or self._answer  # asked after several runs have reported

    def warn(self, warning: str) -> None:
        self._warn(warning)

    def stopping(self) -> bool:
        return self._answer or bool(self._interrupted)
