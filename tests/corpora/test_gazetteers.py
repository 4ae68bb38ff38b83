"""Lists of names: what is read of their files, what is wrong with them to the letter, what they cover."""

import gzip
from pathlib import Path

import pytest

from rnntag.corpora.gazetteers import Coverage, coverage, read_gazetteers, trained_on, without_match
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, SpecError
from rnntag.features.gazetteer import Gazetteer

TRAIN = [
    Sentence(["from", "New", "York", "to", "Rome"], ["O", "B-city", "I-city", "O", "B-city"]),
    Sentence(["York", "is", "new"], ["B-city", "O", "O"]),
]


@pytest.fixture
def cities(tmp_path):
    path = tmp_path / "cities.txt"
    path.write_text("\ufeff# cities\nNew York\n\n  rome \r\n#1\nROME\nnew york\n", "utf-8", newline="")
    return path


def test_a_file_has_a_name_a_line(cities, tmp_path):
    lists = read_gazetteers({"cities": cities, "few": ["Oslo", "Rome"], "none": []})
    assert {name: known.entries for name, known in lists.items()} == {
        "cities": ["# 1", "new york", "rome"],
        "few": ["oslo", "rome"],
        "none": [],
    }
    packed = tmp_path / "cities.txt.gz"
    packed.write_bytes(gzip.compress(cities.read_bytes()))
    assert read_gazetteers({"a": str(packed)})["a"].entries == lists["cities"].entries
    assert read_gazetteers({}) == {}


FAULTS = {
    "not there": ("none.txt", "none.txt: no such file"),
    "a folder": (".", ".: is a folder"),
    "empty": ("empty.txt", "empty.txt: there is no name in it\nhint: a list has a name a line"),
    "comments": ("comments.txt", "comments.txt: there is no name in it\nhint: a list has a name a line"),
    "latin1": (
        "latin1.txt",
        "latin1.txt:2: byte 0xfc is not UTF-8\nhint: convert it first: iconv -f latin1 -t utf-8 latin1.txt > utf8.txt",
    ),
    "no strings": ([1], "a gazetteer is a file or names, and some of these are no strings"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_no_list_is_told(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("empty.txt").touch()
    Path("comments.txt").write_text("# a\n\n \n", "utf-8")
    Path("latin1.txt").write_bytes("Rom\nZürich\n".encode("latin1"))
    given, told = FAULTS[name]
    with pytest.raises(CorpusError) as caught:
        read_gazetteers({"cities": given})
    assert str(caught.value) == told


@pytest.mark.parametrize("name", ["", "a b", "a,b", "a:b", "../a"])
def test_a_list_is_called_by_a_word(name):
    with pytest.raises(SpecError) as caught:
        read_gazetteers({"cities": ["Rome"], name: ["Rome"]})
    hint = "hint: letters, digits, '_', '-' and '.' can: --gazetteer cities=FILE"
    assert str(caught.value) == f"'{name}' cannot be the name of a gazetteer\n{hint}"


def test_coverage_counts_matches_and_those_that_are_spans():
    names = ["New York", "is new", "rome", "Rome", "Oslo"]
    assert coverage("c", names, TRAIN, SCHEMES["bio"]) == Coverage("c", 4, 1, matches=3, found=2, spans=3)
    assert coverage("c", names, TRAIN, SCHEMES["tokens"]).spans is None


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Coverage("c", 4, 0, 3, 2, 3), "gazetteer c: 2 of 3 spans in TRAIN (66.7 %), 1 other matches, 4 names"),
        (
            Coverage("c", 1234, 56, 1999, 0, 0),
            "gazetteer c: 0 of 0 spans in TRAIN (0.0 %), 1,999 other matches, 1,234 names (56 again)",
        ),
        (Coverage("c", 4, 0, 3, 0, None), "gazetteer c: 3 matches in TRAIN, 4 names"),
    ],
)
def test_coverage_as_a_sentence(found, told):
    assert str(found) == told


@pytest.mark.parametrize("scheme", [None, SCHEMES["bio"]])
def test_of_each_list_it_is_told_what_it_covers(cities, scheme):
    told = []
    lists = trained_on({"cities": cities, "songs": ["Hey Jude"]}, TRAIN, scheme, told.append)
    assert lists["cities"].entries == ["# 1", "new york", "rome"]
    assert told == [
        "gazetteer cities: 2 of 3 spans in TRAIN (66.7 %), 0 other matches, 3 names (2 again)",
        "gazetteer songs: 0 of 3 spans in TRAIN (0.0 %), 0 other matches, 1 names",
    ]
    assert trained_on({}, TRAIN, scheme, told.append) == {}
    assert len(told) == 2


def test_a_list_without_a_match_is_told():
    lists = {"cities": Gazetteer.of(["Rome"]), "songs": Gazetteer.of(["Hey Jude", "Yesterday"])}
    assert without_match(lists, TRAIN) == [
        "gazetteer songs: no name in it stands in TRAIN, so nothing is learned of it"
    ]
    assert without_match({}, TRAIN) == []
