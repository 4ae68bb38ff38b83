"""``rnntag tag`` as a shell runs it: streams, files, formats, terminals, models."""

import os
import re
import select
import signal
import subprocess
import time

import pytest
from shell import SAMPLE, ended, interrupt, lines_of, on_terminal, run, start

import rnntag
from rnntag import formats
from rnntag.files import bundled
from rnntag.formats import READABLE, WRITABLE
from rnntag.tagging.tagger import Tagger

ASKED = "wake me at seven tomorrow"
needs_terminals = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
ESCAPE = "\x1b["


@pytest.fixture(scope="module")
def tagger(trained):
    return rnntag.load(trained.path)


@pytest.fixture(scope="module")
def tag(trained):
    """Run ``rnntag tag`` with the small model."""

    def tag(*arguments, **more):
        return run("tag", "-m", trained.path, *arguments, **more)

    return tag


def tag_lines(tagger, *sentences):
    """One line of tags a sentence, by the same model from Python."""
    return "".join(" ".join(found.tags) + "\n" for found in tagger.tag([text.split() for text in sentences]))


# What goes in, what comes out


def test_each_token_gets_a_line_and_each_sentence_a_blank_one(tag, tagger):
    [found] = tagger.tag([ASKED.split()])
    assert "B-time" in found.tags  # the model has learnt something, or little below means anything
    rows = "".join(f"{token}\t{label}\n" for token, label in zip(found.tokens, found.tags, strict=True))
    assert tag(text=ASKED + "\n") == (0, rows + "\n", "")


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("conll", "wake\tO\nme\tO\nat\tO\nseven\tB-time\n\n\nseven\tB-time\n\n"),
        ("inline", "wake me at [seven](time)\n\n[seven](time)\n"),
        ("plain-tags", "O O O B-time\n\nB-time\n"),
    ],
)
def test_the_three_ways_to_write(tag, form, written):
    assert tag("--to", form, text="wake me at seven\n\nseven\n") == (0, written, "")


LINES = [  # what a file holds, and the sentences in it
    ("", []),
    ("\n", [""]),
    ("\n\n \n\t\n", ["", "", "", ""]),
    (f"\n{ASKED}\n\n\nseven\n\n", ["", ASKED, "", "", "seven", ""]),
    (f"{ASKED}\nseven", [ASKED, "seven"]),  # no end of the last line
    (f"{ASKED}\r\n\r\nseven\r\n", [ASKED, "", "seven"]),
    (f"\ufeff{ASKED}\n", [ASKED]),
    ("wake\u00a0me at\u3000seven\n", ["wake me at seven"]),
    ("wake\u2028me\vat\x85seven\rtomorrow\n", ["wake me at seven tomorrow"]),  # only LF ends a line
    ("  wake \t me  \n", ["wake me"]),
]


def test_a_line_in_is_a_sentence_out(tag, tagger, tmp_path):
    names = [f"{number}.txt" for number in range(len(LINES))]
    for name, (given, _) in zip(names, LINES, strict=True):
        (tmp_path / name).write_bytes(given.encode())
    found = tag("--to", "plain-tags", *names, cwd=tmp_path)
    assert found == (0, "".join(tag_lines(tagger, *sentences) for _, sentences in LINES), "")


@pytest.mark.parametrize(("given", "sentences"), LINES[3:7], ids=["blank", "no-end", "crlf", "bom"])
def test_standard_input_is_read_like_a_file(tag, tagger, given, sentences):
    assert tag("--to", "plain-tags", text=given) == (0, tag_lines(tagger, *sentences), "")


def test_blank_lines_are_blank_sentences_in_columns(tag):
    assert tag(text="\n\nseven\n\n") == (0, "\n\nseven\tB-time\n\n\n", "")


def test_words_come_out_as_they_went_in(tag):
    words = ["seven\0", "éêè", "七点", "🙂", "\ufeff", "a\u200bb", "<b>", "[x](y)", "\\", "#", "\x1b[31m"]
    found = tag("--spaces", text=f"\u2029{' '.join(words)}\n")
    assert [line.split("\t")[0] for line in found.out.split("\n")[:-2]] == words


