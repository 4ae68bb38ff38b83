"""What a model remembers of its training, and how its scores become probabilities."""

from __future__ import annotations

from typing import NamedTuple


class Temperatures(NamedTuple):
    """What scores are divided by before they become probabilities; see `rnntag.training.calibration`."""

    tags: float = 1.0
    intents: float = 1.0
