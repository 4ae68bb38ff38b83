"""Who hears of a training, and in what order."""

from contextlib import contextmanager

import pytest
from trainings import SMALL, corpus

from rnntag.errors import SpecError
from rnntag.training.job import Job
from rnntag.training.listener import Listener, Reporter
from rnntag.training.recipe import Recipe
from rnntag.training.trainer import train


class Witness(Listener):
    """Writes down all that it hears; ends the training after so many reports."""

    def __init__(self, enough=10**9):
        self.heard, self._enough = [], enough

    @contextmanager
    def _open(self, name):
        self.heard.append(name)
        yield self.heard.append
        self.heard.append(f"end of {name}")

    def preparing(self):
        return self._open("preparing")

    def training(self):
        return self._open("training")

    def report(self, progress):
        self.heard.append(type(progress).__name__)

    def warn(self, warning):
        self.heard.append(warning)

    def stopping(self):
        return sum(each in ("Step", "Epoch") for each in self.heard) >= self._enough


def job(spec=SMALL, **recipe):
    return Job(corpus(8), corpus(8), spec, Recipe(**{"epochs": 2, "batch": 4} | recipe))


PREPARED = ["preparing", "end of preparing"]


def test_a_listener_that_overrides_nothing_lets_a_training_pass():
    listener = Listener()
    with listener.preparing() as notice, listener.training():
        assert notice is None
    assert listener.stopping() is False
    assert train(job(), 1, listener).record.epoch in (1, 2)


def test_the_corpora_are_warned_of_once_all_is_prepared_and_before_the_training():
    witness = Witness()
    train(job(), 1, witness, ["the corpus is small"])
    epoch = ["Step", "Step", "Epoch"]
    assert witness.heard == [*PREPARED, "the corpus is small", "training", *epoch, *epoch, "end of training"]


def test_a_training_ends_when_its_listener_has_enough():
    witness = Witness(enough=1)
    assert train(job(), 1, witness).record.epoch is None
    assert witness.heard == [*PREPARED, "training", "Step", "end of training"]
    assert train(job(), 1, Witness(enough=3)).record.epoch == 1


def test_what_a_training_says_of_itself_comes_last(monkeypatch):
    from rnntag.training.trainer import Trainer

    epoch = Trainer._epoch

    def failing(self):
        if self.course.epoch == 2:
            raise SpecError("the gradient is not finite")
        return epoch(self)

    monkeypatch.setattr(Trainer, "_epoch", failing)
    witness = Witness()
    assert train(job(), 1, witness).record.epoch == 1
    assert witness.heard[-2:] == ["end of training", "the gradient is not finite; kept is the best model before that"]


def test_settings_that_do_not_go_with_the_corpus_are_an_error_before_any_warning():
    witness = Witness()
    with pytest.raises(SpecError, match="running text"):
        train(job(bptt=3), 1, witness, ["unheard"])
    assert "unheard" not in witness.heard


def test_a_reporter_passes_everything_on_and_stops_at_a_true_answer():
    heard, warned, answers = [], [], iter([None, 0, "yes", "", None])

    def hear(progress):
        heard.append(progress)
        return next(answers)

    reporter = Reporter(hear, warned.append)
    assert not reporter.stopping()
    stopping = []
    for progress in ("step", "epoch", "step", "step"):
        reporter.report(progress)
        stopping.append(reporter.stopping())
    assert stopping == [False, False, True, True]  # an answer stands: several runs report before it is asked for
    reporter.report("failed")
    assert heard == ["step", "epoch", "step", "step", "failed"]
    reporter.warn("a.conll:1: odd")
    assert warned == ["a.conll:1: odd"]
    deaf = Reporter(None, warned.append)
    deaf.report("epoch")
    assert not deaf.stopping()
