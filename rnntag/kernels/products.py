"""Some rows of states times packed weights: register tiles of the heights that fit."""

from __future__ import annotations

from typing import Any

from rnntag.kernels.compiling import part
from rnntag.kernels.simd import best_tile, product_tile

# 3 x 32 and 6 x 16 totals are twelve AVX registers of sixteen, so the weights and the states keep theirs.
_tile_1x32, _tile_2x32, _tile_3x32 = (product_tile(height, 32) for height in (1, 2, 3))
_tile_1x16, _tile_2x16, _tile_3x16, _tile_4x16, _tile_6x16 = (product_tile(height, 16) for height in (1, 2, 3, 4, 6))
_best_1x16, _best_2x16, _best_4x16 = (best_tile(height, 16) for height in (1, 2, 4))


@part
def add_product32(Z: Any, z: int, j: int, X: Any, x: int, c: int, rows: int, W: Any, p: int) -> None:
    """Z[z:z+rows, j:j+32] += X[x:x+rows, c:c+K] · W[p] with W packed as (panels, K, 32)."""
    end = z + rows
    while end - z > 4 or end - z == 3:
        _tile_3x32(Z, z, j, X, x, c, W, p)
        z, x = z + 3, x + 3
    while end - z >= 2:  # four rows left: two by two costs less than three and one
        _tile_2x32(Z, z, j, X, x, c, W, p)
        z, x = z + 2, x + 2
    if z < end:
        _tile_1x32(Z, z, j, X, x, c, W, p)


@part
def add_product16(Z: Any, z: int, j: int, X: Any, x: int, c: int, rows: int, W: Any, p: int) -> None:
    """Z[z:z+rows, j:j+16] += X[x:x+rows, c:c+K] · W[p] with W packed as (panels, K, 16)."""
    end = z + rows
    while end - z >= 6:
        _tile_6x16(Z, z, j, X, x, c, W, p)
        z, x = z + 6, x + 6
    if end - z >= 4:
        _tile_4x16(Z, z, j, X, x, c, W, p)
        z, x = z + 4, x + 4
    elif end - z == 3:
        _tile_3x16(Z, z, j, X, x, c, W, p)
        z, x = z + 3, x + 3
    if end - z == 2:
        _tile_2x16(Z, z, j, X, x, c, W, p)
    elif z < end:
        _tile_1x16(Z, z, j, X, x, c, W, p)


@part
def best_sum16(Z: Any, z: int, j: int, X: Any, x: int, rows: int, W: Any, p: int) -> None:
    """Z[z+r, j:j+16] = max(Z, max over k of X[x+r, k] + W[p, k]) for r < rows."""
    end = z + rows
    while end - z >= 4:
        _best_4x16(Z, z, j, X, x, 0, W, p)
        z, x = z + 4, x + 4
    if end - z >= 2:
        _best_2x16(Z, z, j, X, x, 0, W, p)
        z, x = z + 2, x + 2
    if z < end:
        _best_1x16(Z, z, j, X, x, 0, W, p)
