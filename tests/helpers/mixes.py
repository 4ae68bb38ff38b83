"""Mixes of sentence lengths, directions and first states that the tests of the twins share."""

import pytest

# One step alone is where first-step faults show, several where time goes wrong, a mix where rows get mixed up.

every_mix = pytest.mark.parametrize("lengths", [(1,), (2,), (5,), (5, 2, 1), (3, 3, 2, 2)], ids=str)
both_ways = pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reverse"])
with_and_without = pytest.mark.parametrize("initial", [False, True], ids=["zeros", "initial"])


def some_states(rng, batch, N, initial):
    return rng.normal(size=(batch.sentences if initial else 0, N))
