"""Gazetteers: names and tokens cut alike, and the longest matches from left to right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnntag.features.gazetteer import OPENING, PLACES, Finder, Gazetteer, pieces, places
from rnntag.features.vocabulary import UNKNOWN


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("New York", "new york"),
        ("  Rock\t'n'  Roll ", "rock ' n ' roll"),
        ("AC/DC", "ac / dc"),
        ("Joe’s", "joe ' s"),
        ("Don't stop", "do n't stop"),
        ("do n't stop", "do n't stop"),
        ("isn'tit", "isn ' tit"),
        ("Ṣan'ā", "ṣan ' ā"),
        ("北京南站 A1", "北 京 南 站 a1"),
        ("e-mail, 3.5", "e - mail , 3 . 5"),
        ("", ""),
    ],
)
def test_pieces(text, cut):
    assert pieces(text) == cut
    assert pieces(cut) == cut


def matched(names, text, parted=None):
    """The matches in the words of a text, or in the tokens of ``parted``, as strings."""
    tokens = (parted or text).split(" ")
    return [" ".join(tokens[start:end]) for start, end, _ in Finder([Gazetteer.of(names)]).matches(tokens)]


def test_the_longest_name_is_taken_from_left_to_right():
    names = ["New York", "New York City", "York City Hall", "new"]
    assert matched(names, "in New York City Hall of new york") == ["New York City", "new york"]
    assert matched(names, "York City Hall") == ["York City Hall"]
    assert matched(names, "a New one") == ["New"]
    assert matched([], "a New one") == []
    assert matched(names, "") == []


def test_how_the_corpus_was_cut_makes_no_difference():
    names = ["Joe's Diner", "don't stop", "北京", "U.S. Steel"]
    for text in ("at joe's diner", "at joe 's diner", "at Joe ’s DINER"):
        assert matched(names, text) == [text[3:]]
    for text in ("Don't stop", "Do n't stop"):
        assert matched(names, text) == [text]
    assert matched(names, "去 北 京 吧") == ["北 京"]
    assert matched(names, "去 北京 吧") == ["北京"]
    assert matched(names, "U.S. Steel") == ["U.S. Steel"]
    assert matched(names, "U . S . Steel") == ["U . S . Steel"]


def test_a_match_is_whole_tokens_and_never_joins_two_words():
    assert matched(["the rapist"], "therapist") == []
    assert matched(["therapist"], "the rapist") == []
    assert matched(["York"], "New-York") == []
    assert matched(["New York"], "New York-based") == []


PARTS = st.sampled_from(["a", "b", "ab", "a-b", "A", "-", "c's"])


def brute_force(names, tokens):
    """By the definition: at each place all ends are tried, the last first."""
    known = {pieces(name) for name in names} - {""}
    found, place = [], 0
    while place < len(tokens):
        ends = [end for end in range(len(tokens), place, -1) if pieces(" ".join(tokens[place:end])) in known]
        if ends:
            found.append((place, ends[0]))
        place = ends[0] if ends else place + 1
    return found


NAMES = st.lists(st.lists(PARTS, max_size=7).map(" ".join), max_size=6)


@given(st.lists(NAMES, max_size=3), st.lists(st.lists(PARTS, max_size=9), max_size=3))
def test_matches_are_those_of_the_definition(lists, sentences):
    finder = Finder(list(map(Gazetteer.of, lists)))
    for tokens in sentences:
        found = finder.matches(tokens)
        assert [match.start for match in found] == sorted(match.start for match in found)
        for number, names in enumerate(lists):
            assert [match[:2] for match in found if match.list == number] == brute_force(names, tokens)


def test_a_name_may_be_longer_than_what_is_kept_of_how_it_begins():
    long = " ".join("abcdefghij")
    assert Finder.DEPTH < 9
    assert matched([long, "a b"], f"{long} a b c d e f") == [long, "a b"]


def test_as_a_vocabulary_it_numbers_places_in_matches():
    gazetteer = Gazetteer.of(["b", "a", "B", " "])
    assert gazetteer.entries == ["a", "b"]
    assert len(gazetteer) == 1 + len(PLACES)
    assert [gazetteer.id(place) for place in ("", "O", *PLACES)] == [UNKNOWN, UNKNOWN, 1, 2, 3, 4]
    assert [PLACES[number - 1] for number in OPENING] == [places(2)[0], places(1)[0]]
    assert [places(length) for length in (1, 2, 4)] == [["S"], ["B", "E"], ["B", "I", "I", "E"]]


def test_what_it_remembers_of_a_stream_is_bounded(monkeypatch):
    monkeypatch.setattr(Finder, "LIMIT", 3)
    finder = Finder([Gazetteer.of(["w7 w8"])])
    for number in range(20):
        tokens = [f"w{number}", f"w{number + 1}", "x"]
        assert finder.matches(tokens) == ([(0, 2, 0)] if number == 7 else [])
        assert len(finder._starts) <= 3 + len(tokens)
