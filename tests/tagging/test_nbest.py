"""The best taggings of a sentence in order, against every tagging there is."""

import numpy as np
import pytest
from taggings import TAGS, Scores, score

from rnntag.tagging.nbest import best_paths


@pytest.mark.parametrize("name", TAGS)
@pytest.mark.parametrize("count", [1, 2, 7, 10_000])
def test_the_best_taggings_are_those_of_all_in_order(name, count):
    case = Scores(name, "plain")
    M, bounds = case.transitions
    for _, rows, paths, p in case.every():
        found = best_paths(M, case.E[rows], bounds, count)
        order = np.argsort(-p, kind="stable")[:count]
        assert len(found) == min(count, len(paths))
        expected = [score(paths[n], case.E[rows], M, bounds) for n in order]
        np.testing.assert_allclose([total for total, _ in found], expected, rtol=1e-12)
        assert len({tuple(each) for _, each in found}) == len(found)
        assert {tuple(each) for _, each in found} <= set(paths)


def test_near_ones_come_in_order_in_long_sentences():
    """Sums of a hundred scores, in float32, would put some before better ones."""
    case = Scores("bio", "plain", lengths=(150,), scale=3.0)
    totals = [total for total, _ in best_paths(*case.transitions[:1], case.E, case.transitions.bounds, 300)]
    assert totals == sorted(totals, reverse=True)
    assert len(totals) == 300
