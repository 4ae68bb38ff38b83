"""``rnntag`` and ``python -m rnntag``, and Ctrl-C before and after all that they do."""

import os
import runpy
import signal
import subprocess
import sys
import time

import pytest
from shell import ROOT, environment

from rnntag import __main__ as entry
from rnntag.version import __version__


@pytest.fixture
def handlers(monkeypatch):
    """What is asked of Ctrl-C, which stays as it is for whoever runs the tests."""
    asked = []
    monkeypatch.setattr(signal, "signal", lambda *handler: asked.append(handler))
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    return asked


def test_the_module_runs_the_command_line(monkeypatch, capsys, handlers):
    monkeypatch.setattr(sys, "argv", ["rnntag", "--version"])
    monkeypatch.delitem(sys.modules, "rnntag.__main__")
    with pytest.raises(SystemExit) as left:
        runpy.run_module("rnntag", run_name="__main__")
    assert left.value.code == 0
    assert capsys.readouterr() == (f"rnntag, version {__version__}\n", "")


def test_ctrl_c_once_all_is_done_breaks_nothing(monkeypatch, capsys, handlers):
    monkeypatch.setattr(sys, "argv", ["rnntag", "--version"])
    with pytest.raises(SystemExit):
        entry.main()
    assert handlers == [(signal.SIGINT, signal.SIG_IGN)]


def test_the_console_script_is_the_same():
    scripts = (ROOT / "pyproject.toml").read_text("utf-8").partition("[project.scripts]\n")[2]
    assert scripts.startswith('rnntag = "rnntag.__main__:main"\n')


# Sends Ctrl-C to itself when so many modules are being looked for, and runs the command line.
INTERRUPTED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
import rnntag.__main__

class Finder:
    left = int(sys.argv.pop(1))
    def find_spec(self, name, path=None, target=None):
        Finder.left -= 1
        if not Finder.left:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
rnntag.__main__.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself Ctrl-C there")
@pytest.mark.parametrize("place", [1, 2, 40, 95, 150, 205])  # Click, the command, NumPy, the model
def test_ctrl_c_while_it_loads_is_no_traceback(place):
    command = [sys.executable, "-c", INTERRUPTED, str(place), "tag", os.devnull]
    done = subprocess.run(command, capture_output=True, text=True, env=environment())
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "interrupted")


class Interrupted:
    """What Ctrl-C meets while it is being thrown away."""

    def __del__(self):
        raise KeyboardInterrupt


def test_ctrl_c_in_a_callback_comes_again(monkeypatch, capsys):
    monkeypatch.setattr(sys, "unraisablehook", entry._come_again)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # it is ignored by a job in the background
    try:
        with pytest.raises(KeyboardInterrupt):
            throw_away(Interrupted())
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr().err == ""


def throw_away(thing):
    """And wait for what comes of it."""
    del thing
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        time.sleep(0.01)


def test_what_else_falls_into_a_callback_is_told_as_ever(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "__unraisablehook__", told.append)
    monkeypatch.setattr(sys, "unraisablehook", entry._come_again)

    class Faulty:
        def __del__(self):
            raise ValueError("of a callback")

    Faulty()
    assert [str(fault.exc_value) for fault in told] == ["of a callback"]
