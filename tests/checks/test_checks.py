"""What is wrong with corpora is told to the letter, sound ones are let alone, and mended copies are sound."""

import pytest
from checking import (
    FILES,
    IDENTITY,
    findings,
    folder,  # noqa: F401  a fixture
    mended,
    rows,
    sound,
    told,
    written,
)
from hypothesis import given, settings
from shell import ROOT

from rnntag import checks
from rnntag.checks import Checks
from rnntag.data.bio import detect
from rnntag.data.bio_check import check
from rnntag.errors import CorpusError
from rnntag.formats import read_corpus

# Sound files.


@pytest.mark.parametrize(
    "text",
    [
        sound(3),
        sound(3).rstrip("\n"),  # no blank line at the end, no line end
        "\n\n" + sound(1) + "\n \t \n\n",
        sound(2).replace("\t", " "),
        sound(2).replace("\t", "  "),
        sound(2).replace("\t", "\tNN\t"),
        "# intent = flight\n" + sound(1) + "# a comment with nothing after it\n",
        rows("#/O", "# x/O", "rock # roll/O"),
        rows("a/B-x", "b/E-x", "c/S-x", "d/O") + rows("a/B-x", "b/I-x", "c/E-x"),
        rows("a/I-x", "b/B-x", "c/I-x"),  # IOB1
        rows("a/NOUN", "b/VERB", "./PUNCT"),
        rows("\u3000/O", "我/O"),  # a space that is a token
    ],
)
def test_sound_files_are_let_alone(text):
    assert told(text) == []
    assert mended(text)[:2] == (text, [])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sample_corpora_are_let_alone(language, monkeypatch):
    monkeypatch.chdir(ROOT / "sample_corpora" / f"assistant_{language}")
    checking = Checks()
    found = [each for part in ("train", "dev", "test") for each in checking.file(f"{part}.conll", checks.COLUMNS)]
    assert {each.kind for each in [*found, *checking.close()]} <= {"repeat", "leak", "conflict"}
    assert checking.schemes == ["bio"]


def test_each_fault_is_told_not_only_the_first():
    text = "a\tO\nb\n\tO\n\n# intent = x\nc\tO\nd\te\tO\nf\t\n\ng\tI-x\n"
    kinds = [(found.where, found.kind) for found in findings(text, scheme="bio")]
    assert kinds == [
        ("train.conll:2", "columns"),
        ("train.conll:3", "token"),
        ("train.conll:7", "columns"),
        ("train.conll:8", "tag"),
        ("train.conll:10", "orphan"),
        ("train.conll:10", "once"),
    ]


def test_a_file_without_tags_or_sentences():
    hint = "a line is a token, a TAB and its tag"
    assert told("go\nhome\n\n") == [
        "train.conll:1: columns: most lines have 1 column, but a tag is needed in the last; "
        f"{hint}; for text without tags there is rnntag tag"
    ]
    for text in ("", "\n\n", "# intent = x\n"):
        assert told(text) == [f"train.conll:1: format: no sentences; {hint}; a blank line ends a sentence"]


def test_very_long_ones():
    text = rows(*(f"w{number}/O" for number in range(1001))) + rows("a/O", f"{'x' * 1001}/O") + rows(f"{'x' * 1000}/O")
    assert told(text) == [
        "train.conll:1: length: a sentence of 1001 tokens; a blank line ends a sentence",
        f"train.conll:1004: length: a token of 1001 characters, '{'x' * 60}…'",
    ]
    assert told(rows(*(f"w{number}/O" for number in range(1000)))) == []


@settings(deadline=None, max_examples=400)
@given(FILES)
def test_a_file_without_errors_is_one_that_training_reads(text):
    try:
        read = read_corpus(written(text))
        scheme = detect(sentence.tags for sentence in read)
        for sentence in read:
            check(scheme, sentence)
        fault = None
    except CorpusError as error:
        fault = error
    errors = [found for found in findings(text) if found.severity == "error" and found.kind not in IDENTITY]
    assert bool(errors) == bool(fault)
