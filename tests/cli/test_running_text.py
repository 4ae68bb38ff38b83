"""Running text as a shell meets it: lessons from ordinary text, text back, and streams without end."""

import os
import signal
import subprocess
import sys
import time

import pytest
from shell import TIMEOUT, ended, environment, run, start

LESSON = """Well, is it late? Yes. He said it was late, but nobody listened. Why not, she asked. I do not know.

When the rain stopped, we went out. The streets were wet, the air was cold, and nobody was there. Is that strange? No.
"""
HANZI = "你好，今天去哪里？我去学校，他不去。\n\n天气很好，我们出去吧。他说：“好，走吧。”你呢？\n"
WORDS = "well is it late yes he said it was late but nobody listened"
PUNCTUATED = "Well, is it late? Yes. He said it was late, but nobody listened."


class Models:
    """Small models that have learnt a lesson by heart, made when they are first asked for."""

    def __init__(self, folder):
        self.folder, self.made = folder, {}

    def __call__(self, name, lesson, *options):
        if name not in self.made:
            (self.folder / f"{name}.txt").write_text((lesson + "\n") * 30, "utf-8")
            small = ("--hidden", 32, "--embedding", 16, "--epochs", 25, "--quiet")
            outcome = run(
                "train",
                "--task",
                "punctuation",
                f"{name}.txt",
                "-o",
                f"{name}.rnntag",
                *small,
                *options,
                cwd=self.folder,
            )
            assert outcome.status == 0, outcome.err
            self.made[name] = self.folder / f"{name}.rnntag"
        return self.made[name]

    @property
    def both(self):
        return self("both", LESSON)

    @property
    def live(self):
        return self("live", LESSON, "--look-ahead", 2)

    @property
    def hanzi(self):
        return self("hanzi", HANZI)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return Models(tmp_path_factory.mktemp("models"))


# Text in, text out


def test_words_leave_as_text(models):
    outcome = run("tag", "-m", models.both, text=WORDS + "\n")
    assert (outcome.status, outcome.out) == (0, PUNCTUATED + "\n")


def test_sentences_stand_one_a_line(models):
    outcome = run(
        "tag", "-m", models.both, "--sentences", text="well is it late\nyes he said it was\nlate but nobody listened\n"
    )
    assert outcome.out.splitlines() == ["Well, is it late?", "Yes.", "He said it was late, but nobody listened."]


def test_lines_are_one_text_and_stay_where_they_were(models):
    outcome = run("tag", "-m", models.both, text="well is it late yes he said it\nwas late but nobody listened\n")
    assert outcome.out == "Well, is it late? Yes. He said it\nwas late, but nobody listened.\n"


def test_chinese_has_its_own_marks_and_no_spaces(models):
    outcome = run("tag", "-m", models.hanzi, text="你好今天去哪里我去学校他不去\n")
    assert outcome.out == "你好，今天去哪里？我去学校，他不去。\n"


def test_other_formats_have_the_tags(models):
    columns = run("tag", "-m", models.both, "--to", "conll", text="well is it late\n").out
    assert columns.splitlines()[:2] == ["well\tCOMMA", "is\tO"]


def test_marks_that_are_there_already_stay_and_are_no_words(models):
    outcome = run("tag", "-m", models.both, text="Well, is it late? yes he said it was late, but nobody listened.\n")
    assert outcome.out == PUNCTUATED + "\n"
    assert "\n,\t" not in run("tag", "-m", models.both, "--to", "conll", text="well, is it late\n").out


def test_text_is_for_models_that_punctuate(trained):
    outcome = run("tag", "-m", trained.path, "--to", "text", text="seven\n")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "Error: 'B-room' is no punctuation mark\nhint: --to text is for models that punctuate\n"


def test_a_model_is_scored_on_ordinary_text(models):
    (models.folder / "dev.txt").write_text(LESSON, "utf-8")
    outcome = run("eval", "-m", models.both, "--json", "dev.txt", cwd=models.folder)
    assert outcome.status == 0, outcome.err
    assert '"COMMA"' in outcome.out


def test_several_files_are_read_one_after_the_other(tmp_path):
    (tmp_path / "one.txt").write_text(LESSON, "utf-8")
    (tmp_path / "two.txt").write_text(LESSON.replace("late", "early"), "utf-8")
    small = ("--hidden", 8, "--embedding", 8, "--epochs", 1, "--quiet")
    outcome = run("train", "--task", "punctuation", "one.txt", "two.txt", "-o", "m.rnntag", *small, cwd=tmp_path)
    assert outcome.status == 0, outcome.err
    info = run("info", "--json", "m.rnntag", cwd=tmp_path).out
    assert '"QUESTION"' in info


def test_conversion_makes_the_same_lessons(tmp_path):
    (tmp_path / "book.txt").write_text("Well, is it late?\n", "utf-8")
    outcome = run("convert", "--from", "text", "--to", "conll", "--task", "punctuation", "book.txt", cwd=tmp_path)
    assert outcome.out == "# doc = book.txt:1\nwell\tCOMMA\nis\tO\nit\tO\nlate\tQUESTION\n\n"
    back = run("convert", "--to", "text", text=outcome.out)
    assert back.out == "Well, is it late?\n"


