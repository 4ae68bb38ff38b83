"""What comes with the package is there, in a checkout as in a wheel."""

import pytest

from rnntag.files import bundled


@pytest.mark.parametrize("part", ["train", "dev", "test"])
@pytest.mark.parametrize("corpus", ["assistant_en", "assistant_zh", "punctuation_en", "punctuation_zh"])
def test_each_part_of_a_sample_corpus_is_a_file(corpus, part):
    path = bundled.sample(corpus, part)
    assert path.is_file()
    assert (path.stem, path.parent.name) == (part, corpus)


def test_a_part_that_is_not_there_has_the_name_it_would_have():
    path = bundled.sample("assistant_en", "none")
    assert not path.exists()
    assert path.name == "none"


def test_the_model_is_a_file():
    assert bundled.MODEL.is_file()


def test_corpora_within_the_package_come_before_those_beside_it():
    inside, beside = bundled._PLACES
    assert inside.parent == bundled.MODEL.parent
    assert beside.resolve().parent == inside.parent.parent
