"""The manual page is what the help of all commands says, and man understands it."""

import re
import shutil
import subprocess

import click
import pytest
from documents import ROOT, manual_page

from rnntag.cli import COMMANDS, cli
from rnntag.cli.manual import manual


@pytest.fixture(scope="module")
def page():
    return manual_page()


def test_the_page_that_is_installed_is_current(page):
    assert (ROOT / "docs" / "rnntag.1").read_text("utf-8") == page, "make docs writes it"
    assert '"docs/rnntag.1" = "share/man/man1/rnntag.1"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_each_command_and_option_is_there(page):
    parts = dict(re.findall(r'\.SH "RNNTAG (\w+)"\n(.*?)(?=\n\.SH|\Z)', page, re.S))
    assert list(parts) == [name.upper() for name in COMMANDS]
    context = cli.make_context("rnntag", [], resilient_parsing=True)
    for name, text in parts.items():
        told = text.replace(r"\-", "-")
        for option in cli.get_command(context, name.lower()).params:
            if isinstance(option, click.Option):
                assert all(f"\\fB{word}\\fR" in told for word in (*option.opts, *option.secondary_opts))
        assert ".nf\nExample:\n" in text


def test_nothing_in_it_depends_on_the_machine(page, monkeypatch):
    from rnntag.cli import options

    monkeypatch.setattr(options, "processors", lambda: 99)
    assert "one a processor, 4 at most" in page


def test_lines_of_text_are_no_commands_of_man():
    @click.group()
    def group():
        r"""Text with 'quotes', a \ and ~.

        .and a line with a dot

        \b
        Example:
          a --b 'c' `d` ^e
        """

    group.help = group.help.replace(r"\b", "\b")
    shown = manual(group.make_context("x", [], resilient_parsing=True))
    assert "Text with \\(aqquotes\\(aq, a \\e and \\(ti.\n.PP\n\\&.and a line with a dot\n" in shown
    assert ".nf\nExample:\n  a \\-\\-b \\(aqc\\(aq \\(gad\\(ga \\(hae\n.fi\n" in shown


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff")
def test_man_has_nothing_to_complain_of(page):
    found = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", "-z"], input=page.encode(), capture_output=True, check=True
    )
    assert found.stderr == b""
    shown = subprocess.run(["groff", "-man", "-Tascii", "-P-c"], input=page.encode(), capture_output=True, check=True)
    text = re.sub(r".\x08", "", shown.stdout.decode())
    assert "rnntag train train.conll --dev dev.conll -o my.rnntag" in text
    assert "-m, --model PATH" in text
