"""``rnntag tag``: probabilities, several taggings, forced tags, what to annotate next, other schemes, files."""

import re

import pytest
from shell import run

from rnntag import bundled

LINE = "wake me at seven tomorrow\n"
MODEL = ("-m", str(bundled.MODEL))


def tag(*arguments, text=LINE, **more):
    return run("tag", *MODEL, *arguments, text=text, **more)


def test_probabilities_in_columns():
    found = tag("--probabilities")
    assert (found.status, found.err) == (0, "")
    comments, rows = found.out.splitlines()[:3], found.out.splitlines()[3:]
    assert comments[0] == "# intent = set_alarm"
    assert [comment.partition(" = ")[0] for comment in comments[1:]] == ["# probability", "# intent_probability"]
    assert [row.split("\t")[1] for row in rows if row] == ["O", "O", "O", "B-time", "B-date"]
    assert all(re.fullmatch(r"\S+\t\S+\t[01]\.\d{4}", row) for row in rows if row)


def test_a_format_without_a_place_for_them():
    found = tag("--probabilities", "--to", "inline")
    assert (found.status, found.out) == (2, "")
    assert "Error: inline has no place for probabilities; these have: conll" in found.err


def test_the_best_taggings_follow_each_other():
    found = tag("--nbest", 3)
    assert [line for line in found.out.splitlines() if line.startswith("# rank")] == [
        "# rank = 0",
        "# rank = 1",
        "# rank = 2",
    ]
    assert found.out.count("\n\n") == 3
    inline = tag("--nbest", 2, "--to", "inline")
    assert len(inline.out.splitlines()) == 2
    assert inline.out.splitlines()[0] == "wake me at [seven](time) [tomorrow](date)\tset_alarm"


def test_spans_below_a_probability_are_left_out():
    assert tag("--to", "plain-tags").out == "O O O B-time B-date\tset_alarm\n"
    assert tag("--to", "plain-tags", "--min-probability", 1).out == "O O O O O\tset_alarm\n"
    some = tag("--to", "plain-tags", "--min-probability", 0.92).out
    assert some == "O O O O B-date\tset_alarm\n"


def test_forced_tags():
    given = "wake\t?\nme\t?\nat\t?\nseven\tB-time\ntomorrow\tI-time\n\n"
    found = tag("--from", "conll", "--forced", "--to", "plain-tags", text=given)
    assert found == (0, "O O O B-time I-time\tset_alarm\n", "")
    fault = tag("--from", "conll", "--forced", text="wake\tX\n\n")
    told = "Error: <stdin>:1: tag 'X' is to stand here, but the model has no such tag\nhint: ? lets the model choose\n"
    assert fault == (1, "", told)


def test_what_is_most_worth_annotating_next():
    text = "wake me at seven tomorrow\n" * 3 + "colourless green ideas dine furiously at the sleeping Italian\n\n"
    found = tag("--least-sure", 2, "--to", "inline", text=text)
    assert found.status == 0
    first, second = found.out.splitlines()
    assert "colourless" in first
    assert second.startswith("wake me at ")


@pytest.mark.parametrize(
    ("scheme", "tags"),
    [
        ("bioes", "O O O S-time S-date"),
        ("bilou", "O O O U-time U-date"),
        ("iob1", "O O O I-time I-date"),
        ("bmes", "O O O S-time S-date"),
    ],
)
def test_a_model_writes_any_scheme(scheme, tags):
    assert tag("--to", "plain-tags", "--to-scheme", scheme).out == f"{tags}\tset_alarm\n"


def test_output_goes_to_a_file(tmp_path):
    assert tag("-o", "out.conll", cwd=tmp_path) == (0, "", "")
    assert (tmp_path / "out.conll").read_text("utf-8") == tag().out


def test_raw_text_is_cut_if_asked_and_the_places_stay():
    found = tag("--characters", "--to", "inline", text="Wake me  at seven, tomorrow.\n")
    assert found.out == "Wake me  at [seven](time), [tomorrow](date).\tset_alarm\n"
