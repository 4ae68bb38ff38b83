"""What the README shows from Python does what it says."""

import re
import subprocess
import sys
from pathlib import Path

from shell import environment

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_the_example_prints_what_the_readme_shows(tmp_path):
    section = README.partition("## From Python")[2]
    program, shown = re.findall(r"```(?:python)?\n(.*?)```", section, re.DOTALL)[:2]
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert found.stdout == shown


def test_no_figure_is_left_open():
    assert "@@" not in README
