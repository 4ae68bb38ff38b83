"""A file or folder takes its name when it is whole, and a fault leaves what was there."""

import errno
import os
import stat

import pytest

from rnntag.errors import RnntagError
from rnntag.files.whole import check_writable, filling, replacing, write_whole


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


def test_a_full_disk_is_told_with_the_file_and_other_faults_in_the_midst_are_let_through():
    for number, kind in ((errno.ENOSPC, RnntagError), (errno.EPIPE, OSError)):
        with pytest.raises(kind) as caught, replacing("a"):
            raise OSError(number, "what the system says")
        told = "a: cannot be written: what the system says\nhint: name another place"
        assert (str(caught.value) == told) is (kind is RnntagError)
        assert os.listdir() == []


def test_a_folder_is_made_where_it_is_to_stand():
    with filling("new/deep/out/") as place, open(os.path.join(place, "a"), "wb"):
        pass
    assert os.listdir("new/deep") == ["out"]
    assert os.listdir("new/deep/out") == ["a"]


def test_the_name_of_a_folder_is_none_of_a_file():
    for attempt in (lambda: write_whole("out/", b""), lambda: check_writable("out/")):
        with pytest.raises(RnntagError, match=r"^out/: is the name of a folder\nhint: name a file in it$"):
            attempt()
    assert os.listdir() == []
