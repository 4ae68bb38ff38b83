"""``--base`` and ``--replay``: what the command says, refuses and writes, and the same from Python."""

import json

import pytest
from in_process import run_here
from shell import columns, run, varied

import rnntag
from rnntag.model.file import load_model

TINY = ("--hidden", 8, "--embedding", 8, "--features", "word,char", "--batch", 8)
SHORT = ("--epochs", 2, "--learning-rate", 0.02, "--quiet")
NEW = {"play some jazz now": "O O B-genre O", "some blues please": "O B-genre O", "jazz": "B-genre", "no music": "O O"}
MORE = {f"{words} {end}": f"{tags} O" for end in "abc" for words, tags in NEW.items()}


@pytest.fixture(scope="module")
def folder(trained, tmp_path_factory):  # after the first training: the kernels are compiled
    """Old sentences, a model of them, and new ones."""
    folder = tmp_path_factory.mktemp("warm")
    (folder / "old.conll").write_text(varied(*"abcdefgh"), "utf-8")
    (folder / "new.conll").write_text(columns(MORE), "utf-8")
    done = run("train", "old.conll", "--dev", "old.conll", *TINY, *SHORT, "-o", "old.rnntag", cwd=folder)
    assert done.status == 0, done.err
    return folder


def test_training_goes_on_and_info_tells_from_where(folder):
    given = ("--base", "old.rnntag", "--replay", "old.conll", "--replay-share", 0.5)
    done = run("train", "new.conll", *given, "--epochs", 1, "-o", "more.rnntag", cwd=folder)
    assert done.status == 0
    assert done.err.splitlines()[:2] == [
        "no --dev given: held back 1 of 12 sentences (seed 1)",
        "held back as well: 5 of 48 sentences of --replay",
    ]
    old, more = load_model(folder / "old.rnntag"), load_model(folder / "more.rnntag")
    assert more.tags == [*old.tags, "B-genre"]
    assert more.spec == old.spec
    told = run("info", "more.rnntag", cwd=folder).out
    corpus = more.record.replay["corpus"]
    assert f"base         {old.fingerprint()}, and 50 % of 43 sentences an epoch (corpus {corpus})\n" in told
    record = json.loads(run("info", "more.rnntag", "--json", cwd=folder).out)["record"]
    assert (record["base"], record["replay"]) == (old.fingerprint(), {"corpus": corpus, "sentences": 43})
    assert record["train"]["sentences"] == 11


def test_python_and_several_runs_give_the_same_bytes(folder, tmp_path):
    paths = [str(folder / name) for name in ("new.conll", "old.conll", "old.rnntag")]
    new, old, base = paths
    given = (new, "--dev", new, "--base", base, "--replay", old, *SHORT)
    assert run("train", *given, "-o", tmp_path / "a.rnntag").status == 0
    assert run("train", *given, "--runs", 2, "-o", tmp_path / "b.rnntag").status == 0
    settings = {"epochs": 2, "learning_rate": 0.02, "threads": 1}
    with pytest.warns(rnntag.RnntagWarning, match="also stand in train"):
        rnntag.train(new, new, tmp_path / "c.rnntag", base=base, replay=old, **settings)
    with pytest.warns(rnntag.RnntagWarning, match="also stand in train"):
        rnntag.train(new, new, tmp_path / "d.rnntag", base=rnntag.load(base), replay=[old], **settings)
    one = (tmp_path / "a.rnntag").read_bytes()
    assert (tmp_path / "c.rnntag").read_bytes() == (tmp_path / "d.rnntag").read_bytes() == one
    best = load_model(tmp_path / "b.rnntag")
    assert best.record.base == load_model(base).fingerprint()
    if best.record.recipe["seed"] == 1:
        assert (tmp_path / "b.rnntag").read_bytes() == one


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--replay", "old.conll"), "--replay goes with --base, the model that has learned from it"),
        (("--base", "old.rnntag", "--replay-share", "0.2"), "--replay-share goes with --replay"),
        (("--base", "old.rnntag", "--replay", "-"), "--replay needs the name of a file"),
        (("--base", "old.rnntag", "-o", "old.rnntag"), "--base and --output are the same file, old.rnntag"),
        (
            ("--base", "old.rnntag", "--replay", "old.conll", "-o", "old.conll"),
            "--replay and --output are the same file, old.conll",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(folder, words, fault, monkeypatch):
    import click

    monkeypatch.chdir(folder)
    with pytest.raises(click.UsageError) as raised:
        run_here("train", "new.conll", *words, monkeypatch=monkeypatch)
    assert raised.value.message == fault


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--hidden", 64), "Error: hidden is 64, but the base has 8\nhint: leave it out\n"),
        (("--features", "word"), "Error: features is word, but the base has word,char\nhint: leave it out\n"),
        (("--scheme", "bioes"), "Error: scheme is bioes, but the base has bio\nhint: leave it out\n"),
        (("--task", "sentences"), "Error: task is sentences, but the base has none\nhint: leave it out\n"),
        (
            ("--replay-share", 2, "--replay", "old.conll"),
            "Error: replay-share is 2.0, but must lie between 0.0 and 1.0\n",
        ),
    ],
)
def test_what_differs_from_the_base_is_refused_by_name(folder, words, fault, monkeypatch):
    monkeypatch.chdir(folder)
    found = run_here(
        "train", "new.conll", "--dev", "new.conll", "--quiet", "--base", "old.rnntag", *words, monkeypatch=monkeypatch
    )
    assert (found.status, found.err) == (2, fault)


def test_a_setting_of_the_environment_counts_as_given(folder):
    found = run("train", "new.conll", "--base", "old.rnntag", cwd=folder, env={"RNNTAG_TRAIN_HIDDEN": 9})
    assert found.err == "Error: hidden is 9, but the base has 8\nhint: leave it out\n"


def test_a_base_that_is_none_is_told(folder):
    found = run("train", "new.conll", "--base", "old.conll", cwd=folder)
    assert found.status == 1
    assert found.err.startswith("Error: old.conll: is not a model file\n")


def test_python_refuses_replay_alone(folder):
    with pytest.raises(rnntag.SpecError, match="replay goes with base, the model that has learned from it"):
        rnntag.train(str(folder / "new.conll"), replay=str(folder / "old.conll"))
