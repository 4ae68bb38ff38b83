"""benchmarks/figures.py: what was measured goes into the pages, between its two lines, and nothing else changes."""

import json
import subprocess
import sys

import pytest
from shell import ROOT, environment

SCORES = [
    {
        "corpus": corpus,
        "scored": scored,
        "seeds": 1,
        "F1": f1,
        "token accuracy": 99.0,
        "intent": "",
        "utterance": "",
        "epochs": 9,
        "seconds": 61.5,
        "peak MB": 250,
        "model MB": 2.2,
    }
    for corpus, scored, f1 in (("atis", "dev", 97.5), ("atis", "test", 12.25))
]
RESULT = {"command": "python benchmarks/accuracy.py atis --seeds 1", "machine": "A chip", "date": "2026-01-02"}
RESULT |= {"commit": "abc1234", "tables": {"scores": SCORES}}
PAGE = (
    "Before.\n<!-- figures: accuracy -->\nold\n<!-- end -->\nBetween.\n<!-- figures: growth -->\nkept\n<!-- end -->\n"
)


@pytest.fixture
def figures(tmp_path):
    """Write the pages in a folder from the results in it."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "figures.md").write_text(PAGE, "utf-8")

    def written():
        command = [sys.executable, str(ROOT / "benchmarks" / "figures.py"), "--write"]
        command += ["--results", str(tmp_path), "--pages", str(tmp_path)]
        done = subprocess.run(command, env=environment(PYTHONPATH=ROOT), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return (tmp_path / "docs" / "figures.md").read_text("utf-8"), done.stderr.splitlines()

    return written


def test_a_block_is_written_anew_and_what_was_not_measured_stays(figures, tmp_path):
    (tmp_path / "accuracy.json").write_text(json.dumps(RESULT), "utf-8")
    page, told = figures()
    header, kept = page.split("\n<!-- end -->\nBetween.\n")
    assert kept == "<!-- figures: growth -->\nkept\n<!-- end -->\n"
    assert header.startswith("Before.\n<!-- figures: accuracy -->\n| corpus | seeds | F1 |")
    assert "| ATIS, slots | 1 | 97.50 | 99.00 |" in header
    assert "12.25" not in header  # test is not dev
    assert header.endswith("*`python benchmarks/accuracy.py atis --seeds 1`; A chip; 2026-01-02; commit abc1234*")
    assert told[0] == "README.md is not there: its figures are written nowhere"
    assert "docs/figures.md: growth stays as it is, for growth was not measured" in told
    assert figures()[0] == page


def test_a_block_that_a_page_lacks_is_told_of(figures, tmp_path):
    (tmp_path / "accuracy.json").write_text(json.dumps(RESULT), "utf-8")
    (tmp_path / "docs" / "figures.md").write_text("No figures.\n", "utf-8")
    page, told = figures()
    assert page == "No figures.\n"
    assert "docs/figures.md has no block <!-- figures: accuracy -->" in told
