"""Several seeds: each run is what it would have been alone, figures are those of the runs, the best is kept."""

import gc
import io
import json
import os
import pickle
import re
import signal
import statistics
import subprocess
import sys
import time
import weakref
from dataclasses import replace

import numpy as np
import pytest
from shell import LESSONS, columns, ended, environment, interrupt, lines_of, run, start, varied

from rnntag.arrays import engine
from rnntag.cli import cli
from rnntag.data.bio import SCHEMES
from rnntag.errors import CorpusError, RnntagError, SpecError
from rnntag.features.vocabulary import Vocabulary
from rnntag.formats import read_corpus
from rnntag.model.file import load_model, save_model
from rnntag.model.model import Model
from rnntag.model.record import Record
from rnntag.network.spec import Spec
from rnntag.show import progress
from rnntag.tagging.tagger import Tagger
from rnntag.training import processes
from rnntag.training.processes import Children, _told
from rnntag.training.recipe import Recipe
from rnntag.training.reports import RunDone, RunEpoch, RunFailed, spread
from rnntag.training.runs import best, seeds, slim, spreads, together, train_runs

PLAIN = {"NUMBA_DISABLE_JIT": 1}  # the twins start at once
TINY = ("--hidden", 8, "--embedding", 8, "--features", "word,char")
LONG = ("--epochs", 90_000, "--patience", 90_000)
FINISHING = "finishing this batch, then saving the best model so far; Ctrl-C again stops at once"
needs_signals = pytest.mark.skipif(os.name == "nt", reason="no Ctrl-C can be sent there")
SPEC, RECIPE = Spec(hidden=8, embedding=8, features=("word", "char")), Recipe(epochs=2, seed=5)


@pytest.fixture(scope="module")
def lessons(trained, tmp_path_factory):  # after the first training: the kernels are compiled
    """A folder with a corpus of sixty utterances of two intents."""
    folder = tmp_path_factory.mktemp("lessons")
    sentences = columns(LESSONS).strip("\n").split("\n\n")
    text = "".join(f"# intent = {'wake' if 'at' in each else 'other'}\n{each}\n\n" for each in sentences)
    (folder / "lessons.conll").write_text(text * 10, "utf-8", newline="\n")
    return folder


@pytest.fixture(scope="module")
def done(lessons):
    """Three runs, two at a time: all that was told."""
    data = read_corpus(lessons / "lessons.conll")
    return list(train_runs(data, data, SPEC, RECIPE, None, None, 3, 2))


def empty(record):
    """A model that knows nothing but its record."""
    return Model(SPEC, SCHEMES["bio"], ["O"], {name: Vocabulary() for name in SPEC.features}, record=record)


def ended_run(number, model=None, **figures):
    """A run at its end, with some figures."""
    record = Record(figures=figures)
    return RunDone(number, 3, 4 + number, record, model or empty(record))


def finished(told):
    return sorted((message for message in told if isinstance(message, RunDone)), key=lambda run: run.run)


def test_every_epoch_of_every_run_is_told_and_then_its_end(done):
    for number in (1, 2, 3):
        own = [message for message in done if message.run == number]
        assert [type(message) for message in own] == [RunEpoch, RunEpoch, RunDone]
        assert [message.epoch.epoch for message in own[:2]] == [1, 2]
        assert {(message.runs, message.seed) for message in own} == {(3, 4 + number)}
        assert own[0].as_dict()["seed"] == 4 + number
        assert own[-1].quality == max(message.epoch.scores.quality for message in own[:2])


def test_a_run_is_the_single_training_under_its_seed_byte_for_byte(done, lessons, tmp_path):
    last = finished(done)[-1]
    save_model(last.model, tmp_path / "of-three.rnntag")
    alone = "train", lessons / "lessons.conll", "--dev", lessons / "lessons.conll", *TINY, "--seed", 7, "--epochs", 2
    assert run(*alone, "-o", "alone.rnntag", cwd=tmp_path).status == 0
    assert (tmp_path / "of-three.rnntag").read_bytes() == (tmp_path / "alone.rnntag").read_bytes()


