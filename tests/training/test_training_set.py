"""A training set encoded: what a token is as numbers, what the corpus settles, and what does not go with it."""

import numpy as np
import pytest
from trainings import SMALL, corpus, running_text, training_set

from rnntag.corpora.vector_files import Vectors
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, SpecError
from rnntag.evaluation.signature import fingerprint
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.table import BIGRAMS, WORDS
from rnntag.network.spec import Spec
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe
from rnntag.training.sampler import SentenceSampler, StreamSampler
from rnntag.training.training_set import TrainingSet

AHEAD = Spec(hidden=8, embedding=8, direction="forward", look_ahead=2, features=("word", "own", "before"))


def words_of(found):
    """The words of the flat run, as the vocabulary has them."""
    column = list(found.lexicon.vocabularies).index("word")
    return [found.lexicon.vocabularies["word"].strings[number] for number in found.lexicon.types[found.types, column]]


def test_tokens_and_tags_stand_in_one_flat_run():
    train = [Sentence(["from", "Oslo"], ["O", "B-x"]), Sentence(["Oslo", "7"], ["B-x", "I-x"])]
    found = training_set(train)
    assert words_of(found) == ["from", "oslo", "oslo", "0"]
    assert found.tags == ["O", "B-x", "I-x"]
    assert found.gold_tags.tolist() == [0, 1, 1, 2]
    assert found.scheme is SCHEMES["bio"]
    assert isinstance(found.sampler, SentenceSampler)
    assert found.sampler.stretches.starts.tolist() == [0, 2]
    assert found.positional is None


def test_a_network_that_looks_ahead_reads_so_many_tokens_behind_each_sentence():
    train = [Sentence(["a", "b"], ["X", "Y"]), Sentence(["a", "b"], ["X", "Y"]), Sentence(["a", "b"], ["Y", "X"])]
    found = training_set(train, spec=AHEAD)
    assert words_of(found) == ["a", "b", "\n", "\n"] * 3
    assert found.gold_tags.tolist() == [0, 1, -1, -1, 0, 1, -1, -1, 1, 0, -1, -1]
    vocabularies = found.lexicon.vocabularies
    assert vocabularies["own"] is vocabularies["word"]
    shown = [vocabularies["before"].strings[number] for number in found.positional[:, 0]]
    assert shown == ["", "", "\ta", "a\tb"] * 3  # as late as the answer is given


def test_running_text_is_one_run_a_text():
    train = running_text(3, 2, 4)
    train[1].comments = ()
    found = training_set(train, spec=Spec(hidden=8, direction="forward", look_ahead=1), bptt=4)
    assert isinstance(found.sampler, StreamSampler)
    assert np.flatnonzero(found.gold_tags < 0).tolist() == [5, 10]
    assert found.sampler.stretches.starts.tolist() == [0, 4, 6]
    assert found.recipe.bptt == found.record.recipe["bptt"] == 4
    assert found.record.runs_on


@pytest.mark.parametrize(
    ("rule", "learnt"),
    [("first", ["trip", "wish", "trip"]), ("joined", ["trip#flight", "wish", "trip"]), ("none", [None, None, None])],
)
def test_what_is_learnt_of_several_intents(rule, learnt):
    given = ["trip#flight", "wish", "trip", None]
    train = [sentence.with_tags(sentence.tags, intent) for sentence, intent in zip(corpus(4), given, strict=True)]
    found = training_set(train, intents=rule)
    assert found.intents == list(dict.fromkeys(filter(None, learnt)))
    names = [None if number < 0 else found.intents[number] for number in found.gold_intents]
    assert names == [*learnt, None]


def test_running_text_has_no_intents():
    train = [each.with_tags(each.tags, intent) for each, intent in zip(running_text(3, 4), ("a", "b"), strict=True)]
    assert training_set(train, bptt=0).intents == ["a", "b"]
    found = training_set(train, bptt=4)
    assert found.intents == []
    assert found.gold_intents.tolist() == [-1, -1]


def test_features_are_settled_by_the_corpus():
    assert training_set(corpus(5)).spec.features == WORDS
    characters = [Sentence(list("abc"), ["X", "Y", "X"])] * 3
    assert training_set(characters).spec.features == (*WORDS, *BIGRAMS)
    assert training_set(corpus(5), spec=Spec(features=("suffix",))).spec.features == ("suffix",)


def test_bigrams_are_those_that_stand_three_times_and_stay_so():
    train = [Sentence(["a", "b"], ["X", "Y"])] * 3 + [Sentence(["b", "a"], ["X", "Y"])]
    found = training_set(train, spec=Spec(features=("word", "before")))
    assert found.lexicon.vocabularies["before"].strings == ["", "\ta", "a\tb", "b\t"]


def test_vocabularies_are_frozen_and_know_nothing_of_dev():
    found = training_set(corpus(5), [Sentence(["zebra"], ["O"])])
    assert all(vocabulary.frozen for vocabulary in found.lexicon.vocabularies.values())
    assert "zebra" not in found.lexicon.vocabularies["word"].ids


