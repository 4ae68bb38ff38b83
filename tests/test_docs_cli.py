"""The words of the command line itself: everything has help."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from shell import COMMAND, environment

from rnntag.cli import COMMANDS as SHORT
from rnntag.cli import cli
from rnntag.version import __version__

CONTEXT = click.Context(cli)
COMMANDS = cli.list_commands(CONTEXT)


def help_of(*words):
    """What ``rnntag words... --help`` shows."""
    found = subprocess.run([*COMMAND, *words, "--help"], check=True, capture_output=True, env=environment())
    assert found.stderr == b""
    return found.stdout.decode()


def options(name):
    return [parameter for parameter in cli.get_command(CONTEXT, name).params if isinstance(parameter, click.Option)]


def test_there_are_these_commands():
    assert COMMANDS == ["check", "convert", "eval", "help", "info", "tag", "train"]


def test_help_has_a_worked_example():
    shown = help_of()
    assert "Example:\n    rnntag train " in shown
    for name in COMMANDS:
        assert re.search(rf"\n  {name} +{re.escape(SHORT[name])}\n", shown)
        assert f"rnntag {name} " in shown
    assert "Exit status: " in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_and_a_worked_example(name):
    shown = help_of(name)
    assert shown.startswith(f"Usage: rnntag {name} [OPTIONS] ")
    example = shown.partition("Example:\n")[2].partition("\n\n")[0].splitlines()
    assert len(example) >= 2
    assert all(f"rnntag {name}" in line for line in example)
    assert all(line.startswith("    ") for line in example)  # not wrapped into prose
    assert cli.get_command(CONTEXT, name).help.splitlines()[0].endswith((".", ","))
    for option in options(name):
        assert max(option.opts, key=len) in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_has_help(name):
    for option in options(name):
        assert option.help, option.name
        assert option.help.endswith("."), option.help


@pytest.mark.parametrize("name", COMMANDS)
def test_each_long_option_can_be_set_under_its_own_name_in_the_environment(name):
    """RNNTAG_TAG_TO for --to, as help has it, and not the name of some variable in the code."""
    for option in options(name):
        own = f"RNNTAG_{name}_{max(option.opts, key=len).lstrip('-')}".upper().replace("-", "_")
        known = [option.envvar] if isinstance(option.envvar, str) else [*(option.envvar or [])]
        known.append(f"RNNTAG_{name}_{option.name}".upper())  # Click's own
        assert own in known or option.envvar == "RNNTAG_MODEL", f"{own} does nothing"


def test_version():
    for command in (COMMAND, [Path(sys.executable).parent / "rnntag"]):
        if Path(command[0]).exists():
            found = subprocess.run([*command, "--version"], check=True, capture_output=True, env=environment())
            assert found.stdout.decode() == f"rnntag, version {__version__}\n"
