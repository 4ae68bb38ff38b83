"""A model as one thing: its fingerprint, and what follows from its parts."""

import hashlib
import json
import re
import tracemalloc
from dataclasses import asdict

import pytest

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, SpecError
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.file import load_model
from rnntag.model.model import Model
from rnntag.model.record import Record
from rnntag.network.spec import Spec
from rnntag.punctuation.restorer import ENGLISH


def test_the_fingerprint_is_that_of_the_weights_and_of_what_they_mean(trained):
    model = load_model(trained.path)
    before = model.fingerprint()
    assert re.fullmatch("[0-9a-f]{8}", before)
    model.parameters["output.bias"][0] += 1
    found = {before, model.fingerprint()}
    for intents in (["flight", "fare"], ["fare", "flight"]):
        model.intents = intents
        found.add(model.fingerprint())
    assert len(found) == 4


def test_a_fingerprint_takes_no_copy_of_the_weights():
    spec = Spec(hidden=256, embedding=8, features=("word",))
    model = Model(spec, SCHEMES["bio"], ["O", "B-x"], {"word": Vocabulary()})
    same = [
        asdict(spec),
        "bio",
        ["O", "B-x"],
        [],
        {"word": model.lexicon.vocabularies["word"].strings},
    ]
    whole = hashlib.sha256(json.dumps(same).encode() + model.parameters.flat.tobytes()).hexdigest()
    tracemalloc.start()
    try:
        assert model.fingerprint() == whole[:8]
        assert tracemalloc.get_traced_memory()[1] < model.parameters.flat.nbytes / 4
    finally:
        tracemalloc.stop()


def model(words=(), **more):
    spec = Spec(hidden=4, embedding=4, features=("word", "column:2"))
    vocabularies = {"word": Vocabulary(words), "column:2": Vocabulary()}
    return Model(spec, SCHEMES["bio"], ["O", "B-x"], vocabularies, **more)


def test_a_model_of_one_member_has_its_parameters_and_of_none_given_zeros():
    one = model()
    assert len(one.members) == 1
    assert not one.parameters.flat.any()
    two = model(members=[one.parameters, one.parameters.copy()])
    assert two.parameters is one.parameters
    assert two.fingerprint() != one.fingerprint()


def test_keys_are_in_small_letters_where_training_was():
    rows = ["Oslo\tNNP", "now\tRB"]
    sentence = Sentence(["Oslo", "now"], rows=rows)
    assert model().keys(sentence) == rows
    assert model(record=Record(lower=True)).keys(sentence) == ["oslo\tNNP", "now\tRB"]
    with pytest.raises(CorpusError, match="the features name column 2"):
        model().keys(Sentence(["Oslo"]))


def test_a_model_is_english_if_it_knows_every_word_of_that_kind():
    words = sorted(word for word in ENGLISH if word.isalpha())
    assert model(words).english
    assert not model(words[1:]).english
    spec = Spec(hidden=4, embedding=4, features=("shape",))
    assert not Model(spec, SCHEMES["bio"], ["O"], {"shape": Vocabulary(words)}).english


def with_lists(**lists):
    """A model with lists of names, and no weights to speak of."""
    known = {f"gazetteer:{name}": Gazetteer.of(names) for name, names in lists.items()}
    spec = Spec(hidden=4, embedding=4, features=("word", *known))
    return Model(spec, SCHEMES["bio"], ["O", "B-x"], {"word": Vocabulary(["rome"], frozen=True), **known})


def test_lists_can_be_changed_and_the_fingerprint_tells():
    own = with_lists(cities=["Rome", "Oslo"], songs=["Hey"])
    assert {name: known.entries for name, known in own.gazetteers.items()} == {
        "cities": ["oslo", "rome"],
        "songs": ["hey"],
    }
    assert own.with_gazetteers({}) is own
    other = own.with_gazetteers({"cities": Gazetteer.of(["New York"])})
    sentence = Sentence(["Hey", "New", "York", "Rome"])
    assert own.keys(sentence) == ["Hey\t\tS", "New", "York", "Rome\tS\t"]
    assert other.keys(sentence) == ["Hey\t\tS", "New\tB\t", "York\tE\t", "Rome"]
    assert other.members is own.members
    assert list(other.lexicon.vocabularies) == list(own.lexicon.vocabularies)
    assert own.fingerprint() != other.fingerprint()
    assert other.with_gazetteers({"cities": Gazetteer.of(["oslo", "ROME"])}).fingerprint() == own.fingerprint()
    assert with_lists(cities=["Rome"]).fingerprint() != with_lists(cities=["Oslo"]).fingerprint()


@pytest.mark.parametrize(
    ("own", "told"),
    [
        (with_lists(cities=["Rome"], songs=["Hey"]), "the model has no gazetteer 'towns': it has cities, songs"),
        (with_lists(), "the model has no gazetteer 'towns': it was trained without any"),
    ],
)
def test_a_list_that_a_model_has_not_is_told(own, told):
    with pytest.raises(SpecError) as caught:
        own.with_gazetteers({"towns": Gazetteer.of(["Rome"])})
    assert str(caught.value) == told
