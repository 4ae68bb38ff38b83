"""The files of compiled code: nobody else's, and unchanged, or none at all."""

import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from rnntag.kernels.cache import CodeCache

VERSION = "0123456789abcdef" * 4
posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no owners and modes there")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The folder that caches are in."""
    monkeypatch.setenv("RNNTAG_CACHE", str(tmp_path / "caches"))
    return tmp_path / "caches"


@pytest.fixture
def cache(home):
    """A cache with one piece of code in it."""
    cache = CodeCache(VERSION)
    cache.write("module.kernel", b"machine code")
    return cache


@pytest.fixture
def file(cache):
    return cache.folder() / "module.kernel"


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.fixture
def wide_open():
    """Whatever is made is open to all, unless its maker says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


# What was written is read


def test_what_was_written_is_read_by_whoever_has_the_same_version(cache, file):
    assert CodeCache(VERSION).read("module.kernel") == b"machine code"
    assert CodeCache(VERSION).read("module.other") is None
    assert CodeCache(VERSION.replace("a", "b")).read("module.kernel") is None
    assert [path.name for path in file.parent.iterdir()] == ["module.kernel"]


def test_what_is_written_again_takes_the_place_of_the_first(cache, file):
    cache.write("module.kernel", b"other code")
    assert cache.read("module.kernel") == b"other code"
    assert [path.name for path in file.parent.iterdir()] == ["module.kernel"]


def test_a_fault_in_writing_leaves_what_was_there(cache, file, monkeypatch):
    def fail(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space left on device") as fault:
        cache.write("module.kernel", b"other code")
    assert fault.value.filename == str(file.parent)
    assert cache.read("module.kernel") == b"machine code"
    assert [path.name for path in file.parent.iterdir()] == ["module.kernel"]


# Checked before it is believed


def test_no_bit_can_be_flipped_unseen(cache, file):
    whole = file.read_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
            assert cache.read("module.kernel") is None, f"bit {bit} of byte {place}"
    file.write_bytes(whole)
    assert cache.read("module.kernel") == b"machine code"


def test_no_cut_and_no_addition_goes_unseen(cache, file):
    whole = file.read_bytes()
    for changed in (*(whole[:left] for left in range(len(whole))), whole + b"\0", whole * 2):
        file.write_bytes(changed)
        assert cache.read("module.kernel") is None


def test_code_under_the_name_of_other_code_is_not_taken_for_it(cache, file):
    file.rename(file.with_name("module.other"))
    assert cache.read("module.other") is None


def test_code_of_another_version_is_not_taken_for_this_one(cache, file, home):
    other = "fedcba9876543210" * 4
    file.parent.rename(home / "rnntag" / other[:16])
    assert CodeCache(other).read("module.kernel") is None


# Nobody else's


@posix
def test_folders_and_files_are_for_their_owner_alone_whatever_the_umask(wide_open, home, cache, file):
    assert [mode(path) for path in (home, home / "rnntag", file.parent, file)] == [0o700, 0o700, 0o700, 0o600]


@posix
@pytest.mark.parametrize("looser", [0o777, 0o775, 0o755])
def test_one_s_own_folders_that_are_open_to_others_are_closed(cache, file, home, looser):
    for folder in (home / "rnntag", file.parent):
        folder.chmod(looser)
    home.chmod(looser)
    assert CodeCache(VERSION).read("module.kernel") == b"machine code"
    assert [mode(path) for path in (home, home / "rnntag", file.parent)] == [looser, 0o700, 0o700]


@posix
@pytest.mark.parametrize("looser", [0o666, 0o660, 0o602])
def test_a_file_that_others_can_write_to_does_not_count_and_is_replaced(cache, file, looser):
    file.chmod(looser)
    assert cache.read("module.kernel") is None
    cache.write("module.kernel", b"machine code")
    assert (cache.read("module.kernel"), mode(file)) == (b"machine code", 0o600)


@posix
def test_a_file_that_others_can_read_counts(cache, file):
    file.chmod(0o644)
    assert cache.read("module.kernel") == b"machine code"


@posix
def test_neither_links_nor_pipes_count(cache, file, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(file.read_bytes())
    elsewhere.chmod(0o600)
    file.unlink()
    for make in (file.symlink_to, file.hardlink_to):
        make(elsewhere)
        assert cache.read("module.kernel") is None
        file.unlink()
    os.mkfifo(file, 0o600)
    assert cache.read("module.kernel") is None


def of_another(monkeypatch, *paths):
    """Let these paths, and nothing else, belong to another user."""

    def looking(whole):
        def look(path, **options):
            found = whole(path, **options)
            return changed(found) if path in paths else found

        return look

    for name in ("stat", "lstat"):
        monkeypatch.setattr(os, name, looking(getattr(os, name)))


def changed(found):
    """What is known of a file, but for its owner."""
    fields = list(found)
    fields[stat.ST_UID] += 1
    return os.stat_result(fields)


@posix
@pytest.mark.parametrize("level", ["rnntag", "rnntag/0123456789abcdef"])
def test_a_folder_of_another_user_is_neither_read_nor_written(cache, file, home, monkeypatch, level):
    of_another(monkeypatch, home / level)
    strange = CodeCache(VERSION)
    assert strange.read("module.kernel") is None
    with pytest.raises(OSError, match="it belongs to another user") as fault:
        strange.write("module.kernel", b"other code")
    assert fault.value.filename == str(home / level)


@posix
def test_a_file_of_another_user_does_not_count(cache, file, monkeypatch):
    whole = os.fstat
    monkeypatch.setattr(os, "fstat", lambda descriptor: changed(whole(descriptor)))
    assert cache.read("module.kernel") is None


@posix
def test_one_s_own_link_is_followed_and_that_of_another_user_not(cache, file, home, tmp_path, monkeypatch):
    (home / "rnntag").rename(tmp_path / "large disk")
    (home / "rnntag").symlink_to(tmp_path / "large disk")
    assert CodeCache(VERSION).read("module.kernel") == b"machine code"
    target = os.stat
    of_another(monkeypatch, home / "rnntag")
    monkeypatch.setattr(os, "stat", target)
    assert CodeCache(VERSION).read("module.kernel") is None


@posix
def test_a_link_to_a_folder_of_another_user_is_not_followed(cache, file, home, tmp_path, monkeypatch):
    (home / "rnntag").rename(tmp_path / "of another")
    (home / "rnntag").symlink_to(tmp_path / "of another")
    link = os.lstat
    of_another(monkeypatch, home / "rnntag")
    monkeypatch.setattr(os, "lstat", link)
    assert CodeCache(VERSION).read("module.kernel") is None


@posix
def test_a_folder_that_cannot_be_closed_to_others_is_not_used(cache, file, home, monkeypatch):
    (home / "rnntag").chmod(0o770)
    monkeypatch.setattr(Path, "chmod", lambda self, mode: None)  # as on a disk without modes
    assert CodeCache(VERSION).read("module.kernel") is None
    with pytest.raises(OSError, match="others can write to it"):
        CodeCache(VERSION).write("module.kernel", b"code")
    os.chmod(home / "rnntag", 0o755)
    assert CodeCache(VERSION).read("module.kernel") == b"machine code"


# Where


@pytest.fixture
def nobody(tmp_path, monkeypatch):
    """No home, and nobody of this number in the list of users: the place in the temporary folder."""
    for name in ("RNNTAG_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path / f"cache-of-{os.geteuid()}"


@posix
def test_without_a_home_it_is_a_private_folder_in_the_temporary_one(nobody, wide_open):
    cache = CodeCache(VERSION)
    cache.write("module.kernel", b"machine code")
    assert cache.folder() == nobody / "rnntag" / VERSION[:16]
    assert [mode(path) for path in (nobody, nobody / "rnntag", cache.folder())] == [0o700] * 3
    assert CodeCache(VERSION).read("module.kernel") == b"machine code"


@posix
def test_without_a_home_what_another_user_has_laid_there_is_left_alone(nobody, monkeypatch):
    CodeCache(VERSION).write("module.kernel", b"machine code")
    of_another(monkeypatch, nobody)
    assert CodeCache(VERSION).read("module.kernel") is None
    with pytest.raises(OSError, match="it belongs to another user") as fault:
        CodeCache(VERSION).write("module.kernel", b"other code")
    assert fault.value.filename == str(nobody)


@pytest.mark.parametrize("variable", ["RNNTAG_CACHE", "XDG_CACHE_HOME"])
def test_the_environment_names_another_place(tmp_path, monkeypatch, variable):
    monkeypatch.delenv("RNNTAG_CACHE", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "deep" / "place"))
    assert CodeCache(VERSION).folder() == tmp_path / "deep" / "place" / "rnntag" / VERSION[:16]


def test_a_place_that_is_a_file_holds_nothing(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RNNTAG_CACHE", str(tmp_path / "file"))
    assert CodeCache(VERSION).read("module.kernel") is None
    with pytest.raises(OSError, match="exists" if sys.platform != "win32" else ""):
        CodeCache(VERSION).write("module.kernel", b"code")
