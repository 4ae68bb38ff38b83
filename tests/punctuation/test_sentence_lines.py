"""One sentence a line: white space is laid out, and nothing else is changed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from restored import TAGS, TEXTS, restored

from rnntag.punctuation.restorer import Restorer
from rnntag.punctuation.task import WORDS

# One sentence a line


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        ("yes no", "PERIOD O", "Yes.\nNo\n"),
        ("yes no", "END O", "Yes\nNo\n"),
        (" yes. no?  so", "O O O", "Yes.\nNo?\nSo\n"),
        ("yes\nno\n", "O PERIOD", "Yes no.\n"),
        ("yes\n\n\nno\n\n", "PERIOD PERIOD", "Yes.\n\nNo.\n"),
        ("yes\n \nno", "O O", "Yes\n\nno\n"),
        ("\n\nyes", "O", "Yes\n"),
        ('"yes" (no) "so"', "O PERIOD O O PERIOD O O O O", '"Yes."\n(No.)\n"So"\n'),
        ("« oui\u202f» non", "O PERIOD O O", "« Oui.\u202f»\nNon\n"),
        ("„ja“ nein", "O PERIOD O O", "„Ja.“\nNein\n"),
        ("why? - so", "O O", "Why?\n- So\n"),
        ("你好世界", "O PERIOD O PERIOD", "你好。\n世界。\n"),
        ("你\n好世 \n 界\na\nb", "O O O O O O", "你好世界 a b\n"),
        ("“好”“是”他，", "O PERIOD O O PERIOD COMMA O", "“好。”\n“是。”，他，\n"),
        ("“好。”“是！”，他", "O O O O O O O", "“好。”\n“是！”，他\n"),
        ("他，\n我", "O O", "他，我\n"),
        ("at 3.5 x/?y mr. smith. so", "O O O O O O O O", "At 3.5 x/?y mr. smith.\nSo\n"),
        ("", "", ""),
        (" \n ", "", ""),
        ("…", "", "…\n"),
    ],
)
@pytest.mark.parametrize("ahead", [None, 1])
def test_one_sentence_a_line(text, tags, expected, ahead):
    assert restored(text, tags, sentences=True, ahead=ahead) == expected


def test_a_line_is_ended_at_once_where_white_space_follows():
    restorer = Restorer(sentences=True)
    assert restorer.token("", "yes", "PERIOD", " ") == "Yes.\n"
    assert restorer.token("  ", "no", "PERIOD", '"') == "No."
    assert restorer.token("", '"', "O", " ") == '"'
    assert restorer.token(" ", "so", "O", "\n") == "\nSo"
    assert restorer.fresh() == ""
    assert restorer.end(" \n\n") == "\n"
    assert restorer.end("\n") == ""


@given(TEXTS, st.data(), st.sampled_from([None, 1]))
def test_one_sentence_a_line_differs_in_nothing_but_white_space(text, data, ahead):
    count = len(WORDS(text)[0])
    tags = data.draw(st.lists(TAGS, min_size=count, max_size=count))
    lines, running = restored(text, tags, sentences=True, ahead=ahead), restored(text, tags, ahead=ahead)
    assert "".join(lines.split()) == "".join(running.split())
    assert "\n\n\n" not in lines
    assert lines[:1] != "\n"
    assert lines == "" or lines[-2:].strip("\n ") or lines.endswith("\n")
    assert all(line.strip() == line.strip("\xa0 ") for line in lines.split("\n"))


@given(st.lists(st.sampled_from(["so", "Yes", "i", "你好", "は", "3"]), max_size=8), st.data())
def test_blank_lines_stay_and_no_sentence_goes_on_behind_its_end(found, data):
    ends = data.draw(
        st.lists(st.sampled_from([" ", "\n", "\n\n", "\n \n\n"]), min_size=len(found), max_size=len(found))
    )
    text = "".join(word + end for word, end in zip(found, ends, strict=True))
    tags = data.draw(
        st.lists(st.sampled_from(["O", "PERIOD", "COMMA"]), min_size=(n := len(WORDS(text)[0])), max_size=n)
    )
    lines = restored(text, tags, sentences=True)
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    assert len(lines.strip().split("\n\n") if lines.strip() else []) == len(blocks)
    assert not re.search(r"[.。].", lines)
