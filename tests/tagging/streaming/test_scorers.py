"""Scores of running text: the same however it arrives, and none before what they need of the future has come."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running import AHEAD, FORWARD, WORDS, alone, model, text

from rnntag.tagging.scorer import Scorer
from rnntag.tagging.streaming import scorers
from rnntag.tagging.streaming.scorers import ForwardScorer, WindowScorer, stream_scorer
from rnntag.tagging.tagger import LAG, Tagger


def test_left_to_right_each_token_is_read_once_and_else_there_are_windows():
    for spec in (FORWARD, AHEAD):
        assert isinstance(stream_scorer(Scorer(model(**spec)), 5), ForwardScorer)
    for spec in ({}, {"direction": "backward"}, {"direction": "forward", "cell": "window"}):
        assert isinstance(stream_scorer(Scorer(model(**spec)), 5), WindowScorer)


@pytest.mark.parametrize("spec", [FORWARD, AHEAD], ids=str)
def test_left_to_right_scores_are_those_of_the_whole(spec, monkeypatch):
    monkeypatch.setattr(scorers, "BLOCK", 7)
    found, words, whole = model(**spec), text(40), []
    Scorer(found).score([words], lambda scored, space: whole.append(scored.tags.copy()))
    parts = [(E.copy(), last) for E, last in ForwardScorer(Scorer(found)).feed(words, True)]
    np.testing.assert_allclose(np.concatenate([E for E, _ in parts]), whole[0], atol=2e-5)
    assert [last for _, last in parts] == [False] * (len(parts) - 1) + [True]


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, 70), max_size=6).map(sorted), seed=st.integers(0, 5))
def test_windows_do_not_depend_on_how_the_text_arrives(cuts, seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scorers, "WINDOW", 8)
        words, found = text(70, seed), model(features=("word", "before", "after"))
        whole = Tagger(found, context=5).stream(LAG).feed(words, ends=True)
        path, tags = Tagger(found, context=5, threads=2).stream(LAG), []
        for start, end in zip([0, *cuts], [*cuts, 70], strict=True):
            tags += path.feed(words[start:end])
        assert tags + path.feed([], ends=True) == whole


def test_with_all_of_the_text_in_sight_windows_are_the_whole(monkeypatch):
    monkeypatch.setattr(scorers, "WINDOW", 8)
    found = model()
    words = text(60)
    assert Tagger(found, context=100).stream(LAG).feed(words, ends=True) == alone(found, words)


def test_a_token_sees_its_context_and_no_more(monkeypatch):
    monkeypatch.setattr(scorers, "WINDOW", 1)
    found = model(features=("word",), decoder="softmax")
    words = text(40)
    before = Tagger(found, context=4).stream(0).feed(words, ends=True)
    moved = set()
    for other in WORDS:
        after = Tagger(found, context=4).stream(0).feed([*words[:20], other, *words[21:]], ends=True)
        moved |= {place for place in range(40) if after[place] != before[place]}
    assert moved
    assert moved <= set(range(16, 25))


@pytest.mark.parametrize("context", [3, 5])
def test_the_outermost_tokens_of_a_window_show_their_neighbours(monkeypatch, context):
    monkeypatch.setattr(scorers, "WINDOW", 4)
    found, words = model(features=("word", "before", "after")), text(50)
    scores = {}
    for step in (1, 50):
        windows = WindowScorer(Scorer(found), context)
        parts = [E.copy() for start in range(0, 50, step) for E, _ in windows.feed(words[start : start + step], False)]
        scores[step] = np.concatenate(parts)
    rows = min(map(len, scores.values()))
    assert rows > 30
    # The sums of a matrix product may depend on how many rows are multiplied together, as in BLAS kernels for AVX2.
    np.testing.assert_allclose(scores[1][:rows], scores[50][:rows], atol=2e-5)


def test_what_is_held_does_not_grow(monkeypatch):
    monkeypatch.setattr(scorers, "WINDOW", 8)
    for spec in (AHEAD, {}):
        path = Tagger(model(**spec)).stream(2)
        out = 0
        for start in range(50):
            out += len(path.feed(text(40, start)))
        assert 50 * 40 - out < 30
        held = path._scores
        assert len(getattr(held, "_keys", [])) < 30
        assert len(getattr(held, "_last", [])) <= 5
