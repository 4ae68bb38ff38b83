"""What is no choice is told with what may have been meant."""

import click
import pytest
from click.testing import CliRunner

from rnntag.cli.choices import Choice, FormatChoice, did_you_mean


@click.command()
@click.option("--to", type=FormatChoice(["jsonl", "label-studio", "conll", "conllu", "plain", "crfpp"]))
@click.option("--cell", type=Choice(["lstm", "rnn"]))
def command(**settings):
    click.echo(" ".join(filter(None, settings.values())))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--to", "json"), "Did you mean 'jsonl' or 'label-studio'?"),
        (("--to", "JSONL"), "Did you mean 'jsonl'?"),
        (("--to", "tsv"), "Did you mean 'conll'?"),
        (("--to", ".ndjson"), "Did you mean 'jsonl'?"),
        (("--to", "labelstudio"), "Did you mean 'label-studio'?"),
        (("--to", "conll2003"), "Did you mean 'conll' or 'conllu'?"),
        (("--cell", "LSTMs"), "Did you mean 'lstm'?"),
        (("--cell", "transformer"), "'transformer' is not one of 'lstm', 'rnn'."),
    ],
)
def test_what_was_meant_is_asked(words, told):
    outcome = CliRunner().invoke(command, words)
    assert outcome.exit_code == 2
    assert outcome.output.endswith(f"{told}\n")


def test_a_choice_is_taken():
    assert CliRunner().invoke(command, ["--to", "conllu", "--cell", "rnn"]).output == "conllu rnn\n"


def test_what_is_like_nothing_gives_no_question():
    assert did_you_mean("x", ["train", "tag"]) == ""
    assert did_you_mean("trian", ["train", "tag"]) == " Did you mean 'train'?"
