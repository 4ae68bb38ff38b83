"""--on-error skip: what cannot be read is left out and told, and the command goes on."""

import json

import click
import pytest
from click.testing import CliRunner
from shell import columns, run

from rnntag.cli import options, skipping
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, RestLostError
from rnntag.formats import Reading

SEVEN = "".join(f"a{number} O\n\nb O O\n\n" for number in range(7))


def fault(number):
    return CorpusError("is odd", where=f"a.conll:{number}", hint="mend it")


def test_the_first_are_shown_and_all_are_counted(capsys):
    skipped = skipping.Skipped()
    skipped.tell()
    for number in range(1, 8):
        skipped(fault(number))
    skipped(RestLostError("is lost"))
    skipped.tell()
    skipped.tell()
    assert capsys.readouterr() == (
        "",
        "".join(f"left out: a.conll:{number}: is odd\n" for number in range(1, 6))
        + "left out: is lost\nwarning: left out 8 records that cannot be read; the first 5 stand above\n",
    )
    skipped(fault(1))
    skipping.tell_skipped(Reading(skip=skipped))
    assert capsys.readouterr().err.endswith("\nwarning: left out 1 record that cannot be read\n")
    skipping.tell_skipped(Reading())


def test_where_nothing_else_was_there_that_is_an_error():
    skipped = skipping.Skipped()
    bursts = [[Sentence([])], [], [Sentence([])]]
    assert list(skipping.watched(bursts, Reading(skip=skipped))) == bursts
    skipped(fault(1))
    assert list(skipping.watched([*bursts, [Sentence(["a"])]], Reading(skip=skipped)))
    with pytest.raises(CorpusError, match="nothing of the input could be read"):
        list(skipping.watched(bursts, Reading(skip=skipped)))


def test_the_total_is_told_when_the_command_ends():
    @click.command()
    @options.input_format("some", "conll")
    @skipping.on_error
    def command(reading):
        if reading.how.skip:
            reading.how.skip(fault(1))
            raise click.ClickException("no")

    assert CliRunner().invoke(command, []).output == ""
    assert CliRunner().invoke(command, ["--on-error", "skip"]).output == (
        "left out: a.conll:1: is odd\nwarning: left out 1 record that cannot be read\nError: no\n"
    )
    assert "Did you mean 'skip'?" in CliRunner().invoke(command, ["--on-error", "skips"]).output


def test_convert_goes_on(tmp_path):
    outcome = run("convert", "--from", "conll", "--to", "plain-tags", "--on-error", "skip", text=SEVEN, cwd=tmp_path)
    assert (outcome.status, outcome.out) == (0, "O\n" * 7)
    told = outcome.err.splitlines()
    assert told[0] == "left out: <stdin>:3: 3 columns, but 2 in most lines"
    assert (len(told), told[-1]) == (6, "warning: left out 7 records that cannot be read; the first 5 stand above")
    outcome = run("convert", "--from", "jsonl", "-o", "a.conll", "--on-error", "skip", text="{oops\n[]\n", cwd=tmp_path)
    assert outcome.status == 1
    assert outcome.err.endswith(
        "warning: left out 2 records that cannot be read\nError: nothing of the input could be read\n"
        "hint: leave --on-error out to see the way out of the first fault\n"
    )
    assert not (tmp_path / "a.conll").exists()


def test_tag_gives_nothing_for_what_is_left_out(trained):
    lines = [json.dumps({"text": "wake me at seven"}), "{", json.dumps({"text": "nothing here"})]
    tag = "tag", "-m", trained.path, "--on-error", "skip"
    outcome = run(*tag, "--from", "jsonl", "--to", "plain-tags", text="\n".join(lines))
    assert (outcome.status, outcome.out) == (0, "O O O B-time\nO O\n")
    assert outcome.err.startswith("left out: <stdin>:2: not JSON at column 2: ")
    outcome = run(*tag, "--to", "plain-tags", text=b"wake me at seven\n\xff\n\nnothing here\n")
    assert (outcome.status, outcome.out) == (0, "O O O B-time\n\nO O\n")
    assert outcome.err == (
        "left out: <stdin>:2: byte 0xff is not UTF-8\nwarning: left out 1 record that cannot be read\n"
    )


def test_train_and_eval_go_on(tmp_path, trained):
    (tmp_path / "train.conll").write_text("a O O\n\n" + columns({"at seven": "O B-time", "no": "O"}) + "b\n\n" * 2)
    (tmp_path / "dev.conll").write_text("a\tO\n\nb\n\n" + columns({"at seven": "O B-time"}))
    train = "train", "train.conll", "--dev", "dev.conll", "--on-error", "skip", "--epochs", 1, "--hidden", 4
    outcome = run(*train, cwd=tmp_path)
    assert outcome.status == 0
    told = outcome.err.splitlines()
    assert told[3:5] == [
        "left out: dev.conll:3: 1 column, but 2 in most lines",
        "warning: left out 4 records that cannot be read",
    ]
    outcome = run("eval", "-m", trained.path, "dev.conll", "--on-error", "skip", cwd=tmp_path)
    assert outcome.status == 0
    assert outcome.err.startswith("left out: dev.conll:3: ")
