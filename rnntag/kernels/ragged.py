"""Walking a ragged, time-major batch."""

from __future__ import annotations

from typing import Any

from rnntag.kernels.compiling import part


@part
def alive(sizes: Any, t: int) -> int:
    """How many sequences have a step t: 0 before the first step and after the last."""
    return sizes[t] if 0 <= t < sizes.shape[0] else 0
