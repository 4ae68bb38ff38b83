"""``rnntag train --runs``: what it says of several runs, which model it keeps, how it is interrupted."""

import gc
import json
import os
import re
import signal
import subprocess
import sys
import time
import weakref

import pytest
from several import PLAIN, TINY, needs_signals, popen, write_utterances
from shell import ended, environment, interrupt, lines_of, run, start, varied

from rnntag.arrays import engine
from rnntag.cli import cli
from rnntag.cli.saving import GOES_ON
from rnntag.errors import CorpusError, RnntagError
from rnntag.model.file import load_model, model_of
from rnntag.show import progress
from rnntag.training.interrupt import FINISHING

LONG = ("--epochs", 90_000, "--patience", 90_000)


@pytest.fixture(scope="module")
def lessons(trained, tmp_path_factory):  # after the first training: the kernels are compiled
    """A folder with a corpus of sixty utterances of two intents."""
    return write_utterances(tmp_path_factory.mktemp("lessons")).parent


def test_the_command_tells_mean_and_deviation_and_keeps_the_best(lessons):
    out = "--runs", 3, "-o", "best.rnntag", "--log", "log.jsonl"
    found = run("train", "lessons.conll", "--dev", "lessons.conll", *TINY, "--epochs", 2, *out, cwd=lessons)
    assert (found.status, found.out) == (0, "")
    lines = found.err.splitlines()
    figure = r"\d+\.\d\d"
    ends = [line for line in lines if line.startswith("run ")]
    assert sorted(line.split()[1] for line in ends) == ["1/3", "2/3", "3/3"]
    assert all(re.fullmatch(rf"run \d/3  seed \d  F1 {figure}  intent {figure}  whole {figure}", line) for line in ends)
    spread = rf"{figure} ± {figure}"
    summary = rf"3 runs, dev: F1 {spread}  intent {spread}  whole {spread}; kept: seed (\d)"
    kept = re.fullmatch(summary, lines[-3])
    assert kept, lines[-3]
    assert lines[-2].startswith("raw text is cut ")
    assert lines[-1].startswith("saved best.rnntag (")
    epochs = [json.loads(line) for line in (lessons / "log.jsonl").read_text("utf-8").splitlines()]
    assert sorted((epoch["run"], epoch["epoch"]) for epoch in epochs) == [(r, e) for r in (1, 2, 3) for e in (1, 2)]
    assert load_model(lessons / "best.rnntag").record.recipe["seed"] == int(kept[1])


def test_average_alone_is_a_mistake(lessons):
    found = run("train", "lessons.conll", "--average", cwd=lessons)
    assert found.status == 2
    assert found.err.endswith("Error: --average needs several --runs\n")


@needs_signals
def test_ctrl_c_ends_every_run_and_saves_the_best_so_far(lessons):
    (lessons / "others.conll").write_text(varied("k", "l"), "utf-8")
    command = "train", "lessons.conll", "--dev", "others.conll", *TINY, "--epochs", 2000, "--patience", 2000
    with start(*command, "--runs", 2, "-o", "cut.rnntag", "--log", "cut.jsonl", cwd=lessons) as process, ended(process):
        while not (lessons / "cut.jsonl").exists() or not (lessons / "cut.jsonl").read_text():
            assert process.poll() is None
            time.sleep(0.05)
        interrupt(process)
        said = lines_of(process.stderr, 2)[1:]  # behind a note on dev
        assert said == ["finishing this batch, then saving the best model so far; Ctrl-C again stops at once"]
        assert process.wait(30) == 130
    assert load_model(lessons / "cut.rnntag").record.epoch >= 1


