"""Probabilities of tags, spans and taggings, against every tagging there is."""

import numpy as np
import pytest
from taggings import TAGS, Scores

from rnntag.data.bio import SCHEMES

engines = pytest.mark.parametrize("hands", ["plain", "kernels"])
schemes = pytest.mark.parametrize("name", TAGS)
temperatures = pytest.mark.parametrize("temperature", [1.0, 0.5, 2.5])


@engines
@schemes
@temperatures
def test_tags_and_taggings(name, hands, temperature):
    case = Scores(name, hands, temperature)
    found = case.marginals()
    assert found.tags[:, case.count :].max(initial=0.0) == 0.0
    chosen = np.empty(case.batch.rows, np.int32)
    expected = []
    for _, rows, paths, p in case.every():
        marginals = np.zeros((len(rows), case.count))
        for path, weight in zip(paths, p, strict=True):
            marginals[np.arange(len(rows)), path] += weight
        np.testing.assert_allclose(found.tags[rows, : case.count], marginals, atol=2e-6)
        pick = len(paths) // 3
        chosen[rows] = paths[pick]
        expected.append(p[pick])
    np.testing.assert_allclose(np.exp(found.log_taggings(chosen)), expected, rtol=2e-5)


@engines
@schemes
@temperatures
@pytest.mark.parametrize("legal", [True, False], ids=["legal", "anything"])
def test_spans(name, hands, temperature, legal):
    """All spans there can be, of every type, at every place: the share of taggings that have them."""
    case = Scores(name, hands, temperature, legal=legal)
    asked, expected = [], []
    for sentence, rows, paths, p in case.every():
        have = [
            (weight, set(case.scheme.spans([case.tags[n] for n in path])))
            for path, weight in zip(paths, p, strict=True)
        ]
        for start in range(len(rows)):
            for end in range(start + 1, len(rows) + 1):
                for label, place in case.types.numbers.items():
                    asked.append((sentence, start, end, place))
                    expected.append(sum(weight for weight, spans in have if (start, end, label) in spans))
    found = case.marginals().spans(case.types, *np.array(asked).T)
    np.testing.assert_allclose(found, expected, atol=3e-6)
    assert max(expected) > 0.05


@schemes
def test_a_span_is_not_the_product_of_its_tags(name):
    """What this is for: the tags of a span depend on each other."""
    if name == "tokens":
        return
    case = Scores(name, "plain")
    found = case.marginals()
    first = SCHEMES[name].tags([(0, 2, "a")], 2)
    product_of_tags = np.prod([found.tags[row, case.tags.index(tag)] for row, tag in zip((0, 4), first, strict=True)])
    span = found.spans(case.types, *np.array([[0], [0], [2], [case.types.numbers["a"]]]))
    assert abs(span[0] / product_of_tags - 1) > 0.05


@engines
def test_scores_as_large_as_they_come(hands):
    case = Scores("bio", hands, scale=400.0)
    found = case.marginals()
    assert np.isfinite(found.tags).all()
    np.testing.assert_allclose(found.tags.sum(axis=1), 1, rtol=1e-5)
    path = np.array(found.tags.argmax(axis=1), np.int32)
    assert (found.log_taggings(path) <= 0).all()
    spans = found.spans(
        case.types, *np.array([(0, start, end, 0) for start in range(3) for end in range(start + 1, 4)]).T
    )
    assert ((spans >= 0) & (spans <= 1)).all()


def test_no_spans_are_no_probabilities():
    case = Scores("bio", "plain")
    assert case.marginals().spans(case.types, *np.zeros((4, 0), np.int64)).shape == (0,)
