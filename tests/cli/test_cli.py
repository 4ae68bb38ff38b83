"""The group of commands: how they are found, and how faults become exit statuses."""

import io
import os
import sys
from importlib import import_module
from types import SimpleNamespace

import click
import pytest

from rnntag import cli
from rnntag.errors import CorpusError, SpecError


@pytest.fixture
def leaving(monkeypatch, capsys):
    """Runs `main` over a command that ends in some way, and returns its status and what it printed."""
    kept = SimpleNamespace(
        **vars(os) | {"dup2": lambda old, new: os.close(old)}
    )  # standard output is that of the tests
    monkeypatch.setattr(cli, "os", kept)

    def left(end):
        def command(**settings):
            if isinstance(end, BaseException):
                raise end
            return end

        monkeypatch.setattr(cli.cli, "main", command)
        with pytest.raises(SystemExit) as caught:
            cli.main()
        return (caught.value.code, *capsys.readouterr())

    return left


def test_what_is_done_is_0_and_a_command_may_choose_its_status(leaving):
    assert [leaving(end) for end in (None, 0, 3)] == [(0, "", ""), (0, "", ""), (3, "", "")]


@pytest.mark.parametrize(
    ("end", "status", "said"),
    [
        (CorpusError("is none", where="a.conll:3", hint="do"), 1, "Error: a.conll:3: is none\nhint: do\n"),
        (SpecError("hidden is 0"), 2, "Error: hidden is 0\n"),
        (click.ClickException("no"), 1, "Error: no\n"),
        (click.UsageError("no such option"), 2, "Error: no such option\n"),
        (click.Abort(), 130, "interrupted\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (FileNotFoundError(2, "No such file", "a.conll"), 1, "Error: a.conll: no such file\n"),
        (OSError("Odd"), 1, "Error: odd\n"),
        (MemoryError("Unable to allocate 9 TiB"), 1, "Error: out of memory\n"),
    ],
)
def test_a_fault_is_a_sentence_and_a_status(leaving, end, status, said):
    assert leaving(end) == (status, "", said)


def test_a_fault_that_is_ours_is_not_hidden(leaving):
    with pytest.raises(ZeroDivisionError):
        leaving(ZeroDivisionError())


def test_every_command_is_a_module_of_its_name():
    context = click.Context(cli.cli)
    assert cli.cli.list_commands(context) == list(cli.COMMANDS) == sorted(cli.COMMANDS)
    for name in cli.COMMANDS:
        command = cli.cli.get_command(context, name)
        assert command is import_module(f"rnntag.cli.{name}").command
        assert command.name == name


def test_what_is_no_command_is_not_imported(monkeypatch):
    monkeypatch.setattr(cli, "import_module", None)
    assert cli.cli.get_command(click.Context(cli.cli), "options") is None


def test_output_is_utf_8_and_a_closed_stream_is_replaced(monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), "ascii")
    for name, stream in (("stdin", None), ("stderr", None), ("stdout", out)):
        monkeypatch.setattr(sys, name, stream)
    cli._ready_streams()
    with sys.stdin, sys.stderr:
        assert (sys.stdin.read(), sys.stderr.write("a")) == ("", 1)
    assert out.encoding == "utf-8"


def test_output_without_a_buffer_gets_one(monkeypatch):
    class Short(io.RawIOBase):
        """Writes a byte at a time, as a pipe may."""

        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data[:1])
            return min(1, len(data))

    raw = Short()
    monkeypatch.setattr(sys, "stdout", type("Unbuffered", (), {"buffer": raw})())
    cli._ready_streams()
    sys.stdout.write("über")
    sys.stdout.flush()
    assert raw.data == "über".encode()


def test_without_standard_output_nothing_is_done(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as caught:
        cli._ready_streams()
    assert caught.value.code == 1
    assert capsys.readouterr().err == "Error: standard output is closed\n"