def test_columns_come_out_verbatim_with_the_tag_after_them(tag, tagger):
    given = "# intent = set_alarm\nwake\tVB  x\t\nme\tPRP\t_\n\n\n# alone\n\nseven\tCD\t7\n"
    first, last = tagger.tag([["wake", "me"], ["seven"]])
    rows = [f"wake\tVB  x\t\t{first.tags[0]}", f"me\tPRP\t_\t{first.tags[1]}", "", "", "# alone", ""]
    written = "\n".join(["# intent = set_alarm", *rows, f"seven\tCD\t7\t{last.tags[0]}", "", ""])
    assert tag("--from", "conll", text=given) == (0, written, "")
    assert tag("--from", "conll", text=given.replace("\n", "\r\n")) == (0, written, "")


def test_columns_parted_by_spaces_are_parted_by_tabs_afterwards(tag):
    assert tag("--from", "conll", text="seven CD  O\n\n") == (0, "seven\tCD\tO\tB-time\n\n", "")


def test_the_tags_of_a_gold_file_are_kept_and_not_looked_at(tag, tagger):
    gold = formats.read_corpus(SAMPLE / "test.conll")
    found = tag("--from", "conll", SAMPLE / "test.conll")
    given = (SAMPLE / "test.conll").read_text("utf-8").splitlines()
    came = found.out.splitlines()
    assert len(came) == len(given)
    assert [line.rpartition("\t")[0] if line.count("\t") == 2 else line for line in came] == given
    tags = [line.rpartition("\t")[2] for line in came if line.count("\t") == 2]
    assert tags == [label for found in tagger.tag(gold) for label in found.tags]


# Files and streams


def test_files_are_tagged_in_their_order_and_a_dash_is_standard_input(tag, tagger, tmp_path):
    (tmp_path / "one.txt").write_text("seven tomorrow", "utf-8")  # no line end: yet the next file begins a sentence
    (tmp_path / "two.txt").write_text("\nwake me\n", "utf-8")
    found = tag("--to", "plain-tags", "two.txt", "-", "one.txt", "two.txt", text=ASKED, cwd=tmp_path)
    assert found == (0, tag_lines(tagger, "", "wake me", ASKED, "seven tomorrow", "", "wake me"), "")


@pytest.mark.parametrize("name", ["empty.txt", os.devnull])
def test_an_empty_file_gives_nothing(tag, tmp_path, name):
    (tmp_path / "empty.txt").touch()
    assert tag(name, cwd=tmp_path) == (0, "", "")


def test_there_is_no_longest_line(tag):
    found = tag(text="seven " * 100_000)
    rows = found.out.split("\n")
    assert found.status == 0
    assert rows[100_000:] == ["", ""]
    assert all(row.startswith("seven\t") for row in rows[:100_000])


def test_a_missing_second_file_is_told_before_anything_is_written(tag, tmp_path):
    (tmp_path / "one.txt").write_text(ASKED + "\n", "utf-8")
    assert tag("one.txt", "two.txt", cwd=tmp_path) == (1, "", "Error: two.txt: no such file\n")
    assert tag("one.txt", ".", cwd=tmp_path) == (1, "", "Error: .: is a folder\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_named_pipes_are_read_one_after_the_other(trained, tagger, tmp_path):
    """What is opened to see whether it is there, and closed again, is a pipe that has lost its writer."""
    for name in ("one", "two"):
        os.mkfifo(tmp_path / name)
    command = "tag", "-m", trained.path, "--to", "plain-tags", "one", "two"
    with start(*command, cwd=tmp_path) as process, ended(process):
        for name in ("one", "two"):
            with subprocess.Popen(f"echo '{ASKED}' > {name}", shell=True, cwd=tmp_path) as writer, ended(writer):
                writer.wait(10)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out.decode(), err) == (0, tag_lines(tagger, ASKED, ASKED), b"")


