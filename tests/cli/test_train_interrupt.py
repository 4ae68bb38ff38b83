"""A training that is interrupted: the first signal saves the best model so far, a second Ctrl-C stops at once."""

import os
import signal
import subprocess
import sys
import time

import pytest
from several import needs_signals
from shell import ended, environment, interrupt, lines_of, start, varied

import rnntag
from rnntag.cli.saving import GOES_ON
from rnntag.model.file import load_model
from rnntag.training.interrupt import FINISHING

TINY = ("--hidden", 8, "--embedding", 8)
LONG = ("--epochs", 90_000, "--patience", 90_000)


@pytest.fixture(scope="module")
def lessons(trained, tmp_path_factory):  # after the first training: the kernels are compiled
    """A folder with a corpus of sixty sentences."""
    folder = tmp_path_factory.mktemp("lessons")
    (folder / "lessons.conll").write_text(varied(*"abcdefghij"), "utf-8", newline="\n")
    return folder


@needs_signals
def test_the_first_ctrl_c_saves_the_best_model_so_far(lessons, tmp_path):
    command = "train", lessons / "lessons.conll", "-o", "cut.rnntag", *TINY, *LONG
    with start(*command, cwd=tmp_path) as process, ended(process):
        shown = lines_of(process.stderr, 4)[1:]  # without a note on dev: the hold-out and two epochs
        interrupt(process)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    *more, finishing, _, saved, goes_on = [*shown, *err.decode().splitlines()]
    assert (finishing, goes_on) == (FINISHING, GOES_ON)
    scores = [float(line.split("F1 ")[1].split()[0]) for line in more[1:]]
    best = scores.index(max(scores)) + 1
    assert saved.startswith("saved cut.rnntag (")
    assert saved.endswith(f"dev F1 {max(scores):.2f}")
    record = load_model(tmp_path / "cut.rnntag").record
    assert record.epoch >= best  # of equal F1 the better accuracy
    assert sorted(os.listdir(tmp_path)) == ["cut.rnntag", "cut.rnntag.checkpoint"]
    [found] = rnntag.load(tmp_path / "cut.rnntag").tag([["seven"]])
    assert found.tags in (["O"], ["B-time"], ["B-date"])


@needs_signals
def test_ctrl_c_may_come_while_a_line_is_being_written(lessons, tmp_path):
    script = """
import io, os, signal, sys
class Device(io.RawIOBase):
    pressed = False
    def writable(self):
        return True
    def write(self, data):
        if bytes(data).startswith(b"epoch ") and not self.pressed:
            self.pressed = True
            signal.raise_signal(signal.SIGINT)
        return os.write(2, data)
sys.stderr = io.TextIOWrapper(io.BufferedWriter(Device()), line_buffering=True)
from rnntag.cli import main
main()
"""
    words = map(str, ("train", lessons / "lessons.conll", "-o", "cut.rnntag", *TINY, *LONG))
    streams = {"capture_output": True, "timeout": 60, "cwd": tmp_path, "env": environment()}
    found = subprocess.run([sys.executable, "-c", script, *words], check=False, **streams)
    assert found.stderr.decode().splitlines()[-2].startswith("saved cut.rnntag (")
    assert FINISHING in found.stderr.decode()
    assert found.returncode == 130
    assert load_model(tmp_path / "cut.rnntag").record.epoch == 1


@needs_signals
def test_ctrl_c_in_the_first_epoch_saves_what_there_is(trained, tmp_path):
    heavy = "--hidden", 256, "--layers", 2, "--batch", 2  # an epoch takes its time, an update takes none
    command = "train", trained.train, "--dev", trained.dev, "-o", "cut.rnntag", *heavy
    with start(*command, "--log", "/dev/stdout", cwd=tmp_path) as process, ended(process):
        assert lines_of(process.stderr, 1)[0].startswith("warning: ")  # the corpora are read
        time.sleep(0.2)
        interrupt(process)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    told = err.decode().splitlines()
    assert told[-4] == FINISHING
    assert told[-2].endswith(": before the first epoch's end")
    assert load_model(tmp_path / "cut.rnntag").tags


@needs_signals
def test_the_second_ctrl_c_stops_at_once_and_leaves_the_old_model(trained, tmp_path):
    heavy = "--hidden", 256, "--layers", 2, "--batch", 360, "--epochs", 50  # a batch takes a while
    (tmp_path / "old.rnntag").write_bytes(b"the model of last week")
    command = "train", trained.train, "--dev", trained.dev, "-o", "old.rnntag", *heavy
    with start(*command, cwd=tmp_path) as process, ended(process):
        while not (line := lines_of(process.stderr, 1)[0]).startswith("epoch   1/50"):
            assert line.startswith("warning: ")
        interrupt(process)
        assert lines_of(process.stderr, 1) == [FINISHING]
        interrupt(process)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert err in (b"\ninterrupted\n", b"replacing old.rnntag\n\ninterrupted\n")  # as far as it had come by then
    assert set(os.listdir(tmp_path)) - {"old.rnntag.checkpoint"} == {
        "old.rnntag"
    }  # that may be being written just then
    assert (tmp_path / "old.rnntag").read_bytes() == b"the model of last week"


@needs_signals
def test_ctrl_c_before_the_first_epoch_leaves_the_model_that_is_there(lessons, tmp_path, monkeypatch, capsys):
    from rnntag.cli import cli
    from rnntag.show import progress

    def pressed(self, report):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(progress.TrainingDisplay, "show", pressed)
    (tmp_path / "old.rnntag").write_bytes(b"the model of last week")
    words = "train", lessons / "lessons.conll", *TINY, "--epochs", 2, "-o", tmp_path / "old.rnntag"
    assert cli.main([*map(str, words)], standalone_mode=False) == 130
    assert (tmp_path / "old.rnntag").read_bytes() == b"the model of last week"
    said = capsys.readouterr().err.splitlines()
    assert said[-3:] == [FINISHING, f"{tmp_path / 'old.rnntag'} is left as it was: no epoch came to its end", GOES_ON]
