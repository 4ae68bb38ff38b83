"""Trainings in child processes: they die, they cannot be started, they ignore Ctrl-C, and each of it is told."""

import io
import pickle
import signal
import time

import pytest
from several import ENDED, ENDLESS, job, needs_signals, popen, write_utterances
from trainings import trainer

from rnntag.errors import RnntagError
from rnntag.formats import read_corpus
from rnntag.training import processes
from rnntag.training.processes import Children, _read_messages
from rnntag.training.reports import Epoch, RunDone, RunEpoch, RunFailed
from rnntag.training.runs import train_runs


@pytest.fixture(scope="module")
def data(trained, tmp_path_factory):  # after the first training: the kernels are compiled
    return read_corpus(write_utterances(tmp_path_factory.mktemp("utterances")))


def test_a_run_that_dies_before_it_says_anything_is_told(data, monkeypatch):
    popen(monkeypatch, command=lambda words, number: ["false"])
    heard = []
    with pytest.raises(RnntagError, match=ENDED):
        heard.extend(train_runs(job(data * 100, dev=data), 1, 1))  # more than a pipe holds
    assert [type(message) for message in heard] == [RunFailed]


def test_a_run_that_dies_half_way_is_told(data, monkeypatch):
    started = popen(monkeypatch)
    several = train_runs(job(data, ENDLESS), 1, 1)
    next(several)
    started[0].kill()
    with pytest.raises(RnntagError, match=ENDED):
        list(several)


def test_a_run_that_dies_in_the_middle_of_a_word_is_told(data):
    [epoch] = [report for report in trainer(data[:6], epochs=1).run() if isinstance(report, Epoch)]
    whole = pickle.dumps(epoch)
    end = pickle.dumps(["some warning"])
    assert list(_read_messages(io.BytesIO(whole + end), 5)) == [epoch, ["some warning"]]
    for cut in range(len(whole + end)):
        with pytest.raises(RnntagError, match=ENDED):
            list(_read_messages(io.BytesIO((whole + end)[:cut]), 5))


def test_a_process_that_cannot_be_started_is_told(data, monkeypatch):
    monkeypatch.setattr(processes.sys, "executable", "/nowhere/python")
    with pytest.raises(RnntagError, match=r"^the training under seed 5 cannot begin: No such file or directory$"):
        list(train_runs(job(data), 1, 1))


@needs_signals
def test_a_run_hears_nothing_of_ctrl_c_from_its_first_instant_on(data, monkeypatch):
    def press(process, number):
        for _ in range(300):
            process.send_signal(signal.SIGINT)
            time.sleep(0.005)

    popen(monkeypatch, press)
    heard = list(train_runs(job(data), 1, 1))
    assert [type(message) for message in heard] == [RunEpoch, RunEpoch, RunDone]


@needs_signals
def test_a_process_that_is_being_started_when_one_leaves_is_ended_as_well(data, monkeypatch, tmp_path):
    children = Children(job(data), tmp_path)
    started = popen(monkeypatch, lambda process, number: children.kill())
    with pytest.raises(RnntagError, match=ENDED):
        list(children.messages(5))
    assert [process.returncode for process in started] == [-signal.SIGKILL]
