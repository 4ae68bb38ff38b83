"""Probabilities of tags, spans and taggings, and the best taggings in order, against every tagging there is."""

from itertools import pairwise, product

import numpy as np
import pytest
from numerics import ragged, rows_of

from rnntag.arrays import engine
from rnntag.arrays.workspace import Workspace
from rnntag.data.bio import SCHEMES
from rnntag.network.decoders import Transitions
from rnntag.tagging.marginals import Marginals, Potentials, SpanTypes
from rnntag.tagging.nbest import best_paths

TAGS = {
    "bio": ["O", "B-a", "I-a", "B-b", "I-b"],
    "bioes": ["O", "B-a", "I-a", "E-a", "S-a", "S-b"],
    "bilou": ["O", "B-a", "I-a", "L-a", "U-a"],
    "iob1": ["O", "I-a", "B-a", "I-b", "B-b"],
    "tokens": ["NOUN", "VERB", "O"],
}
Y = 16
engines = pytest.mark.parametrize("hands", ["plain", "kernels"])
schemes = pytest.mark.parametrize("name", TAGS)
temperatures = pytest.mark.parametrize("temperature", [1.0, 0.5, 2.5])


class Case:
    """A batch with random scores under a scheme, and all that it may be."""

    def __init__(self, name, hands, temperature=1.0, lengths=(4, 3, 3, 1), scale=1.5, legal=True):
        rng = np.random.default_rng(len(name) + len(lengths))
        self.scheme, self.tags = SCHEMES[name], TAGS[name]
        self.count = len(self.tags)
        self.engine = getattr(engine, hands)()
        self.batch, self.temperature = ragged(lengths), temperature
        transitions, begin, end = self.scheme.legal(self.tags)
        if not legal:
            transitions, begin, end = np.ones((self.count,) * 2, bool), [True] * self.count, [True] * self.count
        M, bounds = np.full((Y, Y), -np.inf, np.float32), np.full((2, Y), -np.inf, np.float32)
        M[: self.count, : self.count] = np.where(transitions, rng.normal(size=(self.count,) * 2), -np.inf)
        bounds[:, : self.count] = np.where([begin, end], rng.normal(size=(2, self.count)), -np.inf)
        self.transitions = Transitions(M, bounds)
        self.E = (rng.normal(size=(self.batch.rows, Y)) * scale).astype(np.float32)
        self.types = SpanTypes(self.scheme, self.tags)

    def marginals(self):
        potentials = Potentials(self.transitions, self.temperature)
        return Marginals(self.engine, potentials, self.batch, self.E, Workspace())

    def taggings(self, sentence):
        """Every tagging of a sentence that may be, and its probability."""
        E, (M, bounds) = self.E[rows_of(self.batch, sentence)].astype(float), self.transitions
        paths = list(product(range(self.count), repeat=len(E)))
        scores = np.array([score(path, E, M, bounds) for path in paths]) / self.temperature
        weights = np.exp(scores - scores.max())
        kept = [(path, p) for path, p in zip(paths, weights / weights.sum(), strict=True) if p > 0]
        return [path for path, _ in kept], np.array([p for _, p in kept])

    def every(self):
        for sentence in range(self.batch.sentences):
            yield sentence, rows_of(self.batch, sentence), *self.taggings(sentence)


def score(path, E, M, bounds):
    total = float(bounds[0, path[0]]) + float(bounds[1, path[-1]])
    total += sum(float(E[step, tag]) for step, tag in enumerate(path))
    return total + sum(float(M[before, after]) for before, after in pairwise(path))


@engines
@schemes
@temperatures
def test_tags_and_taggings(name, hands, temperature):
    case = Case(name, hands, temperature)
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
    case = Case(name, hands, temperature, legal=legal)
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
    case = Case(name, "plain")
    found = case.marginals()
    first = SCHEMES[name].tags([(0, 2, "a")], 2)
    product_of_tags = np.prod([found.tags[row, case.tags.index(tag)] for row, tag in zip((0, 4), first, strict=True)])
    span = found.spans(case.types, *np.array([[0], [0], [2], [case.types.numbers["a"]]]))
    assert abs(span[0] / product_of_tags - 1) > 0.05


@engines
def test_scores_as_large_as_they_come(hands):
    case = Case("bio", hands, scale=400.0)
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
    case = Case("bio", "plain")
    assert case.marginals().spans(case.types, *np.zeros((4, 0), np.int64)).shape == (0,)


# The best taggings in order


@schemes
@pytest.mark.parametrize("count", [1, 2, 7, 10_000])
def test_the_best_taggings_are_those_of_all_in_order(name, count):
    case = Case(name, "plain")
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
    case = Case("bio", "plain", lengths=(150,), scale=3.0)
    totals = [total for total, _ in best_paths(*case.transitions[:1], case.E, case.transitions.bounds, 300)]
    assert totals == sorted(totals, reverse=True)
    assert len(totals) == 300
