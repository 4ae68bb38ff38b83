"""Whoever reads README and docs can use everything, and finds nothing there that does not exist."""

import re

import click
import pytest
from documents import PAGES, ROOT

from rnntag.cli import cli

CONTEXT = click.Context(cli)
COMMANDS = cli.list_commands(CONTEXT)
# The pages on which a command's options are told; those of several commands stand on pages of their own.
TOLD = {
    "check": "check formats shell",
    "convert": "formats punctuate",
    "eval": "score tag formats shell",
    "help": "shell",
    "info": "tag",
    "tag": "tag formats punctuate probabilities shell",
    "train": "train formats punctuate",
}
FOREIGN = {"--version", "--help", "--keep"}  # of rnntag itself, and of gzip
FOREIGN |= {"--svg", "--millions"}  # of benchmarks


def options(name):
    return [parameter for parameter in cli.get_command(CONTEXT, name).params if isinstance(parameter, click.Option)]


def words(name):
    """The long options of a command."""
    return {word for option in options(name) for word in (*option.opts, *option.secondary_opts) if word[:2] == "--"}


def test_each_command_has_its_pages():
    assert sorted(TOLD) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_is_told(name):
    text = "".join((ROOT / "docs" / f"{page}.md").read_text("utf-8") for page in TOLD[name].split())
    known = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))
    assert words(name) - known - {"--help"} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_choice_is_told(name):
    prose = "\n".join(re.sub(r"^```.*\n(?:.*\n)*?```$", "", page.read_text("utf-8"), flags=re.M) for page in PAGES)
    told = {word for span in re.findall(r"`([^`]+)`", prose) for word in re.findall(r"[\w-]+", span)}
    choices = [option.type.choices for option in options(name) if isinstance(option.type, click.Choice)]
    assert {str(choice) for known in choices for choice in known} - told == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_tells_of_nothing_that_does_not_exist(page):
    # What `make figures` writes names the options of benchmarks.
    prose = re.sub(r"<!-- figures: \w+ -->.*?<!-- end -->", "", page.read_text("utf-8"), flags=re.DOTALL)
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", prose))
    assert told - set.union(*map(words, COMMANDS)) - FOREIGN == set()
