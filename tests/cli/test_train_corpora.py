"""What ``rnntag train`` makes of corpora as people have them: folders, slips, other notations, tags that are marks."""

import os
import re
import subprocess

import pytest
from shell import COMMAND, LESSONS, columns, environment, on_terminal, run, start, varied

from rnntag.data.bio import SCHEMES
from rnntag.formats import read_corpus, write
from rnntag.model.file import load_model

TINY = ("--hidden", 8, "--embedding", 8, "--epochs", 1, "--features", "word")
SMALL_DEV = "note: dev has 12 spans, each worth 8 points of recall: which epoch is best is left to chance"
READING = "no TRAIN given: reading the training corpus from standard input (< /dev/null: the sample corpus)"


@pytest.fixture(scope="module")
def data(trained, tmp_path_factory):  # after the first training: the kernels are compiled
    """A folder with a training, a dev and a test set."""
    folder = tmp_path_factory.mktemp("data")
    for name, endings in (("train", "abcdefghij"), ("dev", "kl"), ("test", "mn")):
        (folder / f"{name}.conll").write_text(varied(*endings), "utf-8", newline="\n")
    return folder


def told(outcome):
    """What a training said before and after its epochs."""
    assert (outcome.status, outcome.out) == (0, ""), outcome.err
    course = "epoch ", "saved ", "raw text is ", "replacing "
    return [line for line in outcome.err.splitlines() if not line.startswith(course)]


# Folders


def test_a_folder_is_train_dev_and_test(data, tmp_path):
    found = run("train", data, "-o", "m.rnntag", *TINY, cwd=tmp_path)
    assert told(found) == [
        f"training on {data}/train.conll; {data}/dev.conll decides when to stop",
        f"the test set is left for: rnntag eval -m m.rnntag {data}/test.conll",
        SMALL_DEV,
    ]
    record = load_model(tmp_path / "m.rnntag").record
    assert (record.train["sentences"], record.dev["sentences"]) == (60, 12)
    assert run("train", data, "-o", "n.rnntag", "--quiet", *TINY, cwd=tmp_path) == (0, "", "")


def test_a_folder_of_folders_and_a_dev_set_from_elsewhere(data, tmp_path):
    for part, name in (("train", "train"), ("valid", "dev")):
        assert run("convert", data / f"{name}.conll", "--to", "seq", "-o", tmp_path / part).status == 0
    lines = told(run("train", ".", "--dev", data / "test.conll", *TINY, cwd=tmp_path))
    assert lines[0] == f"training on ./train; {data}/test.conll decides when to stop"
    assert told(run("train", ".", *TINY, cwd=tmp_path))[0] == "training on ./train; ./valid decides when to stop"
    assert told(run("train", "train", "--dev", "valid", *TINY, cwd=tmp_path)) == [SMALL_DEV]  # corpora themselves


def test_a_model_does_not_take_the_place_of_a_file_of_the_folder(data):
    found = run("train", data, "-o", data / "train.conll")
    assert found.status == 2
    assert found.err.endswith(f"Error: TRAIN and --output are the same file, {data}/train.conll\n")


# Standard input


@pytest.mark.parametrize("words", [(), ("--dev", "dev.conll")])
def test_a_pipe_is_the_training_corpus(data, words, tmp_path):
    (tmp_path / "dev.conll").write_bytes((data / "dev.conll").read_bytes())
    text = (data / "train.conll").read_bytes()
    lines = told(run("train", *words, *TINY, text=text, cwd=tmp_path))
    assert lines[0] == READING
    assert load_model(tmp_path / "model.rnntag").record.train["sentences"] == (60 if words else 54)


def test_so_is_a_file_but_no_terminal_and_no_null_device(data, tmp_path):
    with open(data / "train.conll", "rb") as file:
        command = [*COMMAND, "train", *map(str, TINY)]
        found = subprocess.run(command, stdin=file, capture_output=True, env=environment(), cwd=tmp_path, check=False)
    assert found.stderr.decode().startswith(f"{READING}\n")
    assert run("train", "--log", "none/log", cwd=tmp_path).err == "Error: none/log: no such file or directory\n"


