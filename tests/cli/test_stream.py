"""``rnntag tag --stream``: running text without end, each word as soon as its tag is final."""

import os
import signal
import subprocess
import sys
import time

import pytest
from lessons import LESSON, WORDS, unmarked
from shell import TIMEOUT, ended, environment, run, start


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
