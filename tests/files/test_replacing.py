"""A file or folder takes its name when it is whole, and a fault leaves what was there."""

import contextlib
import errno
import os
import stat

import pytest

from rnntag.errors import RnntagError
from rnntag.files.whole import check_writable, filling, replacing, write_whole, writing


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_takes_the_place_of_the_old_one_at_the_end():
    write_whole("a", b"old")
    with replacing("a") as file:
        file.write(b"new")
        file.flush()
        with open("a", "rb") as before:
            assert before.read() == b"old"
    with open("a", "rb") as after:
        assert after.read() == b"new"
    assert os.listdir() == ["a"]


def test_a_fault_leaves_the_old_file_and_nothing_else():
    write_whole("a", b"old")
    with pytest.raises(ZeroDivisionError), replacing("a") as file:
        raise ZeroDivisionError(file.write(b"new"))
    with open("a", "rb") as after:
        assert after.read() == b"old"
    assert os.listdir() == ["a"]


def test_a_file_is_as_open_to_others_as_any_new_one():
    write_whole("a", b"")
    with open("b", "wb"):
        pass
    assert stat.S_IMODE(os.stat("a").st_mode) == stat.S_IMODE(os.stat("b").st_mode)


def test_a_link_is_followed():
    os.mkdir("there")
    write_whole("there/a", b"old")
    os.symlink("there/a", "link")
    write_whole("link", b"new")
    assert os.path.islink("link")
    with open("there/a", "rb") as file:
        assert file.read() == b"new"


def test_a_folder_is_filled_at_the_end_or_not_at_all():
    with pytest.raises(ZeroDivisionError), filling("out") as place:
        raise ZeroDivisionError(write_whole(os.path.join(place, "a"), b""))
    assert os.listdir() == []
    with filling("out") as place:
        write_whole(os.path.join(place, "a"), b"")
        assert not os.path.exists("out")
    assert os.listdir("out") == ["a"]
    with pytest.raises(RnntagError, match="is a folder that is not empty"), filling("out"):
        pass


def test_whether_a_file_can_be_written_is_known_beforehand(monkeypatch):
    check_writable("a")
    write_whole("b", b"old")
    check_writable("b")
    assert os.listdir() == ["b"]
    with open("b", "rb") as file:
        assert file.read() == b"old"
    os.mkdir("folder")
    for path, fact in (("folder", "is a folder"), ("no/a", "cannot be written: No such file or directory")):
        with pytest.raises(RnntagError) as caught:
            check_writable(path)
        assert str(caught.value) == f"{path}: {fact}\nhint: name another place"


def test_a_fault_of_writing_is_told_with_the_file_and_others_in_the_midst_are_let_through():
    with pytest.raises(OSError, match="of what is read") as caught, replacing("a"):
        raise OSError(errno.EIO, "of what is read")
    assert not isinstance(caught.value, RnntagError)
    with pytest.raises(RnntagError) as told, writing("a"):
        raise OSError(errno.EIO, "what the system says")
    assert str(told.value) == "a: cannot be written: what the system says\nhint: name another place"


@pytest.mark.skipif(os.name == "nt", reason="there are no limits of processes")
def test_a_disk_that_is_full_is_told_with_the_file_and_the_old_one_stands():
    import resource

    write_whole("a", b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        for size in (1001, 1 << 20):  # more than the limit when the file is closed, and while it is written
            with pytest.raises(RnntagError) as told, replacing("a") as file:
                file.write(bytes(size))
            assert str(told.value) == "a: cannot be written: File too large\nhint: name another place"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with open("a", "rb") as after:
        assert after.read() == b"old"
    assert os.listdir() == ["a"]


def test_a_folder_is_made_where_it_is_to_stand():
    with filling("new/deep/out/") as place, open(os.path.join(place, "a"), "wb"):
        pass
    assert os.listdir("new/deep") == ["out"]
    assert os.listdir("new/deep/out") == ["a"]


@pytest.mark.parametrize("there", [False, True], ids=["new", "empty"])
@pytest.mark.parametrize("step", ["replace", "rename", "chmod", "fsync"])
def test_a_fault_at_the_end_leaves_no_part_of_a_folder(monkeypatch, there, step):
    real, calls = getattr(os, step), []

    def fail_later(*arguments):
        calls.append(arguments)
        if len(calls) == 2 or step in ("rename", "chmod"):
            raise OSError(errno.EIO, "what the system says")
        return real(*arguments)

    if there:
        os.mkdir("out")
    monkeypatch.setattr(os, step, fail_later)
    unused = ("rename", "chmod") if there else ("replace",)
    with contextlib.nullcontext() if step in unused else pytest.raises(RnntagError, match=r"^out: cannot be written"):
        fill("out")
    if step not in unused:
        assert not os.path.exists("out") or os.listdir("out") == []
        assert os.listdir() == ["out"] * there


def fill(path):
    with filling(path) as place:
        for name in "abc":
            with open(os.path.join(place, name), "wb") as file:
                file.write(name.encode())


def test_a_folder_that_is_there_stays_the_same_one_and_a_new_one_is_like_any_other():
    os.mkdir("out")
    before = os.stat("out").st_ino
    fill("out")
    assert os.stat("out").st_ino == before  # it may be where somebody's shell is
    fill("new")
    os.mkdir("plain")
    assert stat.S_IMODE(os.stat("new").st_mode) == stat.S_IMODE(os.stat("plain").st_mode)


def test_the_name_of_a_folder_is_none_of_a_file():
    for attempt in (lambda: write_whole("out/", b""), lambda: check_writable("out/")):
        with pytest.raises(RnntagError, match=r"^out/: is the name of a folder\nhint: name a file in it$"):
            attempt()
    assert os.listdir() == []