def test_mean_and_deviation_are_those_of_a_sample():
    assert spread([1.0, 2.0, 4.0]) == (7 / 3, statistics.stdev([1, 2, 4]))
    assert spread([3.0]) == (3.0, 0.0)


def test_figures_that_not_every_run_has_are_left_out(done):
    runs = finished(done)
    assert set(spreads(runs)) == {"f1", "accuracy", "intent_accuracy", "utterance_accuracy", "quality"}
    assert spreads(runs)["f1"].mean == pytest.approx(statistics.fmean(run.figures["f1"] for run in runs))
    unfinished = ended_run(4)
    assert unfinished.figures == {}
    assert spreads([*runs, unfinished]) == {}
    assert best([unfinished, *runs]) in runs


def test_the_best_is_kept_and_of_equal_ones_the_first(done):
    runs = finished(done)
    qualities = (90.0, 95.0, 95.0)
    made = [ended_run(run.run, quality=quality) for run, quality in zip(runs, qualities, strict=True)]
    assert best(made[::-1]).run == 2


def test_of_those_that_are_not_the_best_only_the_figures_are_kept():
    made = [ended_run(number, quality=quality, f1=quality) for number, quality in ((3, 95.0), (1, 90.0))]
    kept = slim(made)
    assert [run.model is None for run in kept] == [False, True]
    assert [run.figures for run in kept] == [run.figures for run in made]
    kept = slim([*kept, ended_run(2, quality=95.0)])  # of equal ones the first
    assert [run.run for run in kept if run.model] == [best(kept).run] == [2]


def test_together_they_average_scores(done, lessons, tmp_path):
    runs = finished(done)
    read = read_corpus(lessons / "lessons.conll")
    model = together(runs, read)
    save_model(model, tmp_path / "together.rnntag")
    loaded = load_model(tmp_path / "together.rnntag")
    assert len(loaded.members) == 3
    assert loaded.record.seeds == [5, 6, 7]
    assert loaded.record.epoch is None  # each has its own
    size = (tmp_path / "together.rnntag").stat().st_size / 1e6
    figures = progress.figures_line(loaded.record.figures)
    assert figures.startswith("F1 ")
    said = progress.summary(loaded, str(tmp_path / "together.rnntag"))
    assert said == f"saved {tmp_path / 'together.rnntag'} ({size:.1f} MB): 3 members averaged, dev {figures}"
    for member, one in zip(loaded.members, runs, strict=True):
        np.testing.assert_array_equal(member.flat, one.model.parameters.flat)
    assert Tagger(loaded).tags([sentence.tokens for sentence in read]) == Tagger(model).tags(
        [sentence.tokens for sentence in read]
    )
    # Three times the same network is that network.
    thrice = together([runs[0]] * 3, read)
    alone = Tagger(runs[0].model).tagged(read)
    for ours, theirs in zip(Tagger(thrice).tagged(read), alone, strict=True):
        assert (ours.tags, ours.intent) == (theirs.tags, theirs.intent)


