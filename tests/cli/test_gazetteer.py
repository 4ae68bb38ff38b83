"""``--gazetteer``: lists of names in train, tag, eval and info, and from Python."""

import json
import random

import pytest
from shell import run

import rnntag

SMALL = ("--hidden", 16, "--embedding", 8, "--features", "word,shape", "--learning-rate", 0.02, "--epochs", 12)
SMALL = (*SMALL, "--word-dropout", 50, "--gazetteer-dropout", 0, "--dropout", 0.1)
HELD = "no --dev given: held back 20 of 200 sentences (seed 1)"


def invented(count, seed):
    """Names that nobody has heard of, each of one or two words."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("bdfgklmnprstvz", k=4)) for _ in range(2 * count)]
    return [" ".join(words[2 * number : 2 * number + 1 + number % 2]) for number in range(count)]


def columns(names, kind):
    """A request with each name, as a corpus."""
    found = []
    for number, name in enumerate(names):
        words = ["to", *name.split(), ("now", "please")[number % 3 == 0]]
        tags = ["O", f"B-{kind}", *[f"I-{kind}"] * (len(words) - 3), "O"]
        found.append("".join(f"{word}\t{tag}\n" for word, tag in zip(words, tags, strict=True)) + "\n")
    return "".join(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A corpus in which only a list tells cities from people, a model of it, and names that are new."""
    folder = tmp_path_factory.mktemp("lists")
    names, new = invented(200, 1), invented(4, 3)
    texts = {
        "train.conll": columns(names[:100], "city") + columns(names[100:], "person"),
        "cities.txt": "# all of them\n" + "\n".join(names[:100]).upper() + "\n",
        "new.txt": "\n".join(new[:2]) + "\n",
        "new.conll": columns(new[:2], "city") + columns(new[2:], "person"),
        "in.txt": "".join(f"to {name} now\n" for name in new),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8", newline="\n")
    found = run("train", "train.conll", "--gazetteer", "cities=cities.txt", "-o", "m.rnntag", *SMALL, cwd=folder)
    assert found.status == 0, found.err
    (folder / "told").write_text(found.err, "utf-8")
    return folder


def test_training_tells_what_a_list_covers(folder):
    lines = (folder / "told").read_text("utf-8").splitlines()
    assert lines[0] == HELD
    assert "gazetteer cities: 88 of 180 spans in TRAIN (48.9 %), 1 other matches, 100 names" in lines
    assert not [line for line in lines if line.startswith("warning: gazetteer")]


def test_another_list_changes_the_tags_without_training(folder):
    def tagged(*options):
        found = run("tag", "-m", "m.rnntag", *options, "--to", "plain-tags", "in.txt", cwd=folder)
        assert (found.status, found.err) == (0, "")
        return found.out.splitlines()

    assert tagged() == ["O B-person O", "O B-person I-person O", "O B-person O", "O B-person I-person O"]
    other = tagged("--gazetteer", "cities=new.txt")
    assert other == ["O B-city O", "O B-city I-city O", "O B-person O", "O B-person I-person O"]
    taggers = [rnntag.load(folder / "m.rnntag", gazetteers=given) for given in (None, {"cities": folder / "new.txt"})]
    words = [line.split() for line in (folder / "in.txt").read_text("utf-8").splitlines()]
    assert [" ".join(sentence.tags) for sentence in taggers[0].tag(words)] == tagged()
    assert [" ".join(sentence.tags) for sentence in taggers[1].tag(words)] == other


def test_eval_takes_other_lists_and_its_signature_tells(folder):
    def scored(*options):
        found = run("eval", "-m", "m.rnntag", "--json", *options, "new.conll", cwd=folder)
        assert (found.status, found.err) == (0, "")
        return json.loads(found.out)

    own, other = scored(), scored("--gazetteer", "cities=new.txt")
    assert (own["f1"], other["f1"]) == (50.0, 100.0)
    assert own["signature"] != other["signature"]


def test_info_tells_how_many_names_there_are(folder):
    found = run("info", "m.rnntag", cwd=folder)
    assert ", gazetteer:cities (100)\n" in found.out
    assert json.loads(run("info", "--json", "m.rnntag", cwd=folder).out)["vocabularies"]["gazetteer:cities"] == 100


def test_lists_come_from_the_environment_too(folder):
    env = {"RNNTAG_TAG_GAZETTEER": "cities=new.txt"}
    found = run("tag", "-m", "m.rnntag", "--to", "plain-tags", "in.txt", cwd=folder, env=env)
    assert found.out.splitlines()[0] == "O B-city O"


def test_python_and_several_runs_keep_the_list_and_seeds_settle_every_byte(folder):
    tiny = ("--hidden", 8, "--embedding", 8, "--features", "word", "--epochs", 1, "--quiet")
    lists = ("--gazetteer", "cities=cities.txt", "--gazetteer", "none=new.txt")
    found = run("train", "train.conll", *lists, "-o", "two.rnntag", "--runs", 2, "--average", *tiny, cwd=folder)
    assert found.status == 0
    warning = "warning: gazetteer none: no name in it stands in TRAIN, so nothing is learned of it"
    assert warning in found.err.splitlines()
    assert list(rnntag.load(folder / "two.rnntag").model.gazetteers) == ["cities", "none"]
    assert run("train", "train.conll", *lists, "-o", "one.rnntag", *tiny, cwd=folder).status == 0
    names = (folder / "cities.txt").read_text("utf-8").splitlines()[1:]
    settings = {"hidden": 8, "embedding": 8, "features": ("word",), "epochs": 1, "output": folder / "python.rnntag"}
    lists = {"cities": names, "none": folder / "new.txt"}
    rnntag.train(folder / "train.conll", gazetteers=lists, **settings)
    assert (folder / "python.rnntag").read_bytes() == (folder / "one.rnntag").read_bytes()


STREAM = "this model looks names up in lists, for which it wants whole lines: leave --stream out"
TAG, TRAIN = ("tag", "-m", "m.rnntag"), ("train", "train.conll")
FAULTS = {
    "no such list": ((*TAG, "--gazetteer", "towns=new.txt"), "the model has no gazetteer 'towns': it has cities"),
    "no file": ((*TAG, "--gazetteer", "cities=none.txt"), "none.txt: no such file"),
    "no name": ((*TAG, "--gazetteer", "new.txt"), "'new.txt' is not NAME=FILE, as in cities=cities.txt"),
    "standard input": ((*TAG, "--gazetteer", "cities=-"), "'cities=-' is not NAME=FILE, as in cities=cities.txt"),
    "twice": ((*TRAIN, "--gazetteer", "a=new.txt", "--gazetteer", "a=cities.txt"), "a is there twice"),
    "a name that is none": ((*TRAIN, "--gazetteer", "a b=new.txt"), "'a b' cannot be the name of a gazetteer"),
    "nothing to train on": (
        (*TRAIN, "--features", "word,gazetteer:a"),
        "the feature 'gazetteer:a' comes with a list of names\nhint: --gazetteer a=FILE",
    ),
    "a share that is none": ((*TRAIN, "--gazetteer-dropout", 2), "gazetteer-dropout is 2.0, but must lie between"),
    "its own output": (
        (*TRAIN, "--gazetteer", "a=new.txt", "-o", "new.txt"),
        "--gazetteer a and --output are the same file, new.txt",
    ),
    "the output of tag": (
        (*TAG, "--gazetteer", "cities=new.txt", "-o", "new.txt"),
        "--gazetteer cities and --output are the same file, new.txt",
    ),
    "a stream": ((*TAG, "--stream"), STREAM),
    "a tagged file": (
        ("eval", "--predicted", "new.conll", "--gazetteer", "cities=new.txt"),
        "--gazetteer is of a model: it goes without --predicted and --compare",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_is_told_in_a_sentence(folder, name):
    command, told = FAULTS[name]
    before = (folder / "new.txt").read_bytes()
    found = run(*command, cwd=folder, text="to")
    assert found.status == (1 if name == "no file" else 2)
    assert found.out == ""
    assert told in found.err
    assert (folder / "new.txt").read_bytes() == before


def test_a_model_without_lists_says_so(folder):
    found = run("tag", "--gazetteer", "cities=new.txt", cwd=folder, env={"RNNTAG_MODEL": ""}, text="to")
    assert found.status == 2
    assert found.err.splitlines()[-1] == "Error: the model has no gazetteer 'cities': it was trained without any"
