"""Help in a narrow terminal."""

import shlex

import click
import pytest
from click.testing import CliRunner

from rnntag.cli import COMMANDS, cli
from rnntag.cli.narrow import NarrowFormatter


def help_of(*words, columns):
    outcome = CliRunner().invoke(cli, [*words, "--help"], prog_name="rnntag", env={"COLUMNS": str(columns)})
    assert outcome.exit_code == 0
    return outcome.output


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_no_line_is_longer_than_the_terminal(name):
    words = [name] if name else []
    wide, narrow = help_of(*words, columns=80), help_of(*words, columns=40)
    long = [line for line in narrow.splitlines() if len(line) > 39]
    assert [line for line in long if " " in line.strip() and "'" not in line] == []  # but for what cannot be parted
    assert set(wide.replace("|", " ").split()) <= {*narrow.replace("|", " ").split()} | {"\\"}


def test_examples_can_still_be_pasted():
    wide, narrow = help_of("tag", columns=100), help_of("tag", columns=40)
    examples = [text.partition("Example:\n")[2].partition("\n\n")[0] for text in (wide, narrow)]
    commands = examples[1].replace(" \\\n", " ").splitlines()
    assert list(map(shlex.split, commands)) == list(map(shlex.split, examples[0].splitlines()))


def test_a_wide_terminal_is_left_to_click():
    assert help_of("tag", columns=60) == help_of("tag", columns=60)
    assert "-h, --help  " in help_of("tag", columns=60)
    assert "-h, --help\n" in help_of("tag", columns=59)


def test_an_option_stands_above_its_text():
    formatter = NarrowFormatter(width=30)
    with formatter.section("Options"):
        formatter.write_dl([("--from [auto|plain|text|conll]", "Format of what is read."), ("-x", "")])
    assert formatter.getvalue() == (
        "Options:\n  --from [auto|plain|\n      text|conll]\n      Format of what is read.\n  -x\n"
    )


def test_a_table_hangs_below_its_second_column():
    formatter = NarrowFormatter(width=30)
    text = "\b\nKinds:\n  a, b   words that go on in the next line\n" + " " * 20 + "and so on, and on"
    formatter.write_text(text)
    assert formatter.getvalue() == (
        "Kinds:\n  a, b   words that go on in\n         the next line\n    and so on, and on\n"
    )


def test_click_is_wide_enough_for_itself():
    assert isinstance(click.Context(cli).make_formatter(), click.HelpFormatter)
