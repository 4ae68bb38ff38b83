"""What loads the twins."""

import pytest

from rnntag import plain as package


def test_a_function_that_is_missing_is_told_when_the_engine_is_loaded():
    with pytest.raises(KeyError, match="lstm_sideways"):
        package.load(["lstm_sideways"])


def test_twins_are_loaded_by_their_names_and_no_others():
    loaded = package.load(["embed", "viterbi"])
    assert loaded == {"embed": package.embedding.embed, "viterbi": package.crf.viterbi}


def test_a_twin_stands_in_one_module_alone():
    """Of two functions of one name the later module's would hide the other."""
    defined = [
        name
        for module in package.MODULES
        for name, function in vars(module).items()
        if getattr(function, "__module__", None) == module.__name__ and not name.startswith("_")
    ]
    assert len(defined) == len(set(defined)) > 15
