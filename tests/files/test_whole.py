"""Files written whole or not at all."""

import errno
import os
import stat
from pathlib import Path

import pytest

from rnntag.errors import RnntagError
from rnntag.files.whole import check_writable, replacing, write_whole

needs_posix = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions and links")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.rnntag"


def test_writing_leaves_the_file_and_nothing_else(tmp_path, path):
    write_whole(path, b"one")
    write_whole(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("step", ["replace", "chmod", "fsync"])
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
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755, 0o666])
def test_permissions_of_a_file_that_is_replaced_are_kept(path, mode):
    path.write_bytes(b"old")
    path.chmod(mode)
    write_whole(path, b"new")
    assert (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) == (mode, b"new")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only the superuser gives files away")
def test_owner_and_group_of_a_file_that_is_replaced_are_kept(path):
    path.write_bytes(b"old")
    os.chown(path, 12345, 54321)
    path.chmod(0o640)
    write_whole(path, b"new")
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12345, 54321, 0o640)


@needs_posix
def test_a_group_that_cannot_be_kept_gives_no_other_one_its_rights(path, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    path.write_bytes(b"old")
    path.chmod(0o664)
    real = os.stat
    mode, *between, group, size, access, change, birth = real(path)
    foreign = os.stat_result((mode, *between, group + 1, size, access, change, birth))
    monkeypatch.setattr(os, "chown", refuse)
    monkeypatch.setattr(os, "stat", lambda place, **more: foreign if place == str(path) else real(place, **more))
    write_whole(path, b"new")
    monkeypatch.undo()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@needs_posix
def test_a_read_only_file_is_refused_and_stays(tmp_path, path):
    path.write_bytes(b"old")
    path.chmod(0o444)
    for attempt in (lambda: check_writable(path), lambda: write_whole(path, b"new")):
        with pytest.raises(RnntagError) as caught:
            attempt()
        assert str(caught.value) == f"{path}: is read-only\nhint: chmod u+w {path}, or name another place"
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [path.name]


@needs_posix
def test_a_file_that_becomes_read_only_in_the_meantime_stays(path):
    path.write_bytes(b"old")
    with pytest.raises(RnntagError, match="is read-only"), replacing(path):
        path.chmod(0o444)
    assert path.read_bytes() == b"old"


def test_a_file_that_somebody_else_may_write_is_refused(path, monkeypatch):
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    with pytest.raises(RnntagError) as caught:
        write_whole(path, b"new")
    assert str(caught.value) == f"{path}: cannot be written: Permission denied\nhint: name another place"
    assert path.read_bytes() == b"old"


@needs_posix
def test_the_file_is_on_the_disk_before_it_takes_its_name_and_the_name_after_that(tmp_path, path, monkeypatch):
    steps = []
    for step in ("fsync", "replace"):
        real = getattr(os, step)

        def noted(*arguments, step=step, real=real):
            here = isinstance(arguments[0], int) and os.path.samestat(os.fstat(arguments[0]), os.stat(tmp_path))
            steps.append(f"{step} of the folder" if here else step)
            return real(*arguments)

        monkeypatch.setattr(os, step, noted)
    write_whole(path, b"new")
    assert steps == ["fsync", "replace", "fsync of the folder"]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOSYS])
def test_a_file_system_that_knows_of_no_fsync_is_written_to_all_the_same(path, monkeypatch, number):
    def fail(descriptor):
        raise OSError(number, "what the system says")

    monkeypatch.setattr(os, "fsync", fail)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


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
