"""Several seeds: each run is what it would have been alone, figures are those of the runs, the best is kept."""

import re
import signal
import statistics
from dataclasses import replace

import numpy as np
import pytest
from several import ENDLESS, RECIPE, TINY, ended_run, finished, job, needs_signals, popen, write_utterances
from shell import run

from rnntag.errors import SpecError
from rnntag.formats import read_corpus
from rnntag.model.file import load_model, save_model
from rnntag.model.record import Record
from rnntag.show import progress
from rnntag.tagging.tagger import Tagger
from rnntag.training import runs as runs_module
from rnntag.training.listener import Listener
from rnntag.training.recipe import Recipe
from rnntag.training.reports import RunDone, RunEpoch, RunFailed
from rnntag.training.runs import best, seeds, slim, spreads, together, train_runs, train_several


@pytest.fixture(scope="module")
def utterances(trained, tmp_path_factory):  # after the first training: the kernels are compiled
    return write_utterances(tmp_path_factory.mktemp("utterances"))


@pytest.fixture(scope="module")
def data(utterances):
    return read_corpus(utterances)


@pytest.fixture(scope="module")
def done(data):
    """Three runs, two at a time: all that was reported."""
    return list(train_runs(job(data), 3, 2))


def test_every_epoch_of_every_run_is_told_and_then_its_end(done):
    for number in (1, 2, 3):
        own = [message for message in done if message.run == number]
        assert [type(message) for message in own] == [RunEpoch, RunEpoch, RunDone]
        assert [message.epoch.epoch for message in own[:2]] == [1, 2]
        assert {(message.runs, message.seed) for message in own} == {(3, 4 + number)}
        assert own[0].as_dict()["seed"] == 4 + number
        assert own[-1].quality == max(message.epoch.scores.quality for message in own[:2])


def test_a_run_is_the_single_training_under_its_seed_byte_for_byte(done, utterances, tmp_path):
    last = finished(done)[-1]
    save_model(last.model, tmp_path / "of-three.rnntag")
    alone = "train", utterances, "--dev", utterances, *TINY, "--seed", 7, "--epochs", 2
    assert run(*alone, "-o", "alone.rnntag", cwd=tmp_path).status == 0
    assert (tmp_path / "of-three.rnntag").read_bytes() == (tmp_path / "alone.rnntag").read_bytes()


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


def test_together_they_average_scores(done, data, tmp_path):
    runs = finished(done)
    model = together(runs, data)
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
    assert Tagger(loaded).tags([sentence.tokens for sentence in data]) == Tagger(model).tags(
        [sentence.tokens for sentence in data]
    )
    # Three times the same network is that network.
    thrice = together([runs[0]] * 3, data)
    alone = Tagger(runs[0].model).tagged(data)
    for ours, theirs in zip(Tagger(thrice).tagged(data), alone, strict=True):
        assert (ours.tags, ours.intent) == (theirs.tags, theirs.intent)


def test_the_order_in_which_runs_end_is_not_in_their_model(done, data, tmp_path):
    runs = finished(done)
    for name, order in (("one", runs), ("two", runs[::-1])):
        save_model(together(order, data), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_what_a_run_raises_comes_through(data):
    with pytest.raises(SpecError, match=r"^running text \(--bptt\) is for tags of single tokens"):
        list(train_runs(job(data, replace(RECIPE, bptt=3)), 2, 2))


@needs_signals
def test_a_run_that_fails_takes_no_other_with_it(data, monkeypatch):
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # as Python has it; a command run in this process may have changed it
    popen(monkeypatch, command=lambda words, number: ["false"] if number == 2 else words)
    heard = list(train_runs(job(data), 3, 1))
    assert [run.run for run in heard if isinstance(run, RunDone)] == [1, 3]
    [failed] = [run for run in heard if isinstance(run, RunFailed)]
    assert (failed.run, failed.seed) == (2, 6)
    assert str(failed.fault) == "the training under seed 6 ended without a result"


def test_a_seed_out_of_range_is_told_before_any_work(data, monkeypatch, tmp_path):
    last = 2**32 - 1
    assert seeds(Recipe(seed=last - 1), 2) == range(last - 1, last + 1)
    started = popen(monkeypatch)
    fact = f"seed is {last + 1}, but must lie between 0 and {last}"
    with pytest.raises(SpecError, match=f"^{fact}$"):
        next(train_runs(job(data, replace(RECIPE, seed=last)), 2, 1))
    assert started == []
    command = "train", "nowhere.conll", "--seed", last, "--runs", 2  # the corpus is not even looked at
    assert run(*command, cwd=tmp_path) == (2, "", f"Error: {fact}\n")


@needs_signals
def test_whoever_leaves_waits_for_nobody(data, monkeypatch):
    started = popen(monkeypatch)
    several = train_runs(job(data, ENDLESS), 3, 2)
    next(several)
    several.close()
    assert [process.returncode for process in started] == [-signal.SIGKILL] * 2


def test_the_first_run_leaves_a_model_however_early_the_end(data):
    heard = list(train_runs(job(data, ENDLESS), 3, 1, lambda: True))
    assert [(type(message), message.run) for message in heard] == [(RunDone, 1)]
    [run] = heard
    assert run.figures == {}
    assert best(heard).model.tags
    assert progress.run_line(run) == "run 1/3  seed 5  before the first epoch's end"
    assert progress.runs_summary(heard) == "1 runs; kept: seed 5"


def test_a_model_of_runs_stopped_early_is_summed_up_by_what_is_known(tmp_path, data, done):
    runs = [replace(run, record=Record()) for run in finished(done)[:2]]
    model = together(runs, data)
    save_model(model, tmp_path / "two.rnntag")
    assert re.search(
        r"\): 2 members averaged, dev F1 \d+\.\d\d  intent ", progress.summary(model, str(tmp_path / "two.rnntag"))
    )


# The choice


class Warned(Listener):
    """Remembers what it is warned of."""

    def __init__(self):
        self.warnings = []

    def warn(self, warning):
        self.warnings.append(warning)


def test_of_several_runs_the_best_is_chosen(data, monkeypatch):
    popen(monkeypatch)
    several = train_several(job(data), 2, 2, False, Listener())
    assert several.model is best(several.done).model
    assert [run.model is None for run in several.done].count(False) == 1
    assert (several.averaged, several.wins) == (None, False)


@pytest.mark.parametrize("quality", [0.0, 100.0])
def test_all_as_one_are_chosen_if_they_are_better_than_the_best(data, monkeypatch, quality):
    popen(monkeypatch)
    judge = runs_module.judge

    def judged(model, dev, *more):
        scores = judge(model, dev, *more)
        figures = {**scores.figures(), "quality": quality}
        return type("Judged", (), {"figures": lambda self: figures})()

    monkeypatch.setattr(runs_module, "judge", judged)
    several = train_several(job(data), 2, 2, True, Listener())
    assert [run.model is None for run in several.done] == [False, False]
    assert several.wins == (quality == 100.0)
    assert several.model is (several.averaged if several.wins else best(several.done).model)
    assert len(several.averaged.members) == 2


def test_one_run_that_is_left_is_not_averaged(data, monkeypatch):
    popen(monkeypatch, command=lambda words, number: ["false"] if number == 1 else words)
    listener = Warned()
    several = train_several(job(data), 2, 1, True, listener, ["the corpus is small"])
    assert several.averaged is None
    assert len(several.model.members) == 1
    assert listener.warnings == [
        "the corpus is small",
        "seed 5: the training under seed 5 ended without a result",
    ]
