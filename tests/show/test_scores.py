"""Scores as tables and as JSON."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from rnntag.evaluation.comparison import comparison
from rnntag.evaluation.of_file import of_file
from rnntag.evaluation.reliability import Bin, Reliability, Threshold
from rnntag.evaluation.results import ALL, Part, with_sections
from rnntag.show.scores import BAR, CONFUSIONS, WORST, as_text


@pytest.fixture
def result(files):
    return of_file("tagged.conll", files)


def cells(text):
    return [line.split() for line in text.splitlines()]


def test_a_line_a_type_one_for_all_and_one_for_their_mean(result):
    found = cells(as_text(result, "never"))
    assert found[:6] == [
        ["span", "precision", "recall", "F1", "gold", "found", "correct"],
        ["city", "50.00", "50.00", "50.00", "2", "2", "1"],
        ["date", "0.00", "0.00", "0.00", "0", "1", "0"],
        ["time", "100.00", "50.00", "66.67", "2", "1", "1"],
        ["all", "50.00", "50.00", "50.00", "4", "4", "2"],
        ["macro", "50.00", "33.33", "38.89"],
    ]
    assert found[6] == []
    assert found[7:12] == [
        ["intent", "precision", "recall", "F1", "gold", "found", "correct"],
        ["alarm", "100.00", "100.00", "100.00", "1", "1", "1"],
        ["fare", "0.00", "0.00", "0.00", "1", "0", "0"],
        ["flight", "50.00", "100.00", "66.67", "1", "2", "1"],
        ["macro", "50.00", "66.67", "55.56"],
    ]
    assert found[12] == []
    assert " ".join(found[13]) == "token accuracy 62.50 (5 of 8), sentence accuracy 66.67 (2 of 3)"
    assert " ".join(found[14]) == "intent accuracy 66.67 (2 of 3), utterance accuracy 33.33 (1 of 3)"
    assert " ".join(found[15]) == result.signature
    assert len(found) == 16


def test_where_there_are_no_intents_there_is_no_table_of_them(files):
    bare = [sentence.with_tags(sentence.tags) for sentence in files]
    for sentence in bare:
        sentence.intent = None
    text = as_text(of_file("tagged.conll", bare), "never")
    assert "intent" not in text


def test_a_row_a_file_comes_first(result):
    parts = [Part("a.conll", result.scores, "a"), Part("b.conll", result.scores, "b")]
    found = cells(as_text(replace(result, parts=parts), "never"))
    head = "file sentences precision recall F1 macro F1 token accuracy sentence accuracy intent accuracy"
    assert " ".join(found[0]) == f"{head} utterance accuracy"
    figures = ["3", "50.00", "50.00", "50.00", "38.89", "62.50", "66.67", "66.67", "33.33"]
    assert found[1:5] == [["a.conll", *figures], ["b.conll", *figures], ["all", *figures], []]
    assert found[5][0] == "span"


@pytest.mark.parametrize("width", [40, 80])
def test_all_can_be_read_on_a_narrow_terminal(files, result, width):
    """No line but the signature is wider than the terminal, and every figure is there and whole."""
    reliability = Reliability(0.1234, 0.5, [Bin(0.2, 0.3, 7, 0.25, 0.5)], [Threshold(0.5, 100.0, 25.0, 40.0)])
    parts = [Part("a.conll", result.scores, "a"), Part("b.conll", result.scores, "b")]
    whole = replace(with_sections(result, ALL), reliability=reliability, parts=parts)
    compared = comparison(files, ("gold.conll", "tagged.conll"))
    for found in (whole, compared):
        narrow, wide = (as_text(found, "never", each) for each in (width, None))
        *lines, signature = narrow.splitlines()
        assert signature == found.signature
        assert max(map(len, lines)) <= width
        figures, shown = (Counter(re.findall(r"\d+\.\d+", text)) for text in (wide, narrow))
        assert figures <= shown  # names of rows come with each block of columns
    assert "█" in as_text(whole, "never", width)


def test_what_the_result_holds_besides_is_shown(result):
    text = as_text(with_sections(result, ALL), "never")
    for part in (
        "   95 %",
        "95 % intervals: precision ",
        "mistakes ",
        "gold type ",
        "worst sentences ",
        "intervals 95 %",
    ):
        assert part in text
    assert "seen in training" not in text  # that is not known
    assert "calibration" not in text


def test_long_lists_of_mistakes_are_cut(result):
    whole = with_sections(result, ALL)
    [first, *_] = whole.mistakes.sentences
    many = replace(whole.mistakes, confusions={(f"a{n}", "b"): 1 for n in range(30)}, sentences=[first] * 30)
    text = as_text(replace(whole, mistakes=many), "never")
    assert text.count("  b  ") == CONFUSIONS
    assert text.count("gold.conll:2  ") == WORST


def test_the_diagram_has_a_bar_a_bin_and_the_mean_probability_in_it(result):
    reliability = Reliability(0.1234, None, [Bin(0.2, 0.3, 7, 0.25, 0.5)], [Threshold(0.5, 100.0, 25.0, 40.0)])
    found = as_text(replace(result, reliability=reliability), "never").splitlines()
    assert "expected calibration error of spans 0.1234" in found
    [row] = [line.split() for line in found if line.startswith("0.20 to 0.30")]
    assert row[3:6] == ["7", "25.0", "50.0"]
    assert row[6] == "█" * 7 + "|" + "█" * 7 + "·" * 15
    assert len(row[6]) == BAR
    assert ["0.50", "100.00", "25.00", "40.00"] in cells("\n".join(found))
    both = replace(result, reliability=reliability._replace(intents=0.5))
    assert ", of intents 0.5000\n" in as_text(both, "never")


def test_two_answers_and_how_they_differ(files):
    found = comparison(files, ("gold.conll", "tagged.conll"))
    lines = as_text(found, "never").splitlines()
    assert lines[:3] == ["A  gold.conll", "B  tagged.conll", ""]
    assert ["F1", "100.00", "50.00", "-50.00"] in [line.split()[:4] for line in lines]
    assert lines[-2:] == [f"{found.contrast.meaning()}.", found.signature]


def test_a_label_is_one_word_whatever_it_holds(files):
    odd = [sentence.with_tags([tag.replace("city", "a\u2028b") for tag in sentence.tags]) for sentence in files]
    lines = as_text(of_file("tagged.conll", odd), "never").split("\n")
    assert [line.split(" ")[0] for line in lines[1:3]] == ["a\u2028b", "city"]
    assert all(line == line.rstrip(" ") for line in lines)


def test_colours_are_only_put_in(result):
    text = as_text(result, "always")
    assert "\x1b[1m" in text
    plain = as_text(result, "never")
    assert "\x1b" not in plain
