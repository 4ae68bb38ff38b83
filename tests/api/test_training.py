"""``rnntag.train`` with an output: Ctrl-C saves what there is and comes after that, and the training goes on."""

import os
import signal

import pytest
from several import needs_signals
from trainings import corpus

import rnntag
from rnntag.errors import RnntagWarning, SpecError
from rnntag.training.reports import Epoch, Step

SETTINGS = {"hidden": 8, "embedding": 8, "epochs": 4, "batch": 4}
pytestmark = pytest.mark.filterwarnings("ignore::rnntag.errors.RnntagWarning")  # of so small a corpus, each time


def pressed_at(count):
    """A report that presses Ctrl-C at an update."""
    steps = []

    def report(progress):
        if isinstance(progress, Step):
            steps.append(progress)
            if len(steps) == count:
                signal.raise_signal(signal.SIGINT)

    return report


@needs_signals
def test_keyboard_interrupt_comes_once_the_model_is_saved_and_the_training_goes_on(tmp_path):
    train, dev = corpus(30, noise=0.2), corpus(9, 1)
    rnntag.train(train, dev, tmp_path / "whole", **SETTINGS)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        rnntag.train(train, dev, tmp_path / "model", report=pressed_at(13), **SETTINGS)
    assert signal.getsignal(signal.SIGINT) is before
    assert rnntag.load(tmp_path / "model").tag([["Oslo"]])
    assert sorted(os.listdir(tmp_path)) == ["model", "model.checkpoint", "whole"]
    heard = []
    with pytest.warns(RnntagWarning, match="going on in epoch 2, after 5 of its updates"):
        rnntag.train(train, dev, tmp_path / "model", resume=True, threads=1, report=heard.append, **SETTINGS)
    assert [report.epoch for report in heard if isinstance(report, Epoch)] == [1, 2, 3, 4]
    assert (tmp_path / "model").read_bytes() == (tmp_path / "whole").read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["model", "whole"]


@needs_signals
def test_in_the_first_epoch_another_model_is_left_as_it_is(tmp_path):
    (tmp_path / "model").write_bytes(b"the model of last week")
    with pytest.raises(KeyboardInterrupt):
        rnntag.train(corpus(30), corpus(9, 1), tmp_path / "model", report=pressed_at(2), **SETTINGS)
    assert (tmp_path / "model").read_bytes() == b"the model of last week"
    assert (tmp_path / "model.checkpoint").exists()


@needs_signals
def test_without_an_output_it_comes_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    heard = []

    def report(progress):
        heard.append(progress)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        rnntag.train(corpus(30), corpus(9, 1), report=report, **SETTINGS)
    assert len(heard) == 1
    assert os.listdir(tmp_path) == []


def test_who_ends_it_by_an_answer_needs_no_checkpoint(tmp_path):
    rnntag.train(corpus(30), corpus(9, 1), tmp_path / "model", report=lambda progress: True, **SETTINGS)
    assert os.listdir(tmp_path) == ["model"]


def test_resume_needs_an_output():
    with pytest.raises(SpecError, match="resume needs an output"):
        rnntag.train(corpus(9), corpus(9, 1), resume=True, **SETTINGS)


def test_of_several_runs_nothing_is_on_the_disk_without_an_output(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    seen = []
    rnntag.train(corpus(30), corpus(9, 1), runs=2, report=lambda progress: seen.extend(os.listdir()), **SETTINGS)
    assert seen == os.listdir() == []


@pytest.mark.parametrize("name", ["train", "dev", "base", "vectors", "replay"])
def test_what_is_read_is_not_written_over(tmp_path, name):
    (tmp_path / "own").write_text("mine")
    os.link(tmp_path / "own", tmp_path / "link")
    given = (
        {"train": corpus(9), "dev": corpus(9, 1), "base": rnntag.load()} if name == "replay" else {"train": corpus(9)}
    )
    if name == "base":
        rnntag.load().save(tmp_path / "own")
        (tmp_path / "link").unlink()
        os.link(tmp_path / "own", tmp_path / "link")
    with pytest.raises(SpecError, match="own is read, so it cannot be written as well"):
        rnntag.train(**{**given, name: tmp_path / "own"}, output=tmp_path / "link")
    assert (tmp_path / "own").stat().st_nlink == 2


def test_nor_is_one_of_several_files_or_a_checkpoint_to_go_on_from(tmp_path):
    rnntag.load().save(tmp_path / "model.checkpoint")
    (tmp_path / "model").write_text("mine")
    for given in ({"train": [tmp_path / "model"]}, {"train": corpus(9), "base": tmp_path / "model.checkpoint"}):
        with pytest.raises(SpecError, match="is read, so it cannot be written as well"):
            rnntag.train(**given, output=tmp_path / "model")