LATIN = f"{ASKED}\n\nseven\ncaf\xe9 at seven\nseven\n".encode("latin1")


def test_what_is_not_utf8_is_told_with_its_line_and_what_stands_above_is_tagged(tag, tagger, tmp_path):
    (tmp_path / "menu.txt").write_bytes(LATIN)
    above = tag_lines(tagger, ASKED, "", "seven")
    fact = "menu.txt:4: byte 0xe9 is not UTF-8\nhint: convert it first: iconv -f latin1 -t utf-8 menu.txt > utf8.txt\n"
    assert tag("--to", "plain-tags", "menu.txt", "menu.txt", cwd=tmp_path) == (1, above, f"Error: {fact}")
    fact = "<stdin>:4: byte 0xe9 is not UTF-8\nhint: convert it first: iconv -f latin1 -t utf-8 | rnntag ...\n"
    assert tag("--to", "plain-tags", text=LATIN) == (1, above, f"Error: {fact}")


def test_utf16_is_told(tag):
    fact = "<stdin>:1: byte 0xff is not UTF-8\nhint: convert it first: iconv -f utf-16 -t utf-8 | rnntag ...\n"
    assert tag(text=b"\xff\xfe" + ASKED.encode("utf-16-le")) == (1, "", f"Error: {fact}")


def test_a_fault_in_the_columns_is_told_and_what_stands_above_is_tagged(tag):
    fact = "<stdin>:3: 2 columns, but 1 in the lines before\n    3  at\tIN\n"
    hint = "hint: every line has the same columns; if a token holds a space, part them by TABs\n"
    found = tag("--from", "conll", text="seven\n\nat\tIN\n\nseven\n")
    assert found == (1, "seven\tB-time\n\n", f"Error: {fact}{hint}")


@pytest.mark.parametrize(
    ("option", "value", "known"), [("--to", "json", WRITABLE), ("--from", "xml", ["auto", *READABLE])]
)
def test_an_unknown_format_is_the_options_fault(option, value, known):
    status, out, err = run("tag", option, value)
    assert (status, out) == (2, "")
    assert err.startswith("Usage: rnntag tag [OPTIONS] [FILE]...\nTry 'rnntag tag -")  # Click says -h or --help
    assert f"\n\nError: Invalid value for '{option}': '{value}' is not one of {str(known)[1:-1]}." in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_full_disk_is_told(trained):
    with open("/dev/full", "wb") as full, start("tag", "-m", trained.path, stdout=full) as process, ended(process):
        _, err = process.communicate(ASKED.encode(), timeout=30)
    assert (process.returncode, err) == (1, b"Error: no space left on device\n")


def test_a_pipe_is_answered_sentence_by_sentence(trained, tagger):
    with start("tag", "-m", trained.path, "--to", "plain-tags") as process, ended(process):
        for sentence in (ASKED, "", "seven tomorrow"):
            os.write(process.stdin.fileno(), sentence.encode() + b"\nthe next, begun")
            assert lines_of(process.stdout, 1, timeout=20) == tag_lines(tagger, sentence).splitlines()
            assert not select.select([process.stdout], [], [], 0)[0]
            os.write(process.stdin.fileno(), b"\n")
            lines_of(process.stdout, 1, timeout=20)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, b"", b"")


def test_columns_are_answered_at_the_blank_line(trained):
    with start("tag", "-m", trained.path, "--from", "conll") as process, ended(process):
        os.write(process.stdin.fileno(), b"at\nseven\n\nat\n")
        assert lines_of(process.stdout, 3, timeout=20) == ["at\tO", "seven\tB-time", ""]
        assert process.communicate(timeout=20) == (b"at\tO\n\n", b"")


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="there is no SIGPIPE")
def test_when_head_has_enough_an_endless_stream_ends_silently(trained):
    endless = subprocess.Popen(["yes", ASKED], stdout=subprocess.PIPE)
    command = "tag", "-m", trained.path
    with endless, ended(endless), start(*command, stdin=endless.stdout) as process, ended(process):
        endless.stdout.close()
        assert lines_of(process.stdout, 1) == ["wake\tO"]
        left = time.monotonic()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == -signal.SIGPIPE
        assert endless.wait(20) == -signal.SIGPIPE
    assert time.monotonic() - left < 10


