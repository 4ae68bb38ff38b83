"""Working memory that is allocated once and reused: no page is touched for the first time inside a loop."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from rnntag.arrays.ragged import Array


class Workspace:
    """Arrays by name, which grow as needed and never shrink. Each thread has a workspace of its own."""

    def __init__(self, dtype: type = np.float32) -> None:
        self.dtype = dtype
        self._buffers: dict[str, Array] = {}

    def __call__(self, name: str, *shape: int) -> Array:
        """An uninitialised array of this shape, in the same memory as at the last call under this name."""
        size = math.prod(shape)
        buffer = self._buffers.get(name)
        if buffer is None or len(buffer) < size:
            buffer = self._buffers[name] = np.empty(size + size // 4, self.dtype)
        return buffer[:size].reshape(shape)

    def scope(self, prefix: str) -> Callable[..., Array]:
        """The same workspace, with ``prefix`` put before every name."""
        return lambda name, *shape: self(f"{prefix}.{name}", *shape)


def pack(W: Array, width: int, panels: Array) -> Array:
    """Write W (K, panels · width) to ``panels`` (panels, K, width), which is returned: weights as kernels take them."""
    np.copyto(panels, W.reshape(W.shape[0], -1, width).transpose(1, 0, 2))
    return panels