def test_the_order_in_which_runs_end_is_not_in_their_model(done, lessons, tmp_path):
    runs, read = finished(done), read_corpus(lessons / "lessons.conll")
    for name, order in (("one", runs), ("two", runs[::-1])):
        save_model(together(order, read), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_what_a_run_raises_comes_through(lessons, monkeypatch):
    data = read_corpus(lessons / "lessons.conll")
    data[3].tags[0] = "I-nowhere"
    with pytest.raises(CorpusError, match="cannot open a sentence"):
        list(train_runs(data, data, SPEC, RECIPE, None, None, 2, 2))


# What goes wrong


def popen(monkeypatch, act=lambda process, number: None, command=lambda command, number: command):
    """Processes as they are started, from now on: what to do with each just then, and what to start in its place."""
    started = []

    class Popen(subprocess.Popen):
        def __init__(self, words, **more):
            started.append(self)
            number = len(started)
            super().__init__(command(words, number), **more)
            act(self, number)

    monkeypatch.setattr(processes.subprocess, "Popen", Popen)
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")  # the twins start at once
    return started


@pytest.fixture(scope="module")
def data(lessons):
    return read_corpus(lessons / "lessons.conll")


ENDED = r"^the training under seed 5 ended without a result$"
ENDLESS = replace(RECIPE, epochs=90_000, patience=90_000)


def test_a_run_that_dies_before_it_says_anything_is_told(data, monkeypatch):
    popen(monkeypatch, command=lambda words, number: ["false"])
    told = []
    with pytest.raises(RnntagError, match=ENDED):
        told.extend(train_runs(data * 100, data, SPEC, RECIPE, None, None, 1, 1))  # more than a pipe holds
    assert [type(message) for message in told] == [RunFailed]


def test_a_run_that_dies_half_way_is_told(data, monkeypatch):
    started = popen(monkeypatch)
    several = train_runs(data, data, SPEC, ENDLESS, None, None, 1, 1)
    next(several)
    started[0].kill()
    with pytest.raises(RnntagError, match=ENDED):
        list(several)


def test_a_run_that_dies_in_the_middle_of_a_word_is_told(done):
    epoch = next(message.epoch for message in done if isinstance(message, RunEpoch))
    whole = pickle.dumps(epoch)
    end = pickle.dumps(["some warning"])
    assert list(_told(io.BytesIO(whole + end), 5)) == [epoch, ["some warning"]]
    for cut in range(len(whole + end)):
        with pytest.raises(RnntagError, match=ENDED):
            list(_told(io.BytesIO((whole + end)[:cut]), 5))


def test_a_process_that_cannot_be_started_is_told(data, monkeypatch):
    monkeypatch.setattr(processes.sys, "executable", "/nowhere/python")
    with pytest.raises(RnntagError, match=r"^the training under seed 5 cannot begin: No such file or directory$"):
        list(train_runs(data, data, SPEC, RECIPE, None, None, 1, 1))


def test_a_run_that_fails_takes_no_other_with_it(data, monkeypatch):
    popen(monkeypatch, command=lambda words, number: ["false"] if number == 2 else words)
    told = list(train_runs(data, data, SPEC, RECIPE, None, None, 3, 1))
    assert [run.run for run in told if isinstance(run, RunDone)] == [1, 3]
    [failed] = [run for run in told if isinstance(run, RunFailed)]
    assert (failed.run, failed.seed) == (2, 6)
    assert str(failed.fault) == "the training under seed 6 ended without a result"


def test_a_seed_out_of_range_is_told_before_any_work(data, monkeypatch, lessons):
    last = 2**32 - 1
    assert seeds(Recipe(seed=last - 1), 2) == range(last - 1, last + 1)
    started = popen(monkeypatch)
    fact = f"seed is {last + 1}, but must lie between 0 and {last}"
    with pytest.raises(SpecError, match=f"^{fact}$"):
        next(train_runs(data, data, SPEC, replace(RECIPE, seed=last), None, None, 2, 1))
    assert started == []
    command = "train", "nowhere.conll", "--seed", last, "--runs", 2  # the corpus is not even looked at
    assert run(*command, cwd=lessons) == (2, "", f"Error: {fact}\n")


@needs_signals
def test_a_run_hears_nothing_of_ctrl_c_from_its_first_instant_on(data, monkeypatch):
    def press(process, number):
        for _ in range(300):
            process.send_signal(signal.SIGINT)
            time.sleep(0.005)

    popen(monkeypatch, press)
    told = list(train_runs(data, data, SPEC, RECIPE, None, None, 1, 1))
    assert [type(message) for message in told] == [RunEpoch, RunEpoch, RunDone]


@needs_signals
def test_whoever_leaves_waits_for_nobody(data, monkeypatch):
    started = popen(monkeypatch)
    several = train_runs(data, data, SPEC, ENDLESS, None, None, 3, 2)
    next(several)
    several.close()
    assert [process.returncode for process in started] == [-signal.SIGKILL] * 2


@needs_signals
def test_a_process_that_is_being_started_when_one_leaves_is_ended_as_well(data, monkeypatch):
    children = Children()
    started = popen(monkeypatch, lambda process, number: children.kill())
    with pytest.raises(RnntagError, match=ENDED):
        list(children.messages("job", 5, "output"))
    assert [process.returncode for process in started] == [-signal.SIGKILL]


def test_the_first_run_leaves_a_model_however_early_the_end(data):
    told = list(train_runs(data, data, SPEC, ENDLESS, None, None, 3, 1, lambda: True))
    assert [(type(message), message.run) for message in told] == [(RunDone, 1)]
    [run] = told
    assert run.figures == {}
    assert best(told).model.tags
    assert progress.run_line(run) == "run 1/3  seed 5  before the first epoch's end"
    assert progress.runs_summary(told) == "1 runs; kept: seed 5"


SPOILT = "the gradient is not finite; kept is the best model before that"


def spoilt(words, number):
    """The command of a process in which the second epoch comes to nothing."""
    code = """
from rnntag.errors import SpecError
from rnntag.training.trainer import Trainer
epoch = Trainer._epoch
def failing(self, number, *arguments):
    if number == 2:
        raise SpecError("the gradient is not finite")
    return epoch(self, number, *arguments)
Trainer._epoch = failing
work("""
    return [*words[:2], words[2].replace("\nwork(", code), *words[3:]]


# The command


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
    kept = re.fullmatch(summary, lines[-2])
    assert kept, lines[-2]
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
        interrupt(process)
        said = lines_of(process.stderr, 1)
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
        said[-1],
    ), said
    assert all(line.startswith(("run ", "1 runs", "2 runs")) for line in said[1:-1]), said
    assert load_model(lessons / "early.rnntag").tags


