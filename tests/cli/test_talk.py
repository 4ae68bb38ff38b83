"""What a person is told, and how long it may be."""

import json

import click
import pytest
from shell import run

from rnntag.cli import talk

LONG = "y" * 300_000
ODD = "a\x1b[2J\x7f\x9b\u202e\udc80b"


def test_a_sentence_is_one_line(capsys):
    talk.say(f"{ODD}\nhint: c")
    assert capsys.readouterr().err == "a␛[2J␡\ufffd\ufffd\ufffdb␊hint: c\n"


def test_what_cannot_be_said_never_stops_the_work(monkeypatch):
    def full(*arguments, **settings):
        raise OSError

    monkeypatch.setattr(click, "echo", full)
    talk.say("a")


def test_what_failed_may_have_several_lines(capsys):
    with pytest.raises(SystemExit) as left:
        talk.fail(f"{ODD}\nhint: c", 3)
    assert left.value.code == 3
    assert capsys.readouterr().err == "a␛[2J␡\ufffd\ufffd\ufffdb\nhint: c\n"


def test_a_faulty_command_line_is_told_as_click_does(capsys):
    with pytest.raises(SystemExit) as left:
        talk.refuse(click.UsageError(f"No such option: --\x07{LONG}"))
    assert left.value.code == 2
    assert capsys.readouterr().err == f"Error: No such option: --␇{'y' * 281}… (300,019 characters)\n"
    with pytest.raises(SystemExit):
        talk.refuse(click.UsageError("", click.Context(click.Command("tag"), info_name="tag")))
    assert capsys.readouterr().err == "Usage: tag [OPTIONS]\nTry 'tag --help' for help.\n\nError: \n"


def test_json_stays_what_it_was(capsys):
    talk.show_json({ODD: [ODD, "é语"]})
    out = capsys.readouterr().out
    assert out == '{"N": ["N", "é语"]}\n'.replace("N", r"a\u001b[2J\u007f\u009b\u202e\udc80b")
    assert json.loads(out) == {ODD: [ODD, "é语"]}


def test_what_is_shown_may_have_colours_of_our_own_alone(capsys):
    talk.show(f"{ODD}\n")
    talk.show_coloured("\x1b[1ma\x1b[0m\n")
    assert capsys.readouterr().out == "a␛[2J␡\ufffd\ufffd\ufffdb\n\x1b[1ma\x1b[0m\n"


@pytest.mark.parametrize(
    "words",
    [
        ("convert", "long.tsv", "--tag-column", "x"),
        ("convert", "short.tsv", "--tag-column", LONG[:100_000]),
        ("tag", "--to", LONG[:100_000]),
        ("tag", f"--{LONG[:100_000]}"),
        (LONG[:100_000],),
        ("tag", LONG[:100_000]),
        ("eval", "long.conll"),
    ],
    ids=["columns", "a column", "a value", "an option", "a command", "a file", "a tag"],
)
def test_a_message_is_short_however_long_its_subject(tmp_path, words):
    (tmp_path / "long.tsv").write_text(f"word\t{LONG}\na\tO\n")
    (tmp_path / "short.tsv").write_text("word\ttag\na\tO\n")
    (tmp_path / "long.conll").write_text(f"a\tO\nb\tI-{LONG}\nc\n")
    found = run(*words, cwd=tmp_path)
    assert found.status != 0
    assert 0 < len(found.err) < 2000
