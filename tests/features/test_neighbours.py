"""Pairs of neighbours: which are known, where they stand, and that tagging sees what training saw."""

import numpy as np
import pytest
from trainings import trainer

from rnntag.arrays import engine
from rnntag.arrays.ragged import Batch
from rnntag.arrays.workspace import Workspace
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.features.lexicon import Lexicon
from rnntag.features.neighbours import frequent_bigrams
from rnntag.features.table import BIGRAMS, WORDS, fitting
from rnntag.features.vocabulary import Vocabulary
from rnntag.formats import read_corpus
from rnntag.model import inference as inference_module
from rnntag.model.file import load_model, save_model
from rnntag.model.inference import Inference
from rnntag.network.inputs import Tokens
from rnntag.network.spec import Spec
from rnntag.tagging.tagger import Tagger

SENTENCES = [["A", "b", "a"], ["a", "b"], ["b"], ["a", "b", "c"], []]
SPEC = Spec(hidden=8, embedding=8, features=("word", "before", "char", "after"))


def corpus(count=40):
    """Characters whose tag hangs on the one before them."""
    rng, made = np.random.default_rng(3), []
    for _ in range(count):
        tokens = rng.choice(list("xyz"), rng.integers(1, 9)).tolist()
        made.append(Sentence(tokens, ["YES" if a == "x" else "NO" for a in ["", *tokens[:-1]]]))
    return made


def trained(spec=SPEC, **recipe):
    one = trainer(corpus(), spec=spec, **recipe)
    list(one.run())
    return one.model


def test_pairs_are_known_if_they_stand_three_times_under_any_case_and_digits():
    assert frequent_bigrams(SENTENCES) == ["\ta", "a\tb"]
    assert frequent_bigrams([["7", "B"], ["8", "b"], ["9", "b"]]) == ["\t0", "0\tb", "b\t"]


def test_a_pair_reaches_over_no_border_of_a_sentence():
    lexicon = Lexicon(
        {name: Vocabulary(frequent_bigrams(SENTENCES), frozen=True) for name in BIGRAMS} | {"word": Vocabulary()}
    )
    flat = [token for tokens in SENTENCES for token in tokens]
    numbers = lexicon.numbers(flat)
    ids = lexicon.positional_ids(numbers, np.array([len(tokens) for tokens in SENTENCES]))
    strings = lexicon.vocabularies["before"].strings
    found = [(token, strings[before], strings[after]) for token, (before, after) in zip(flat, ids, strict=True)]
    assert found == [
        ("A", "\ta", "a\tb"),
        ("b", "a\tb", ""),
        ("a", "", ""),
        ("a", "\ta", "a\tb"),
        ("b", "a\tb", ""),
        ("b", "", ""),
        ("a", "\ta", "a\tb"),
        ("b", "a\tb", ""),
        ("c", "", ""),
    ]


@pytest.mark.parametrize("known", [[], ["a\tb"], ["\t"]])
def test_few_pairs_or_none_are_looked_up_all_the_same(known):
    lexicon = Lexicon({"after": Vocabulary(known, frozen=True)})
    ids = lexicon.positional_ids(lexicon.numbers(["a", "b", "c"]), np.array([2, 0, 1]))
    assert ids.tolist() == ([[0, 1], [1, 0], [0, 0]] if known == ["a\tb"] else [[0, 0]] * 3)
    assert lexicon.positional_ids(lexicon.numbers([]), np.array([0])).shape == (0, 2)


def test_without_the_features_there_are_none():
    assert Lexicon({"word": Vocabulary()}).positional_ids(np.zeros(1, np.int32), np.ones(1, np.int64)) is None


def test_a_corpus_of_characters_shows_pairs_and_one_of_words_does_not():
    assert fitting(read_corpus("sample_corpora/assistant_zh/dev.conll")) == (*WORDS, *BIGRAMS)
    assert fitting(read_corpus("sample_corpora/assistant_en/dev.conll")) == WORDS
    assert trained(Spec(hidden=8, embedding=8)).spec.features == (*WORDS, *BIGRAMS)