def test_capitals_and_marks_can_be_chosen(tmp_path):
    (tmp_path / "book.txt").write_text("Well, NASA flew! It did.\n", "utf-8")
    outcome = run("convert", "--task", "punctuation", "--case", "--marks", "STOP=.!", "book.txt", cwd=tmp_path)
    assert outcome.out.splitlines()[1:6] == ["well\tCAP", "nasa\tCAPS", "flew\tSTOP", "it\tCAP", "did\tSTOP"]


def test_ends_of_sentences_are_learned_from_lines(tmp_path):
    (tmp_path / "lines.txt").write_text("Is it?\nIt is, he said.\n\nNo\n", "utf-8")
    outcome = run("convert", "--task", "sentences", "lines.txt", cwd=tmp_path)
    tags = [line.split("\t") for line in outcome.out.splitlines() if "\t" in line]
    assert [token for token, tag in tags if tag == "END"] == ["?", ".", "No"]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--case",), "--case goes with --task punctuation"),
        (("--task", "sentences", "--marks", "A=."), "--marks goes with --task punctuation"),
        (("--task", "sentences", "--case"), "--case goes with --task punctuation"),
    ],
)
def test_options_of_another_task_are_refused(options, fault):
    outcome = run("convert", *options)
    assert outcome.status == 2
    assert f"Error: {fault}" in outcome.err


def test_a_fault_comes_after_what_stood_before_it(models):
    outcome = run("tag", "-m", models.both, text=WORDS.encode() + b"\nbad \xff\n")
    assert (outcome.status, outcome.out) == (1, PUNCTUATED + "\n")
    assert "byte 0xff is not UTF-8" in outcome.err


def test_a_model_that_learned_capitals_puts_no_others(tmp_path):
    lesson = "The Well is deep. It was dug in May.\n\nMay I go? Yes, said Tom. the End\n\n"
    (tmp_path / "book.txt").write_text(lesson * 30, "utf-8")
    small = ("--hidden", 32, "--embedding", 16, "--epochs", 12, "--quiet", "-o", "case.rnntag")
    assert run("train", "--task", "punctuation", "--case", "book.txt", *small, cwd=tmp_path).status == 0
    words = "may i go yes said tom the end\n"
    text = run("tag", "-m", "case.rnntag", text=words, cwd=tmp_path).out
    assert text.startswith("May I go? Yes, said Tom. the")
    inline = run("tag", "-m", "case.rnntag", "--to", "inline", text="may i go\n", cwd=tmp_path).out
    assert inline.startswith("[may](CAP) [i](CAP) [go](QUESTION")
    back = run("convert", "--from", "inline", "--to", "text", text=inline, cwd=tmp_path).out
    assert back == "May I go?\n"
    assert "task         punctuation, the usual marks, capitals\n" in run("info", "case.rnntag", cwd=tmp_path).out


def test_ordinary_text_without_a_task_gets_a_hint(tmp_path):
    (tmp_path / "book.txt").write_text(LESSON, "utf-8")
    outcome = run("train", "book.txt", cwd=tmp_path)
    assert outcome.status == 1
    assert outcome.err.endswith("hint: ordinary text teaches punctuation: add --task punctuation\n")


def test_texts_of_one_sentence_teach_no_ends(tmp_path):
    (tmp_path / "lines.txt").write_text("One here.\n\nTwo here.\n\n" * 10, "utf-8")
    small = ("--hidden", 8, "--embedding", 8, "--epochs", 1)
    outcome = run("train", "--task", "sentences", "lines.txt", *small, cwd=tmp_path)
    assert "warning: each text is one sentence, so there is no end to find: leave blank lines between" in outcome.err


# What of the future is seen


def test_waiting_means_left_to_right(models):
    info = run("info", "--json", models.live).out
    assert '"direction": "forward"' in info
    assert '"look_ahead": 2' in info


def test_looking_ahead_backwards_is_refused(tmp_path):
    outcome = run("train", "--look-ahead", 2, "--direction", "both", text="a\tO\n\n", cwd=tmp_path)
    assert outcome.status == 2
    assert "look-ahead is for networks that read left to right and recur" in outcome.err


def test_context_0_is_each_line_on_its_own(models):
    apart = run("tag", "-m", models.both, "--context", 0, text="well is it late\nyes\n").out
    assert apart.splitlines()[1].startswith("Yes")


# Streams


def unmarked(text):
    """What came in, if it had no marks and no capitals."""
    return "".join(letter for letter in text if letter not in ",.?").lower()


def follow(*arguments):
    return start("tag", "--stream", *arguments)


def read_until(process, text, seconds=TIMEOUT):
    """What comes out until it ends so."""
    found, limit = b"", time.monotonic() + seconds
    os.set_blocking(process.stdout.fileno(), False)
    while not found.decode("utf-8", "ignore").endswith(text):
        assert time.monotonic() < limit, found
        found += process.stdout.read() or b""
        time.sleep(0.01)
    return found.decode()


