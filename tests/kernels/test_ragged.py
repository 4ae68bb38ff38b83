"""How many sequences are alive at a step."""

import numpy as np

from rnntag.kernels.ragged import alive


def test_before_the_first_step_and_after_the_last_no_sequence_is_alive():
    sizes = np.array([4, 3, 3, 1], np.int64)
    assert [alive(sizes, t) for t in range(-1, 6)] == [0, 4, 3, 3, 1, 0, 0]
