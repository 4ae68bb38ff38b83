"""Working memory: one name, one piece of memory, as long as it is large enough."""

import numpy as np
import pytest
from numerics import panels

from rnntag.arrays.workspace import Workspace, pack


def test_the_same_name_is_the_same_memory_unless_it_must_grow():
    space = Workspace()
    first = space("states", 4, 8)
    first[:] = 1
    assert first.shape == (4, 8)
    assert first.dtype == np.float32
    assert np.shares_memory(space("states", 2, 3), first)
    assert (space("states", 32) == 1).all()
    assert not np.shares_memory(space("states", 400), first)
    assert not np.shares_memory(space("cells", 4, 8), first)
    assert Workspace(np.float64)("states", 1).dtype == np.float64


def test_a_scope_is_the_same_workspace_under_other_names():
    space = Workspace()
    scope = space.scope("layer0")
    assert np.shares_memory(scope("gates", 5), space("layer0.gates", 5))
    assert not np.shares_memory(scope("gates", 5), space("gates", 5))


@pytest.mark.parametrize("width", [8, 16])
def test_each_panel_holds_its_columns_and_is_contiguous(width):
    W = np.random.default_rng(1).normal(size=(6, 4 * width))
    packed = np.empty((4, 6, width))
    assert pack(W, width, packed) is packed
    for panel in range(4):
        np.testing.assert_array_equal(packed[panel], W[:, panel * width : (panel + 1) * width])
    np.testing.assert_array_equal(panels(W, width), packed)
