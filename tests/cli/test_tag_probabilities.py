"""``rnntag tag``: probabilities, several taggings, forced tags, what to annotate next, other schemes, files."""

import re

import pytest
from shell import run

from rnntag.files import bundled

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


def test_probabilities_are_never_those_of_other_tags():
    """A tag that took the place of another has none."""
    for words in (("--min-probability", 0.92), ("--to-scheme", "bioes"), ("--nbest", 2)):
        more = () if words[0] == "--nbest" else ("--probabilities",)
        rows = [line for line in tag(*more, *words).out.splitlines() if line and not line.startswith("#")]
        left = {len(row.split("\t")) for row in rows}
        assert left == {2}, words


def test_options_that_make_no_sense_together():
    for words, told in (
        (("--least-sure", 2, "--nbest", 3), "--least-sure lists sentences, and --nbest taggings of each: one after"),
        (("--min-probability", "nan"), "--min-probability is no number"),
    ):
        found = tag(*words)
        assert (found.status, found.out) == (2, "")
        assert f"Error: {told}" in found.err


def test_spans_of_the_input_do_not_tell_where_to_cut(tmp_path):
    given = '{"text": "wake me at seven, please", "spans": [{"start": 11, "end": 16, "label": "time"}]}\n'
    bare = '{"text": "wake me at seven, please"}\n'
    for words in ((), ("--characters",), ("--spaces",)):
        ways = [tag("--from", "jsonl", "--to", "conll", *words, text=text).out for text in (given, bare)]
        assert ways[0] == ways[1]
        assert ("seven,\t" in ways[0]) == (words == ("--spaces",))


def test_forced_spans_of_text_leave_the_rest_to_the_model():
    given = "wake me at seven [tomorrow](time)\n"
    assert (
        tag("--from", "inline", "--forced", "--to", "plain-tags", text=given).out == "O O O B-time B-time\tset_alarm\n"
    )
    assert tag("--from", "inline", "--forced", "--to", "inline", text="wake me at [seven tomorrow](date)\n").out == (
        "wake me at [seven tomorrow](date)\tset_alarm\n"
    )


def test_input_that_looks_like_something_else_is_told():
    columns = "# intent = x\nto\tO\nOslo\tB-city\n\n"
    warning = "warning: <stdin> looks like conll: add --from conll\n"
    assert tag(text=columns).err == warning
    assert tag("--from", "plain", text=columns).err == ""
    assert tag(text='{"text": "x"}\n').err == "warning: <stdin> looks like jsonl: add --from jsonl\n"
    assert tag(text="so O\nno B-side\nmore words\n").err == ""


def test_what_is_read_is_not_written_over(tmp_path):
    for name in ("a.conll", "b.jsonl"):
        (tmp_path / name).write_text("a\tO\n\n" if name[0] == "a" else '{"text": "a", "spans": []}\n')
        before = (tmp_path / name).read_bytes()
        for command in (("tag", *MODEL), ("convert",)):
            found = run(*command, name, "-o", f"./{name}", cwd=tmp_path)
            assert found.status == 2
            assert f"Error: FILE and --output are the same file, ./{name}\n" in found.err
        assert (tmp_path / name).read_bytes() == before


def test_to_label_studio_a_model_predicts_and_does_not_annotate():
    found = tag("--to", "label-studio")
    assert '"predictions": [{"result": [{' in found.out
    assert '"annotations"' not in found.out