@pytest.mark.skipif(os.name == "nt", reason="no Ctrl-C can be sent there")
def test_ctrl_c_ends_a_stream_with_130(trained):
    with start("tag", "-m", trained.path) as process, ended(process):
        os.write(process.stdin.fileno(), b"seven\n")
        lines_of(process.stdout, 2)
        interrupt(process)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, b"", b"\ninterrupted\n")


# The same tags, however they are come by


def test_the_tags_do_not_depend_on_how_the_text_arrives(trained, tag):
    text = f"\ufeff\n{ASKED}\r\n七点 café 🙂 at seven\n\nseven".encode()
    with start("tag", "-m", trained.path, "--to", "inline") as process, ended(process):
        for place in range(len(text)):
            os.write(process.stdin.fileno(), text[place : place + 1])
            if place == 3:
                lines_of(process.stdout, 1)  # from here on it is waiting for each byte
            time.sleep(0.002)
        out, err = process.communicate(timeout=20)
    assert (0, "\n" + out.decode(), "") == tag("--to", "inline", text=text)
    assert err == b""


def test_the_tags_depend_neither_on_threads_nor_on_the_engine(trained, tag, kernels, plain):
    gold = formats.read_corpus(SAMPLE / "test.conll")
    sentences = [sentence.tokens for sentence in gold]
    slow, fast = (Tagger(rnntag.load(trained.path).model, engine=engine) for engine in (plain, kernels))
    tags = slow.tags(sentences)
    assert fast.tags(sentences) == tags
    once = "".join(" ".join(row) + "\n" for row in tags)
    text = "".join(" ".join(tokens) + "\n" for tokens in sentences)
    for threads in (1, 2):  # three times over: more words than the NumPy engine is left with
        assert tag("--spaces", "--to", "plain-tags", "--threads", threads, text=text * 3) == (0, once * 3, "")


# Which model


def test_the_option_goes_before_the_environment_and_that_before_the_folder(trained, tmp_path):
    (tmp_path / "model.rnntag").write_bytes(b"not a model")
    (tmp_path / "in.txt").write_text("seven\n", "utf-8")
    rows = "seven\tB-time\n\n"
    env = {"RNNTAG_MODEL": tmp_path / "nowhere.rnntag"}
    assert run("tag", "-m", trained.path, "in.txt", cwd=tmp_path, env=env) == (0, rows, "")
    assert run("tag", "in.txt", cwd=tmp_path, env={"RNNTAG_MODEL": trained.path}) == (0, rows, "")
    (tmp_path / "model.rnntag").write_bytes(trained.path.read_bytes())
    assert run("tag", "in.txt", cwd=tmp_path) == (0, rows, "using ./model.rnntag\n")


def test_without_any_other_there_is_the_model_that_comes_along(tmp_path):
    assert bundled.MODEL.exists(), "make bundled-model"
    [found] = rnntag.load().tag([ASKED.split()])
    said = "using the model that comes with rnntag (English home and travel requests); another: -m MODEL\n"
    outcome = run("tag", "--to", "plain-tags", text=ASKED + "\n", cwd=tmp_path)
    assert outcome == (0, f"{' '.join(found.tags)}\t{found.intent}\n", said)


def test_a_missing_model_is_told_with_the_way_to_one(tmp_path):
    hint = "hint: train one with: rnntag train train.conll -o mine.rnntag\n"
    outcome = run("tag", "-m", "mine.rnntag", text=ASKED, cwd=tmp_path)
    assert outcome == (1, "", f"Error: mine.rnntag: no such model\n{hint}")


def test_a_file_that_is_no_model_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("buy milk\n" * 9, "utf-8")
    hint = "hint: it is cut short, damaged or some other file; train it again, or fetch it again\n"
    outcome = run("tag", "-m", "notes.txt", text=ASKED, cwd=tmp_path)
    assert outcome == (1, "", f"Error: notes.txt: is not a model file\n{hint}")


