"""``rnntag eval --calibration`` and ``--html``."""

import json
import re

import pytest
from shell import run


def test_how_far_probabilities_can_be_trusted(trained):
    found = run("eval", "-m", trained.path, "--calibration", trained.dev)
    assert found.status == 0
    assert re.search(r"^expected calibration error of spans 0\.\d{4}$", found.out, re.M)
    assert re.search(r"^0\.93 to 1\.00 +\d+ +\d+\.\d +\d+\.\d +█+", found.out, re.M)
    assert re.search(r"^0\.50 +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d$", found.out, re.M)
    plain = run("eval", "-m", trained.path, trained.dev)
    assert plain.out.splitlines()[-1] == found.out.splitlines()[-1]
    assert "calibration" not in plain.out
    told = json.loads(run("eval", "-m", trained.path, "--calibration", "--json", trained.dev).out)
    assert 0 <= told["calibration"]["calibration_error"] < 0.5
    assert told["calibration"]["thresholds"][0]["recall"] == pytest.approx(told["recall"], abs=0.01)
    assert sum(each["predictions"] for each in told["calibration"]["bins"]) == told["phrases"]["predicted"]


def test_a_page_is_written_besides_what_is_told(trained, tmp_path):
    pytest.importorskip("jinja2")
    log = tmp_path / "epochs.jsonl"
    log.write_text('{"epoch": 1, "epochs": 1, "loss": 0.5, "f1": 50.0, "best": true}\n')
    html = ("--html", "report.html", "--log", log)
    found = run("eval", "-m", trained.path, trained.dev, *html, cwd=tmp_path)
    plain = run("eval", "-m", trained.path, trained.dev)
    note = "note: --log is of another training than that of the model\n"  # it is
    assert found == plain._replace(err=plain.err + note)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")
    for part in ("token accuracy", found.out.splitlines()[-1].split(" | ")[-1].split()[0]):
        assert part in page


@pytest.mark.parametrize("line", ["", "[]", "{", '{"epoch": 1}', "null"])
def test_a_log_that_is_none(trained, tmp_path, line):
    (tmp_path / "log").write_text(f"{line}\n")
    found = run("eval", "-m", trained.path, trained.dev, "--html", "r.html", "--log", "log", cwd=tmp_path)
    told = "Error: log:1: is no report of an epoch\nhint: rnntag train --log FILE writes one\n"
    assert found == (1, "", told)
    assert not (tmp_path / "r.html").exists()


def test_options_that_contradict_each_other_about_the_page(trained):
    for words, told in (
        (("--log", "x"), "--log is for the page: it wants --html"),
        (
            ("--calibration", "--predicted", "x"),
            "--calibration is of a model: it goes without --predicted and --compare",
        ),
    ):
        found = run("eval", trained.dev, *words)
        assert (found.status, found.out) == (2, "")
        assert found.err.endswith(f"Error: {told}\n")
