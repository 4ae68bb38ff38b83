"""Trainings in child processes: they die, they cannot be started, they ignore Ctrl-C, and each of it is told."""

import io
import signal
import time

import pytest
from several import ENDED, ENDLESS, job, needs_signals, popen, write_utterances
from trainings import trainer

from rnntag.errors import RnntagError
from rnntag.formats import read_corpus
from rnntag.training import processes
from rnntag.training.messages import Ended, of_end, of_epoch, write
from rnntag.training.processes import Children, _answers
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
    one = trainer(data[:6], epochs=1)
    [epoch] = [report for report in one.run() if isinstance(report, Epoch)]
    pipe = io.BytesIO()
    write(pipe, of_epoch(epoch))
    first = len(pipe.getvalue())
    write(pipe, of_end(Ended(one.model, ["some warning"])))
    heard, end = _answers(io.BytesIO(pipe.getvalue()), 5)
    assert (heard, end.warnings) == (epoch, ["some warning"])
    for cut in (*range(0, first + 50, 7), *range(first + 50, len(pipe.getvalue()), 997)):
        with pytest.raises(RnntagError, match=ENDED):
            list(_answers(io.BytesIO(pipe.getvalue()[:cut]), 5))


def test_a_process_that_cannot_be_started_is_told(data, monkeypatch):
    monkeypatch.setattr(processes.sys, "executable", "/nowhere/python")
    with pytest.raises(RnntagError, match=r"^the training under seed 5 cannot begin: No such file or directory$"):
        list(train_runs(job(data), 1, 1))


@needs_signals
@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_run_hears_nothing_of_what_ends_a_job_from_its_first_instant_on(data, monkeypatch, ending):
    def press(process, number):
        for _ in range(100):
            process.send_signal(getattr(signal, ending))
            time.sleep(0.005)

    popen(monkeypatch, press)
    heard = list(train_runs(job(data), 1, 1))
    assert [type(message) for message in heard] == [RunEpoch, RunEpoch, RunDone]


@needs_signals
def test_a_process_that_is_being_started_when_one_leaves_is_ended_as_well(data, monkeypatch):
    children = Children(job(data))
    started = popen(monkeypatch, lambda process, number: children.kill())
    with pytest.raises(RnntagError, match=ENDED):
        list(children.answers(5))
    assert [process.returncode for process in started] == [-signal.SIGKILL]


def test_a_process_that_is_being_started_when_all_are_asked_to_stop_hears_of_it(data, monkeypatch):
    children = Children(job(data, ENDLESS))
    popen(monkeypatch, lambda process, number: children.stop())
    [end] = children.answers(5)
    assert end.model.record.epoch is None
    assert children.stopping


def test_a_process_at_work_hears_that_it_shall_stop(data, monkeypatch):
    children = Children(job(data, ENDLESS))
    popen(monkeypatch)
    answers = children.answers(5)
    next(answers)
    children.stop()
    children.stop()  # as often as one looks
    *_, end = answers
    assert end.model.record.epoch >= 1


def test_what_a_process_prints_is_not_among_its_answers(data, monkeypatch, capfd):
    popen(monkeypatch, command=lambda words, number: [*words[:2], words[2].replace("\nwork(", CHATTY), *words[3:]])
    heard = list(train_runs(job(data), 1, 1))
    assert [type(message) for message in heard] == [RunEpoch, RunEpoch, RunDone]
    assert capfd.readouterr() == ("", "a library's news\n")


CHATTY = """
from rnntag.training import processes
train = processes.train
def chatty(*arguments):
    print("a library's news")
    return train(*arguments)
processes.train = chatty
work("""
