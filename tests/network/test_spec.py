"""The spec: which settings go together, what follows from them, and faults to the letter."""

from dataclasses import asdict

import pytest

from rnntag.errors import SpecError
from rnntag.network.spec import Spec, from_dict


def test_what_is_answered_for_later_is_for_networks_that_look_ahead():
    Spec(direction="forward", look_ahead=1, features=("word", "own", "after"))
    with pytest.raises(SpecError, match="the feature 'own' is for networks that look ahead"):
        Spec(features=("word", "own"))
    with pytest.raises(SpecError, match="the feature 'after' shows the next word, of which a forward network"):
        Spec(direction="forward", features=("word", "after"))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"cell": "gru"}, "cell is 'gru', but must be one of lstm, rnn, window"),
        ({"direction": "up"}, "direction is 'up', but must be one of forward, backward, both"),
        ({"decoder": "beam"}, "decoder is 'beam', but must be one of crf, softmax"),
        ({"hidden": 0}, "hidden is 0, but must lie between 1 and 4096"),
        ({"hidden": "32"}, "hidden is '32', but must be a whole number"),
        ({"hidden": 32.5}, "hidden is 32.5, but must be a whole number"),
        ({"layers": True}, "layers is True, but must be a whole number"),
        ({"look_ahead": -1}, "look-ahead is -1, but must lie between 0 and 1000"),
        ({"look_ahead": 1}, "look-ahead is for networks that read left to right and recur"),
        ({"look_ahead": 1, "direction": "forward", "cell": "window"}, "look-ahead is for networks that read left"),
        ({"features": 5}, "features is 5, but must be names"),
        ({"features": ("word", 5)}, "features is ('word', 5), but must be names"),
        ({"features": ("word",), "vectors": 50}, "the feature 'vector' comes with a file of them"),
        ({"features": ("word", "vector")}, "the feature 'vector' comes with a file of them"),
    ],
)
def test_settings_that_cannot_be_are_told(settings, told):
    with pytest.raises(SpecError) as caught:
        Spec(**settings)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(("hidden", "units"), [(1, 16), (16, 16), (17, 32), (128, 128)])
def test_units_are_rounded_up_to_whole_panels(hidden, units):
    assert Spec(hidden=hidden).units == units


def test_directions_are_left_to_right_first():
    assert Spec().directions == ("forward", "backward")
    assert Spec(direction="backward").directions == ("backward",)


def test_a_window_does_not_recur():
    assert [Spec(cell=cell).recurs for cell in ("lstm", "rnn", "window")] == [True, True, False]


def test_features_may_be_given_as_one_string():
    assert Spec(features="word,char").features == ("word", "char")


def test_what_is_stored_comes_back_and_what_is_not_known_is_told():
    spec = Spec(hidden=20, features=("word", "char"))
    assert from_dict(Spec, asdict(spec)) == spec
    with pytest.raises(SpecError, match="unknown setting 'colour'"):
        from_dict(Spec, {"hidden": 20, "colour": "red"})
