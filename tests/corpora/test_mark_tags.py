"""Columns whose tags are marks: what is recognised, what is not, and what stands for no mark."""

import pytest

from rnntag.corpora.mark_tags import check_named, recognised, unknown_marks, with_plain_none
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.punctuation.marks import Marks


def corpus(*taggings):
    return [
        Sentence(["w"] * len(tags.split()), tags.split(), source="a.conll", line=at)
        for at, tags in enumerate(taggings, 1)
    ]


@pytest.mark.parametrize(
    ("tags", "line"),
    [
        ("O COMMA PERIOD", "tags are punctuation: COMMA=, PERIOD=."),
        ("0 DUN EXCLAM", "tags are punctuation: DUN=、 EXCLAM=!"),
        ("O PERIOD_UPPER O_UPPER", "tags are punctuation: PERIOD_UPPER=."),
        ("O 逗号 。", "tags are punctuation: 逗号=, 。=."),
        ("O END", "tags are ends of sentences"),
        ("O B-city", None),
        ("O 0 1", None),
        ("DT NN .", None),
        ("O CAP", None),
    ],
)
def test_what_is_recognised_is_told(tags, line):
    assert recognised(tags.split()) == line


def test_of_many_tags_the_first_are_told():
    names = [
        f"{name}_{case}"
        for name in ("COMMA", "PERIOD", "QUESTION", "COLON", "DASH", "DUN")
        for case in ("UPPER", "LOWER")
    ]
    line = recognised(["O", *names])
    assert line.endswith(" DASH_UPPER=— DASH_LOWER=— and 2 more")
    assert line.count("=") == 10


def test_names_of_ones_own_are_recognised():
    assert recognised(["O", "WAVE", "COMMA"], Marks.parse("WAVE=~")) == "tags are punctuation: WAVE=~ COMMA=,"
    assert recognised(["O", "WAVE", "COMMA"]) is None


def test_what_stands_for_no_mark_becomes_o():
    sentences = corpus("0 COMMA 0", "SPACE O")
    found, notes = with_plain_none(sentences)
    assert [sentence.tags for sentence in found] == [["O", "COMMA", "O"], ["O", "O"]]
    assert notes == ["tags that stand for no mark are read as O: 0, SPACE"]
    assert sentences[0].tags[0] == "0"
    assert with_plain_none(sentences, known=["0", "SPACE"]) == (sentences, [])  # those of an older model
    for others in (corpus("0 1"), corpus("O COMMA"), corpus("0 NOUN COMMA")):
        assert with_plain_none(others) == (others, [])


def test_most_tags_are_marks_but_some_are_not_known():
    fact = "a.conll:2: WAVE is no mark that is known, as COMMA, PERIOD are"
    hint = "so these tags are not learned as punctuation; name them: --marks 'WAVE=~'"
    sentences = corpus("O COMMA PERIOD", "O WAVE COMMA")
    assert unknown_marks(sentences) == [f"{fact}: {hint}"]
    assert unknown_marks(sentences, Marks.parse("WAVE=~")) == []
    assert unknown_marks(corpus("O COMMA", "O WAVE", "WAVE")) == []  # not most
    assert unknown_marks(corpus("DT NN VB .")) == []
    assert unknown_marks(corpus("O COMMA 0")) == []


def test_marks_that_make_no_punctuation_of_the_tags_are_refused():
    check_named(["O", "WAVE", "COMMA"], Marks.parse("WAVE=~ NEVER=;"))
    with pytest.raises(SpecError) as caught:
        check_named(["O", "WAVE", "TURN"], Marks.parse("WAVE=~"))
    assert str(caught.value) == (
        "--marks makes punctuation of tags, but 'TURN' is no mark\nhint: name it as well: --marks 'WAVE=~ TURN=~'"
    )
    with pytest.raises(SpecError) as caught:
        check_named(["O", "COMMA"], Marks.parse("WAVE=~"))
    assert str(caught.value) == "no tag is called WAVE\nhint: there are: O, COMMA"
