"""Where a training from Python begins: with what was asked for, or as the model has it that it goes on from."""

import pytest

import rnntag
from rnntag.api.start import start
from rnntag.errors import ModelError, SpecError
from rnntag.files import bundled
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task
from rnntag.training.recipe import Recipe


def test_without_a_base_it_is_what_was_asked_for():
    found = start(None, {"hidden": 9, "seed": 3}, "punctuation", "HALT=.", True)
    assert found == (None, Spec(hidden=9), Recipe(seed=3), Task("punctuation", Marks.parse("HALT=."), True), None)
    assert start(None, {}, None, "HALT=.", False)[3:] == (None, Marks.parse("HALT=."))


def test_a_base_is_a_tagger_or_its_file():
    tagger = rnntag.load()
    ours, theirs = (start(base, {}, None, None, False) for base in (tagger, bundled.MODEL))
    assert ours.base is tagger.model
    assert theirs.base.fingerprint() == tagger.model.fingerprint()
    assert ours[1:] == theirs[1:]
    assert ours.spec == tagger.model.spec
    with pytest.raises(SpecError, match="hidden is 9, but the base has 128"):
        start(tagger, {"hidden": 9}, None, None, False)
    with pytest.raises(ModelError, match="no such model"):
        start("nowhere.rnntag", {}, None, None, False)
