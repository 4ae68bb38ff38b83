"""``rnntag train`` as a shell runs it: what it says, what it writes, what it refuses, how it is interrupted."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from shell import LESSONS, columns, environment, on_terminal, run, varied

import rnntag
from rnntag.corpora import splits as corpora
from rnntag.evaluation.signature import fingerprint
from rnntag.formats import read_corpus
from rnntag.model.file import load_model

TINY = ("--hidden", 8, "--embedding", 8, "--epochs", 2)
LINE = (
    r"epoch +\d+/{epochs}  loss \d\.\d{{4}}  norm \d+\.\d\d  P \d+\.\d\d  R \d+\.\d\d  F1 (\d+\.\d\d)  "
    r"[\d,]+ words/s  (?:\d+ s|\d+:\d\d min)(  \*)?"
)


@pytest.fixture(scope="module")
def lessons(trained, tmp_path_factory):  # after the first training: the kernels are compiled
    """A folder with a corpus of sixty sentences, and one of twelve others."""
    folder = tmp_path_factory.mktemp("lessons")
    (folder / "lessons.conll").write_text(varied(*"abcdefghij"), "utf-8", newline="\n")
    (folder / "dev.conll").write_text(varied("k", "l"), "utf-8", newline="\n")
    return folder


# What it says and writes


def test_off_a_terminal_each_epoch_is_a_line_and_stdout_stays_empty(trained):
    status, out, err = trained.outcome
    assert (status, out) == (0, "")
    warnings, epochs, [cut, saved] = err.splitlines()[:-7], err.splitlines()[-7:-2], err.splitlines()[-2:]
    found = [re.fullmatch(LINE.format(epochs=5), line) for line in epochs]
    assert all(found), err
    assert [line.split()[1] for line in epochs] == ["1/5", "2/5", "3/5", "4/5", "5/5"]
    f1 = [float(line[1]) for line in found]
    assert [bool(line[2]) for line in found] == [score > max([-1.0, *f1[:place]]) for place, score in enumerate(f1)]
    size = os.path.getsize(trained.path) / 1e6
    assert cut == "raw text is cut as the corpus was, which was learned (100.0 % of the tokens of dev are found)"
    assert saved == f"saved {trained.path} ({size:.1f} MB): best epoch {f1.index(max(f1)) + 1}, dev F1 {max(f1):.2f}"
    assert all(line.startswith(("warning: ", "compiling the kernels ")) for line in warnings)


def test_the_order_in_which_python_keeps_sets_changes_no_byte(trained, tmp_path):
    command = "train", trained.train, "--dev", trained.dev, *TINY, "--quiet", "-o"
    for seed in (1, 2):
        assert run(*command, tmp_path / f"{seed}", env={"PYTHONHASHSEED": seed}).status == 0
    assert load_model(tmp_path / "1").tokeniser
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_the_model_keeps_how_it_was_trained(trained):
    record = load_model(trained.path).record
    assert record.recipe["seed"] == 1
    assert record.recipe["epochs"] == 5
    assert record.train["sentences"] == 360
    assert f"best epoch {record.epoch}, dev F1 {record.figures['f1']:.2f}" in trained.outcome.err


def test_without_dev_the_same_tenth_is_held_back_and_threads_change_no_byte(lessons):
    names, text = ("first.rnntag", "second.rnntag"), (lessons / "lessons.conll").read_bytes()
    for threads, name, path in zip((1, 2), names, ("lessons.conll", "-"), strict=True):  # - is standard input
        found = run("train", path, "-o", name, "--threads", threads, *TINY, cwd=lessons, text=text)
        assert (found.status, found.out) == (0, "")
        held, small, first, *_ = found.err.splitlines()
        assert held == "no --dev given: held back 6 of 60 sentences (seed 1)"
        assert small.startswith("note: dev has 7 spans, each worth 14 points of recall")
        assert first.startswith("epoch   1/2")
    first, second = ((lessons / name).read_bytes() for name in names)
    assert first == second
    record = load_model(lessons / names[0]).record
    assert (record.train["sentences"], record.dev["sentences"]) == (54, 6)
    sentences = read_corpus(lessons / "lessons.conll")
    tenths = {seed: fingerprint(corpora.hold_out(sentences, seed)[1]) for seed in (1, 2)}
    assert record.dev["corpus"] == tenths[1] != tenths[2]


def test_quiet_is_silent_and_the_log_has_an_object_an_epoch(lessons):
    told = "--quiet", "--log", "epochs.jsonl", "-o", "quiet.rnntag"
    text = (lessons / "dev.conll").read_bytes()
    assert run("train", "lessons.conll", "--dev", "-", *told, *TINY, text=text, cwd=lessons) == (0, "", "")
    epochs = [json.loads(line) for line in (lessons / "epochs.jsonl").read_text("utf-8").splitlines()]
    assert [epoch["epoch"] for epoch in epochs] == [1, 2]
    figures = "loss gradient_norm clipped learning_rate tokens_per_second seconds precision recall f1 accuracy quality"
    for epoch in epochs:
        assert {"epoch", "epochs", "skipped", "best", *figures.split()} == set(epoch)
        assert all(isinstance(epoch[name], float) for name in figures.split())
    assert epochs[0]["best"] is True
    assert epochs[0]["seconds"] < epochs[1]["seconds"]
    assert max(epoch["f1"] for epoch in epochs) == load_model(lessons / "quiet.rnntag").record.figures["f1"]


def test_the_best_weights_are_kept_and_patience_ends_the_training(lessons, tmp_path):
    """What is learnt here is wrong on this dev set: the longer, the worse."""
    nothing = {words: " ".join("O" for _ in words.split()) for words in LESSONS}
    (tmp_path / "dev.conll").write_text(columns(nothing), "utf-8")
    pace = "--epochs", 50, "--patience", 6, "--learning-rate", 0.004, "--log", "log.jsonl", "-o", "m.rnntag"
    command = "train", lessons / "lessons.conll", "--dev", "dev.conll", "--hidden", 8, "--embedding", 8, *pace
    found = run(*command, cwd=tmp_path)
    epochs = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()]
    accuracies = [epoch["accuracy"] for epoch in epochs]
    best = accuracies.index(max(accuracies)) + 1
    assert len(epochs) == best + 6 < 50
    assert accuracies[-1] < max(accuracies)
    assert found.err.splitlines()[-1].endswith(f"best epoch {best}, dev F1 0.00")
    gold = read_corpus(tmp_path / "dev.conll")
    tags = [tag for sentence in rnntag.load(tmp_path / "m.rnntag").tag(gold) for tag in sentence.tags]
    assert 100 * tags.count("O") / len(tags) == max(accuracies)


def test_without_train_the_sample_corpus_is_used_and_the_model_lands_here(tmp_path):
    small = "--hidden", 16, "--embedding", 16, "--epochs", 1, "--batch", 64
    found = run("train", *small, cwd=tmp_path)
    assert (found.status, found.out) == (0, "")
    first, *_, last = found.err.splitlines()
    assert first == "no TRAIN given: training on the sample corpus assistant_en"
    assert "held back" not in found.err  # it brings its own dev
    assert last.startswith("saved model.rnntag (")
    assert os.listdir(tmp_path) == ["model.rnntag"]
    assert load_model(tmp_path / "model.rnntag").record.train["sentences"] > 2500


def test_settings_can_come_from_the_environment(lessons):
    env = {"RNNTAG_TRAIN_EPOCHS": 1, "RNNTAG_TRAIN_HIDDEN": 8, "RNNTAG_TRAIN_EMBEDDING": 8}
    names = {"RNNTAG_TRAIN_DEV": "dev.conll", "RNNTAG_TRAIN_LOG": "env.jsonl", "RNNTAG_TRAIN_OUTPUT": "env.rnntag"}
    found = run("train", "lessons.conll", cwd=lessons, env=env | names)
    assert found.err.splitlines()[1].startswith("epoch   1/1 ")
    assert len((lessons / "env.jsonl").read_text("utf-8").splitlines()) == 1
    assert load_model(lessons / "env.rnntag").spec.hidden == 8


def test_every_cell_in_every_direction_under_every_decoder_trains_and_tags(lessons):
    # Three dozen command lines in one process: the kernels are loaded once.
    script = """
