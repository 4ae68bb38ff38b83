"""Random scores of short sentences under a scheme, and every tagging that they may have."""

from itertools import pairwise, product

import numpy as np
from numerics import ragged, rows_of

from rnntag.arrays import engine
from rnntag.arrays.workspace import Workspace
from rnntag.data.bio import SCHEMES
from rnntag.network.decoders import Transitions
from rnntag.tagging.marginals import Marginals, Potentials, SpanTypes

TAGS = {
    "bio": ["O", "B-a", "I-a", "B-b", "I-b"],
    "bioes": ["O", "B-a", "I-a", "E-a", "S-a", "S-b"],
    "bilou": ["O", "B-a", "I-a", "L-a", "U-a"],
    "iob1": ["O", "I-a", "B-a", "I-b", "B-b"],
    "tokens": ["NOUN", "VERB", "O"],
}
Y = 16


class Scores:
    """A batch with random scores under a scheme."""

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
    """The score of a tagging of one sentence, by the definition."""
    total = float(bounds[0, path[0]]) + float(bounds[1, path[-1]])
    total += sum(float(E[step, tag]) for step, tag in enumerate(path))
    return total + sum(float(M[before, after]) for before, after in pairwise(path))
