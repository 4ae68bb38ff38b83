"""``rnntag train --runs --resume``: whenever it was killed, it goes on and ends with the same bytes."""

import json
import os
import time
from contextlib import contextmanager

import pytest
from several import PLAIN, TINY, needs_signals, write_utterances
from shell import ended, interrupt, run, start

from rnntag.cli.saving import GOES_ON
from rnntag.model.file import load_model
from rnntag.training.interrupt import FINISHING

RUNS = ("--epochs", 6, "--patience", 6, "--runs", 3, "--log", "log.jsonl", "-o", "my.rnntag")


@pytest.fixture(scope="module")
def lessons(trained, tmp_path_factory):  # after the first training: the kernels are compiled
    """A folder with a corpus, and what three runs make of it: their model and their log."""
    folder = write_utterances(tmp_path_factory.mktemp("lessons")).parent
    assert trains(folder, folder).status == 0
    assert sorted(os.listdir(folder)) == ["lessons.conll", "log.jsonl", "my.rnntag"]
    return folder


def command(lessons, *options):
    corpus = lessons / "lessons.conll"
    return ("train", corpus, "--dev", corpus, *TINY, *RUNS, *options)


def trains(lessons, folder, *options):
    return run(*command(lessons, *options), cwd=folder, env=PLAIN)


def epochs(path):
    """What a log says of each run, without times."""
    timed = {"seconds", "tokens_per_second"}
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines = [{name: value for name, value in line.items() if name not in timed} for line in lines]
    return sorted(lines, key=lambda line: (line["run"], line["epoch"]))


@contextmanager
def under_way(lessons, folder, *options, lines):
    """The command, once it has written so many lines to its log; its temporary folder is one of its own."""
    (folder / "temporary").mkdir()
    log = folder / "log.jsonl"
    env = PLAIN | {"TMPDIR": folder / "temporary"}
    with start(*command(lessons, *options), cwd=folder, env=env) as process, ended(process):
        while not log.exists() or log.read_text().count("\n") < lines:
            assert process.poll() is None
            time.sleep(0.02)
        yield process
    assert os.listdir(folder / "temporary") == []
    (folder / "temporary").rmdir()


def assert_goes_on(lessons, folder, *options):
    """Going on ends with the bytes and the log of runs that nobody cut short; gives what is printed."""
    found = trains(lessons, folder, "--resume", *options)
    assert (found.status, found.out) == (0, "")
    assert (folder / "my.rnntag").read_bytes() == (lessons / "my.rnntag").read_bytes()
    assert epochs(folder / "log.jsonl") == epochs(lessons / "log.jsonl")
    assert sorted(os.listdir(folder)) == ["log.jsonl", "my.rnntag"]
    return found.err.splitlines()


@needs_signals
@pytest.mark.parametrize("lines", [3, 9])  # in the first runs, and in the second or third
def test_runs_that_were_killed_go_on(lessons, tmp_path, lines):
    with under_way(lessons, tmp_path, "--threads", lines % 2 + 1, lines=lines) as process:
        process.kill()
    assert sorted(os.listdir(tmp_path)) == ["log.jsonl", "my.rnntag.runs"]
    for kept in (tmp_path / "my.rnntag.runs").iterdir():
        assert load_model(kept).record.epoch >= 1
    told = assert_goes_on(lessons, tmp_path)
    assert told[1].startswith("going on with my.rnntag.runs: ")
    assert sorted(line.split()[1] for line in told if line.startswith("run ")) == ["1/3", "2/3", "3/3"]


@needs_signals
def test_ctrl_c_saves_the_best_so_far_and_the_runs_go_on(lessons, tmp_path):
    with under_way(lessons, tmp_path, lines=4) as process:
        interrupt(process)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    *_, _, saved, goes_on = err.decode().splitlines()
    assert FINISHING in err.decode().splitlines()
    assert saved.startswith("saved my.rnntag (")
    assert goes_on == GOES_ON
    assert sorted(os.listdir(tmp_path)) == ["log.jsonl", "my.rnntag", "my.rnntag.runs"]
    assert_goes_on(lessons, tmp_path)


@needs_signals
def test_without_resume_that_is_told_and_other_settings_are_refused(lessons, tmp_path):
    with under_way(lessons, tmp_path, lines=4) as process:
        process.kill()
    found = trains(lessons, tmp_path, "--resume", "--dropout", 0.25)
    assert found.status == 1
    fact, hint = found.err.splitlines()[-2:]
    assert fact.startswith("Error: my.rnntag.runs/seed1.rnntag")
    assert fact.endswith(": is of another training: dropout was 0.5 and is 0.25")
    assert hint == "hint: give the same data and settings again, or leave --resume out to begin at the beginning"
    found = trains(lessons, tmp_path, "--epochs", 1)
    assert found.err.startswith("my.rnntag.runs is of runs that were cut short (")
    assert "; it goes to my.rnntag.runs.old, and away in the end; --resume goes on with them\n" in found.err
    assert sorted(os.listdir(tmp_path)) == ["log.jsonl", "my.rnntag"]
