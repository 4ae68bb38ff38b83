"""Running text at work: the same tags however it arrives, and none before what it needs of the future has come."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.model import Model
from rnntag.model.record import Record
from rnntag.network.spec import Spec
from rnntag.tagging.streaming import scorers
from rnntag.tagging.streaming.scorers import Windows
from rnntag.tagging.tagger import LAG, Tagger

WORDS = list("abcdefghijkl")
TAGS = ["O", "X", "Y"]  # no marks


def model(seed=1, features=None, record=None, members=1, **spec):
    """One of random weights, large enough that each word matters."""
    features = features or (("word", "own", "before", "after") if spec.get("look_ahead") else ("word", "before"))
    pairs = ["a\tb", "b\ta", "c\tc", "a\t", "\tb", "d\ta"]
    known = {"word": [*WORDS, "\n"], "own": [*WORDS, "\n"], "before": pairs, "after": pairs}
    vocabularies = {name: Vocabulary(known[name], frozen=True) for name in features}
    found = Model(
        Spec(features=tuple(vocabularies), hidden=8, embedding=6, **spec), SCHEMES["tokens"], TAGS, vocabularies
    )
    found.members = [found.members[0].copy() for _ in range(members)]
    for number, member in enumerate(found.members):
        rng = np.random.default_rng([seed, number])
        member.flat[:] = found.network.initial(rng).flat
        for name, view in member:
            if name not in ("output.bias", "bounds"):
                view *= 4
            if name in ("moves", "bounds"):
                view[:, :3] = 0.5 * rng.normal(size=(len(view), 3))
    found.record = record or Record({"bptt": 16, "context": 5})
    return found


def text(length, seed=0):
    return [WORDS[number] for number in np.random.default_rng(seed).integers(0, len(WORDS), length)]


def alone(found, words):
    """The tags of a text as one sentence."""
    return Tagger(found, context=0).tags([words])[0]


FORWARD = {"direction": "forward"}
AHEAD = {"direction": "forward", "look_ahead": 3}
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
            path, tags = Tagger(found).path(LAG), []
            for start in range(0, length, step):
                tags += path.feed(words[start : start + step])
            assert tags + path.feed([], ends=True) == expected
    assert len({tag for seed in range(5) for tag in alone(model(seed, cell=cell, **spec), text(40, seed))}) > 1


@cells
def test_a_text_that_ends_is_forgotten(cell):
    found = model(cell=cell, **AHEAD)
    path = Tagger(found).path(LAG)
    for seed in range(4):
        words = text(9, seed)
        assert path.feed(words, ends=True) == alone(found, words)


def test_a_tag_comes_as_soon_as_so_many_words_have_come_after_its_own_and_no_later():
    for look_ahead in (0, 1, 4):
        path = Tagger(model(direction="forward", look_ahead=look_ahead)).path(0)
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
        path = Tagger(found).path(LAG)
        for length in (1, 2, 5, 30):
            ends.add(path.feed(text(length, seed + length), ends=True)[-1])
            quoted = path.feed([*text(length, seed + length), "”"], ends=True)
            assert len(quoted) == length + 1
    assert ends == set(tags) - {"O", "COMMA"}


def test_nothing_is_nothing():
    for spec in (FORWARD, AHEAD, {}):
        path = Tagger(model(**spec)).path(3)
        assert path.feed([]) == path.feed([], ends=True) == []


def test_what_is_held_does_not_grow(monkeypatch):
    monkeypatch.setattr(scorers, "WINDOW", 8)
    for spec in (AHEAD, {}):
        path = Tagger(model(**spec)).path(2)
        out = 0
        for start in range(50):
            out += len(path.feed(text(40, start)))
        assert 50 * 40 - out < 30
        held = path._scores
        assert len(getattr(held, "_keys", [])) < 30
        assert len(getattr(held, "_last", [])) <= 5


# Both ways, over windows


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, 70), max_size=6).map(sorted), seed=st.integers(0, 5))
def test_windows_do_not_depend_on_how_the_text_arrives(cuts, seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scorers, "WINDOW", 8)
        words, found = text(70, seed), model(features=("word", "before", "after"))
        whole = Tagger(found, context=5).path(LAG).feed(words, ends=True)
        path, tags = Tagger(found, context=5, threads=2).path(LAG), []
        for start, end in zip([0, *cuts], [*cuts, 70], strict=True):
            tags += path.feed(words[start:end])
        assert tags + path.feed([], ends=True) == whole


def test_with_all_of_the_text_in_sight_windows_are_the_whole(monkeypatch):
    monkeypatch.setattr(scorers, "WINDOW", 8)
    found = model()
    words = text(60)
    assert Tagger(found, context=100).path(LAG).feed(words, ends=True) == alone(found, words)


def test_a_token_sees_its_context_and_no_more(monkeypatch):
    monkeypatch.setattr(scorers, "WINDOW", 1)
    found = model(features=("word",), decoder="softmax")
    words = text(40)
    before = Tagger(found, context=4).path(0).feed(words, ends=True)
    moved = set()
    for other in WORDS:
        after = Tagger(found, context=4).path(0).feed([*words[:20], other, *words[21:]], ends=True)
        moved |= {place for place in range(40) if after[place] != before[place]}
    assert moved
    assert moved <= set(range(16, 25))


# Sentences


def sentences(lengths, **first):
    return [Sentence(text(length, place), **(first if place == 0 else {})) for place, length in enumerate(lengths)]


@pytest.mark.parametrize("spec", [FORWARD, AHEAD, {}], ids=str)
def test_sentences_are_one_text_and_come_back_as_they_were(spec):
    found = model(**spec)
    given = sentences([4, 1, 7, 3])
    words = [word for sentence in given for word in sentence.tokens]
    tagged = Tagger(found).tagged(given)
    assert [sentence.tokens for sentence in tagged] == [sentence.tokens for sentence in given]
    whole = Tagger(found, context=100).path(LAG).feed(words, ends=True)
    assert [tag for sentence in tagged for tag in sentence.tags] == whole
    assert whole != [tag for sentence in given for tag in alone(found, sentence.tokens)]


@pytest.mark.parametrize("border", [Sentence([]), "comment"])
@pytest.mark.parametrize("spec", [AHEAD, {}], ids=str)
def test_a_text_ends_at_a_sentence_without_words_and_before_a_document(spec, border):
    found = model(**spec)
    one, two = sentences([6, 5]), [Sentence(text(8, 9), comments=("# doc = two",) if border == "comment" else ())]
    given = [*one, *([border] if border != "comment" else []), *two]
    tagged = Tagger(found).tagged(given)
    assert len(tagged) == len(given)
    assert tagged[-1].tags == Tagger(found).tagged(two)[0].tags == alone(found, two[0].tokens)
    assert [each.tags for each in tagged[:2]] == [each.tags for each in Tagger(found).tagged(one)]


def test_a_burst_gives_back_what_is_ready(monkeypatch):
    found = model(**AHEAD)
    run = Tagger(found).running()
    ready = [len(run.feed([sentence])) for sentence in sentences([80, 80, 80])]
    assert ready[0] == 0
    assert sum(ready) + len(run.close()) == 3


@pytest.mark.parametrize("spec", [AHEAD, {}], ids=str)
def test_without_context_each_sentence_stands_alone(spec):
    found, given = model(**spec), sentences([4, 1, 7, 3])
    assert [each.tags for each in Tagger(found, context=0).tagged(given)] == [alone(found, s.tokens) for s in given]
    assert not Tagger(found, context=0).runs_on
    assert not Tagger(model(record=Record(), **spec)).runs_on


def test_probabilities_are_of_sentences_alone():
    found, given = model(), sentences([4, 3])
    certain = list(Tagger(found).tag(given, certain=True))
    assert [each.tags for each in certain] == [alone(found, sentence.tokens) for sentence in given]


def test_sentences_taken_from_an_iterator_are_one_text_as_well(monkeypatch):
    monkeypatch.setattr("rnntag.tagging.tagger.BURST", 2)
    found, given = model(), sentences([4, 1, 7, 3, 5])
    assert [each.tags for each in Tagger(found).tag(given)] == [each.tags for each in Tagger(found).tagged(given)]


@pytest.mark.parametrize("spec", [FORWARD, AHEAD], ids=str)
def test_forced_tags_stand_with_those_that_wait(spec):
    found = model(**spec)
    free = [Sentence(text(length, length), ["?"] * length) for length in (3, 5, 2)]
    expected = [alone(found, sentence.tokens) for sentence in free]
    assert [each.tags for each in Tagger(found).tag(free, forced=True)] == expected
    free[1].tags[2] = "X"
    assert next(islice(Tagger(found).tag(free, forced=True), 1, None)).tags[2] == "X"


def test_an_end_that_is_told_later_still_ends_a_sentence():
    for seed in range(8):
        found = model(seed, **FORWARD)
        found.tags = ["O", "COMMA", "PERIOD"]
        words = text(6, seed)
        path = Tagger(found).path(LAG)
        assert (path.feed(words) + path.feed([], ends=True))[-1] == "PERIOD"


@pytest.mark.parametrize("context", [3, 5])
def test_the_outermost_tokens_of_a_window_show_their_neighbours(monkeypatch, context):
    monkeypatch.setattr(scorers, "WINDOW", 4)
    found, words = model(features=("word", "before", "after")), text(50)
    scores = {}
    for step in (1, 50):
        windows = Windows(Tagger(found).score, context)
        parts = [E.copy() for start in range(0, 50, step) for E, _ in windows.feed(words[start : start + step], False)]
        scores[step] = np.concatenate(parts)
    rows = min(map(len, scores.values()))
    assert rows > 30
    # The sums of a matrix product may depend on how many rows are multiplied together, as in BLAS kernels for AVX2.
    np.testing.assert_allclose(scores[1][:rows], scores[50][:rows], atol=2e-5)


def test_spans_and_intents_stay_within_their_sentence():
    from rnntag import load

    with pytest.raises(SpecError, match="this model finds spans, each within its sentence"):
        load(context=4)


def test_a_text_ends_with_a_sentence_also_where_the_path_waits_for_nothing():
    for seed in range(8):
        found = model(seed, **AHEAD)
        found.tags = ["O", "COMMA", "PERIOD"]
        assert Tagger(found).path(0).feed(text(9, seed), ends=True)[-1] == "PERIOD"
