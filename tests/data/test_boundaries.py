"""What is seen at a place between two characters: the same where the same stands there, and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from strategies import TEXTS

from rnntag.data.boundaries import CAPITAL, COMBINING, DIGIT, MARKS, SMALL, SPACE, UNSPACED, Boundaries, kind

BITS = 16


@pytest.mark.parametrize(
    ("characters", "expected"),
    [
        (" \t\u3000", SPACE),
        ("aßж", SMALL),
        ("AÑЖ", CAPITAL),
        ("7٣", DIGIT),
        ("京かท", UNSPACED),
        ("\u0301", COMBINING),
    ],
)
def test_kinds(characters, expected):
    assert {kind(character) for character in characters} == {expected}


def test_each_mark_is_a_kind_of_its_own():
    marks = ".,-'\"/@€’"
    assert len({kind(mark) for mark in marks}) == len(marks)
    assert min(map(kind, marks)) >= MARKS


def test_places_are_those_between_two_characters_that_are_no_white_space():
    assert Boundaries.of("ab c, d\ne\u0301f", BITS).places.tolist() == [1, 4, 10]
    assert Boundaries.of("", BITS).places.tolist() == []
    assert Boundaries.of("a", BITS).features.shape[0] == 0


@given(TEXTS)
def test_lines_are_seen_alone_or_among_others_alike(text):
    """However text arrives: what stands on other lines is not seen."""
    line = " ".join(text.split())
    alone = Boundaries.of(line, BITS)
    among = Boundaries.of(f"one, two.\n{line}\n3/4", BITS)
    start = len("one, two.\n")
    chosen = (among.places >= start) & (among.places < start + len(line))
    assert np.array_equal(among.places[chosen] - start, alone.places)
    assert np.array_equal(among.features[chosen], alone.features)


def test_a_chunk_is_seen_alike_wherever_it_stands():
    here, there = Boundaries.of("x don't", BITS), Boundaries.of("other words don't", BITS)
    assert np.array_equal(here.features, there.features[-4:])


@pytest.mark.parametrize("change", ["dont's", "Mon't", "don't.", "a-don't"])
def test_what_stands_there_is_seen(change):
    """Of a place that two texts share not everything is the same."""
    ours, theirs = Boundaries.of("don't", BITS), Boundaries.of(change, BITS)
    assert not np.array_equal(ours.features[2], theirs.features[change.index("n")])


def test_features_keep_below_the_size_of_the_table():
    seen = Boundaries.of("http://www.example.org/a?b=1 me@example.org, and on...", 10).features
    assert seen.min() >= 0
    assert seen.max() < 1 << 10
