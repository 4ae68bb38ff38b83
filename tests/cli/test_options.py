"""What commands share: options, and how inputs are found."""

import io
import os
import sys

import click
import pytest
from click.testing import CliRunner

from rnntag.cli import options
from rnntag.errors import CorpusError, SpecError
from rnntag.files import bundled
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task


def test_there_is_a_processor_wherever_it_runs(monkeypatch):
    assert 1 <= options.processors() <= (os.cpu_count() or 1)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert options.processors() == 1


def test_inputs_have_the_format_that_is_asked_for_or_that_of_their_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.jsonl", "b"):
        (tmp_path / name).touch()
    found = options.inputs(["a.jsonl", "b", "-"], "auto", "conll")
    assert found == [("a.jsonl", "jsonl"), ("b", "conll"), ("-", "conll")]
    assert options.inputs(["a.jsonl"], "plain", "conll") == [("a.jsonl", "plain")]


def test_an_input_must_be_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.conll").touch()
    with pytest.raises(CorpusError, match=r"^none\.conll: no such file"):
        options.inputs(["a.conll", "none.conll"], "auto", "conll")


def test_the_options_of_a_task_go_with_it():
    assert options.task_of(None, None, False) is None
    assert options.task_of("sentences", None, False) == Task("sentences")
    assert options.task_of("punctuation", "STOP=.", True) == Task("punctuation", Marks.parse("STOP=."), True)
    with pytest.raises(click.UsageError, match=r"^--marks goes with --task punctuation"):
        options.task_of("sentences", "STOP=.", False)
    for name in (None, "sentences"):
        with pytest.raises(click.UsageError, match=r"^--case goes with --task punctuation"):
            options.task_of(name, None, True)
    with pytest.raises(SpecError):
        options.task_of("punctuation", "STOP", False)


def test_marks_without_a_task_are_those_of_columns():
    assert options.task_of(None, "STOP=.", False) is None
    assert options.tag_marks(None, "STOP=.") == Marks.parse("STOP=.")
    assert options.tag_marks(Task("punctuation"), "STOP=.") is None
    assert options.tag_marks(None, None) is None


def test_a_pipe_or_a_file_is_something_to_read(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    reading, writing = os.pipe()
    with open(tmp_path / "file") as file, open(os.devnull) as null, os.fdopen(reading) as pipe, os.fdopen(writing, "w"):
        for stream, answer in ((file, True), (pipe, True), (null, False), (io.StringIO("a"), False)):
            monkeypatch.setattr(sys, "stdin", stream)
            assert options.is_piped() is answer


@pytest.mark.skipif(os.name == "nt", reason="only sockets can be waited for")
def test_who_wants_to_hear_nothing_is_told_of_a_pipe_that_is_silent(monkeypatch, capsys):
    monkeypatch.setattr(options, "PATIENCE", 0.0)
    reading, writing = os.pipe()
    with os.fdopen(reading) as pipe, os.fdopen(writing, "w") as end:
        monkeypatch.setattr(sys, "stdin", pipe)
        options.tell_of_pipe("reading")
        options.tell_of_pipe("still reading", lambda sentence: None)
        assert capsys.readouterr().err == "reading\nstill reading\n"
        end.write("a")
        end.flush()
        options.tell_of_pipe("reading", lambda sentence: None)
        assert capsys.readouterr().err == ""


def test_the_model_is_the_one_named_or_that_of_the_folder_or_the_bundled_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert options.find_model("some.rnntag") == "some.rnntag"
    assert capsys.readouterr().err == ""
    assert options.find_model(None) == str(bundled.MODEL)
    assert capsys.readouterr().err.startswith("using the model that comes with rnntag (")
    (tmp_path / "model.rnntag").touch()
    assert options.find_model("") == "model.rnntag"
    assert capsys.readouterr().err == "using ./model.rnntag\n"


def test_only_someone_at_the_keyboard_is_told_what_is_awaited(monkeypatch, capsys):
    for terminal, path, said in ((True, "-", True), (True, "a.conll", False), (True, None, False), (False, "-", False)):
        monkeypatch.setattr(sys.stdin, "isatty", lambda terminal=terminal: terminal)
        options.await_input(path, "words")
        assert capsys.readouterr().err.startswith("waiting for words; end with ") == said


@pytest.fixture
def told():
    """Runs a command of the shared options, and returns what it was given."""

    @click.command(context_settings={"auto_envvar_prefix": "RNNTAG_SOME"})
    @options.model
    @options.scheme
    @options.to_scheme
    @options.context
    @options.task("some")
    @options.input_format("some", "conll")
    @options.output_format("some", "that of the input")
    @options.threads(3)
    @options.color
    def command(reading, **settings):
        given = [name for name in click.get_current_context().params if options.given(name)]
        columns = {name: getattr(reading.how, name) for name in ("token", "tag", "characters")}
        click.echo(repr(settings | {"reading": {"format": reading.format, **columns}, "given": given}))

    def run(*words, status=0, **environment):
        found = CliRunner().invoke(command, words, env=environment)
        assert found.exit_code == status, found.output
        return eval(found.output) if status == 0 and "--help" not in words else found.output

    return run


def test_what_is_not_given_is_left_open(told):
    names = "model_path to_scheme context task_name marks output_format"
    open_, chosen = dict.fromkeys(names.split()), {"scheme": "auto", "threads": 3}
    reading = {"format": "auto", "token": None, "tag": None, "characters": None}
    assert told() == {**open_, **chosen, "reading": reading, "case": False, "color": "auto", "given": []}


def test_each_option_can_be_given(told):
    found = told("--from", "jsonl", "--to", "inline", "--spaces", "--context", "0", "--task", "punctuation", "--case")
    assert set(found["given"]) == {"input_format", "output_format", "characters", "context", "task_name", "case"}
    assert (found["reading"]["characters"], found["context"], found["case"]) == (False, 0, True)
    assert told("--characters")["reading"]["characters"] is True


def test_all_that_says_how_inputs_are_read_is_one_value(told):
    found = told("--from", "conll", "--token-column", "2", "--tag-column", "NER", "--spaces")
    assert found["reading"] == {"format": "conll", "token": "2", "tag": "NER", "characters": False}
    assert set(found["given"]) == {"input_format", "token_column", "tag_column", "characters"}


def test_each_option_can_stand_in_the_environment(told):
    found = told(RNNTAG_MODEL="m", RNNTAG_SOME_FROM="inline", RNNTAG_SOME_TO="conll", RNNTAG_SOME_TASK="sentences")
    assert (found["model_path"], found["reading"]["format"], found["output_format"], found["task_name"]) == (
        *("m", "inline", "conll"),
        "sentences",
    )
    assert set(found["given"]) == {"model_path", "input_format", "output_format", "task_name"}


@pytest.mark.parametrize(
    "words",
    [
        ("--scheme", "none"),
        ("--to-scheme", "tokens"),  # that writes no spans
        ("--from", "crfpp"),  # that can only be written
        ("--threads", "0"),
        ("--context", "-1"),
        ("--color", "red"),
        ("--task", "none"),
    ],
)
def test_what_is_no_choice(told, words):
    assert f"Invalid value for '{words[0]}'" in told(*words, status=2)


def test_help_tells_the_defaults(told):
    text = " ".join(told("--help").split())
    for part in ("where that says nothing it is conll. [default: auto]", "Default: that of the input.", "[default: 3;"):
        assert part in text
