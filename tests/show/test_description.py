"""A model described for a person and in JSON."""

import json
from dataclasses import replace

import pytest

from rnntag.files import bundled
from rnntag.model.file import load_model
from rnntag.model.record import Record
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task
from rnntag.show.description import WIDTH, _listed, as_dict, as_text, raw_text


@pytest.fixture
def model():
    return load_model(bundled.MODEL)


def lines(model):
    """Each line by its name."""
    return {line[:13].strip(): line[13:] for line in as_text(model, bundled.MODEL).splitlines()}


def test_json_can_hold_all_of_it(model):
    found = as_dict(model, bundled.MODEL)
    assert json.loads(json.dumps(found)) == {**found, "network": json.loads(json.dumps(found["network"]))}
    assert found["parameters"] == model.parameters.flat.size
    assert found["members"] == 1


def test_a_line_a_fact_in_this_order(model):
    assert list(lines(model)) == [
        *("model", "network", "weights", "features", "scheme", "labels", "intents"),
        *("raw text", "trained on", "training", "scores", "temperature"),
    ]


def test_what_is_not_known_is_left_out(model):
    model.record, model.intents = Record(), []
    assert list(lines(model)) == [
        "model",
        "network",
        "weights",
        "features",
        "scheme",
        "labels",
        "raw text",
        "temperature",
    ]
    assert lines(model)["temperature"] == f"of tags {model.temperatures.tags:.2f}"


def test_several_members_have_their_seeds_and_no_epoch(model):
    model.members *= 2
    model.record = replace(model.record, seeds=[5, 6], epoch=None)
    found = lines(model)
    assert found["network"].endswith(", crf, 2 members averaged")
    assert found["training"] == f"seed 5, 6, batch {model.record.recipe['batch']}"
    assert found["weights"] == f"{2 * model.parameters.flat.size:,}"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"cell": "rnn", "layers": 2}, "simple recurrent network, both ways, 2 layers of 128 units, crf"),
        ({"direction": "forward", "look_ahead": 1}, "LSTM, left to right, waits for 1 word, 1 layer of 128 units, crf"),
        (
            {"direction": "forward", "look_ahead": 2},
            "LSTM, left to right, waits for 2 words, 1 layer of 128 units, crf",
        ),
        ({"cell": "window", "window": 4}, "window of 4 words, both ways, 1 layer of 128 units, crf"),
        ({"direction": "backward", "decoder": "softmax"}, "LSTM, right to left, 1 layer of 128 units, softmax"),
    ],
)
def test_a_network_in_a_line(model, changes, text):
    model.spec = replace(model.spec, **changes)
    assert lines(model)["network"] == text


@pytest.mark.parametrize(
    ("task", "text"),
    [
        (Task("punctuation"), "punctuation, the usual marks"),
        (Task("punctuation", Marks.parse("COMMA=, PERIOD=."), True), "punctuation, COMMA=, PERIOD=., capitals"),
        (Task("sentences"), "sentences"),
    ],
)
def test_a_task_in_a_line(model, task, text):
    model.record = replace(model.record, task=task)
    assert lines(model)["task"] == text


def test_marks_that_were_named_for_columns(model):
    assert "marks" not in lines(model)
    model.record = replace(model.record, tag_marks=Marks.parse("WAVE=~ PERIOD=."))
    assert lines(model)["marks"] == "WAVE=~ PERIOD=."


def test_a_long_list_is_cut():
    assert _listed(["a", "b"]) == "2: a, b"
    found = _listed([f"name{number:02}" for number in range(40)])
    assert found.startswith("40: name00, name01, ")
    assert found.endswith("name11, and 28 more")
    assert len(found) < WIDTH + 20
    assert _listed(["x" * 200, "y"]) == f"2: {'x' * 200}, and 1 more"


@pytest.mark.parametrize(("width", "indent"), [(80, 13), (40, 2)])
def test_in_a_terminal_lines_go_on_below(model, width, indent):
    whole, fitted = (as_text(model, bundled.MODEL, each) for each in (None, width))
    assert max(len(line) for line in fitted.splitlines() if str(bundled.MODEL) not in line) <= width
    assert fitted.split() == whole.split()
    below = [line for line in fitted.splitlines() if line.startswith(" ")]
    assert below
    assert all(line[:indent].isspace() and line[indent] != " " for line in below)


def test_how_raw_text_is_cut_in_a_line(model):
    learned = "is cut as the corpus was, which was learned"
    assert raw_text(model) == f"{learned} (100.0 % of the tokens of dev are found)"
    model.record = replace(model.record, cut_right=None)
    assert raw_text(model) == learned
    model.tokeniser = None
    assert raw_text(model) == "is cut at white space"
    model.record = replace(model.record, characters=True)
    assert raw_text(model) == "is cut into words, marks and single characters of scripts without spaces"
    model.record = replace(model.record, task=Task("sentences"))
    assert raw_text(model) == "is cut into words, marks and single characters of scripts without spaces"
    model.tags = ["O", "COMMA", "PERIOD"]
    assert raw_text(model) == "is cut into words, and its marks are left out"