def test_an_empty_pipe_is_told_in_a_sentence(tmp_path):
    hint = "hint: a line is a token, a TAB and its tag; a blank line ends a sentence"
    assert run("train", text="", cwd=tmp_path) == (1, "", f"{READING}\nError: <stdin>: no sentences\n{hint}\n")
    status, out, err = run("eval", text="", cwd=tmp_path)
    assert (status, out) == (1, "")
    reading = "no GOLD given: reading it from standard input (< /dev/null: the sample corpus)"
    assert err.splitlines()[-3:] == [reading, "Error: <stdin>: no sentences", hint] or reading in err


def test_what_waits_for_a_pipe_says_so_at_once(tmp_path):
    with start("train", cwd=tmp_path) as process:
        assert process.stderr.readline().decode() == f"{READING}\n"  # while nothing has come
        process.kill()


def test_dev_from_standard_input_leaves_the_sample_corpus_to_train_on(tmp_path):
    found = run("train", "--dev", "-", "--epochs", 1, text="", cwd=tmp_path)
    assert found.err.startswith("no TRAIN given: training on the sample corpus assistant_en\nError: <stdin>: no sent")


# Ill-formed tags and other notations


def test_slips_are_mended_and_told(data, tmp_path):
    text = (data / "train.conll").read_text("utf-8") * 4
    (tmp_path / "train.conll").write_text(text + "at\tO\nseven\tI-time\n\n", "utf-8")  # 1 of 241
    (tmp_path / "dev.conll").write_text(columns(LESSONS).replace("B-", "I-", 2), "utf-8")
    lines = told(run("train", ".", "--quiet", *TINY, cwd=tmp_path))
    assert lines == [
        "warning: ./train.conll:1082: tag 'I-time' cannot follow 'O'; read as conlleval does (--strict refuses)",
        "warning: ./dev.conll:4: tag 'I-time' cannot follow 'O', the first of 2 ill-formed tags; "
        "read as conlleval does (--strict refuses)",
    ]
    model = load_model(tmp_path / "model.rnntag")
    assert "I-time" not in model.tags
    scored = run("eval", "-m", "model.rnntag", "train.conll", "--json", cwd=tmp_path)
    assert scored.err.splitlines()[-1].startswith("note: train.conll: this is what the model was trained on")


@pytest.mark.parametrize(("more", "words"), [("", ()), ("\tx", ("--tag-column", 2, "--scheme", "bio"))])
def test_the_command_that_a_refusal_names_mends_the_file(tmp_path, more, words):
    text = columns(LESSONS).replace("B-date", "I-date") * 5
    (tmp_path / "bad.conll").write_text(
        "".join(f"{line}{more if line else ''}\n" for line in text.splitlines()), "utf-8"
    )
    for refused in (
        run("train", "bad.conll", *words, *TINY, cwd=tmp_path),
        run("eval", "bad.conll", "--strict", *words, cwd=tmp_path),
    ):
        assert refused.status == 1
        command = refused.err.splitlines()[-1].partition("this writes a mended copy: rnntag ")[2].split()
        assert sorted(command) == sorted(["check", "--fix", "bad.conll", *map(str, words)])
    run(*command, cwd=tmp_path)
    assert run("train", "bad.fixed.conll", *words, "--quiet", *TINY, cwd=tmp_path) == (0, "", "")


def test_dev_in_another_notation_is_converted(data, tmp_path):
    sentences = read_corpus(data / "dev.conll")
    bioes = [each.with_tags(SCHEMES["bio"].rewritten(each.tags, SCHEMES["bioes"])) for each in sentences]
    (tmp_path / "dev.conll").write_text(write(bioes, "conll", SCHEMES["bioes"]), "utf-8")
    found = run("train", data / "train.conll", "--dev", "dev.conll", "-o", "a.rnntag", *TINY, cwd=tmp_path)
    assert told(found)[0] == "note: dev.conll: BIOES beside BIO: its tags are converted"
    assert run("train", data, "-o", "b.rnntag", "--quiet", *TINY, cwd=tmp_path).status == 0
    assert (tmp_path / "a.rnntag").read_bytes() == (tmp_path / "b.rnntag").read_bytes()


