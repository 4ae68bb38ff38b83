"""Signals that end a training: the first is told and counted, and what comes after it."""

import signal
import threading

import pytest
from several import needs_signals

from rnntag.training.interrupt import FINISHING, SIGNALS, interruptible


def test_the_first_one_is_told_and_the_second_is_as_usual():
    before, heard = signal.getsignal(signal.SIGINT), []
    with interruptible(heard.append) as interrupted:
        assert interrupted == []
        signal.raise_signal(signal.SIGINT)
        assert (interrupted, heard) == ([signal.SIGINT], [FINISHING])
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_what_cannot_be_told_at_that_moment_is_told_by_another_thread():
    heard = []

    def tell(sentence):
        if not heard:
            heard.append(None)
            raise RuntimeError("reentrant call")
        heard.append(sentence)

    with interruptible(tell) as interrupted:
        signal.raise_signal(signal.SIGINT)
        assert interrupted
    assert heard == [None, FINISHING]


def test_a_job_in_the_background_ignores_it():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible(pytest.fail) as interrupted:
            signal.raise_signal(signal.SIGINT)
            assert interrupted == []
    finally:
        signal.signal(signal.SIGINT, before)


@needs_signals
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_are_as_a_first_ctrl_c_and_may_come_twice(number):
    before, heard = signal.getsignal(number), []
    with interruptible(heard.append) as interrupted:
        signal.raise_signal(number)
        signal.raise_signal(number)
        assert (interrupted, heard) == ([number], [FINISHING])
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(number) is before


def test_in_another_thread_nothing_is_changed():
    before, found = [signal.getsignal(number) for number in SIGNALS], []

    def work():
        with interruptible(pytest.fail) as interrupted:
            found.append((list(interrupted), [signal.getsignal(number) for number in SIGNALS]))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [([], before)]
