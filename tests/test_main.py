"""``python -m rnntag``."""

import runpy
import sys

import pytest

from rnntag.version import __version__


def test_the_module_runs_the_command_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["rnntag", "--version"])
    with pytest.raises(SystemExit) as left:
        runpy.run_module("rnntag", run_name="__main__")
    assert left.value.code == 0
    assert capsys.readouterr() == (f"rnntag, version {__version__}\n", "")
