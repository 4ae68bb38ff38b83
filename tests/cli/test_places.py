"""What is read is never written over: every command, every pair of places, every way to name a file."""

import os
import subprocess

import click
import pytest
from click.testing import CliRunner
from in_process import APART
from shell import COMMAND, environment

from rnntag.cli import cli
from rnntag.cli.places import check_apart

READ = "READ"
TRAIN = {
    "TRAIN": (READ,),
    "--dev": ("other.conll", "--dev", READ),
    "--vectors": ("other.conll", "--vectors", READ),
    "--gazetteer x": ("other.conll", "--gazetteer", f"x={READ}"),
    "--tag-names": ("other.conll", "--tag-names", READ),
}
TAG = {
    "FILE": (READ,),
    "--model": ("other.conll", "-m", READ),
    "--gazetteer x": ("other.conll", "--gazetteer", f"x={READ}"),
    "--tag-names": ("other.conll", "--tag-names", READ),
}
EVAL = {
    "GOLD": ("other.conll", READ),
    "--model": ("other.conll", "-m", READ),
    "--predicted": ("other.conll", "--predicted", READ),
    "A": ("other.conll", "--compare", READ, "other.conll"),
    "B": ("other.conll", "--compare", "other.conll", READ),
    "--train": ("other.conll", "--train", READ),
    "--log": ("other.conll", "--log", READ),
    "--gazetteer x": ("other.conll", "--gazetteer", f"x={READ}"),
    "--tag-names": ("other.conll", "--tag-names", READ),
}
CONVERT = {"FILE": ("other.conll", READ), "--tag-names": ("other.conll", "--tag-names", READ)}
WRITES = [
    ("train", TRAIN, "--output"),
    ("train", TRAIN, "--log"),
    ("tag", TAG, "--output"),
    ("eval", EVAL, "--html"),
    ("convert", CONVERT, "--output"),
]
PAIRS = [(command, read, words, write) for command, reads, write in WRITES for read, words in reads.items()]
NAMES = {
    "plain": lambda path: path,
    "dotted": lambda path: f"./{path}",
    "absolute": os.path.abspath,
    "link": lambda path: linked(os.symlink, path),
    "hard link": lambda path: linked(os.link, path),
    "link to a link": lambda path: linked(os.symlink, linked(os.symlink, path)),
}
if os.name == "nt":
    NAMES = {name: way for name, way in NAMES.items() if "symlink" not in name and "link" not in name}


def linked(link, path):
    """Another name of a file."""
    name = f"{path}.{link.__name__}"
    link(path, name)
    return name


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, with files to read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RNNTAG_MODEL", raising=False)
    for name in ("read", "other.conll"):
        (tmp_path / name).write_text("a\tO\n\n" if name != "read" else "O\nB-a\n")
    return tmp_path


def refused(*words):
    """What is said of a command line that contradicts itself."""
    found = CliRunner(**APART).invoke(cli, [str(word) for word in words], standalone_mode=False)
    assert isinstance(found.exception, click.UsageError), (found.exception, words)
    assert found.exception.exit_code == 2
    return found.exception.message


@pytest.mark.parametrize("way", NAMES.values(), ids=NAMES)
def test_nothing_that_is_read_is_written_over(folder, way):
    other = way("read")
    before = {name: (folder / name).read_bytes() for name in os.listdir(folder)}
    for command, read, words, write in PAIRS:
        for ours, theirs in (("read", other), (other, "read")):
            told = refused(command, *(word.replace(READ, ours) for word in words), write, theirs)
            assert told == f"{read} and {write} are the same file, {theirs}", (command, words)
            assert {name: (folder / name).read_bytes() for name in os.listdir(folder)} == before
    told = refused("check", "--fix", "read", "--from", "conll", "-o", other)
    assert told == f"FILE and the mended copy of read are the same file, {other}"
    assert {name: (folder / name).read_bytes() for name in os.listdir(folder)} == before


def test_a_checkpoint_is_written_beside_the_model(folder):
    os.link("read", "m.checkpoint")
    told = refused("train", "read", "--output", "m")
    assert told == "TRAIN and the checkpoint are the same file, m.checkpoint"


