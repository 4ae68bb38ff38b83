"""A tokeniser that is learned: it cuts as it was taught, finds nothing that is not there, and forgets nothing."""

import numpy as np
import pytest
from hypothesis import example, given
from strategies import TEXTS

from rnntag.data import tokeniser
from rnntag.data.detokeniser import as_written
from rnntag.data.tokenisation import Cut, located, tokens_of
from rnntag.data.tokeniser import LEAST_BITS, MOST_BITS, Tokeniser

WORDS = ["river", "stone", "paper", "window", "garden", "letter", "summer", "winter", "morning", "evening", "silver"]
TREEBANK = [
    [*f"the {one} did n't see {two} 's {one} - {two} , Mr. Smith said , a {two} .".split()]
    for one in WORDS
    for two in WORDS
]


@pytest.fixture(scope="module")
def learned():
    return Tokeniser.learn(map(as_written, TREEBANK), TREEBANK)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a lamp didn't see silver.", "a lamp did n't see silver ."),
        ("the lamp's oil, Mr. Smith", "the lamp 's oil , Mr. Smith"),
        ("lamp-oil and stone-cold", "lamp - oil and stone - cold"),
        ("river's didn't", "river 's did n't"),
    ],
)
def test_what_was_taught_is_done_to_other_words(learned, text, tokens):
    assert learned(text)[0] == tokens.split()


def test_it_is_no_rule(learned):
    """A rule cuts otherwise: what is tested above was learned."""
    assert tokens_of("didn't Mr. Smith", True) == ["didn't", "Mr", ".", "Smith"]


def test_other_corpora_teach_otherwise():
    kept = [["the", f"{one}-{two}", "don't", "mind"] for one in WORDS for two in WORDS]
    other = Tokeniser.learn(map(as_written, kept), kept)
    assert other("a lamp-oil don't")[0] == ["a", "lamp-oil", "don't"]


def test_scripts_without_spaces_are_cut_into_words():
    words = ["我们", "他们", "喜欢", "北京", "上海", "大学", "老师", "今天"]
    corpus = [[a, b, c, "。"] for a in words for b in words for c in words]
    learned = Tokeniser.learn(map(as_written, corpus), corpus)
    assert learned("他们今天喜欢老师。")[0] == ["他们", "今天", "喜欢", "老师", "。"]


def test_text_that_is_cut_already_stays_as_it_is(learned):
    text = "the river did n't see Mr. Smith 's paper ."
    assert learned(text)[0] == text.split()
    assert all(learned.arriving(" ".join(tokens))[0] == tokens for tokens in TREEBANK)  # without the rule on commas


@given(TEXTS)
@example("a. B")
@example(". . .")
@example("\x1f\u2028x\u0085")
def test_all_that_is_no_white_space_is_in_the_tokens_in_order(learned, text):
    tokens, offsets = learned(text)
    assert offsets is None
    assert "".join(tokens) == "".join(text.split())
    assert all(tokens)


@given(TEXTS, TEXTS)
def test_together_or_one_by_one_the_cuts_are_the_same(learned, one, two):
    fresh = Tokeniser(learned.weights)
    fresh.prepare([one, two])
    assert (fresh(one), fresh(two)) == (Tokeniser(learned.weights)(one), learned(two))


@given(TEXTS)
def test_what_is_settled_stays_so(learned, text):
    """However the text goes on, the tokens before that place are those of the text alone."""
    settled = learned.settled(text)

    def before(text):
        tokens, _ = learned.arriving(text)
        return [token for token, (_, end) in zip(tokens, located(tokens, text), strict=True) if end <= settled]

    for more in ("x", " A", ". b", "'s"):
        assert before(text + more) == before(text)


def test_what_follows_a_full_stop_counts():
    corpus = [[*f"etc. {word} went".split()] for word in WORDS] * 3 + [[*f"{word} etc .".split()] for word in WORDS] * 3
    learned = Tokeniser.learn(map(as_written, corpus), corpus)
    assert learned("etc. river")[0] == ["etc.", "river"]
    assert learned("river etc.")[0] == ["river", "etc", "."]


