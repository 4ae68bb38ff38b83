"""States that are pooled, and their gradient, against their twins."""

import numpy as np
import pytest
from numerics import SENTENCES, agree, ragged, rows_of, some_lengths


class Pooled:
    """Random states, their largest and mean over each sentence, and the backward pass; ``ties``: many are equal."""

    def __init__(self, lengths, W=32, ties=False):
        rng = np.random.default_rng([sum(lengths), W])
        self.batch = ragged(lengths)
        shape = self.batch.rows, W
        self.H = (rng.integers(-1, 2, shape) if ties else rng.normal(size=shape)).astype(np.float32)
        self.dS = rng.normal(size=(self.batch.sentences, 2 * W)).astype(np.float32)

    def run(self, engine, dtype=np.float32):
        where, W = (self.batch.sizes, self.batch.offsets), self.H.shape[1]
        S, top = np.full(self.dS.shape, np.nan, dtype), np.full((self.batch.sentences, W), -1, np.int32)
        engine.pool(self.H.astype(dtype), *where, S, top)
        dH = np.ones(self.H.shape, dtype)  # the gradient is added to what is there
        engine.pool_backward(self.dS.astype(dtype), top, *where, dH)
        return {"pooled": S, "top": top, "dH": dH}


@pytest.mark.parametrize("sentences", SENTENCES)
@pytest.mark.parametrize("ties", [False, True], ids=["distinct", "ties"])
def test_pooling_agrees_with_its_twin(kernels, plain, sentences, ties):
    case = Pooled(some_lengths(sentences), ties=ties)
    found, expected = case.run(kernels), case.run(plain, np.float64)
    np.testing.assert_array_equal(found.pop("top"), expected.pop("top"))
    agree(found, expected, 3e-7)


def test_a_sentence_alone_is_pooled_to_the_bits_it_has_in_a_batch(kernels):
    case = Pooled([7, 5, 5, 2, 1])
    together = case.run(kernels)
    for sentence in range(case.batch.sentences):
        rows, alone = rows_of(case.batch, sentence), object.__new__(Pooled)
        alone.batch, alone.H, alone.dS = ragged([len(rows)]), case.H[rows], case.dS[sentence : sentence + 1]
        found = alone.run(kernels)
        np.testing.assert_array_equal(found["pooled"][0], together["pooled"][sentence])
        np.testing.assert_array_equal(np.array(rows)[found["top"][0]], together["top"][sentence])
        np.testing.assert_array_equal(found["dH"], together["dH"][rows])


def test_nan_among_the_states_reaches_what_is_pooled_of_its_sentence_alone(kernels, plain):
    case = Pooled([4, 3, 1])
    case.H[rows_of(case.batch, 1)[2], 5] = np.nan
    for hands in (kernels, plain):
        mean = case.run(hands)["pooled"][:, 32:]
        assert np.argwhere(np.isnan(mean)).tolist() == [[1, 5]], hands.name
