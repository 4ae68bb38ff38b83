"""Tags that break their scheme are told to the letter, with a way out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schemes import TAG_SETS, every_scheme, sentence, well_formed

from rnntag.data.bio import SCHEMES
from rnntag.data.bio_check import check, ill_formed, mended
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError


@every_scheme
@settings(max_examples=60)
@given(data=st.data())
def test_check_agrees_with_allowed(scheme, data):
    tags = data.draw(st.lists(st.sampled_from([*TAG_SETS[scheme.name], "X-a", "VERB"]), max_size=8))
    if well_formed(scheme, tags):
        check(scheme, sentence(*tags))
    else:
        with pytest.raises(CorpusError):
            check(scheme, sentence(*tags))


# Faults


def fault(name, faulty):
    with pytest.raises(CorpusError) as caught:
        check(SCHEMES[name], faulty)
    return str(caught.value)


def test_an_orphan_in_bio():
    faulty = sentence("O", "I-PORT", "O", tokens=["to", "Oslo", "now"], line=1840)
    assert fault("bio", faulty) == (
        "crates.conll:1841: tag 'I-PORT' cannot follow 'O'\n"
        "    1840  to      O\n"
        "    1841  Oslo    I-PORT\n"
        "hint: a span opens with 'B-PORT'; if the file is IOB1, add --scheme iob1"
    )


def test_an_orphan_at_the_start_of_a_sentence():
    assert fault("bio", sentence("I-PORT", "O", line=5)) == (
        "crates.conll:5: tag 'I-PORT' cannot open a sentence\n"
        "    5  w0    I-PORT\n"
        "    6  w1    O\n"
        "hint: a span opens with 'B-PORT'; if the file is IOB1, add --scheme iob1"
    )


def test_a_sentence_without_rows_stands_in_one_line():
    faulty = Sentence(["to", "Oslo"], ["O", "I-x"], source="a.txt", line=3)
    assert fault("bio", faulty) == (
        "a.txt:3: tag 'I-x' cannot follow 'O'\n"
        "    3  to      O\n"
        "    3  Oslo    I-x\n"
        "hint: a span opens with 'B-x'; if the file is IOB1, add --scheme iob1"
    )


@pytest.mark.parametrize(
    ("name", "tags", "place", "fact", "hint"),
    [
        (
            "bio",
            "B-a I-b",
            2,
            "tag 'I-b' cannot follow 'B-a'",
            "a span opens with 'B-b'; if the file is IOB1, add --scheme iob1",
        ),
        (
            "bio",
            "O COMMA",
            2,
            "tag 'COMMA' is not a tag of BIO",
            "its tags are 'O', 'B-TYPE', 'I-TYPE'; if tags stand for single tokens, add --scheme tokens",
        ),
        (
            "iob1",
            "O B-x",
            2,
            "tag 'B-x' cannot follow 'O'",
            "in IOB1 a span opens with 'I-x'; if the file is BIO, add --scheme bio",
        ),
        (
            "bioes",
            "O E-x",
            2,
            "tag 'E-x' cannot follow 'O'",
            "a span opens with 'B-x'; one of a single token is 'S-x'",
        ),
        (
            "bioes",
            "O B-x O",
            3,
            "tag 'O' cannot follow 'B-x'",
            "'B-x' goes on with 'I-x' or 'E-x'; a span of a single token is 'S-x'",
        ),
        (
            "bioes",
            "B-x I-y",
            2,
            "tag 'I-y' cannot follow 'B-x'",
            "'B-x' goes on with 'I-x' or 'E-x'; a span of a single token is 'S-x'",
        ),
        (
            "bioes",
            "O B-x",
            2,
            "tag 'B-x' cannot close a sentence",
            "a span ends with 'E-x'; one of a single token is 'S-x'",
        ),
        (
            "bioes",
            "I-x",
            1,
            "tag 'I-x' cannot open a sentence",
            "a span opens with 'B-x'; one of a single token is 'S-x'",
        ),
    ],
)
def test_faults_and_hints(name, tags, place, fact, hint):
    with pytest.raises(CorpusError) as caught:
        check(SCHEMES[name], sentence(*tags.split()))
    error = caught.value
    assert (error.where, error.fact, error.hint) == (f"crates.conll:{place}", fact, hint)
    assert [number for number, _ in error.quote] == [number for number in (place - 1, place) if number]


@every_scheme
@settings(max_examples=60)
@given(data=st.data())
def test_mended_tags_are_well_formed_and_write_the_same_spans(scheme, data):
    tags = data.draw(st.lists(st.sampled_from([*TAG_SETS[scheme.name], "X-a", "VERB"]), max_size=8))
    found = mended(scheme, tags)
    assert well_formed(scheme, found)
    assert scheme.spans(found) == scheme.spans(tags)
    assert mended(scheme, found) == found
    assert ill_formed(scheme, [sentence(*tags), sentence(*found)]) == ([] if well_formed(scheme, tags) else [0])
