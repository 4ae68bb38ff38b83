"""Scores as tables and as JSON."""

import json
from dataclasses import replace

import pytest

from rnntag.evaluation.comparison import comparison
from rnntag.evaluation.of_file import of_file
from rnntag.evaluation.reliability import Bin, Reliability, Threshold
from rnntag.evaluation.results import ALL, with_sections
from rnntag.show.scores import BAR, CONFUSIONS, WORST, as_json, as_text


@pytest.fixture
def result(files):
    return of_file("tagged.conll", files)


def cells(text):
    return [line.split() for line in text.splitlines()]


def test_a_line_a_type_and_one_for_all(result):
    found = cells(as_text(result, "never"))
    assert found[:5] == [
        ["span", "precision", "recall", "F1", "gold", "found", "correct"],
        ["city", "50.00", "50.00", "50.00", "2", "2", "1"],
        ["date", "0.00", "0.00", "0.00", "0", "1", "0"],
        ["time", "100.00", "50.00", "66.67", "2", "1", "1"],
        ["all", "50.00", "50.00", "50.00", "4", "4", "2"],
    ]
    assert " ".join(found[6]) == "token accuracy 62.50 (5 of 8), sentence accuracy 66.67 (2 of 3)"
    assert " ".join(found[7]) == "intent accuracy 66.67 (2 of 3), utterance accuracy 33.33 (1 of 3)"
    assert " ".join(found[8]) == result.signature
    assert len(found) == 9


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


def test_json_is_one_line(result, files):
    for found in (result, comparison(files, ("gold.conll", "tagged.conll"))):
        text = as_json(found)
        assert text.count("\n") == 1
        assert json.loads(text) == json.loads(json.dumps(found.as_dict()))


def test_colours_are_only_put_in(result):
    text = as_text(result, "always")
    assert "\x1b[1m" in text
    plain = as_text(result, "never")
    assert "\x1b" not in plain