def test_a_model_of_runs_stopped_early_is_summed_up_by_what_is_known(lessons, data, done):
    runs = [replace(run, record=Record()) for run in finished(done)[:2]]
    model = together(runs, data)
    save_model(model, lessons / "two.rnntag")
    assert re.search(
        r"\): 2 members averaged, dev F1 \d+\.\d\d  intent ", progress.summary(model, str(lessons / "two.rnntag"))
    )


@needs_signals
def test_the_second_ctrl_c_ends_every_run_at_once_and_leaves_the_old_model(lessons, trained):
    heavy = "--hidden", 128, "--batch", 360, *LONG  # a batch takes a while
    (lessons / "old.rnntag").write_bytes(b"the model of last week")
    command = "train", trained.train, "--dev", trained.dev, *heavy, "--runs", 2, "-o", "old.rnntag"
    group = {"cwd": lessons, "start_new_session": True, "env": PLAIN | {"TMPDIR": lessons}}
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
    assert not list(lessons.glob("rnntag-runs-*"))


@needs_signals
def test_the_runs_end_with_the_command_even_if_that_is_killed(lessons, tmp_path):
    command = "train", "lessons.conll", "--dev", "lessons.conll", *TINY, *LONG, "--runs", 2, "-o", tmp_path / "m.rnntag"
    with start(*command, "--log", tmp_path / "l.jsonl", cwd=lessons, env=PLAIN | {"TMPDIR": tmp_path}) as process:
        while not (tmp_path / "l.jsonl").exists() or not (tmp_path / "l.jsonl").read_text():
            assert process.poll() is None
            time.sleep(0.05)
        process.kill()
        process.communicate(timeout=30)  # the streams end when nobody holds them any longer, and the runs do


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


# The command, in this process


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
        order.append("kernels")
        if notice:
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
    load, summary = load_model, progress.runs_summary

    def loading(path):
        model = load(path)
        models.append(weakref.ref(model))
        return model

    def counting(*arguments):
        gc.collect()
        counts.append(sum(model() is not None for model in models))
        return summary(*arguments)

    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    monkeypatch.setattr("rnntag.training.runs.load_model", loading)
    monkeypatch.setattr(progress, "runs_summary", counting)
    command(lessons, *more)
    assert len(models) == 3
    assert counts == [held]
