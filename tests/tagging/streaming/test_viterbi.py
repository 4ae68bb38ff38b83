"""Running text token by token: the same tags however it arrives, each as soon as it can be known."""

import numpy as np
import pytest
from running import AHEAD, FORWARD, alone, model, text

from rnntag.arrays.ragged import Batch
from rnntag.arrays.workspace import Workspace
from rnntag.tagging.scorer import Scorer
from rnntag.tagging.streaming.viterbi import OnlineViterbi
from rnntag.tagging.tagger import LAG, Tagger

cells = pytest.mark.parametrize("cell", ["lstm", "rnn"])


@cells
@pytest.mark.parametrize("spec", [FORWARD, AHEAD, {**AHEAD, "layers": 2}], ids=str)
@pytest.mark.parametrize("members", [1, 2])
def test_left_to_right_what_is_read_bit_by_bit_is_what_is_read_at_once(cell, spec, members):
    found = model(cell=cell, members=members, **spec)
    for length in (1, 2, 3, 4, 40):
        words = text(length, length)
        expected = alone(found, words)
        for step in (1, 3, 100):
            path, tags = Tagger(found).stream(LAG), []
            for start in range(0, length, step):
                tags += path.feed(words[start : start + step])
            assert tags + path.feed([], ends=True) == expected
    assert len({tag for seed in range(5) for tag in alone(model(seed, cell=cell, **spec), text(40, seed))}) > 1


@cells
def test_a_text_that_ends_is_forgotten(cell):
    found = model(cell=cell, **AHEAD)
    path = Tagger(found).stream(LAG)
    for seed in range(4):
        words = text(9, seed)
        assert path.feed(words, ends=True) == alone(found, words)


def test_a_tag_comes_as_soon_as_so_many_words_have_come_after_its_own_and_no_later():
    for look_ahead in (0, 1, 4):
        path = Tagger(model(direction="forward", look_ahead=look_ahead)).stream(0)
        counts = [len(path.feed([word])) for word in text(30)]
        assert counts == [0] * look_ahead + [1] * (30 - look_ahead)
        assert len(path.feed([], ends=True)) == look_ahead


@pytest.mark.parametrize("spec", [AHEAD, {}], ids=str)
@pytest.mark.parametrize("tags", [["O", "COMMA", "PERIOD"], ["O", "END", "PERIOD"]])
def test_a_text_ends_with_the_end_of_a_sentence_where_tags_tell_of_such(spec, tags):
    ends = set()
    for seed in range(12):
        found = model(seed, **spec)
        found.tags = tags
        path = Tagger(found).stream(LAG)
        for length in (1, 2, 5, 30):
            ends.add(path.feed(text(length, seed + length), ends=True)[-1])
            quoted = path.feed([*text(length, seed + length), "”"], ends=True)
            assert len(quoted) == length + 1
    assert ends == set(tags) - {"O", "COMMA"}


def test_nothing_is_nothing():
    for spec in (FORWARD, AHEAD, {}):
        path = Tagger(model(**spec)).stream(3)
        assert path.feed([]) == path.feed([], ends=True) == []


def test_an_end_that_is_told_later_still_ends_a_sentence():
    for seed in range(8):
        found = model(seed, **FORWARD)
        found.tags = ["O", "COMMA", "PERIOD"]
        words = text(6, seed)
        path = Tagger(found).stream(LAG)
        assert (path.feed(words) + path.feed([], ends=True))[-1] == "PERIOD"


def test_a_text_ends_with_a_sentence_also_where_the_path_waits_for_nothing():
    for seed in range(8):
        found = model(seed, **AHEAD)
        found.tags = ["O", "COMMA", "PERIOD"]
        assert Tagger(found).stream(0).feed(text(9, seed), ends=True)[-1] == "PERIOD"


@pytest.mark.parametrize("step", [1, 7, 60])
def test_with_lag_enough_the_path_is_the_best_of_the_whole(either, step):
    found = model()
    inference, space = Scorer(found).inference, Workspace()
    E = np.random.default_rng(step).normal(size=(60, inference.network.Y)).astype(np.float32)
    expected = inference.best(either, Batch(np.array([60])), E, space).tolist()
    viterbi, path = OnlineViterbi(inference, 60), []
    for start in range(0, 60, step):
        path += viterbi.feed(either, E[start : start + step].copy()).tolist()
    assert path + viterbi.close(either, np.zeros(3, np.float32)).tolist() == expected


def test_a_tag_waits_for_so_many_others_at_most(either):
    inference = Scorer(model()).inference
    E = np.random.default_rng(3).normal(size=(40, inference.network.Y)).astype(np.float32)
    for lag in (0, 2, 5):
        viterbi, out = OnlineViterbi(inference, lag), 0
        for count in range(1, 41):
            out += len(viterbi.feed(either, E[count - 1 : count].copy()))
            assert count - lag <= out <= count
        assert out + len(viterbi.close(either, np.zeros(3, np.float32))) == 40


def test_tokens_are_shown_to_the_network_as_the_model_says(monkeypatch):
    found, words = model(**FORWARD), text(30)
    shown = [chr(ord("a") + ord("l") - ord(word)) for word in words]
    expected = Tagger(found).stream(LAG).feed(shown, ends=True)
    assert expected != Tagger(found).stream(LAG).feed(words, ends=True)
    monkeypatch.setattr(found, "keys", lambda sentence: [shown[words.index(token)] for token in sentence.tokens])
    assert Tagger(found).stream(LAG).tag(words, ends=True) == expected