@needs_signals
def test_ctrl_c_in_the_first_epoch_of_runs_that_are_to_be_averaged(lessons, trained):
    """Sent to all processes, as a terminal does it, while they start."""
    heavy = "--hidden", 128, "--batch", 2, *LONG  # an epoch takes its time, an update takes none
    command = "train", trained.train, "--dev", trained.dev, *heavy, "--runs", 2, "--average", "-o", "early.rnntag"
    group = {"cwd": lessons, "start_new_session": True, "env": PLAIN}
    with start(*command, **group) as process, ended(process):
        assert lines_of(process.stderr, 1)[0].startswith("warning: ")  # the corpora are read
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    said = [line for line in err.decode().splitlines() if not line.startswith("warning: ")]
    assert (process.returncode, out) == (130, b"")
    assert said[0] == FINISHING
    assert re.fullmatch(
        r"saved early.rnntag \(\d+\.\d MB\): (2 members averaged, dev F1 \d+\.\d\d|before the first epoch's end)",
        said[-2],
    ), said
    assert all(line.startswith(("run ", "1 runs", "2 runs")) for line in said[1:-3]), said
    assert said[-3].startswith("raw text is cut ")
    assert said[-1] == GOES_ON
    assert load_model(lessons / "early.rnntag").tags


@needs_signals
def test_the_second_ctrl_c_ends_every_run_at_once_and_leaves_the_old_model(lessons, trained):
    heavy = "--hidden", 128, "--batch", 360, *LONG  # a batch takes a while
    (lessons / "old.rnntag").write_bytes(b"the model of last week")
    command = "train", trained.train, "--dev", trained.dev, *heavy, "--runs", 2, "-o", "old.rnntag"
    (lessons / "temporary").mkdir()
    group = {"cwd": lessons, "start_new_session": True, "env": PLAIN | {"TMPDIR": lessons / "temporary"}}
    with start(*command, "--log", "old.jsonl", **group) as process, ended(process):
        while not (lessons / "old.jsonl").exists() or not (lessons / "old.jsonl").read_text():
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        while lines_of(process.stderr, 1) != [FINISHING]:
            pass
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"\ninterrupted\n")
    assert (lessons / "old.rnntag").read_bytes() == b"the model of last week"
    assert not any(lessons.glob("temporary/*"))


@needs_signals
def test_the_runs_end_with_the_command_even_if_that_is_killed_and_leave_nothing(lessons, tmp_path):
    (tmp_path / "temporary").mkdir()
    command = "train", "lessons.conll", "--dev", "lessons.conll", *TINY, *LONG, "--runs", 2, "-o", tmp_path / "m.rnntag"
    env = PLAIN | {"TMPDIR": tmp_path / "temporary"}
    with start(*command, "--log", tmp_path / "l.jsonl", cwd=lessons, env=env) as process:
        while not (tmp_path / "l.jsonl").exists() or not (tmp_path / "l.jsonl").read_text():
            assert process.poll() is None
            time.sleep(0.05)
        process.kill()
        process.communicate(timeout=30)  # the streams end when nobody holds them any longer, and the runs do
    assert sorted(os.listdir(tmp_path)) == ["l.jsonl", "m.rnntag.runs", "temporary"]
    assert os.listdir(tmp_path / "temporary") == []


