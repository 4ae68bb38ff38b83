"""The table of features: what is read off a word, which names there are, and what fits a corpus."""

import pytest

from rnntag.errors import SpecError
from rnntag.features.keys import Shown
from rnntag.features.table import (
    BIGRAMS,
    FEATURES,
    GAZETTEER_WIDTH,
    WORDS,
    check,
    column,
    fitting,
    gazetteer,
    width,
)
from rnntag.formats import read_corpus
from rnntag.network.spec import Spec

# Features of a word


@pytest.mark.parametrize(
    ("token", "word", "shape", "prefix", "suffix"),
    [
        ("Boeing747", "boeing000", "Xx0", "boe", "000"),
        ("NASA", "nasa", "X", "nas", "asa"),
        ("o'clock", "o'clock", "x-x", "o'c", "ock"),
        ("7:30", "0:00", "0-0", "0:0", ":00"),
        ("上海", "上海", "c", "上海", "上海"),
        ("aB1-cD2", "ab0-cd0", "xX0-", "ab0", "cd0"),
        ("", "", "", "", ""),
    ],
)
def test_what_is_read_off_a_word(token, word, shape, prefix, suffix):
    expected = {"word": word, "shape": shape, "prefix": prefix, "suffix": suffix}
    readers = Shown([*expected, "char"]).readers
    assert {name: readers[name](token) for name in expected} == expected
    assert readers["char"](token) == token


# Names


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("column:2", 2),
        ("column:17", 17),
        ("column:1", None),  # the word itself
        ("column:0", None),
        ("column:-2", None),
        ("column:", None),
        ("column:²", None),
        ("column:x", None),
        ("column", None),
        ("2", None),
    ],
)
def test_which_names_are_columns(name, number):
    assert column(name) == number
    if number is None:
        with pytest.raises(SpecError):
            check([name])
    else:
        check([name])


@pytest.mark.parametrize(
    ("name", "own"),
    [("gazetteer:cities", "cities"), ("gazetteer:a.b-c_2", "a.b-c_2"), ("gazetteer:städte", "städte")]
    + [(f"gazetteer{rest}", None) for rest in ("", ":", ":a b", ":a,b", ":a=b", ":a:b", ":a\n")],
)
def test_which_names_are_lists(name, own):
    assert gazetteer(name) == own
    if own is None:
        with pytest.raises(SpecError):
            check([name])
    else:
        check([name])
        assert width(name) == GAZETTEER_WIDTH


KNOWN = "hint: there are: word, shape, prefix, suffix, char, before, after, own, and column:2 for the second column"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["word", "lemma"], f"'lemma' is not a feature\n{KNOWN}"),
        (["column:1"], f"'column:1' is not a feature\n{KNOWN}"),
        ([""], f"'' is not a feature\n{KNOWN}"),
        (["word", "Shape"], f"'Shape' is not a feature\n{KNOWN}"),
        ([], "features is empty\nhint: --features word,char,shape"),
        (["word", "char", "word"], "features names one twice: word,char,word"),
        (["column:2", "column:2"], "features names one twice: column:2,column:2"),
    ],
)
def test_features_that_cannot_be_are_told(names, told):
    for refuse in (check, Shown, lambda names: Spec(features=names)):
        with pytest.raises(SpecError) as caught:
            refuse(names)
        assert str(caught.value) == told


def test_every_feature_may_be_asked_for():
    check([*FEATURES, "char", "column:2", "column:3"])
    assert Spec(features=["char", "column:2"]).features == ("char", "column:2")


# What fits a corpus


def test_a_corpus_of_characters_shows_bigrams_and_one_of_words_does_not():
    assert fitting(read_corpus("sample_corpora/assistant_zh/dev.conll")) == (*WORDS, *BIGRAMS)
    assert fitting(read_corpus("sample_corpora/assistant_en/dev.conll")) == WORDS
