"""A model whose place is full is kept in another one, and that is said."""

import errno
import tempfile

import pytest
from trainings import corpus, trainer

from rnntag.errors import RnntagError
from rnntag.files import whole
from rnntag.model.file import load_model
from rnntag.training.keeping import is_worth_keeping, keep


@pytest.fixture(scope="module")
def model():
    return trainer(corpus(4)).model


@pytest.fixture
def full(monkeypatch, tmp_path):
    """Some folders in which nothing can be written."""
    replace, places = whole.os.replace, []

    def failing(source, target):
        if any(str(target).startswith(str(place)) for place in places):
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(whole.os, "replace", failing)
    for name in ("here", "temporary", "home"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    places.append(tmp_path / "here")
    return places


def test_where_there_is_room_it_is_saved(model, tmp_path):
    keep(model, tmp_path / "m.rnntag")
    assert load_model(tmp_path / "m.rnntag").fingerprint() == model.fingerprint()


@pytest.mark.parametrize("place", ["temporary", "home"])
def test_where_there_is_none_it_goes_elsewhere(model, tmp_path, full, place):
    if place == "home":
        full.append(tmp_path / "temporary")
    with pytest.raises(RnntagError) as caught:
        keep(model, tmp_path / "here" / "m.rnntag")
    [there] = (tmp_path / place).glob("rnntag-*/m.rnntag")
    assert str(caught.value) == (
        f"{tmp_path}/here/m.rnntag: cannot be written: No space left on device; the model is in {there} instead\n"
        f"hint: mv {there} PLACE"
    )
    assert load_model(there).fingerprint() == model.fingerprint()
    assert list((tmp_path / "temporary").iterdir()) == ([] if place == "home" else [there.parent])


def test_where_there_is_none_anywhere_that_is_said(model, tmp_path, full):
    full += [tmp_path / "temporary", tmp_path / "home"]
    with pytest.raises(RnntagError, match="cannot be written: No space left on device\nhint: name another place"):
        keep(model, tmp_path / "here" / "m.rnntag")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_training_that_ended_in_its_first_epoch_replaces_nothing(model, tmp_path):
    place = tmp_path / "m.rnntag"
    assert is_worth_keeping(model, place, True)
    place.touch()
    assert not is_worth_keeping(model, place, True)
    assert is_worth_keeping(model, place, False)