def test_options_can_be_set_in_the_environment_under_their_own_names(tag):
    assert tag(text="seven\n", env={"RNNTAG_TAG_TO": "inline"}) == (0, "[seven](time)\n", "")
    assert tag("--to", "plain-tags", text="seven\n", env={"RNNTAG_TAG_TO": "inline"}).out == "B-time\n"
    assert tag(text="seven\n", env={"RNNTAG_TAG_FROM": "conll", "RNNTAG_TAG_TO": "inline"}).out == "[seven](time)\n"
    assert tag(text="seven\n", env={"RNNTAG_TAG_TO": "xml"}).status == 2


# Terminals


def spoken(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@needs_terminals
def test_on_a_terminal_words_are_painted_and_a_legend_says_what_the_colours_mean(trained):
    shown = on_terminal("tag", "-m", trained.path, text=f"{ASKED}\n")
    assert (shown.status, shown.err) == (0, "")
    words, legend, end = shown.out.split("\n")
    assert end == ""
    assert spoken(words).split() == ASKED.split()
    assert spoken(legend).split() == ["time", "date"]
    colours = dict(re.findall(r"(\x1b\[[0-9;]+m) ?([a-z]+) ?\x1b\[0m", words))
    assert list(colours.values()) == ["seven", "tomorrow"]
    assert [label for label, _ in re.findall(r"(\x1b\[[0-9;]+m) [a-z]+ \x1b\[0m()", legend)] == list(colours)
    assert len(set(colours)) == 2

    again = on_terminal("tag", "-m", trained.path, text="tomorrow\n\nnothing here\n")
    painted, blank, nothing, _, _ = again.out.split("\n")
    assert next(colour for colour, word in colours.items() if word == "tomorrow") in painted  # in each run the same
    assert (blank, nothing) == ("", "nothing here")


@needs_terminals
def test_without_colours_a_terminal_gets_its_spans_in_brackets(trained):
    inline = "wake me at [seven](time) [tomorrow](date)\n"
    for options, env in [((), {"NO_COLOR": "1"}), (("--color", "never"), {}), ((), {"TERM": "dumb"})]:
        shown = on_terminal("tag", "-m", trained.path, *options, text=f"{ASKED}\n", env=env)
        assert shown == (0, inline, "")


@needs_terminals
def test_a_format_that_is_asked_for_is_not_painted(trained):
    shown = on_terminal("tag", "-m", trained.path, "--to", "conll", text="seven\n")
    assert shown == (0, "seven\tB-time\n\n", "")


def test_colours_can_be_had_in_a_pipe(tag):
    assert ESCAPE in tag("--color", "always", text="seven\n").out
    assert (
        tag("--color", "auto", text="seven\n").out == tag("--color", "never", text="seven\n").out == "seven\tB-time\n\n"
    )


def test_asking_for_colours_goes_before_the_environment(tag):
    assert ESCAPE in tag("--color", "always", text="seven\n", env={"NO_COLOR": "1"}).out


@needs_terminals
@pytest.mark.parametrize(("form", "what"), [("plain", "sentences, one a line"), ("conll", "tokens, one a line")])
def test_someone_at_the_keyboard_is_told_what_is_awaited(trained, form, what):
    shown = on_terminal(
        "tag", "-m", trained.path, "--from", form, "--to", "inline", text="seven\n", terminals=("stdin",)
    )
    assert shown == (0, "[seven](time)\n", f"waiting for {what}; end with Ctrl-D\n")


@needs_terminals
def test_at_the_keyboard_each_line_is_answered(trained):
    shown = on_terminal("tag", "-m", trained.path, text="seven\n", terminals=("stdin", "stdout", "stderr"))
    assert shown.status == 0
    assert spoken(shown.out).split() == ["seven", "time"]
    assert shown.err == "waiting for sentences, one a line; end with Ctrl-D\n"
