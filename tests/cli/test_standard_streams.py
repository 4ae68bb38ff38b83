"""Standard streams that are closed, full, or in a locale that knows no UTF-8."""

import os
import subprocess
import sys

import pytest
from shell import environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell closes the streams")


def shell(script, trained, text=None, **variables):
    """Run a line of shell in which $rnntag is the program and $model a small model; without text nobody gives any."""
    known = environment(rnntag=f"{sys.executable} -m rnntag", model=trained.path, **variables)
    given = {"stdin": subprocess.DEVNULL} if text is None else {"input": text}
    found = subprocess.run(["sh", "-c", script], capture_output=True, env=known, timeout=60, **given)
    return found.returncode, found.stdout.decode(), found.stderr.decode()


def test_a_closed_standard_output_is_told(trained):
    told = (1, "", "Error: standard output is closed\n")
    assert shell("$rnntag tag -m $model >&-", trained, b"seven\n") == told
    assert shell("$rnntag eval -m $model --json >&-", trained) == told


def test_a_closed_standard_input_is_an_empty_one(trained):
    assert shell("$rnntag tag -m $model <&-", trained) == (0, "", "")


def test_talk_does_not_go_to_standard_output_where_standard_error_is_closed(trained, tmp_path):
    small = f"--hidden 16 --embedding 16 --epochs 1 --batch 256 -o {tmp_path / 'm.rnntag'}"
    assert shell(f"$rnntag train {small} 2>&-", trained) == (0, "", "")
    assert (tmp_path / "m.rnntag").exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")
@pytest.mark.parametrize("command", ["tag -m $model", "eval -m $model --json", "--help"])
def test_a_full_device_is_told(trained, command):
    text = b"seven\n" if command.startswith("tag") else None
    status, _, told = shell(f"$rnntag {command} > /dev/full", trained, text)
    assert status == 1
    assert told.endswith("Error: no space left on device\n")


@pytest.mark.parametrize("command", ["tag -m $model --to inline", "tag -m $model --color always"])
def test_what_comes_out_is_utf8_in_any_locale(trained, command):
    script = f"$rnntag {command}"
    ours = shell(script, trained, "wäke me at 七\n".encode(), LC_ALL="C.UTF-8")
    assert ours[0] == 0
    assert "七" in ours[1]
    locale = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert shell(script, trained, "wäke me at 七\n".encode(), **locale) == ours


def test_a_terminal_that_the_environment_only_claims_changes_nothing(trained):
    plain = shell("$rnntag tag -m $model", trained, b"wake me at seven\n")
    assert "\t" in plain[1]
    assert shell("$rnntag tag -m $model", trained, b"wake me at seven\n", FORCE_COLOR="1") == plain


def test_a_version_in_the_environment_is_somebody_elses(trained):
    expected = shell("$rnntag tag -m $model", trained, b"seven\n")
    assert shell("$rnntag tag -m $model", trained, b"seven\n", RNNTAG_VERSION="1.0") == expected


def test_training_goes_on_when_nobody_reads_its_talk_any_more(trained, tmp_path):
    small = f"--hidden 16 --embedding 16 --epochs 3 --batch 256 -o {tmp_path / 'm.rnntag'}"
    status, out, _ = shell(f"$rnntag train {small} 2>&1 | head -n 1", trained)
    assert (status, len(out.splitlines())) == (0, 1)
    assert (tmp_path / "m.rnntag").exists()


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_disk_that_fills_up_is_told(trained, tmp_path, unbuffered):
    """An unbuffered stream takes what fits and says nothing."""
    (tmp_path / "lines.txt").write_text("wake me at seven\n" * 3000)
    script = f"ulimit -f 20; $rnntag tag -m $model {tmp_path / 'lines.txt'} > {tmp_path / 'out'}"
    status, _, told = shell(script, trained, PYTHONUNBUFFERED=unbuffered)
    assert status == 1
    assert told.endswith("Error: file too large\n")


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
@pytest.mark.parametrize(("command", "shown"), [("info --json", r"\udcff"), ("info", "\ufffd")])
def test_a_name_that_is_not_utf8_is_shown(trained, tmp_path, command, shown):
    (tmp_path / os.fsdecode(b"\xff.rnntag")).write_bytes(trained.path.read_bytes())
    status, out, told = shell(f"$rnntag {command} {tmp_path}/*.rnntag", trained)
    assert (status, told) == (0, "")
    assert f"{shown}.rnntag" in out
