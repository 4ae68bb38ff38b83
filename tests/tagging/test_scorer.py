"""Scores batch by batch: every token once, whatever the threads, on the engine that fits."""

import threading

import numpy as np
import pytest
from running import AHEAD, model, text

from rnntag.arrays.ragged import by_length
from rnntag.tagging import scorer as scoring
from rnntag.tagging.scorer import Scorer, cut_pieces

LENGTHS = [3, 0, 9, 1, 30, 2, 0, 17, 5, 5]


def gathered(scorer, keys):
    """Scores by token, and how often each token came."""
    ahead = scorer.model.spec.look_ahead
    total = sum(len(own) + ahead for own in keys)
    scores, times = np.zeros((total, scorer.inference.network.Y), np.float32), np.zeros(total, int)

    def use(scored, space):
        assert len(scored.rows) == len(scored.tags) == scored.batch.rows
        assert [len(keys[sentence]) for sentence in scored.chosen] == scored.batch.lengths.tolist()
        scores[scored.rows] = scored.tags
        np.add.at(times, scored.rows, 1)

    scorer.score(keys, use)
    return scores, times


@pytest.mark.parametrize("threads", [0, 1, 3])
@pytest.mark.parametrize("spec", [{}, AHEAD], ids=str)
def test_every_token_is_scored_once_and_those_looked_ahead_to_are_not(spec, threads, monkeypatch):
    monkeypatch.setattr(scoring, "BATCH", 12)
    monkeypatch.setattr(scoring, "SHARE", 10)
    found, keys = model(**spec), [text(length, seed) for seed, length in enumerate(LENGTHS)]
    scores, times = gathered(Scorer(found, threads), keys)
    place = 0
    for own in keys:
        alone, _ = gathered(Scorer(found), [own])
        assert times[place : place + len(own)].tolist() == [1] * len(own)
        np.testing.assert_allclose(scores[place : place + len(own)], alone[: len(own)], atol=2e-5)
        place += len(own) + found.spec.look_ahead
        assert not times[place - found.spec.look_ahead : place].any()


def test_stretches_may_overlap_and_be_empty():
    found, words = model(features=("word",)), text(20)
    starts, lengths, parts = np.array([0, 5, 5, 18]), np.array([7, 9, 0, 2]), {}

    def use(scored, space):
        for place, stretch in enumerate(scored.chosen.tolist()):
            own = scored.batch.sequence == place
            parts[stretch] = scored.rows[own].tolist(), scored.tags[own]

    Scorer(found).score_stretches(words, starts, lengths, use)
    assert sorted(parts) == [0, 1, 3]
    for stretch, (rows, scores) in parts.items():
        start, length = int(starts[stretch]), int(lengths[stretch])
        assert rows == list(range(start, start + length))
        alone, _ = gathered(Scorer(found), [words[start : start + length]])
        np.testing.assert_allclose(scores, alone, atol=2e-5)


def test_a_fault_on_another_thread_is_raised(monkeypatch):
    monkeypatch.setattr(scoring, "BATCH", 1)
    monkeypatch.setattr(scoring, "SHARE", 1)
    raised = threading.Event()

    def use(scored, space):
        if threading.current_thread() is threading.main_thread():
            assert raised.wait(20)
        else:
            raised.set()
            raise ValueError("elsewhere")

    with pytest.raises(ValueError, match="elsewhere"):
        Scorer(model(), 2).score([text(2, seed) for seed in range(20)], use)


def test_the_kernels_are_loaded_once_there_is_enough_to_do(plain, kernels, monkeypatch):
    monkeypatch.setattr(scoring, "PATIENCE", 100)
    scorer = Scorer(model())
    assert [scorer.engine_for(words) for words in (60, 40, 1, 0)] == [plain, plain, kernels, kernels]
    assert scorer.engine is kernels
    chosen = Scorer(model(), engine=plain)
    assert chosen.engine_for(1000) is chosen.engine is plain


def test_pieces_hold_about_so_many_words_and_all_sentences():
    lengths = np.array([40, 3, 3, 9, 1, 1, 1, 2, 7, 7])
    pieces = [piece.tolist() for piece in cut_pieces(by_length(lengths), lengths, 14)]
    assert pieces == [[0], [3, 8], [9, 1], [2, 7, 4, 5, 6]]
    assert list(cut_pieces(by_length(lengths)[:0], lengths, 14)) == []
