"""Files written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from rnntag.errors import RnntagError
from rnntag.files.whole import check_writable, write_whole

needs_posix = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions and links")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.rnntag"


def test_writing_leaves_the_file_and_nothing_else(tmp_path, path):
    write_whole(path, b"one")
    write_whole(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("step", ["replace", "chmod"])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk", "ctrl-c"])
def test_where_writing_fails_the_old_file_stays(tmp_path, path, monkeypatch, step, fault):
    def fail(*arguments, **more):
        raise fault

    path.write_bytes(b"old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises((RnntagError, KeyboardInterrupt)) as caught:
        write_whole(path, b"new" * 1000)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [path.name]
    if isinstance(fault, OSError):
        told = f"{path}: cannot be written: No space left on device\nhint: name another place"
        assert str(caught.value) == told


def test_the_new_file_is_never_seen_half_written(path, monkeypatch):
    path.write_bytes(b"old")
    replace, seen = os.replace, []

    def look(source, target):
        seen.append((path.read_bytes(), Path(source).read_bytes(), Path(source).parent == path.parent))
        replace(source, target)

    monkeypatch.setattr(os, "replace", look)
    write_whole(path, b"new" * 1000)
    assert seen == [(b"old", b"new" * 1000, True)]


@needs_posix
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_permissions_are_those_of_any_new_file(path, mask):
    before = os.umask(mask)
    try:
        write_whole(path, b"")
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


@needs_posix
def test_a_link_is_written_through(tmp_path, path):
    (tmp_path / "v1.rnntag").write_bytes(b"old")
    path.symlink_to("v1.rnntag")
    write_whole(path, b"new")
    assert path.is_symlink()
    assert (tmp_path / "v1.rnntag").read_bytes() == b"new"


@needs_posix
def test_what_is_no_file_is_not_replaced_by_one(path):
    os.mkfifo(path)  # a stand-in for /dev/null, which the superuser could lose this way
    with pytest.raises(RnntagError):
        check_writable(path)
    with pytest.raises(RnntagError):
        write_whole(path, b"new")
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_whether_a_place_can_be_written_is_known_beforehand_and_leaves_no_trace(tmp_path, path):
    path.write_bytes(b"old")
    check_writable(path)
    check_writable(tmp_path / "new.rnntag")
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_bytes() == b"old"
    for place, fact in [
        (tmp_path, "is a folder"),
        (tmp_path / "no" / "m", "cannot be written: No such file or directory"),
    ]:
        with pytest.raises(RnntagError) as caught:
            check_writable(place)
        assert str(caught.value) == f"{place}: {fact}\nhint: name another place"
