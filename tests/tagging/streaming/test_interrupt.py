"""A stream is read until it ends or Ctrl-C comes; either way it is closed."""

import os
import signal

import pytest

from rnntag.tagging.streaming import interrupt
from rnntag.tagging.streaming.interrupt import follow

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no Ctrl-C can be sent there")


class Recorder:
    """In the place of a live stream: remembers what came, and sends Ctrl-C so often after the first of it."""

    def __init__(self, interrupts=0):
        self.data, self.closed, self.interrupts = [], 0, interrupts

    def feed(self, data):
        self.data.append(data)
        for _ in range(self.interrupts):
            signal.raise_signal(signal.SIGINT)
        self.interrupts = 0

    def close(self):
        self.closed += 1


@pytest.fixture
def pipe():
    """A descriptor to read from, and a stream to write to it."""
    reader, writer = os.pipe()
    with open(reader, "rb"), open(writer, "wb", 0) as stream:
        yield reader, stream


def test_a_stream_that_ends_is_closed(pipe, monkeypatch):
    monkeypatch.setattr(interrupt, "READ_SIZE", 4)
    reader, writer = pipe
    writer.write(b"one two")
    writer.close()
    live = Recorder()
    assert follow(reader, live) is False
    assert (b"".join(live.data), len(live.data), live.closed) == (b"one two", 2, 1)


def test_ctrl_c_ends_a_stream_that_is_open_still(pipe):
    reader, writer = pipe
    writer.write(b"one")
    live = Recorder(interrupts=1)
    assert follow(reader, live) is True
    assert (live.data, live.closed) == ([b"one"], 1)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_stops_at_once(pipe):
    reader, writer = pipe
    writer.write(b"one")
    live = Recorder(interrupts=2)
    with pytest.raises(KeyboardInterrupt):
        follow(reader, live)
    assert live.closed == 0
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_whoever_does_not_listen_to_ctrl_c_goes_on(pipe):
    reader, writer = pipe
    writer.write(b"one")
    writer.close()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        live = Recorder(interrupts=1)
        assert follow(reader, live) is False
    finally:
        signal.signal(signal.SIGINT, before)
    assert (live.data, live.closed) == ([b"one"], 1)
