"""``rnntag eval`` with intervals, mistakes, and two answers compared."""

import json
import re

import pytest
from shell import run

from rnntag.evaluation.of_file import COPIED
from rnntag.version import __version__

GOLD = "# intent = a\nto\tO\nnew\tB-city\nyork\tI-city\n\n# intent = b\nseven\tB-[time]\n\n"
SLIPS = GOLD.replace("new\tB-city\nyork\tI-city", "new\tO\nyork\tB-city").replace("B-[time]", "B-date")


@pytest.fixture
def answers(tmp_path):
    """gold.conll, one.conll like it, other.conll with two mistakes."""
    for name, text in (("gold", GOLD), ("one", GOLD), ("other", SLIPS)):
        (tmp_path / f"{name}.conll").write_text(text, "utf-8")
    return tmp_path


def test_intervals_are_told_in_the_table_and_in_json(trained):
    command = "eval", "-m", trained.path, trained.dev
    plain, asked = (json.loads(run(*command, "--json", *more).out) for more in ((), ("--intervals",)))
    intervals, signature = asked.pop("intervals"), asked.pop("signature")
    assert signature == f"{plain.pop('signature')} | intervals 95 % of 1000 resamples, seed 1"
    assert asked == plain
    assert (intervals["confidence"], intervals["resamples"], intervals["seed"]) == (95, 1000, 1)
    for name in ("precision", "recall", "f1", "accuracy", "sentence_accuracy"):
        low, high = intervals[name]
        assert 0 <= low < plain[name] < high <= 100
    assert set(intervals["types"]) == set(plain["types"])
    out = run(*command, "--intervals").out
    assert out.split()[:5] == ["span", "precision", "recall", "F1", "95"]
    low, high = (f"{border:.2f}" for border in intervals["f1"])
    assert f" {plain['f1']:.2f}  {low} to {high} " in out
    assert f"\n95 % intervals: precision {intervals['precision'][0]:.2f} to " in out
    assert out.endswith(f"{signature}\n")


def test_mistakes_are_told_in_the_table_and_in_json(answers):
    (answers / "train.conll").write_text("to\tO\nNew\tB-city\nYork\tI-city\n\n", "utf-8")
    command = "eval", "gold.conll", "--predicted", "other.conll", "--errors", "--train", "train.conll"
    status, out, _ = run(*command, cwd=answers)
    assert status == 0
    told = out.partition("utterance accuracy 0.00 (0 of 2)\n")[2].splitlines()[:-1]
    assert [line.split() for line in told] == [
        ["mistakes", "count"],
        ["type", "1", "right", "borders,", "another", "type"],
        ["boundary", "1", "right", "type,", "other", "borders"],
        ["both", "0", "another", "type,", "other", "borders"],
        ["missed", "0", "in", "the", "gold", "tags", "alone"],
        ["invented", "0", "in", "the", "predicted", "tags", "alone"],
        [],
        ["seen", "in", "training", "right", "of", "%"],
        ["words", "known", "1", "3", "33.33"],
        ["words", "unknown", "0", "1", "0.00"],
        ["values", "seen", "0", "1", "0.00"],
        ["values", "unseen", "0", "1", "0.00"],
        [],
        ["gold", "type", "found", "type", "count"],
        ["[time]", "date", "1"],
        [],
        ["worst", "sentences", "mistake", "gold", "found"],
        ["gold.conll:2", "boundary", "[new", "york](city)", "[york](city)"],
        ["gold.conll:7", "type", "[seven]([time])", "[seven](date)"],
        [],
    ]
    found = json.loads(run(*command, "--json", cwd=answers).out)["errors"]
    assert found["kinds"] == {"type": 1, "boundary": 1, "both": 0, "missed": 0, "invented": 0}
    assert found["confusions"] == [{"gold": "[time]", "predicted": "date", "count": 1}]
    assert [sentence["where"] for sentence in found["sentences"]] == ["gold.conll:2", "gold.conll:7"]


def test_where_nothing_is_wrong_there_is_nothing_to_show(answers):
    out = run("eval", "gold.conll", "--predicted", "one.conll", "--errors", cwd=answers).out
    assert "mistakes" in out
    assert not [word for word in ("worst", "gold type", "seen in training") if word in out]


def test_a_wrong_intent_is_among_the_mistakes(answers):
    (answers / "other.conll").write_text(GOLD.replace("intent = a", "intent = b"), "utf-8")
    out = run("eval", "gold.conll", "--predicted", "other.conll", "--errors", cwd=answers).out
    assert ["gold.conll:2", "intent", "a", "b"] in [line.split() for line in out.splitlines()]


def test_two_answers_are_compared(answers):
    command = "eval", "gold.conll", "--compare", "one.conll", "other.conll"
    status, out, err = run(*command, cwd=answers)
    assert (status, err) == (0, f"warning: one.conll: {COPIED}\nwarning: other.conll: {COPIED}\n")
    lines = out.splitlines()
    assert lines[:3] == ["A  one.conll", "B  other.conll", ""]
    assert lines[3].split() == "A B B - A 95 % p bootstrap p randomisation".split()  # noqa: SIM905
    f1 = next(line for line in lines if line.startswith("F1 ")).split()
    assert f1[:7] == ["F1", "100.00", "0.00", "-100.00", "-100.00", "to", "-100.00"]
    found = json.loads(run(*command, "--json", cwd=answers).out)
    assert f1[7:] == [f"{found['f1'][name]:.4f}" for name in ("p_bootstrap", "p_randomisation")]
    assert lines[-2:] == [f"{found['meaning']}.", found["signature"]]
    assert found["meaning"].endswith(": nothing can be said")  # of two sentences
    assert re.fullmatch(
        rf"rnntag {__version__} \| rule conlleval \| intents any \| A file \w{{8}} \| B file \w{{8}} "
        rf"\| corpus \w{{8}} \| tests 10000 rounds, seed 1",
        found["signature"],
    )
    same = run("eval", "gold.conll", "--compare", "one.conll", "gold.conll", cwd=answers).out
    assert "\nA and B are identical: they found the same in every sentence.\n" in same


def test_a_model_is_compared_with_what_it_wrote_and_with_less(trained, tmp_path):
    tagged = run("tag", "-m", trained.path, "--from", "conll", trained.dev).out
    worse = re.sub(r"\t[BI]-time$", "\tO", tagged, flags=re.MULTILINE)
    (tmp_path / "worse.conll").write_text(worse, "utf-8")
    command = "eval", trained.dev, "--json", "--compare", trained.path
    for path, text, identical in (("-", tagged, True), ("worse.conll", "", False)):
        # a model in the environment is for those that name none
        found = run(*command, path, text=text, cwd=tmp_path, env={"RNNTAG_MODEL": "nowhere.rnntag"})
        assert found.status == 0
        assert json.loads(found.out)["identical"] is identical
    assert json.loads(found.out)["meaning"].startswith("A is better than B by ")


def test_a_training_file_that_is_not_there_is_told_before_the_work(answers):
    command = "eval", "gold.conll", "--predicted", "one.conll", "--errors", "--train", "nowhere.conll"
    assert run(*command, cwd=answers) == (1, "", "Error: nowhere.conll: no such file\n")
