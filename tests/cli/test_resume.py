"""``rnntag train --resume``: what was cut short goes on, however that came, and ends with the same bytes."""

import json
import os
import signal

import pytest
from several import needs_signals
from shell import ended, lines_of, run, start, varied

from rnntag.cli.saving import GOES_ON
from rnntag.training.interrupt import FINISHING

SETTINGS = ("--hidden", 8, "--embedding", 8, "--epochs", 40, "--patience", 40, "--log", "log.jsonl")


@pytest.fixture(scope="module")
def lessons(trained, tmp_path_factory):  # after the first training: the kernels are compiled
    """A folder with a corpus of sixty sentences, and what the whole training makes of them: its model and its log."""
    folder = tmp_path_factory.mktemp("lessons")
    (folder / "lessons.conll").write_text(varied(*"abcdefghij"), "utf-8", newline="\n")
    assert run(*command(folder), "--quiet", cwd=folder).status == 0
    assert sorted(os.listdir(folder)) == ["lessons.conll", "log.jsonl", "my.rnntag"]
    return folder


def command(lessons, *options):
    return ("train", lessons / "lessons.conll", *SETTINGS, "-o", "my.rnntag", *options)


def epochs(path):
    """What the log of a training says, without times."""
    timed = {"seconds", "tokens_per_second"}
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [{name: value for name, value in line.items() if name not in timed} for line in lines]


def assert_goes_on(lessons, folder):
    """Going on ends with the bytes and the log of the whole training; gives the first lines that it prints."""
    found = run(*command(lessons, "--resume"), cwd=folder)
    assert found.status == 0
    assert (folder / "my.rnntag").read_bytes() == (lessons / "my.rnntag").read_bytes()
    assert epochs(folder / "log.jsonl") == epochs(lessons / "log.jsonl")
    assert sorted(os.listdir(folder)) == ["log.jsonl", "my.rnntag"]
    return found.err.splitlines()


@needs_signals
@pytest.mark.parametrize("after", [2, 9])
def test_a_training_that_was_killed_goes_on(lessons, tmp_path, after):
    with start(*command(lessons), cwd=tmp_path) as process, ended(process):
        lines_of(process.stderr, 2 + after)  # the hold-out, a note, and epochs
        process.kill()
    assert "my.rnntag" not in os.listdir(tmp_path)
    told = assert_goes_on(lessons, tmp_path)
    assert any(line.startswith("going on after epoch ") for line in told)
    assert sum(line.startswith("epoch ") for line in told) == 40


@needs_signals
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_saves_the_best_so_far_and_the_training_goes_on(lessons, tmp_path, number, status):
    with start(*command(lessons), cwd=tmp_path) as process, ended(process):
        lines_of(process.stderr, 5)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (status, b"")
    *_, finishing, _, saved, goes_on = err.decode().splitlines()
    assert (finishing, goes_on) == (FINISHING, GOES_ON)
    assert saved.startswith("saved my.rnntag (")
    assert run("tag", "-m", "my.rnntag.checkpoint", text="seven\n", cwd=tmp_path).status == 0
    told = run("info", "my.rnntag.checkpoint", cwd=tmp_path)
    assert told.err.endswith("is a checkpoint: its training has not come to its end, and goes on with --resume\n")
    assert json.loads(run("info", "--json", "my.rnntag.checkpoint", cwd=tmp_path).out)["checkpoint"] is True
    assert_goes_on(lessons, tmp_path)


@needs_signals
def test_a_terminal_that_is_closed_loses_nothing(lessons, tmp_path):
    import pty

    master, slave = pty.openpty()
    streams = {"stdin": slave, "stdout": slave, "stderr": slave}
    with start(*command(lessons), cwd=tmp_path, start_new_session=True, **streams) as process, ended(process):
        os.close(slave)
        seen = b""
        while b"best F1" not in seen:
            seen += os.read(master, 4096)
        os.close(master)
        process.send_signal(signal.SIGHUP)  # to a session of its own, none of whose terminals this one is
        assert process.wait(timeout=30) == 129
    assert "my.rnntag" in os.listdir(tmp_path)
    assert_goes_on(lessons, tmp_path)


def test_other_settings_are_refused_by_name_and_nothing_is_lost(lessons, tmp_path):
    with start(*command(lessons), cwd=tmp_path) as process, ended(process):
        lines_of(process.stderr, 4)
        process.kill()
    before = (tmp_path / "my.rnntag.checkpoint").read_bytes()
    found = run(*command(lessons, "--resume", "--learning-rate", 0.01), cwd=tmp_path)
    assert found.status == 1
    assert found.err.splitlines()[-2:] == [
        "Error: my.rnntag.checkpoint: is of another training: learning-rate was 0.003 and is 0.01",
        "hint: give the same data and settings again, or leave --resume out to begin at the beginning",
    ]
    assert (tmp_path / "my.rnntag.checkpoint").read_bytes() == before
    told = run(*command(lessons, "--epochs", 1), cwd=tmp_path).err.splitlines()
    assert [line for line in told if line.startswith("my.rnntag.checkpoint is of a training that was cut short after")]
    assert sorted(os.listdir(tmp_path)) == ["log.jsonl", "my.rnntag"]


def test_with_nothing_to_resume_that_is_said_and_the_training_begins(lessons, tmp_path):
    told = assert_goes_on(lessons, tmp_path)
    assert told[0] == "nothing to resume: there is no my.rnntag.checkpoint; the training begins at the beginning"
