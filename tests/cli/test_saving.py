"""What becomes of a trained model: where it is, and what is said of that."""

import errno
import os
import tempfile

import pytest
from shell import varied

from rnntag.errors import RnntagError
from rnntag.files import whole
from rnntag.model.file import load_model

TINY = ("--hidden", 8, "--embedding", 8, "--epochs", 1)


def trained(folder, *options):
    from rnntag.cli import cli

    (folder / "lessons.conll").write_text(varied(*"abcdefghij"), "utf-8", newline="\n")
    cli.main([*map(str, ("train", folder / "lessons.conll", *TINY, *options))], standalone_mode=False)


def test_a_model_that_is_replaced_is_named(tmp_path, capsys):
    (tmp_path / "old.rnntag").write_bytes(b"the model of last week")
    trained(tmp_path, "-o", tmp_path / "old.rnntag")
    said = capsys.readouterr().err.splitlines()
    assert said.count(f"replacing {tmp_path / 'old.rnntag'}") == 1
    assert sorted(os.listdir(tmp_path)) == ["lessons.conll", "old.rnntag"]


def test_on_a_full_disk_it_is_elsewhere_and_the_training_is_not_lost(tmp_path, monkeypatch, capsys):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    replace = whole.os.replace

    def full(source, target):
        if target.endswith(("my.rnntag", ".checkpoint")) and "temporary" not in target:
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(whole.os, "replace", full)
    with pytest.raises(RnntagError) as caught:
        trained(tmp_path, "-o", tmp_path / "my.rnntag")
    [place] = (tmp_path / "temporary").glob("rnntag-*/my.rnntag")
    fact = f"cannot be written: No space left on device; the model is in {place} instead"
    assert str(caught.value) == f"{tmp_path}/my.rnntag: {fact}\nhint: mv {place} PLACE"
    assert load_model(place).record.epoch == 1
    warning = f"warning: {tmp_path}/my.rnntag.checkpoint: cannot be written: No space left on device; "
    assert f"{warning}the training goes on without a new checkpoint" in capsys.readouterr().err.splitlines()
