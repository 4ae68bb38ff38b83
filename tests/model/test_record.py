"""The record of a model: what follows from it, and that it comes back from JSON as it was."""

import json

import pytest

from rnntag.model.record import Record, Temperatures, is_english
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task

MARKS = Marks.parse("HALT=.")
FULL = Record(
    recipe={"bptt": 128, "context": 9, "seed": 3},
    train={"corpus": "ab12", "sentences": 5, "tokens": 40},
    dev={"corpus": "cd34", "sentences": 2},
    characters=True,
    lower=True,
    task=Task("punctuation", MARKS),
    base="12ab34cd",
    replay={"corpus": "ef56", "sentences": 7},
    epoch=4,
    figures={"f1": 91.5, "accuracy": 97.0},
    seeds=[3, 4],
)


@pytest.mark.parametrize(
    "record",
    [Record(), FULL, Record(epoch=1, figures={"quality": 0.0}), Record(tag_marks=MARKS)],
    ids=["none", "all", "some", "marks"],
)
def test_what_is_stored_comes_back(record):
    stored = json.loads(json.dumps(record.as_dict()))
    again = Record.from_dict(stored)
    assert again.as_dict() == record.as_dict()
    assert again == record
    assert (again.recipe, again.figures, again.epoch) == (record.recipe, record.figures, record.epoch)


def test_what_is_not_known_is_left_out():
    assert Record().as_dict() == {"characters": False, "lower": False}
    assert list(FULL.as_dict()) == [
        *("recipe", "train", "dev", "characters", "lower", "task", "base", "replay", "epoch", "f1", "accuracy", "seeds")
    ]


@pytest.mark.parametrize(
    ("recipe", "runs_on", "context"),
    [({}, False, 0), ({"context": 9}, False, 0), ({"bptt": 128}, True, 0), ({"bptt": 128, "context": 9}, True, 9)],
)
def test_context_counts_for_models_of_running_text_alone(recipe, runs_on, context):
    assert (Record(recipe).runs_on, Record(recipe).context) == (runs_on, context)


def test_the_seed_of_the_recipe_is_that_of_a_single_member():
    assert Record().trained_under == []
    assert Record({"seed": 5}).trained_under == [5]
    assert Record({"seed": 5}, seeds=[5, 6]).trained_under == [5, 6]


def test_what_text_is_read_and_written_like_follows_from_the_task_or_from_the_tags():
    words, marks = ["O", "B-city"], ["O", "COMMA", "PERIOD"]
    plain, taught = Record(), Record(task=Task("punctuation", None, case=True))
    assert plain.reads(words) is None
    assert plain.reads(marks) == Task("punctuation")
    assert taught.reads(words) is taught.task
    assert [plain.capitals(tags) for tags in (words, marks)] == [False, True]
    assert not taught.capitals(marks)  # its tags say the case
    assert plain.marks is None
    assert FULL.marks is MARKS
    named = Record(tag_marks=Marks.parse("WAVE=~"))
    assert named.marks is named.tag_marks
    assert named.reads(["O", "WAVE"]) == Task("punctuation")
    assert plain.reads(["O", "WAVE"]) is None
    assert named.capitals(["O", "WAVE"])


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ([], "the record is none"),
        ({"recipe": []}, "the recipe in the record is none"),
        ({"recipe": {"seed": 1 << 60}}, "the recipe in the record is none"),
        ({"recipe": {"batch": [8]}}, "the settings of the recipe in the record are none"),
        ({"task": {"name": "punctuation", "marks": [], "case": False}}, "the task is none"),
        ({"task": {"name": "punctuation", "marks": None, "case": 1}}, "the task is none"),
        ({"recipe": {"seed": -1}}, "the recipe in the record is none"),
        ({"train": {"corpus": "ab", "sentences": 5, "tokens": True}}, "a corpus in the record is none"),
        ({"seeds": [1, 2.0]}, "the seeds in the record are none"),
        ({"lower": 1}, "how text is read is not in the record"),
        ({"epoch": True}, "the epoch in the record is none"),
        ({"f1": 91}, "the scores in the record are none"),
    ],
)
def test_a_record_that_is_none_is_a_type_error(stored, told):
    with pytest.raises(TypeError) as caught:
        Record.from_dict(stored)
    assert str(caught.value) == told


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("inf"), float("nan"), 1, None])
def test_what_no_score_can_be_divided_by_is_no_temperature(temperature):
    Temperatures().check()
    for pair in ((temperature, 1.0), (1.0, temperature)):
        with pytest.raises(ValueError, match="the temperatures are none"):
            Temperatures(*pair).check()


def test_a_vocabulary_is_english_only_with_every_word_of_that_kind():
    from rnntag.punctuation.restorer import ENGLISH

    assert is_english(ENGLISH)
    assert not is_english(ENGLISH - {sorted(word for word in ENGLISH if word.isalpha())[0]})
