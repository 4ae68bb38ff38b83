"""Vocabularies: ids in the order of strings, and what is unknown once they are frozen."""

from rnntag.features.vocabulary import UNKNOWN, Vocabulary


def test_strings_are_numbered_in_the_order_they_come_from_1_on():
    vocabulary = Vocabulary()
    assert [vocabulary.id(string) for string in ("b", "a", "b", "c", "a")] == [1, 2, 1, 3, 2]
    assert vocabulary.strings == ["", "b", "a", "c"]
    assert vocabulary.entries == ["b", "a", "c"]
    assert len(vocabulary) == 4


def test_the_empty_string_is_unknown():
    assert Vocabulary(["a"]).id("") == UNKNOWN == 0


def test_once_frozen_what_is_new_is_unknown_and_stays_so():
    vocabulary = Vocabulary(["a"])
    assert vocabulary.id("b") == 2
    vocabulary.frozen = True
    assert [vocabulary.id(string) for string in ("a", "b", "c", "c")] == [1, 2, UNKNOWN, UNKNOWN]
    assert vocabulary.strings == ["", "a", "b"]
    assert Vocabulary(["x"], frozen=True).id("y") == UNKNOWN


def test_any_case_is_looked_up_as_it_stands_first_and_adds_nothing():
    vocabulary = Vocabulary(["Oslo", "oslo", "now"])
    assert [vocabulary.id_of_any_case(string) for string in ("Oslo", "oslo", "OSLO", "Now", "new")] == [1, 2, 2, 3, 0]
    assert len(vocabulary) == 4