import itertools, os, sys
from rnntag.cli import cli
from rnntag.network.spec import CELLS, DECODERS, DIRECTIONS
made = []
for parts in itertools.product(CELLS, DIRECTIONS, DECODERS):
    name = "-".join(parts) + ".rnntag"
    options = [word for pair in zip(("--cell", "--direction", "--decoder"), parts) for word in pair]
    sizes = ["--hidden", "8", "--embedding", "8", "--layers", "2", "--epochs", "1", "--batch", "4"]
    train = ["train", "same.conll", "--dev", "dev.conll", "-o", name, "--quiet", "--learning-rate", "0.02"]
    cli.main([*train, *sizes, *options], standalone_mode=False)
    cli.main(["tag", "-m", name, "--to", "plain-tags", "sentence.txt"], standalone_mode=False)
    made.append(open(name, "rb").read())
assert len(set(made)) == len(made) == 18
"""
    (lessons / "same.conll").write_text(columns(LESSONS) * 10, "utf-8")
    (lessons / "sentence.txt").write_text("wake me at seven tomorrow\n", "utf-8")
    streams = {"capture_output": True, "timeout": 120, "cwd": lessons, "env": environment()}
    found = subprocess.run([sys.executable, "-c", script], check=False, **streams)
    assert found.stderr.decode()[-300:] == ""
    assert found.returncode == 0
    lines = found.stdout.decode().splitlines()
    assert len(lines) == 18
    assert {tag for line in lines for tag in line.split()} <= {"O", "B-time", "B-date"}
    assert all(len(line.split()) == 5 for line in lines)
    assert lines.count(LESSONS["wake me at seven tomorrow"]) > 6  # an epoch is little, but not nothing


# On a terminal


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_on_a_terminal_the_display_is_live_and_ends_with_what_was_saved(lessons):
    command = "train", "lessons.conll", "-o", "live.rnntag", *TINY
    shown = on_terminal(*command, terminals=("stderr",), cwd=lessons)
    assert (shown.status, shown.out) == (0, "")
    assert "\x1b[1m" in shown.err
    assert re.search(r"\x1b\[\d*A", shown.err) or "\x1b[2K" in shown.err  # it is drawn anew in place
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.err)
    steps = re.findall("checking the corpora|reading the words", plain)
    assert list(dict.fromkeys(steps)) == ["checking the corpora", "reading the words"]
    for part in ("epoch 2/2", "loss ", "gradient norm", "dev", "P ", "R ", "F1", "words/s", "left at most"):
        assert part in plain, part
    assert re.search("[▁▂▃▄▅▆▇█]", plain)
    size = os.path.getsize(lessons / "live.rnntag") / 1e6
    assert plain.splitlines()[-1].startswith(f"saved live.rnntag ({size:.1f} MB): best epoch ")
    assert shown.err.count("\x1b[?25l") == shown.err.count("\x1b[?25h")  # the cursor is given back

    quiet = on_terminal(*command, "--quiet", terminals=("stderr",), cwd=lessons)
    assert quiet == (0, "", "")


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_someone_at_the_keyboard_is_told_what_is_awaited(tmp_path):
    command = "train", "-", "-o", "typed.rnntag", *TINY
    shown = on_terminal(*command, text=columns(LESSONS), terminals=("stdin",), cwd=tmp_path)
    assert (shown.status, shown.out) == (0, "")
    assert re.match("waiting for [^\n]*; end with Ctrl-D\nno --dev given: held back 1 of 6 ", shown.err)


# Bad input, to the letter

ROW = "hint: every line has the same columns; if a token holds a space, part them by TABs"
BLANK = "hint: a line is a token, a TAB and its tag; a blank line ends a sentence"
PLACE = "hint: name another place"
FAULTS = {
    "wrong column count": (
        "a\tX\tO\nb\tO\n",
        ("bad.conll",),
        f"Error: bad.conll:2: 2 columns, but 3 in the lines before\n    2  b\tO\n{ROW}",
    ),
    "broken BIO": (
        "# a comment\nto\tO\nOslo\tI-port\nnow\tB-time\n\n",
        ("bad.conll", "--dev", "bad.conll", "--scheme", "bio"),
        "Error: bad.conll:3: tag 'I-port' cannot follow 'O'\n    2  to      O\n    3  Oslo    I-port\n"
        "hint: 1 tag is ill-formed, for 2 spans; this writes a mended copy: rnntag check --fix bad.conll "
        "--scheme bio",
    ),
    "broken BIO in DEV": (
        "in\tO\nOslo\tI-time\n\nten\tB-time\n",
        ("lessons.conll", "--dev", "bad.conll", "--strict"),
        "Error: bad.conll:2: tag 'I-time' cannot follow 'O'\n    1  in      O\n    2  Oslo    I-time\n"
        "hint: 1 tag is ill-formed, for 2 spans; this writes a mended copy: rnntag check --fix bad.conll",
    ),
    "empty corpus": ("", ("bad.conll",), f"Error: bad.conll: no sentences\n{BLANK}"),
    "nothing but blank lines": ("\n\n", ("bad.conll",), f"Error: bad.conll: no sentences\n{BLANK}"),
    "empty DEV": ("", ("lessons.conll", "--dev", "bad.conll"), f"Error: bad.conll: no sentences\n{BLANK}"),
    "missing file": ("", ("nowhere.conll",), "Error: nowhere.conll: no such file"),
    "missing DEV": ("", ("lessons.conll", "--dev", "nowhere.conll"), "Error: nowhere.conll: no such file"),
    "folder": (
        "",
        ("sub",),
        "Error: sub: no training set: the folder is empty\nhint: looked for: train.conll, train.txt, train.tsv, "
        "train.jsonl, en-ud-train.conllu or the like, and dev or valid beside it",
    ),
    "folder among files": ("", ("sub", "bad.conll"), "Error: sub: is a folder"),
    "not UTF-8": (
        b"a\tO\nb\xff\tO\n",
        ("bad.conll",),
        "Error: bad.conll:2: byte 0xff is not UTF-8\n"
        "hint: convert it first: iconv -f latin1 -t utf-8 bad.conll > utf8.conll",
    ),
    "both standard input": (
        "",
        ("-", "--dev", "-"),
        "Error: TRAIN and DEV cannot both be standard input\nhint: leave --dev out to hold back a tenth",
    ),
    "a single sentence": (
        "# one\na\tO\n",
        ("bad.conll",),
        "Error: bad.conll:2: one sentence cannot be parted into training and dev\nhint: give a second file with --dev",
    ),
    "no tags": (
        "wake\nme\n",
        ("bad.conll",),
        "Error: bad.conll:1: 1 column, but a tag is needed in the last\n    1  wake\n"
        "hint: a line is a token, a TAB and its tag; for text without tags there is rnntag tag",
    ),
    "no folder for the model": (
        "",
        ("nowhere.conll", "-o", "nowhere/m.rnntag"),  # the corpus is not even looked at
        f"Error: nowhere/m.rnntag: cannot be written: No such file or directory\n{PLACE}",
    ),
    "a folder in place of the model": ("", ("nowhere.conll", "-o", "sub"), f"Error: sub: is a folder\n{PLACE}"),
    "no folder for the log": (
        "",
        ("nowhere.conll", "--log", "nowhere/log.jsonl"),
        "Error: nowhere/log.jsonl: no such file or directory",
    ),
}


@pytest.fixture(scope="module")
def faulty(lessons, tmp_path_factory):
    """What each of the faults came to, and the files that were left: two at a time, as they have nothing in common."""

    def outcome(name):
        content, arguments, _ = FAULTS[name]
        folder = tmp_path_factory.mktemp("faulty")
        (folder / "lessons.conll").write_bytes((lessons / "lessons.conll").read_bytes())
        (folder / "bad.conll").write_bytes(content if isinstance(content, bytes) else content.encode())
        (folder / "sub").mkdir()
        return run("train", *arguments, *TINY, cwd=folder), sorted(os.listdir(folder))

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(FAULTS, pool.map(outcome, FAULTS), strict=True))


@pytest.mark.parametrize("name", FAULTS)
def test_bad_input_is_told_with_its_place_and_a_way_out(faulty, name):
    found, left = faulty[name]
    assert found == (1, "", f"{FAULTS[name][2]}\n")
    assert left == ["bad.conll", "lessons.conll", "sub"]  # nothing is left behind


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no POSIX permissions")
def test_a_folder_that_may_not_be_written_is_told_before_the_corpus_is_read(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere")
    tmp_path.chmod(0o555)
    found = run("train", "nowhere.conll", "-o", "m.rnntag", cwd=tmp_path)
    tmp_path.chmod(0o755)
    assert found == (1, "", f"Error: m.rnntag: cannot be written: Permission denied\n{PLACE}\n")


def test_a_tag_in_dev_that_train_never_shows_is_a_warning_with_its_place(lessons, tmp_path):
    (tmp_path / "dev.conll").write_text("to\tO\n\n# x\nin\tO\nOslo\tB-port\nOslo\tB-port\n\n", "utf-8")
    told = "warning: dev.conll:5: tag 'B-port' never occurs in training, so it is never predicted (2 here)\n"
    command = "train", lessons / "lessons.conll", "--dev", "dev.conll", *TINY, "--epochs", 1
    assert run(*command, "--quiet", cwd=tmp_path) == (0, "", told)  # quiet hides no fault


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--cell", "gru"), "Invalid value for '--cell': 'gru' is not one of 'lstm', 'rnn', 'window'."),
        (("--decoder", "x"), "Invalid value for '--decoder': 'x' is not one of 'crf', 'softmax'."),
        (("--hidden", "many"), "Invalid value for '--hidden': 'many' is not a valid integer."),
        (("--threads", "0"), "Invalid value for '--threads': 0 is not in the range 1<=x<=256."),
        (("--depth", "3"), "No such option"),  # how it goes on is Click's affair, and differs between its versions
    ],
)
def test_an_unknown_option_or_value_exits_with_2(arguments, fault, tmp_path):
    status, out, err = run("train", *arguments, cwd=tmp_path)
    assert (status, out) == (2, "")
    assert err.startswith("Usage: rnntag train [OPTIONS] [TRAIN]...\nTry 'rnntag train -")  # Click says -h or --help
    assert f"Error: {fault}".rstrip(".") in err
    assert arguments[0] in err


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("--hidden", "0"), "hidden is 0, but must lie between 1 and 4096"),
        (("--learning-rate", "nan"), "learning-rate is nan, but must lie between 1e-07 and 10.0"),
    ],
)
def test_a_setting_out_of_its_range_is_told_and_exits_with_2_as_help_has_it(arguments, fact, tmp_path):
    assert run("train", "nowhere.conll", *arguments, cwd=tmp_path) == (2, "", f"Error: {fact}\n")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--output", "lessons.conll"), "TRAIN and --output are the same file, lessons.conll"),
        (("--log", "./lessons.conll"), "TRAIN and --log are the same file, ./lessons.conll"),
        (("--log", "m", "--output", "m"), "--output and --log are the same file, m"),
        (("--output", "-"), "--output needs the name of a file; a model cannot go to standard output"),
    ],
)
def test_nothing_that_is_read_is_written_over(lessons, options, told):
    before = (lessons / "lessons.conll").read_bytes()
    found = run("train", "lessons.conll", *options, cwd=lessons)
    assert found.status == 2
    assert found.err.endswith(f"Error: {told}\n")
    assert (lessons / "lessons.conll").read_bytes() == before


def test_of_many_tags_that_train_never_shows_a_few_are_told(lessons, tmp_path):
    (tmp_path / "dev.conll").write_text("".join(f"w\tB-x{place}\n" for place in range(12)), "utf-8")
    found = run("train", lessons / "lessons.conll", "--dev", "dev.conll", *TINY, cwd=tmp_path)
    warnings = [line for line in found.err.splitlines() if line.startswith("warning: ")]
    assert len(warnings) == 6
    assert warnings[-1] == "warning: and 7 more tags that never occur in training"


def test_one_odd_tag_does_not_make_another_scheme_of_the_corpus(tmp_path):
    (tmp_path / "odd.conll").write_text("a\tB-x\nb\tI-x\nc\tB-y\n\nd\tthing\n\n", "utf-8")
    found = run("train", "odd.conll", "--dev", "odd.conll", cwd=tmp_path)
    assert found.status == 1
    assert found.err.startswith("Error: odd.conll:5: tag 'thing' is not a tag of BIO\n")
