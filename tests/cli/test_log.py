"""The log of a training: a line of JSON for each epoch, written and read."""

import json
import os

import pytest
from shell import run, varied

from rnntag.cli.log import epoch_log, is_log_of, learning_curve
from rnntag.errors import CorpusError
from rnntag.evaluation.counts import Counts, Scores
from rnntag.model.record import Record
from rnntag.training.reports import Epoch, RunEpoch, Step

TINY = ("--hidden", 8, "--embedding", 8, "--epochs", 2)
EPOCH = Epoch(1, 9, 0.5, 1.0, 0.0, 0, 0.01, 1e4, 1.0, Scores(Counts(10, 10, 5), {}, 10, 9, 1, 0, "conlleval"), True)


def test_epochs_are_written_as_they_come_and_updates_are_not(tmp_path):
    path = tmp_path / "log.jsonl"
    with epoch_log(str(path)) as write:
        write(Step(1, 9, 1, 1, 0.5, 1.0, 1e4))
        assert path.read_text() == ""
        write(EPOCH)
        assert json.loads(path.read_text()) == EPOCH.as_dict()
        write(RunEpoch(2, 3, 7, EPOCH))
    assert learning_curve(str(path)) == [EPOCH.as_dict(), {"run": 2, "seed": 7, **EPOCH.as_dict()}]


def test_a_training_that_never_began_leaves_the_old_log(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text("the log of last week")
    with epoch_log(str(path)):
        pass
    assert path.read_text() == "the log of last week"
    with epoch_log(str(path)) as write:
        write(EPOCH)
    assert len(learning_curve(str(path))) == 1


def test_without_a_file_nothing_is_written():
    with epoch_log(None) as write:
        write(EPOCH)


@pytest.mark.parametrize("line", ["no JSON", "[1]", '{"loss": 1}', '{"epoch": 1}', "[" * 100_000])
def test_a_file_that_is_no_log_is_told_with_its_place(tmp_path, line):
    path = tmp_path / "log.jsonl"
    path.write_text(json.dumps({"epoch": 1, "loss": 0.5}) + f"\n{line}\n")
    with pytest.raises(CorpusError) as caught:
        learning_curve(str(path))
    assert (caught.value.where, caught.value.fact) == (f"{path}:2", "is no report of an epoch")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")
def test_a_log_that_cannot_be_written_does_not_stop_the_training(tmp_path):
    (tmp_path / "lessons.conll").write_text(varied(*"abcdefghij"), "utf-8", newline="\n")
    found = run("train", "lessons.conll", *TINY, "--log", "/dev/full", "-o", "kept.rnntag", cwd=tmp_path)
    assert found.status == 0
    assert found.err.count("warning: /dev/full: cannot be written: ") == 1
    assert (tmp_path / "kept.rnntag").exists()


def test_a_log_is_that_of_the_training_whose_best_epoch_it_tells():
    curve = [{"epoch": epoch, "epochs": 9, "loss": 1.0, "f1": 10.0 * epoch} for epoch in range(1, 6)]
    record = Record({"epochs": 9, "seed": 3}, epoch=4, figures={"f1": 40.0})
    assert is_log_of(curve, record)
    for other in (
        Record({"epochs": 9}, epoch=4, figures={"f1": 41.0}),
        Record({"epochs": 9}, epoch=7, figures={"f1": 40.0}),
        Record({"epochs": 8}, epoch=4, figures={"f1": 40.0}),
    ):
        assert not is_log_of(curve, other)
    assert is_log_of(curve, Record({"epochs": 9, "bptt": 128}, epoch=4, figures={"f1": 43.0}))  # scored at the end
    assert is_log_of(curve, Record({"epochs": 2}, seeds=[1, 2]))  # several members
    runs = [line | {"run": 1, "seed": seed} for seed in (3, 4) for line in curve]
    assert is_log_of(runs, record)
    assert not is_log_of(runs[5:], record)


def test_the_log_of_another_training_is_told(trained, tmp_path):
    pytest.importorskip("jinja2")
    (tmp_path / "log.jsonl").write_text(
        json.dumps({"epoch": 1, "epochs": 5, "loss": 0.5, "f1": 1.5, "seconds": 1}) + "\n"
    )
    command = "eval", "-m", trained.path, trained.dev, "--html", "page.html", "--log", "log.jsonl", "--json"
    told = "note: --log is of another training than that of the model"
    assert run(*command, cwd=tmp_path).err.splitlines()[-1] == told
    assert run("train", trained.train, "--dev", trained.dev, *TINY, "--log", "own.jsonl", cwd=tmp_path).status == 0
    command = "eval", "-m", "model.rnntag", trained.dev, "--html", "page.html", "--log", "own.jsonl", "--json"
    assert told not in run(*command, cwd=tmp_path).err


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="no file is standard output here")
def test_it_may_go_into_a_pipe(trained, tmp_path):
    found = run(
        "train", trained.train, "--dev", trained.dev, *TINY, "--quiet", "-o", tmp_path / "m", "--log", "/dev/stdout"
    )
    assert [json.loads(line)["epoch"] for line in found.out.splitlines()] == [1, 2]
    assert "cannot be written" not in found.err


def test_it_needs_the_name_of_a_file(tmp_path):
    found = run("train", "nowhere.conll", "--log", "-", cwd=tmp_path)
    assert (found.status, found.out) == (2, "")
    assert found.err.endswith("Error: --log needs the name of a file; that of standard output is /dev/stdout\n")
    assert os.listdir(tmp_path) == []
