"""A shell completes files, models, formats, columns and commands."""

import os
import select
import shutil
import sys

import pytest
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete
from shell import ROOT, TIMEOUT, environment

from rnntag.cli import COMMANDS, cli
from rnntag.cli.completion import columns_of
from rnntag.data.bio import SCHEMES
from rnntag.formats import READABLE, WRITABLE


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with models, a corpus and a folder in it."""
    monkeypatch.chdir(tmp_path)
    for name in ("small.rnntag", "large.rnntag", "my own.rnntag", "train.conll", "sub/other.rnntag"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "table.tsv").write_text("id\tword\tner\n1\tOslo\tB-city\n2\tis\tO\n")
    (tmp_path / "plus.conll").write_text("# global.columns = ID FORM NER\n1\tOslo\tB-city\n")
    (tmp_path / "no.conll").write_text("Oslo\tB-city\nis\tO\nRome\tB-city\n")
    (tmp_path / "a.conllu").write_text("# text = a\n1\ta\t_\tX\t_\t_\t_\t_\t_\tSpaceAfter=No|NER=O\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\n")
    return tmp_path


def completed(*words):
    """What the last of the words is completed to: files as a sign that the shell is to look for them."""
    found = ShellComplete(cli, {}, "rnntag", "_RNNTAG_COMPLETE").get_completions([*words[:-1]], words[-1])
    return [f"<{each.type}>" if each.type != "plain" else each.value for each in found]


def test_commands_and_options():
    assert completed("") == list(COMMANDS)
    assert completed("t") == ["tag", "train"]
    assert completed("help", "in") == ["info"]
    assert "--on-error" in completed("tag", "--o")


@pytest.mark.parametrize(
    "words",
    [
        ("tag", ""),
        ("tag", "one.txt", "tw"),
        ("tag", "-m", "x.rnntag", "a"),
        ("tag", "-o", "x"),
        ("convert", "x"),
        ("check", "x"),
        ("eval", "x"),
        ("eval", "--predicted", "x"),
        ("eval", "--compare", "x"),
        ("eval", "--compare", "a", "x"),
        ("eval", "--html", ""),
        ("train", "x"),
        ("train", "a", "--dev", "x"),
        ("train", "--vectors", ""),
    ],
)
def test_files(words):
    assert completed(*words) == ["<file>"]


def test_models_come_first(folder):
    for words in (("tag", "-m"), ("eval", "--model"), ("info",), ("train", "-o")):
        assert completed(*words, "") == ["<file>", "large.rnntag", "small.rnntag"]
    assert completed("tag", "-m", "sm") == ["<file>", "small.rnntag"]
    assert completed("tag", "-m", "sub/") == ["<file>", "sub/other.rnntag"]
    assert completed("tag", "-m", "su") == completed("tag", "-m", "none/x") == ["<file>"]


def test_a_name_with_controls_is_not_offered(folder):
    """What a shell is told goes to the terminal as it is."""
    (folder / "a\x1b]0;x\x07.rnntag").touch()
    (folder / "b\u202e.rnntag").touch()
    assert completed("info", "") == ["<file>", "large.rnntag", "small.rnntag"]
    (folder / "table.tsv").write_text("id\tw\x1b[2Jord\tn\x9ber\n1\tOslo\tB-city\n2\tis\tO\n", "utf-8")
    assert completed("convert", "table.tsv", "--tag-column", "") == ["id"]


def test_choices():
    assert completed("tag", "--to", "") == WRITABLE
    assert completed("convert", "--from", "") == ["auto", *READABLE]
    assert completed("convert", "--to=js") == ["jsonl"]
    assert completed("eval", "--scheme", "b") == [name for name in SCHEMES if name.startswith("b")]
    assert completed("train", "--features", "word,sh") == ["word,shape"]


def test_columns_of_the_files_that_are_named(folder):
    assert completed("convert", "table.tsv", "--tag-column", "") == ["id", "word", "ner"]
    assert completed("convert", "plus.conll", "table.tsv", "--token-column", "F") == ["FORM"]
    assert completed("train", "a.conllu", "--tag-column", "") == ["UPOS", "XPOS", "DEPREL", "SpaceAfter", "NER"]
    assert completed("train", "--tag-column", "") == []
    assert [columns_of(name) for name in ("no.conll", "bytes", "train.conll")] == [[], [], []]


@pytest.mark.parametrize(("shell", "option"), [(BashComplete, "bash"), (ZshComplete, "zsh"), (FishComplete, "fish")])
def test_shells_are_told(folder, monkeypatch, shell, option):
    monkeypatch.setenv("COMP_WORDS", "rnntag tag -m ")
    monkeypatch.setenv("COMP_CWORD", "" if option == "fish" else "3")
    found = shell(cli, {}, "rnntag", "_RNNTAG_COMPLETE").complete()
    signs = found.replace("\n_", "").replace("\n", ",").split(",")
    assert signs[:2] == ["file", ""]
    assert signs[2:] == ["plain", "large.rnntag", "plain", "small.rnntag"]


TYPED = {
    "rnntag tag tr": "rnntag tag train.conll ",
    "rnntag tag su": "rnntag tag sub/",
    "rnntag tag my": "rnntag tag my\\ own.rnntag ",
    "rnntag tag -m sm": "rnntag tag -m small.rnntag ",
    "rnntag tag -m tr": "rnntag tag -m train.conll ",
    "rnntag conv": "rnntag convert ",
    "rnntag tag --to inl": "rnntag tag --to inline ",
    "rnntag convert table.tsv --tag-column n": "rnntag convert table.tsv --tag-column ner ",
}


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_bash_completes_what_is_typed(folder):
    """By the line of the documents, in a terminal."""
    import pty

    (folder / "bin").mkdir()
    program = folder / "bin" / "rnntag"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rnntag "$@"\n')
    program.chmod(0o755)
    (folder / "rc").write_text(
        'bind "set enable-bracketed-paste off"\nbind "set bell-style none"\nPS1="> "\n'
        'eval "$(_RNNTAG_COMPLETE=bash_source rnntag)"\n'
    )
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    variables = environment(PATH=path, TERM="dumb", PYTHONPATH=ROOT, HISTFILE="", COLUMNS=200)
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe("bash", ["bash", "--noprofile", "--rcfile", "rc", "-i"], variables)
    try:
        awaited(terminal, "> ")
        for typed, line in TYPED.items():
            os.write(terminal, f"{typed}\t".encode())
            awaited(terminal, line)
            os.write(terminal, b"\x01#\n")  # made a comment, so that a fresh line comes
            awaited(terminal, "\n> ")
        os.write(terminal, b"exit\n")
        os.waitpid(child, 0)
    finally:
        os.close(terminal)


def awaited(terminal, end):
    """Read from a terminal until this is what stands last on it."""
    seen = ""
    while not seen.endswith(end):
        assert select.select([terminal], [], [], TIMEOUT)[0], f"{end!r} was expected after {seen!r}"
        seen += os.read(terminal, 1 << 12).decode()
