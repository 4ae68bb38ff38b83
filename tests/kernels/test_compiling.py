"""The cache of compiled code: whatever befalls it costs a notice and the compiling, never a wrong or missing answer."""

import hashlib
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shell import environment

import rnntag
from rnntag.kernels import compiling

# A kernel of one line in place of all of ours: the same road, half a second in place of ten.
SCRIPT = """
import sys
from rnntag.kernels import compiling
compiling.compiler.notice = lambda sentence: print(sentence, file=sys.stderr)

@compiling.kernel("f8(f8)")
def twice(x):
    return {factor} * x

print(twice(21.0))
"""
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"


@pytest.fixture
def start(tmp_path):
    """Start the script, with a cache of its own."""

    def started(cache=tmp_path / "cache", before="", factor=2, package=Path(rnntag.__file__).parents[1]):
        script = tmp_path / "script.py"
        script.write_text(before + SCRIPT.format(factor=factor))
        env = environment(RNNTAG_CACHE=cache, PYTHONPATH=package, PYTHONDONTWRITEBYTECODE=1)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen([sys.executable, str(script)], env=env, **pipes)

    return started


def told(process):
    """Its answer and its notices, once it has ended well."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return float(out), err


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_was_compiled_once_is_not_compiled_again(start):
    answer, notice = told(start())
    assert answer == 42.0
    assert notice == "compiling the kernels for this processor (once; about 10 seconds)\n"
    assert told(start()) == (42.0, "")


def test_an_unwritable_cache_costs_a_notice(start, tmp_path):
    (tmp_path / "file").write_text("")
    answer, notice = told(start(cache=tmp_path / "file" / "cache"))
    assert answer == 42.0
    place = tmp_path / "file" / "cache"
    assert notice.splitlines()[1:] == [
        f"the compiled kernels cannot be kept in {place}: not a directory; RNNTAG_CACHE=FOLDER names another place"
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_home_costs_a_notice(start, tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    answer, notice = told(start(cache=home))
    assert answer == 42.0
    assert "the compiled kernels cannot be kept in " in notice


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files can be set there")
def test_a_full_disk_costs_a_notice_and_leaves_nothing_that_misleads(start):
    answer, notice = told(start(before=FULL))
    assert answer == 42.0
    assert "the compiled kernels cannot be kept in " in notice
    assert told(start())[0] == 42.0
    assert told(start()) == (42.0, "")


def test_processes_that_compile_at_the_same_time_do_not_disturb_each_other(start, tmp_path):
    running = [start() for _ in range(4)]
    assert [told(process)[0] for process in running] == [42.0] * 4
    assert [path.name for path in files(tmp_path / "cache")] == ["__main__.twice"]
    assert told(start()) == (42.0, "")


def cut(code):
    return code[:100]


def flipped(code):
    """With one bit of what Numba would unpickle and run in another state."""
    middle = len(code) // 2
    return code[:middle] + bytes([code[middle] ^ 1]) + code[middle + 1 :]


def unloadable(code):
    """As if it were right, but nothing that Numba can load: as after an update that leaves the version as it was."""
    data = pickle.dumps("no code")
    return hashlib.sha256(f"{compiling.version()}\n__main__.twice\n".encode() + data).digest() + data


@pytest.mark.parametrize("damaged", [cut, flipped, unloadable])
def test_damaged_code_is_compiled_anew_and_mended(start, tmp_path, damaged):
    told(start())
    (file,) = files(tmp_path / "cache")
    file.write_bytes(damaged(file.read_bytes()))
    answer, notice = told(start())
    assert answer == 42.0
    assert notice.startswith("compiling the kernels")
    assert told(start()) == (42.0, "")


def test_another_version_of_any_kernel_does_not_see_the_old_code(start, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(Path(rnntag.__file__).parent, copy / "rnntag")
    told(start(package=copy))
    (old,) = (tmp_path / "cache" / "rnntag").iterdir()
    with open(copy / "rnntag" / "kernels" / "simd.py", "a") as source:
        source.write("# edited\n")
    assert told(start(package=copy, factor=3))[0] == 63.0
    assert len(list((tmp_path / "cache" / "rnntag").iterdir())) == 2
    assert files(old)