def test_its_memory_is_bounded(learned, monkeypatch):
    monkeypatch.setattr(tokeniser, "KEPT", 10)
    fresh = Tokeniser(learned.weights)
    text = " ".join(f"w{number}'s" for number in range(50))
    assert fresh(text) == learned(text)
    for number in range(50):
        fresh(f"v{number}'s")
    assert len(fresh._known) <= 10


def test_a_large_corpus_is_learned_from_in_part(monkeypatch):
    monkeypatch.setattr(tokeniser, "MOST_PLACES", 300)
    learned = Tokeniser.learn(map(as_written, TREEBANK), TREEBANK)
    assert learned("lamp didn't")[0] == ["lamp", "did", "n't"]


def test_the_same_corpus_gives_the_same_weights(learned):
    again = Tokeniser.learn(map(as_written, TREEBANK), TREEBANK)
    assert np.array_equal(again.weights, learned.weights)


@pytest.mark.parametrize(
    "weights",
    [
        np.zeros(2**LEAST_BITS, np.float32),
        np.zeros(2**LEAST_BITS + 1, np.int8),
        np.zeros(2 ** (MOST_BITS + 1), np.int8),
        np.zeros((2, 2**LEAST_BITS), np.int8),
    ],
)
def test_other_weights_are_refused(weights):
    with pytest.raises(ValueError, match="the weights of the tokeniser are none"):
        Tokeniser(weights)


def test_without_weights_it_is_the_rule():
    text = "Don't pay 3.5 (e-mail me)! 北京"
    assert Tokeniser(np.zeros(2**LEAST_BITS, np.int8))(text)[0] == Cut(characters=True)(text)[0]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("the kids' room , Dr. Smith's", ["the", "kids'", "room", ",", "Dr.", "Smith's"]),
        ("a lamp's . b", ["a", "lamp's", ".", "b"]),
        ("a lamp's , b, c", ["a", "lamp", "'s", ",", "b", ",", "c"]),
    ],
    ids=["comma", "stop", "neither"],
)
def test_tokens_with_spaces_between_are_left_alone(learned, text, tokens):
    assert learned(text)[0] == tokens


def test_tokens_that_never_stand_alone_in_text_are_taught_as_such(monkeypatch):
    taught = {}
    monkeypatch.setattr(tokeniser, "_chosen", lambda seen: taught.update(seen) or seen)
    Tokeniser.learn(map(as_written, TREEBANK), TREEBANK)
    assert taught["n't"] == {(): 1}
    assert taught["didn't"] == {(3,): len(TREEBANK)}


def test_how_much_is_looked_at_together_makes_no_difference(learned, monkeypatch):
    texts = ["don't (stop)", "now, Mr. Smith!", "at 7:30 e.g. here... or-there", "ok"]
    whole = [Tokeniser(learned.weights)(text)[0] for text in texts]
    for size in (0, 5, 30):
        monkeypatch.setattr(tokeniser, "TOGETHER", size)
        cutter = Tokeniser(learned.weights)
        cutter.prepare(texts)
        assert [cutter(text)[0] for text in texts] == whole


def test_a_chunk_without_end_is_cut_in_pieces(learned, monkeypatch):
    """What is seen of its places would fill the memory."""
    monkeypatch.setattr(tokeniser, "TOGETHER", 4)
    monkeypatch.setattr(tokeniser, "LONGEST", 8)
    cutter = Tokeniser(learned.weights)
    assert cutter(f"ab {'x' * 20} cd")[0] == ["ab", "x" * 8, "x" * 8, "x" * 4, "cd"]
    assert "".join(cutter("aaaa,bbbb(ccccc)ddd")[0]) == "aaaa,bbbb(ccccc)ddd"
