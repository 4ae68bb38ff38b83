"""When text is coloured."""

import sys

import pytest

from rnntag.show.console import console


@pytest.fixture
def streams(monkeypatch):
    """Standard output is a terminal, or not; NO_COLOR is set, or not."""

    def standing(terminal, bare):
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
        monkeypatch.delenv("NO_COLOR", raising=False)
        if bare:
            monkeypatch.setenv("NO_COLOR", "1")

    return standing


@pytest.mark.parametrize(
    ("color", "terminal", "bare", "coloured"),
    [
        ("auto", True, False, True),
        ("auto", True, True, False),
        ("auto", False, False, False),
        ("always", False, True, True),
        ("never", True, False, False),
    ],
)
def test_colours_come_on_a_terminal_or_when_asked_for(streams, color, terminal, bare, coloured):
    streams(terminal, bare)
    out = console(color)
    with out.capture() as captured:
        out.print("a", style="bold red", end="")
    assert ("\x1b[" in captured.get()) == coloured
    assert captured.get().count("a") == 1


def test_a_forced_colour_makes_no_terminal_of_a_file(streams, monkeypatch):
    streams(False, False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert not console().is_terminal


def test_each_stream_is_asked_for_itself(streams):
    streams(True, False)
    assert (console().is_terminal, console(stderr=True).is_terminal) == (True, False)


def test_text_is_shown_as_it_is(streams):
    streams(True, False)
    out = console("never")
    with out.capture() as captured:
        out.print("[bold]1 http://a 'b'[/bold]", end="")
    assert captured.get() == "[bold]1 http://a 'b'[/bold]"