@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_written_twice(folder, there):
    if there:
        (folder / "new").write_text("old")
    os.symlink("new", "alias")  # it leads nowhere, where there is no such file
    for one, other in (("new", "new"), ("new", "./new"), ("alias", "new"), ("new", "alias")):
        told = refused("train", "other.conll", "--output", one, "--log", other)
        assert told == f"--output and --log are the same file, {other}"
    os.mkdir("sub")
    os.link("other.conll", "sub/other.conll")
    told = refused("check", "--fix", "other.conll", "sub/other.conll", "-o", "copies")
    assert told.endswith("and the mended copy of sub/other.conll are the same file, copies/other.conll")
    assert not os.path.exists("copies")


def test_the_model_that_is_not_named_is_read_as_well(folder, monkeypatch):
    os.link("read", "model.rnntag")
    for words in (("tag", "other.conll", "-o"), ("eval", "other.conll", "--html")):
        assert refused(*words, "read").startswith("--model and --")
        monkeypatch.setenv("RNNTAG_MODEL", "other.conll")
        (folder / "gold.conll").write_text("a\tO\n\n")
        again = [word if word != "other.conll" else "gold.conll" for word in words]
        assert refused(*again, "other.conll").startswith("--model and --")
        monkeypatch.delenv("RNNTAG_MODEL")


def test_a_folder_that_is_read_is_its_files(folder):
    os.mkdir("brat")
    for name in ("a.txt", "a.ann"):
        (folder / "brat" / name).write_text("")
    os.link("brat/a.ann", "elsewhere")
    for place in ("brat", "brat/a.ann", "brat/../brat/a.txt", "elsewhere"):
        for words in (("convert",), ("tag", "-m", "read")):
            told = refused(*words, "brat", "--from", "brat", "--to", "brat", "-o", place)
            assert told == f"FILE and --output are the same file, {place}"


def test_what_is_no_file_is_never_the_same(folder):
    check_apart([("one", os.devnull), ("none", None)], [("two", os.devnull), ("none", None), ("three", "new")])
    check_apart([("one", "read")], [("two", "other.conll"), ("three", "new"), ("four", "folder/new")])


@pytest.mark.skipif(os.name == "nt", reason="streams that are files")
@pytest.mark.parametrize("path", [(), ("-",), ("/dev/stdin",)])
def test_standard_input_may_be_a_file(folder, path):
    for command in ("convert", "tag"):
        with open("other.conll", "rb") as stream:
            words = [*COMMAND, command, "--from", "conll", *path, "-o", "other.conll"]
            found = subprocess.run(words, stdin=stream, capture_output=True, text=True, env=environment(), check=False)
        first = "FILE" if path == ("/dev/stdin",) else "standard input"
        assert found.returncode == 2
        assert found.stderr.endswith(f"Error: {first} and --output are the same file, other.conll\n")
        assert (folder / "other.conll").read_text() == "a\tO\n\n"


def test_standard_output_may_be_a_file(folder):
    with open("other.conll", "ab") as stream:
        words = [*COMMAND, "convert", "other.conll"]
        found = subprocess.run(words, stdout=stream, stderr=subprocess.PIPE, text=True, env=environment(), check=False)
    assert found.returncode == 2
    assert found.stderr.endswith("Error: FILE and standard output are the same file, other.conll\n")
    assert (folder / "other.conll").read_text() == "a\tO\n\n"


@pytest.mark.parametrize("option", ["--output", "--log"])
def test_of_a_folder_that_is_read_the_test_set_is_not_written_over_either(folder, option):
    (folder / "parts").mkdir()
    for name in ("train", "dev", "test"):
        (folder / "parts" / f"{name}.conll").write_text("a\tO\n\n" * 9)
    given = ["-o", "other.rnntag"] if option == "--log" else []
    told = refused("train", "parts", option, "parts/test.conll", *given)
    assert told == f"the test set and {option} are the same file, parts/test.conll"