def test_the_runs_import_nothing_from_the_folder_one_is_in(lessons, tmp_path):
    for name in ("signal", "pickle", "numpy", "rnntag", "statistics"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('foreign')\n")
    script = "import sys; del sys.path[0]; from rnntag.cli import main; main()"  # as the installed command does
    corpus = str(lessons / "lessons.conll")
    words = "train", corpus, "--dev", corpus, *map(str, TINY), "--epochs", "1", "--runs", "2"
    streams = {"capture_output": True, "timeout": 120, "cwd": tmp_path, "env": environment(**PLAIN)}
    found = subprocess.run([sys.executable, "-c", script, *words], check=False, **streams)
    assert (found.returncode, found.stdout) == (0, b"")
    assert "foreign" not in found.stderr.decode()
    assert (tmp_path / "model.rnntag").exists()


# In this process


SPOILT = "the gradient is not finite; kept is the best model before that"


def spoilt(words, number):
    """The command of a process in which the second epoch comes to nothing."""
    code = """
from rnntag.errors import SpecError
from rnntag.training.trainer import Trainer
epoch = Trainer._epoch
def failing(self):
    if self.course.epoch == 2:
        raise SpecError("the gradient is not finite")
    return epoch(self)
Trainer._epoch = failing
work("""
    return [*words[:2], words[2].replace("\nwork(", code), *words[3:]]


def command(lessons, *more):
    corpus = str(lessons / "lessons.conll")
    words = "train", corpus, "--dev", corpus, *TINY, "--seed", 5, "--epochs", 2, "--runs", 3, "--threads", 2, *more
    cli.main([*map(str, words), "-o", str(lessons / "here.rnntag")], standalone_mode=False)


def test_the_command_keeps_the_best_of_those_that_did_not_fail(lessons, monkeypatch, capsys):
    popen(monkeypatch, command=lambda words, number: ["false"] if number == 1 else words)
    command(lessons, "--threads", 1)
    said = capsys.readouterr().err.splitlines()
    assert "warning: seed 5: the training under seed 5 ended without a result" in said
    assert [line.split()[1] for line in said if line.startswith("run ")] == ["2/3", "3/3"]
    assert load_model(lessons / "here.rnntag").record.recipe["seed"] in (6, 7)


def test_the_command_fails_if_every_run_does(lessons, monkeypatch):
    popen(monkeypatch, command=lambda words, number: ["false"])
    (lessons / "here.rnntag").write_bytes(b"old")
    with pytest.raises(RnntagError, match=r"^the training under seed \d ended without a result$"):
        command(lessons, "--threads", 2)
    assert (lessons / "here.rnntag").read_bytes() == b"old"


def test_the_command_tells_the_warnings_of_its_runs(lessons, monkeypatch, capsys):
    popen(monkeypatch, command=spoilt)
    command(lessons, "--quiet")
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("warning: seed ")]
    assert sorted(said) == [f"warning: seed {seed}: {SPOILT}" for seed in (5, 6, 7)]


def test_the_kernels_are_compiled_once_and_that_is_said(lessons, monkeypatch, capsys):
    order = []
    real = engine.kernels

    def kernels(notice=None):
        if notice:
            order.append("kernels")
            notice("compiling the kernels")
        return real()

    popen(monkeypatch, lambda process, number: order.append("process"))
    monkeypatch.setattr(engine, "kernels", kernels)
    command(lessons)
    assert order == ["kernels", "process", "process", "process"]
    assert "compiling the kernels" in capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(("more", "held"), [((), 1), (("--average",), 3)])
def test_the_command_holds_no_model_that_it_does_not_need(lessons, monkeypatch, more, held):
    models, counts = [], []
    load, summary = model_of, progress.runs_summary

    def loading(data):
        model = load(data)
        models.append(weakref.ref(model))
        return model

    def counting(*arguments):
        gc.collect()
        counts.append(sum(model() is not None for model in models))
        return summary(*arguments)

    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    monkeypatch.setattr("rnntag.training.messages.model_of", loading)
    monkeypatch.setattr(progress, "runs_summary", counting)
    command(lessons, *more)
    assert len(models) == 3
    assert counts == [held]


def test_a_fault_of_the_corpora_is_told_before_any_run_begins(lessons, monkeypatch, tmp_path):
    started = popen(monkeypatch)
    text = (lessons / "lessons.conll").read_text("utf-8").replace("B-date", "I-date")
    (tmp_path / "broken.conll").write_text(text, "utf-8")
    words = "train", tmp_path / "broken.conll", "--scheme", "bio", "--runs", 2, "-o", tmp_path / "m.rnntag"
    with pytest.raises(CorpusError, match="tag 'I-date' cannot follow"):
        cli.main([*map(str, words)], standalone_mode=False)
    assert started == []


def test_what_looks_wrong_is_told_once_and_before_the_runs(lessons, monkeypatch, capsys, tmp_path):
    said = []
    popen(monkeypatch, lambda process, number: said.append(capsys.readouterr().err))
    (tmp_path / "dev.conll").write_text("Oslo\tB-port\n\n", "utf-8")
    command(lessons, "--dev", tmp_path / "dev.conll")
    warned = "tag 'B-port' never occurs in training"
    assert said[0].count(warned) == 1
    assert warned not in "".join(said[1:]) + capsys.readouterr().err
