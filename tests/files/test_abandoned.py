"""What a writer that was killed has left is removed by the next one; what one that lives has, is not."""

import os
import subprocess
import sys

import pytest
from shell import ROOT, ended, lines_of

from rnntag.files.whole import check_writable, filling, replacing, write_whole

pytestmark = pytest.mark.skipif(os.name == "nt", reason="locks end with their process on POSIX systems")
WRITER = """
import sys
from rnntag.files import whole
with getattr(whole, sys.argv[1])(sys.argv[2]) as place:
    if sys.argv[1] == "filling":
        open(f"{place}/a", "wb").close()
    else:
        place.write(b"half")
        place.flush()
    print("begun", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def writing_process(how, path):
    """A process that is in the midst of writing."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    known = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", WRITER, how, path], env=known, **pipes)
    assert lines_of(process.stdout, 1) == ["begun"]
    return process


@pytest.mark.parametrize(("how", "again"), [("replacing", check_writable), ("filling", lambda path: fill(path))])
def test_a_killed_writer_leaves_something_until_the_next_one_comes(how, again):
    with writing_process(how, "out") as process, ended(process):
        process.kill()
        process.wait()
        [left] = os.listdir()
        assert left.startswith(".out.rnntag-tmp-")
        write_whole("other", b"")
        assert left in os.listdir()
        again("out")
        assert set(os.listdir()) <= {"other", "out"}


def fill(path):
    with filling(path) as place, open(os.path.join(place, "b"), "wb"):
        pass


def test_a_file_that_a_living_writer_has_begun_stays():
    with writing_process("replacing", "out") as process, ended(process):
        begun = os.listdir()
        write_whole("out", b"ours")
        assert set(os.listdir()) == {*begun, "out"}
        process.stdin.close()
        assert process.wait() == 0
    assert os.listdir() == ["out"]
    with open("out", "rb") as file:
        assert file.read() == b"half"  # whoever is the last


def test_a_folder_that_a_living_writer_has_begun_stays_and_is_not_mixed_with_another():
    with writing_process("filling", "out") as process, ended(process):
        begun = os.listdir()
        fill("out")
        assert set(os.listdir()) == {*begun, "out"}
        process.stdin.close()
        assert process.wait() == 1
        assert b"RnntagError: out: is a folder that is not empty" in process.stderr.read()
    assert os.listdir() == ["out"]
    assert os.listdir("out") == ["b"]


def test_two_writers_of_a_process_do_not_hinder_each_other():
    with replacing("out") as first:
        with replacing("out") as second:
            second.write(b"second")
        first.write(b"first")
    with open("out", "rb") as file:
        assert file.read() == b"first"
    assert os.listdir() == ["out"]


def test_what_only_looks_like_ours_stays():
    kept = [
        ".out.rnntag-tmp-",
        ".out.rnntag-tmp-12345678.conll",
        ".out.rnntag-tmp-UPPERCAS",
        ".out.abcdefgh",
        "a.rnntag-tmp-12345678",
    ]
    for name in kept:
        with open(name, "wb"):
            pass
    os.symlink(kept[0], ".out.rnntag-tmp-abcdefgh")
    os.mkfifo(".out.rnntag-tmp-abcdefg_")
    write_whole("out", b"")
    assert {*kept, ".out.rnntag-tmp-abcdefgh"} <= set(os.listdir())


def test_a_name_as_long_as_names_can_be_is_written():
    name = "ö" * 127
    write_whole(name, b"new")
    assert os.listdir() == [name]


@pytest.mark.parametrize("step", ["open", "flock"])
def test_what_is_taken_for_abandoned_before_it_is_locked_is_begun_again(monkeypatch, step):
    import fcntl

    module = os if step == "open" else fcntl
    real, seen = getattr(module, step), []

    def late(what, *arguments):
        temporary = [name for name in os.listdir() if name.startswith(".out.rnntag-tmp-")]
        if temporary and not seen:
            seen.extend(temporary)
            os.unlink(temporary[0])  # another process comes between the making and this
        return real(what, *arguments)

    monkeypatch.setattr(module, step, late)
    write_whole("out", b"new")
    assert len(seen) == 1
    assert os.listdir() == ["out"]
