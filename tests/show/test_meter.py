"""What stands on a terminal while a long job goes on."""

import io
import os
import sys
import threading
from types import SimpleNamespace

import pytest

from rnntag.data.sentence import Sentence
from rnntag.show import meter
from rnntag.show.meter import Meter, apart, duration, has_place


@pytest.mark.parametrize(
    ("seconds", "text"), [(6.6, "7 s"), (59.4, "59 s"), (59.6, "1:00 min"), (205, "3:25 min"), (3729, "1:02:09 h")]
)
def test_times_as_people_write_them(seconds, text):
    assert duration(seconds) == text


class Stream(io.StringIO):
    """One that may be a terminal."""

    def __init__(self, terminal, descriptor=None):
        super().__init__()
        self.isatty = lambda: terminal
        self.fileno = lambda: descriptor


@pytest.fixture
def streams(monkeypatch):
    """Gives the two streams these faces: terminals, or what a descriptor leads to."""

    def given(stderr, stdout, descriptor=None, term="xterm"):
        monkeypatch.setattr(sys, "stderr", Stream(stderr))
        monkeypatch.setattr(sys, "stdout", Stream(stdout, descriptor))
        monkeypatch.setenv("TERM", term)

    return given


def test_a_line_stands_where_nothing_else_is_written(streams, tmp_path):
    reader, writer = os.pipe()
    with (tmp_path / "out").open("w") as file:
        for stderr, stdout, descriptor, output, waits, found in (
            (True, True, None, "a.conll", False, True),
            (True, True, None, None, False, False),
            (True, True, None, "-", True, True),
            (True, False, file.fileno(), None, False, True),
            (True, False, writer, None, False, False),
            (True, False, writer, None, True, False),
            (True, False, writer, "a.conll", False, True),
            (False, True, None, "a.conll", True, False),
        ):
            streams(stderr, stdout, descriptor)
            assert has_place(output, waits) is found
    os.close(reader)
    os.close(writer)
    streams(True, True, term="dumb")
    assert not has_place("a.conll")


BURSTS = [[Sentence(["a", "b"]), Sentence([])], [], [Sentence(["c"])]]


def test_where_there_is_no_place_nothing_is_counted(streams):
    streams(True, True)
    count = threading.active_count()
    with Meter("tagging", 10, False) as silent:
        assert silent.read is None
        assert silent.counted(BURSTS) is BURSTS
        assert threading.active_count() == count
    assert sys.stderr.getvalue() == ""


def test_a_short_job_is_quiet(streams):
    streams(True, True)
    with Meter("tagging", 10, True) as quick:
        assert list(quick.counted(BURSTS)) == BURSTS
        quick.read(b"x" * 10)
    assert sys.stderr.getvalue() == ""


def test_a_long_one_shows_how_far_it_is_and_leaves_nothing(streams, monkeypatch):
    streams(True, True)
    monkeypatch.setattr(meter, "PATIENCE", 0.0)
    monkeypatch.setattr(meter, "PACE", 0.001)
    monkeypatch.setenv("COLUMNS", "80")
    with Meter("tagging", 100, True) as long:
        list(long.counted(BURSTS))
        long.read(b"x" * 40)
        while "%" not in sys.stderr.getvalue():
            pass
        with apart():
            print("a line", file=sys.stderr)
            shown = sys.stderr.getvalue()
            assert "tagging  3 sentences  3 words" in shown
            assert "40 %" in shown
            line, _, rest = shown.rpartition("\r")
            assert rest == "a line\n"
            assert line.endswith(" ")
        while sys.stderr.getvalue() == shown:
            pass
    assert sys.stderr.getvalue().rpartition("\r")[2] == ""
    with apart():
        pass


def test_a_terminal_that_is_gone_does_not_stop_the_job(monkeypatch):
    def broken(text):
        raise OSError

    monkeypatch.setattr(sys, "stderr", SimpleNamespace(write=broken, flush=None))
    long = Meter("tagging", None, True)
    long._draw()
    long.erase()


def meant(width, total=1000, sentences=1_234_567):
    long = Meter("tagging", total, True)
    long.follow(lambda: (sentences, 10 * sentences))
    long._sentences, long._words = long._counts()
    long.read(b"x" * 430)
    return long.line(50.0, width)


def test_what_there_is_no_room_for_is_left_out():
    assert meant(99) == "tagging  1,234,567 sentences  12,345,670 words  246,913 words/s  43 %  1:06 min left"
    assert meant(70) == "tagging  1,234,567 sentences  246,913 words/s  43 %  1:06 min left"
    assert meant(50) == "tagging  246,913 words/s  43 %  1:06 min left"
    assert meant(39) == "tagging  43 %  1:06 min left"
    assert meant(14) == "tagging  43 %"
    assert meant(5) == "taggi"


def test_what_is_not_known_is_not_told():
    assert meant(99, total=None) == "tagging  1,234,567 sentences  12,345,670 words  246,913 words/s  50 s"
    assert meant(99, total=0, sentences=0) == "tagging  50 s"