def test_a_word_seen_n_times_is_shown_as_unknown_with_probability_x_of_x_and_n():
    train = [Sentence(["a", "b", "a"], ["X", "Y", "X"]), Sentence(["a"], ["X"])]
    found = training_set(train, spec=Spec(features=("suffix", "word")), word_dropout=2.0)
    assert list(found.rarity) == ["word"]
    known = found.lexicon.vocabularies["word"]
    assert found.rarity["word"][[known.id("a"), known.id("b")]] == pytest.approx([2 / 5, 2 / 3])


def test_rarity_of_positional_features_is_that_of_the_tokens_which_are_answered_for():
    train = [Sentence(["a", "b"], ["X", "Y"])] * 3 + [Sentence(["b"], ["X"])]
    found = training_set(train, spec=AHEAD)
    assert list(found.rarity) == ["word", "before", "own"]
    word, before = found.lexicon.vocabularies["word"], found.lexicon.vocabularies["before"]
    assert found.rarity["before"][before.id("a\tb")] == pytest.approx(1 / 4)
    assert found.rarity["own"][word.id("b")] == found.rarity["word"][word.id("b")] == pytest.approx(1 / 5)
    assert found.rarity["word"][word.id("\n")] == pytest.approx(1 / 2)  # what is only read was never learned


def test_vectors_become_a_feature():
    vectors = Vectors(["a", "zebra"], np.ones((2, 5), np.float32))
    found = TrainingSet.of(Job([Sentence(["a"], ["X"])], [Sentence(["b"], ["X"])], SMALL, vectors=vectors))
    assert found.spec.features[-1] == "vector"
    assert found.spec.vectors == 5
    assert found.lexicon.vocabularies["vector"].strings == ["", "a", "zebra"]
    assert np.allclose(np.square(found.vectors.table).sum(1), 1.0)  # as large as those that are learned


def test_a_list_of_names_becomes_a_feature():
    train = [Sentence(["to", "New", "York", "and", "Rome", "Rome"], ["X"] * 6), Sentence(["Rome"], ["X"])]
    lists = {"cities": Gazetteer.of(["New York", "Rome"])}
    found = TrainingSet.of(Job(train, train, Spec(features=("word",)), gazetteers=lists))
    assert found.spec.features == ("word", "gazetteer:cities")
    assert found.lexicon.vocabularies["gazetteer:cities"] is lists["cities"]
    ids = found.lexicon.types[found.types, 1].tolist()
    assert ids == [0, 1, 4, 0, 2, 2, 2]
    matches = found.matches["gazetteer:cities"]
    assert matches[[1, 2, 4, 5, 6]].tolist() == [1, 1, 2, 3, 4]
    assert found.record.recipe["gazetteer_dropout"] == Recipe.gazetteer_dropout
    plain = training_set(train)
    assert plain.matches == {}
    assert "gazetteer_dropout" not in plain.record.recipe  # a model without lists is as if there were none


def test_a_list_may_be_named_among_the_features_but_must_be_there():
    train, lists = corpus(5), {"a": Gazetteer.of(["Oslo"]), "b": Gazetteer.of(["Rome"])}
    spec = Spec(features=("gazetteer:b", "word"))
    found = TrainingSet.of(Job(train, train, spec, gazetteers=lists))
    assert found.spec.features == ("gazetteer:b", "word", "gazetteer:a")
    assert list(found.lexicon.vocabularies) == list(found.spec.features)
    with pytest.raises(SpecError) as caught:
        training_set(train, spec=spec)
    assert str(caught.value) == "the feature 'gazetteer:b' comes with a list of names\nhint: --gazetteer b=FILE"


def test_the_record_tells_of_both_corpora():
    train, dev = corpus(20), corpus(5, seed=1)
    found = training_set(train, dev)
    assert found.record.train == {"corpus": fingerprint(train), "sentences": 20, "tokens": sum(map(len, train))}
    assert found.record.dev == {"corpus": fingerprint(dev), "sentences": 5}
    assert not found.record.lower
    assert training_set([Sentence(["a"], ["X"])]).record.lower
    assert found.record.recipe == {**found.record.recipe, "batch": 4, "epochs": 2, "patience": 8, "consistency": 1.0}
    assert found.record.figures == {}


def test_a_model_of_it_has_its_weights_or_those_given():
    found = training_set(corpus(5))
    model = found.model()
    assert (model.tags, model.spec, model.record) == (found.tags, found.spec, found.record)
    assert not model.parameters.flat.any()
    assert found.model([model.parameters]).parameters is model.parameters


@pytest.mark.parametrize("missing", ["train", "dev"])
def test_a_column_that_is_missing_is_told_at_once(missing):
    has = Sentence(["a"], ["X"], ["a\tN"], source="has.conll")
    lacks = Sentence(["a"], ["X"], ["a"], source="lacks.conll")
    pair = ([lacks], [has]) if missing == "train" else ([has], [lacks])
    with pytest.raises(CorpusError, match="the features name column 2, but there is 1 beside the tag"):
        training_set(*pair, spec=Spec(features=("word", "column:2")))


def test_what_is_answered_for_is_shown_as_a_word():
    spec = Spec(direction="forward", look_ahead=1, features=("own", "suffix"))
    with pytest.raises(SpecError, match="the feature 'own' goes with 'word'"):
        training_set(corpus(3), spec=spec)


def test_running_text_is_refused_where_tags_are_spans():
    with pytest.raises(SpecError, match="running text"):
        training_set(corpus(3), bptt=4)