@pytest.mark.parametrize("cell", ["lstm", "window"])
@pytest.mark.parametrize("table", [32 << 20, 512])  # room for all types, or for one
def test_tagging_sees_what_training_saw(cell, table, monkeypatch):
    """Tag scores of types from the table and of those it has no room for, against the network on the ids themselves."""
    monkeypatch.setattr(inference_module, "TABLE", table)
    model = trained(Spec(cell=cell, hidden=8, embedding=8, features=SPEC.features))
    lexicon, network, plain = model.lexicon, model.network, engine.plain()
    tokens, lengths = list("xyzxyxzyx"), np.array([5, 3, 1])
    numbers = lexicon.numbers(tokens)
    batch = Batch(lengths)
    rows = batch.gather(np.array([0, 5, 8]))
    paired = lexicon.positional_ids(numbers, lengths)[rows]
    assert (paired > 0).any()
    inference = Inference(network, model.members, lexicon)
    inference.know(plain)
    found, _ = inference.scores(plain, batch, numbers[rows], Workspace(), paired)
    spelled = lexicon.spelled(numbers[rows])
    ids = lexicon.types[numbers[rows]]
    ids[:, network.columns["char"]] = spelled.place
    ids[:, network.columns["before"]], ids[:, network.columns["after"]] = paired.T
    expected, _ = network.forward(plain, model.parameters, batch, Tokens(ids, spelled), Workspace())
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_what_only_the_neighbour_tells_is_learnt_from_the_pair(tmp_path):
    """A window of no neighbours sees the pair alone."""
    spec = Spec(cell="window", window=0, hidden=8, embedding=8, decoder="softmax", features=("word", "before"))
    model = trained(spec, epochs=20, dropout=0.0)
    save_model(model, tmp_path / "model")
    tags = Tagger(load_model(tmp_path / "model")).tags([list("xyx"), list("zxz"), ["x"]])
    assert tags == [["NO", "YES", "NO"], ["NO", "NO", "YES"], ["NO"]]


def test_the_same_bytes_on_one_thread_and_on_two(tmp_path):
    saved = []
    for threads in (1, 2):
        one = trainer(corpus(), spec=SPEC, threads=threads)
        list(one.run())
        save_model(one.model, tmp_path / "model")
        saved.append((tmp_path / "model").read_bytes())
    assert saved[0] == saved[1]


def test_what_stands_so_many_tokens_before_is_shown_in_its_own_sentence():
    words = Vocabulary(["a", "b", "c"])
    known = Vocabulary(["\ta", "a\tb", "c\t"], frozen=True)
    lexicon = Lexicon({"word": words, "before": known, "after": known, "own": words})
    tokens, lengths = ["a", "b", "c", "\n", "c", "\n"], np.array([4, 2])
    at_once = lexicon.positional_ids(lexicon.numbers(tokens), lengths)
    assert at_once.tolist() == [[1, 2, 1], [2, 0, 2], [0, 3, 3], [3, 0, 4], [0, 3, 3], [3, 0, 4]]
    later = lexicon.positional_ids(lexicon.numbers(tokens), lengths, delay=1)
    assert later.tolist() == [[0, 0, 0], [1, 2, 1], [2, 0, 2], [0, 3, 3], [0, 0, 0], [0, 3, 3]]


def test_what_is_answered_for_later_is_for_networks_that_look_ahead():
    Spec(direction="forward", look_ahead=1, features=("word", "own", "after"))
    with pytest.raises(SpecError, match="the feature 'own' is for networks that look ahead"):
        Spec(features=("word", "own"))
    with pytest.raises(SpecError, match="the feature 'after' shows the next word, of which a forward network"):
        Spec(direction="forward", features=("word", "after"))
