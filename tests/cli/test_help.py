"""rnntag help: what --help says, and the manual page."""

from click.testing import CliRunner

from rnntag.cli import cli
from rnntag.cli.manual import manual


def told(*words, status=0):
    outcome = CliRunner().invoke(cli, words, prog_name="rnntag")
    assert outcome.exit_code == status
    return outcome.output


def test_help_is_that_of_the_group_or_of_a_command():
    assert told("help") == told("--help")
    for name in ("tag", "help"):
        assert told("help", name) == told(name, "--help")


def test_what_is_no_command_is_told_with_what_may_have_been_meant():
    assert told("help", "trian", status=2).endswith("Did you mean 'train'?\n")
    assert told("trian", status=2).endswith("Error: No such command 'trian'. Did you mean 'train'?\n")
    assert told("x", status=2).endswith("Error: No such command 'x'.\n")
    assert "No such option" in told("--trian", status=2)


def test_the_manual_page_is_written():
    page = told("help", "--man")
    assert page == manual(cli.make_context("rnntag", [], resilient_parsing=True))
