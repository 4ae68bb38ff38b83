"""Several seeds: each run is what it would have been alone, figures are those of the runs, the best is kept."""

import json
import re
import statistics

import numpy as np
import pytest
from shell import LESSONS, columns, ended, interrupt, lines_of, run, start, varied

from rnntag import runs as runs_module
from rnntag.errors import CorpusError, RnntagError
from rnntag.formats import read_corpus
from rnntag.model import Model
from rnntag.runs import RunDone, RunEpoch, best, spread, spreads, together, train_runs
from rnntag.scheme import SCHEMES
from rnntag.spec import Recipe, Spec
from rnntag.tagging import Tagger
from rnntag.vocabulary import Vocabulary

TINY = ("--hidden", 8, "--embedding", 8, "--features", "word,char")
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
    last.model.save(tmp_path / "of-three.rnntag")
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
    unfinished = RunDone(4, 4, 8, empty({}))
    assert unfinished.figures == {}
    assert spreads([*runs, unfinished]) == {}
    assert best([unfinished, *runs]) in runs


def test_the_best_is_kept_and_of_equal_ones_the_first(done):
    runs = finished(done)
    qualities = (90.0, 95.0, 95.0)
    made = [
        RunDone(run.run, 3, run.seed, empty({"quality": quality})) for run, quality in zip(runs, qualities, strict=True)
    ]
    assert best(made[::-1]).run == 2


def test_together_they_average_scores(done, lessons, tmp_path):
    runs = finished(done)
    read = read_corpus(lessons / "lessons.conll")
    model = together(runs, read)
    model.save(tmp_path / "together.rnntag")
    loaded = Model.load(tmp_path / "together.rnntag")
    assert len(loaded.members) == 3
    assert loaded.record["seeds"] == [5, 6, 7]
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


def test_what_a_run_raises_comes_through(lessons, monkeypatch):
    data = read_corpus(lessons / "lessons.conll")
    data[3].tags[0] = "I-nowhere"
    with pytest.raises(CorpusError, match="cannot open a sentence"):
        list(train_runs(data, data, SPEC, RECIPE, None, None, 2, 2))


def test_a_run_that_dies_is_told(lessons, monkeypatch):
    monkeypatch.setattr(runs_module.sys, "executable", "/bin/false")
    data = read_corpus(lessons / "lessons.conll")
    with pytest.raises((RnntagError, BrokenPipeError)):
        list(train_runs(data, data, SPEC, RECIPE, None, None, 1, 1))


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
    assert Model.load(lessons / "best.rnntag").record["recipe"]["seed"] == int(kept[1])


def test_average_alone_is_a_mistake(lessons):
    found = run("train", "lessons.conll", "--average", cwd=lessons)
    assert found.status == 2
    assert found.err.endswith("Error: --average needs several --runs\n")


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
    assert Model.load(lessons / "cut.rnntag").record["epoch"] >= 1
