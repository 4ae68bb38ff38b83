"""What passes work with."""

import numpy as np
import pytest
from networks import TINY, Case

from rnntag.arrays.workspace import Workspace
from rnntag.network.inputs import Inputs
from rnntag.network.run import Run


def test_a_run_of_the_forward_pass_alone_has_the_same_scores_and_no_place_for_a_gradient(plain):
    case, space = Case(TINY), Workspace(np.float64)
    inputs, forward = Inputs(case.batch, case.tokens), Run.forward_only(plain, case.P, space)
    E, trace = case.network.forward(forward, inputs)
    E = E.copy()
    expected, _ = case.network.forward(Run(plain, case.P, case.P.like(), Workspace(np.float64)), inputs)
    np.testing.assert_array_equal(E, expected)
    dX = np.zeros((case.batch.rows, case.network.W))
    with pytest.raises(KeyError, match="output"):
        case.network.backward(forward, inputs, trace, E, dX)
