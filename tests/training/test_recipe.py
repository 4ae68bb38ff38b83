"""How a network is trained: settings in their range, and what the size of a training set settles."""

import pytest

from rnntag.errors import SpecError
from rnntag.network.spec import Spec
from rnntag.training.recipe import LARGE, Recipe, parted, settled


@pytest.mark.parametrize(
    ("settings", "fact"),
    [
        ({"dropout": 0.96}, "dropout is 0.96, but must lie between 0.0 and 0.95"),
        ({"learning_rate": 0}, "learning-rate is 0, but must lie between 1e-07 and 10.0"),
        ({"seed": -1}, "seed is -1, but must lie between 0 and 4294967295"),
        ({"shards": 0}, "shards is 0, but must lie between 1 and 256"),
        ({"batch": 2.5}, "batch is 2.5, but must be a whole number"),
        ({"intents": "all"}, "intents is 'all', but must be one of first, joined, none"),
    ],
)
def test_a_setting_out_of_its_range_is_told(settings, fact):
    with pytest.raises(SpecError) as caught:
        Recipe(**settings)
    assert caught.value.fact == fact


@pytest.mark.parametrize(("tokens", "epochs", "patience"), [(2_000, 67, 22), (50_000, 30, 10), (2_000_000, 6, 8)])
def test_epochs_fall_with_the_fourth_root_of_the_tokens(tokens, epochs, patience):
    found = settled(Recipe(), 100, tokens)
    assert (found.epochs, found.patience) == (epochs, patience)


def test_epochs_have_bounds():
    assert settled(Recipe(), 10, 10).epochs == 80
    assert settled(Recipe(), 10, 10**9).epochs == 5


@pytest.mark.parametrize(
    ("sentences", "largest", "batch"), [(999, 32, 8), (1000, 32, 16), (4000, 32, 32), (4000, 16, 16), (999, 16, 8)]
)
def test_a_batch_holds_more_of_a_larger_training_set(sentences, largest, batch):
    assert settled(Recipe(), sentences, 1000, largest).batch == batch


def test_a_large_training_set_is_passed_once_an_epoch():
    assert [settled(Recipe(), 10, tokens).consistency for tokens in (LARGE - 1, LARGE)] == [1.0, 0.0]


def test_what_was_asked_for_stays():
    asked = Recipe(batch=3, epochs=4, patience=5, consistency=0.5)
    assert settled(asked, 10**6, 10**7, 2) == asked


def test_settings_go_to_spec_and_recipe():
    assert parted({"hidden": 16, "epochs": 3}) == (Spec(hidden=16), Recipe(epochs=3))
    with pytest.raises(SpecError, match="unknown setting 'hiden'"):
        parted({"hiden": 16})


def test_whoever_asks_for_look_ahead_means_the_forward_direction():
    spec, _ = parted({"look_ahead": 2})
    assert spec.direction == "forward"
    with pytest.raises(SpecError, match="look-ahead is for networks that read left to right"):
        parted({"look_ahead": 2, "direction": "both"})


@pytest.mark.parametrize(("tokens", "epochs"), [(100, 26), (2_000, 22), (50_000, 10), (900_000, 5), (10**9, 3)])
def test_a_third_of_the_epochs_is_enough_where_training_goes_on(tokens, epochs):
    assert settled(Recipe(), 100, tokens, goes_on=True).epochs == epochs
    assert settled(Recipe(epochs=7), 100, tokens, goes_on=True).epochs == 7
