"""A word's vector out of its letters: what it is, its gradient, and that no other word has a part in it."""

import numpy as np
import pytest
from numerics import lstm_by_hand, slope

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import spelled
from rnntag.arrays.workspace import Workspace
from rnntag.network import char_lstm
from rnntag.network.char_lstm import CharLstm
from rnntag.network.run import Run

WORDS = [[3, 1, 4], [1], [5, 2, 2, 1, 3], [2, 6], [1, 4, 2, 3], [6, 6]]  # of letters 0 to 6; 0 is an unknown one


def spell(words):
    """Words as the network is given them."""
    lengths = np.array(list(map(len, words)))
    return spelled(lengths, np.cumsum(lengths) - lengths, np.concatenate(words).astype(np.int32))


class Case:
    """A network of letters with random weights; ``weights`` are those of each number of a vector in the loss."""

    def __init__(self, words=WORDS, dtype=np.float64):
        rng = np.random.default_rng(3)
        self.network, self.words = CharLstm(7), spell(words)
        self.P = Parameters(self.network.shapes(), dtype)
        for _, view in self.P:
            view[:] = rng.normal(size=view.shape) * 0.3
        self.weights = rng.normal(size=(len(words), self.network.width))  # longest first

    def vectors(self, engine, space=None, words=None):
        """The vectors of some words, in their own order."""
        words = self.words if words is None else spell(words)
        space = space or Workspace(self.P.flat.dtype.type)
        return self.network.forward(Run.forward_only(engine, self.P, space), words)[0][words.place]

    def loss(self, engine):
        return float((self.vectors(engine) * self.weights[self.words.place]).sum())

    def gradient(self, engine, space=None):
        G = self.P.like()
        G.flat[:] = np.nan
        run = Run(engine, self.P, G, space or Workspace(self.P.flat.dtype.type))
        _, trace = self.network.forward(run, self.words)
        dvectors = self.weights.astype(self.P.flat.dtype)
        self.network.backward(run, self.words, trace, dvectors)
        return G


def test_a_vector_is_the_last_state_of_each_direction(plain):
    case = Case()
    table, none = case.P["characters.embedding"], np.zeros(char_lstm.UNITS)
    for word, found in zip(WORDS, case.vectors(plain), strict=True):
        ends = []
        for direction, letters in (("forward", word), ("backward", word[::-1])):
            place = f"characters.{direction}"
            Z = table[letters] @ case.P[f"{place}.input"] + case.P[f"{place}.bias"]
            ends.append(lstm_by_hand(Z, case.P[f"{place}.recurrent"], none, none)[0][-1])
        np.testing.assert_allclose(found, np.concatenate(ends), atol=1e-12)


@pytest.mark.parametrize("words", [WORDS, [[2]], [[1, 2], [0, 1]]], ids=["mixed", "one letter", "equal lengths"])
def test_the_gradient_is_the_slope_of_the_loss_at_every_element(plain, monkeypatch, words):
    monkeypatch.setattr(char_lstm, "LETTER", 3)
    monkeypatch.setattr(char_lstm, "UNITS", 16)
    case = Case(words)
    for (name, view), (_, found) in zip(case.P, case.gradient(plain), strict=True):
        np.testing.assert_allclose(found, slope(lambda: case.loss(plain), view), atol=1e-8, err_msg=name)


def test_kernels_and_twins_give_the_same_vectors_and_gradient(kernels, plain):
    wide, narrow = Case(), Case(dtype=np.float32)
    np.testing.assert_allclose(narrow.vectors(kernels), wide.vectors(plain), atol=1e-6)
    for (name, found), (_, expected) in zip(narrow.gradient(kernels), wide.gradient(plain), strict=True):
        size = float(np.abs(expected).max())
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * size, err_msg=name)


def test_a_words_vector_depends_neither_on_the_other_words_nor_on_their_order(either):
    case = Case(dtype=np.float32)
    together = case.vectors(either)
    for word, expected in zip(WORDS, together, strict=True):
        np.testing.assert_allclose(case.vectors(either, words=[word])[0], expected, rtol=0, atol=1e-6)
    order = [4, 0, 5, 2, 1, 3]
    other = case.vectors(either, words=[WORDS[number] for number in order])
    np.testing.assert_allclose(other, together[order], rtol=0, atol=1e-6)
    twice = case.vectors(either, words=[*WORDS, *WORDS])
    np.testing.assert_allclose(twice, np.concatenate([together, together]), rtol=0, atol=1e-6)
    assert (np.abs(together[:, None] - together).max(axis=2)[~np.eye(len(WORDS), dtype=bool)] > 1e-3).all()


def test_letters_are_read_in_order(plain):
    case = Case()
    forth, back = case.vectors(plain, words=[[1, 2, 3], [3, 2, 1]])
    assert np.abs(forth - back).min() > 1e-6


def test_what_another_batch_left_in_the_workspace_changes_nothing(either):
    case, space = Case(dtype=np.float32), Workspace()
    Case([[1, 2, 3, 4, 5, 6, 1, 2], [3, 4, 5], *WORDS], np.float32).gradient(either, space)
    for buffer in space._buffers.values():
        buffer[:] = np.nan
    for (name, found), (_, expected) in zip(case.gradient(either, space), case.gradient(either), strict=True):
        np.testing.assert_array_equal(found, expected, err_msg=name)


def test_a_letter_that_was_never_seen_adds_nothing_at_first():
    network = CharLstm(7)
    P = Parameters(network.shapes())
    network.initial(np.random.default_rng(1), P)
    assert not P["characters.embedding"][0].any()
    assert P["characters.embedding"][1:].all()