# Tags that are marks, and intents


MARKED = "well\tDUN\nis\t0\nit\t0\nlate\tEXCLAM\n\n" * 30


def test_tags_that_are_marks_are_recognised_in_any_habit(trained, tmp_path):
    (tmp_path / "marks.conll").write_text(MARKED, "utf-8")
    lines = told(run("train", "marks.conll", "--dev", "marks.conll", *TINY, cwd=tmp_path))
    assert lines[:2] == [
        "note: tags are punctuation: DUN=、 EXCLAM=!",
        "note: tags that stand for no mark are read as O: 0",
    ]
    model = load_model(tmp_path / "model.rnntag")
    assert model.tags == ["DUN", "O", "EXCLAM"]
    assert model.record.runs_on
    scored = run("eval", "-m", "model.rnntag", "marks.conll", "--json", cwd=tmp_path)
    assert "note: tags that stand for no mark are read as O: 0\n" in scored.err
    assert '"0"' not in scored.out


def test_marks_of_ones_own_work_for_columns(trained, tmp_path):
    (tmp_path / "marks.conll").write_text(MARKED.replace("DUN", "WAVE"), "utf-8")
    command = "train", "marks.conll", "--dev", "marks.conll", *TINY, "--epochs", 12, "--learning-rate", 0.05
    unknown = run(*command, cwd=tmp_path)
    fact = "warning: marks.conll:1: WAVE is no mark that is known, as EXCLAM is"
    assert [line for line in unknown.err.splitlines() if "--marks" in line] == [
        f"{fact}: so these tags are not learned as punctuation; name them: --marks 'WAVE=~'"
    ]
    named = run(*command, "--marks", "WAVE=~", cwd=tmp_path)
    assert told(named)[0] == "note: tags are punctuation: WAVE=~ EXCLAM=!"
    tagged = run("tag", "-m", "model.rnntag", text="well is it late\n", cwd=tmp_path)
    assert tagged.out == "Well~ is it late!\n"
    written = run("convert", "marks.conll", "--to", "text", "--marks", "WAVE=~", cwd=tmp_path)
    assert written.out.startswith("Well~ is it late! ") or written.out.startswith("Well~ is it late!\n")
    wrong = run("convert", "marks.conll", "--to", "jsonl", "--marks", "WAVE=~", cwd=tmp_path)
    assert wrong.err.endswith("Error: --marks goes with --task punctuation, or with --to text or sentences\n")


def test_several_intents_are_told_once(data, tmp_path):
    text = (
        varied("a", "b")
        .replace("wake\t", "# intent = wake#call\nwake\t")
        .replace("\n\nnothing", "\n\n# intent = none\nnothing")
    )
    (tmp_path / "train.conll").write_text(text, "utf-8")
    command = "train", "train.conll", "--dev", data / "dev.conll", *TINY
    [line] = [line for line in told(run(*command, cwd=tmp_path)) if "intent" in line]
    assert line == (
        "note: train.conll:2: 'wake#call' is several intents, as 4 of 6 are; the first is learned "
        "(--intents joined: all of them as one)"
    )
    assert not [line for line in told(run(*command, "--intents", "joined", cwd=tmp_path)) if "intent" in line]


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_what_users_call_things_styles_and_moves_nothing(data, tmp_path):
    text = varied("a", "b").replace("wake\t", "# intent = [/b]#\x1b[2J\nwake\t")
    (tmp_path / "train.conll").write_text(text, "utf-8")
    command = "train", "train.conll", "--dev", data / "dev.conll", *TINY
    shown = on_terminal(*command, terminals=("stderr",), cwd=tmp_path)
    assert shown.status == 0, shown.err
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.err)
    assert "'[/b]#␛[2J' is several intents" in " ".join(plain.split())