def test_a_stream_is_the_same_text(models):
    words = unmarked(LESSON)
    outcome = run("tag", "-m", models.live, "--stream", "--look-ahead", 100, text=words)
    assert (outcome.status, outcome.err) == (0, "")
    assert unmarked(outcome.out) == words
    assert outcome.out.startswith("Well, is it late? Yes. He said it was late, but nobody listened.")
    assert outcome.out == run("tag", "-m", models.live, text=words).out


def test_a_word_is_written_when_two_more_have_come(models):
    with follow("-m", models.live) as process, ended(process):
        process.stdin.write(b"well is it ")
        process.stdin.flush()
        assert read_until(process, "Well,") == "Well,"
        process.stdin.write(b"late yes ")
        process.stdin.flush()
        assert read_until(process, " it") == " is it"
        process.stdin.write(b"\n\n")
        process.stdin.flush()
        assert read_until(process, ".") == " late? Yes."
        process.stdin.close()
        assert process.wait(TIMEOUT) == 0


def test_ctrl_c_decides_what_has_come_and_leaves(models):
    with follow("-m", models.live) as process, ended(process):
        process.stdin.write(b"well is it ")
        process.stdin.flush()
        first = read_until(process, "Well,")
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT) == 130
        os.set_blocking(process.stdout.fileno(), True)
        assert unmarked(first + process.stdout.read().decode()) == "well is it "
        assert process.stderr.read() == b""


def test_a_reader_that_leaves_ends_it_silently(models):
    tag = f"{sys.executable} -m rnntag tag -m {models.live} --stream 2> err.txt"
    command = f'yes "{WORDS}" | {tag} | head -c 1000 | wc -c; wc -c < err.txt'
    found = subprocess.run(
        ["sh", "-c", command], cwd=models.folder, env=environment(), capture_output=True, timeout=TIMEOUT
    )
    assert found.stdout.split() == [b"1000", b"0"]


def test_a_reader_that_pauses_is_waited_for_and_gets_all_of_it_once(models):
    count = 20_000
    with follow("-m", models.live, "--to", "conll") as process, ended(process):
        feeder = subprocess.Popen(["sh", "-c", f"for i in $(seq {count}); do echo $i; done"], stdout=process.stdin)
        time.sleep(2)  # the pipe is full by now
        process.stdin.close()
        out = process.stdout.read().decode()
        assert feeder.wait(TIMEOUT) == process.wait(TIMEOUT) == 0
    assert [line.split("\t")[0] for line in out.splitlines() if line] == [str(number) for number in range(1, count + 1)]


def test_a_stream_cut_within_a_character_is_told_after_all_before_it(models):
    outcome = run("tag", "-m", models.live, "--stream", text="well is it late 你".encode()[:-1])
    assert outcome.status == 1
    assert unmarked(outcome.out) == "well is it late "
    assert outcome.err == "Error: <stdin>:1: the stream ends within a character\nhint: what came before it is written\n"


def test_controls_and_empty_lines_go_through(models):
    text = "\n\nwell\x00 is\x1b[31m it\r\n \nlate\n\n\n"
    out = run("tag", "-m", models.live, "--stream", text=text).out
    assert unmarked(out) == text


def test_columns_can_be_streamed_by_any_model_that_reads_forward(tmp_path, trained):
    small = ("--hidden", 16, "--epochs", 30, "--direction", "forward", "--quiet", "-o", "forward.rnntag")
    assert run("train", trained.train, "--dev", trained.dev, *small, cwd=tmp_path).status == 0
    outcome = run("tag", "-m", "forward.rnntag", "--stream", text="at seven\ntomorrow", cwd=tmp_path)
    assert [line.split("\t")[0] for line in outcome.out.splitlines()] == ["at", "seven", "", "tomorrow", ""]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--stream", "text.txt"), "--stream reads standard input and writes at once: it goes without FILE"),
        (("--stream", "--probabilities"), "it goes without --probabilities"),
        (("--stream", "--from", "conll"), "it goes without --from"),
        (("--stream", "--to", "jsonl"), "--stream writes text or conll: jsonl wants whole sentences"),
        (("--stream", "--look-ahead", "1"), "--look-ahead is 1, but this model was trained to wait for 2"),
        (("--look-ahead", "1"), "--look-ahead is of a stream: it wants --stream"),
        (("--sentences", "--to", "jsonl"), "--sentences writes text: it goes without --to jsonl"),
    ],
)
def test_what_a_stream_cannot_do_is_told(models, arguments, fault):
    outcome = run("tag", "-m", models.live, *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert fault in outcome.err


def test_a_model_that_reads_both_ways_does_not_stream(models):
    outcome = run("tag", "-m", models.both, "--stream", text="well")
    assert outcome.status == 2
    assert "this model reads both ways, so it cannot answer before the text has ended: train one with" in outcome.err
