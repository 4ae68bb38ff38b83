"""Running text as a shell meets it: lessons from ordinary text, and text back."""

import pytest
from lessons import LESSON, PUNCTUATED, WORDS
from shell import run


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
