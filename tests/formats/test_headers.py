"""Columns are known by what tools call them, whatever signs and capitals they use."""

import pytest

from rnntag.formats.headers import header_separator, plain_name, recognised, separator_of


@pytest.mark.parametrize(
    ("names", "token", "tag", "sentence", "text", "intent"),
    [
        ("Sentence #,Word,POS,Tag", 1, 3, 0, None, None),
        ("Unnamed: 0,sent_id,token,ner_label,pos", 2, 3, 1, None, None),
        ("doc,sent,FORM,UPOS", 2, 3, 1, 0, None),
        ("text,intent,slots", 0, 2, None, None, 1),
        ("sentence,tags", 0, 1, None, None, None),
        ("Sentence ID,sentence,labels", 1, 2, 0, None, None),
        ("id,Wort,NER-Tag", 1, 2, None, None, None),
        ("a,b", None, None, None, None, None),
    ],
)
def test_which_column_is_which(names, token, tag, sentence, text, intent):
    found = recognised(names.split(","))
    assert found[1:] == (token, tag, sentence, text, intent)
    assert found.names == names.split(",")


def test_what_else_may_hold_tags_and_what_parts_sentences():
    header = recognised(["doc", "Sentence #", "Word", "POS", "Tag"])
    assert header.others == ["POS"]
    assert header.borders == [0, 1]
    assert not header.is_of_sentences
    assert recognised(["text", "tags"]).is_of_sentences


@pytest.mark.parametrize(
    ("line", "separator"),
    [
        ("word\ttag", "\t"),
        ('"Word";"Tag"', ";"),
        ("id|token|pos", "|"),
        ("Word,Tag", ","),
        ("Oslo\tB-city", None),
        ("token", None),
        ("a word, a tag", None),
        ("", None),
    ],
)
def test_a_header_tells_its_separator(line, separator):
    assert header_separator(line) == separator


def test_without_a_header_what_is_there_most_often_parts_cells():
    assert separator_of("a;b;c,d") == ";"
    assert separator_of("a") == ","


def test_names_are_compared_without_signs_and_capitals():
    names = {"Sentence #": "sentence", " NER-Tag ": "ner_tag", "Straße": "strasse", "#": ""}
    assert {name: plain_name(name) for name in names} == names
