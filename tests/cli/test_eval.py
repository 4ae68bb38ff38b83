"""``rnntag eval`` as a shell runs it: tables, JSON, files tagged already, and what cannot be compared."""

import json
import os
import re

import pytest
from shell import LESSONS, SAMPLE, columns, on_terminal, run

import rnntag
from rnntag.evaluation import of_model as scoring
from rnntag.evaluation.of_file import COPIED
from rnntag.evaluation.signature import fingerprint
from rnntag.files import bundled
from rnntag.formats import read_corpus
from rnntag.model.file import load_model
from rnntag.version import __version__

PARTS = "gold predicted correct"
WORDS = {"the cat sleeps .": "DT NN VB .", "a dog sees the cat": "DT NN VB DT NN", "the dog sleeps": "DT NN VB"}


@pytest.fixture(scope="module")
def parts_of_speech(tmp_path_factory):
    """A model of one tag a token, and its corpus."""
    folder = tmp_path_factory.mktemp("pos")
    (folder / "pos.conll").write_text(columns(WORDS) * 20, "utf-8", newline="\n")
    small = "--hidden", 8, "--embedding", 16, "--epochs", 4, "--learning-rate", 0.05, "--dropout", 0
    found = run("train", "pos.conll", "--dev", "pos.conll", "-o", "pos.rnntag", *small, cwd=folder)
    assert found.status == 0, found.err
    return folder


def test_the_table_has_a_line_a_type_and_one_for_all(trained):
    status, out, err = run("eval", "-m", trained.path, trained.dev)
    assert status == 0
    assert all(line.startswith(f"warning: {trained.dev}:") for line in err.splitlines())
    gold, model = read_corpus(trained.dev), load_model(trained.path)
    result = scoring.of_model(model, gold)
    head, *rows, overall, blank, accuracies, signature = out.splitlines()
    assert head.split() == ["span", "precision", "recall", "F1", "gold", "found", "correct"]
    expected = [*result.scores.types.items(), ("all", result.scores.overall)]
    assert len(rows) == len(result.scores.types) > 5
    for row, (label, counts) in zip([*rows, overall], expected, strict=True):
        figures = [f"{value:.2f}" for value in (counts.precision, counts.recall, counts.f1)]
        assert row.split() == [label, *figures, *map(str, (counts.gold, counts.predicted, counts.correct))]
    assert blank == ""
    assert re.fullmatch(
        r"token accuracy \d+\.\d\d \(\d+ of \d+\), sentence accuracy \d+\.\d\d \(\d+ of 66\)", accuracies
    )
    assert signature == (
        f"rnntag {__version__} | rule conlleval | model {model.fingerprint()} | corpus {fingerprint(gold)} | seed 1"
    )
    assert result.scores.overall.f1 == pytest.approx(model.record.figures["f1"])  # this is the corpus it stopped by


def test_json_has_it_all_and_says_the_same_each_time(trained):
    first, second = (run("eval", "-m", trained.path, "--json", "--threads", n, trained.dev) for n in (1, 2))
    assert first == second
    found = json.loads(first.out)
    percentages = {"precision", "recall", "f1", "accuracy", "sentence_accuracy"}
    assert set(found) == percentages | {"types", "tokens", "sentences", "phrases", "signature"}
    assert all(0 < found[name] <= 100 for name in percentages)
    assert set(found["phrases"]) == set(PARTS.split())
    for counts in found["types"].values():
        assert set(counts) == {"precision", "recall", "f1", *PARTS.split()}
    for name in PARTS.split():
        assert sum(counts[name] for counts in found["types"].values()) == found["phrases"][name]
    assert found["sentences"] == 66
    assert found["signature"].startswith(f"rnntag {__version__} | rule conlleval | model ")
    assert first.out.count("\n") == 1


def test_the_score_of_what_tag_wrote_is_the_score_of_the_model(trained, tmp_path):
    model = json.loads(run("eval", "-m", trained.path, "--json", trained.dev).out)
    tagged = run("tag", "-m", trained.path, "--from", "conll", trained.dev).out
    (tmp_path / "tagged.conll").write_text(tagged, "utf-8")
    itself = run("eval", "--predicted", "-", "--json", text=tagged)
    beside = run("eval", "--predicted", "tagged.conll", "--json", trained.dev, cwd=tmp_path)
    for status, out, err in (itself, beside):
        assert (status, err) == (0, "")
        found = json.loads(out)
        signature = model["signature"].split(" | ")
        assert found.pop("signature").split(" | ") == [
            part for part in signature if not part.startswith(("model", "seed"))
        ]
        assert found == {name: value for name, value in model.items() if name != "signature"}


def test_without_gold_the_sample_corpus_is_scored(trained, tmp_path):
    test = SAMPLE / "test.conll"
    found = run("eval", "-m", trained.path, "--json", cwd=tmp_path)
    named = run("eval", "-m", trained.path, "--json", test, cwd=tmp_path)
    assert (found.status, found.out) == (0, named.out)
    said = "no GOLD given: scoring on the test part of the sample corpus assistant_en (- reads standard input)\n"
    assert found.err.startswith(said)
    assert all(line.startswith("warning: ") for line in found.err.splitlines()[1:])
    assert bundled.sample("assistant_en", "test").samefile(test)


def test_gold_can_be_standard_input(trained):
    named = run("eval", "-m", trained.path, "--json", trained.dev)
    given = run("eval", "-m", trained.path, "--json", "-", text=trained.dev.read_bytes())
    assert given.out == named.out
    assert given.err == named.err.replace(str(trained.dev), "<stdin>")


def test_a_model_can_come_from_the_environment_or_the_folder(trained, tmp_path):
    (tmp_path / "model.rnntag").write_bytes(trained.path.read_bytes())
    (tmp_path / "gold.conll").write_text(columns(LESSONS), "utf-8")
    named = run("eval", "-m", trained.path, "--json", "gold.conll", cwd=tmp_path)
    here = run("eval", "--json", "gold.conll", cwd=tmp_path)
    assert here == (0, named.out, "using ./model.rnntag\n")
    assert json.loads(named.out)["f1"] == 100.0  # it has learnt its lessons
    env = {"RNNTAG_MODEL": trained.path, "RNNTAG_EVAL_JSON": "1"}
    assert run("eval", "gold.conll", cwd=tmp_path, env=env) == (0, named.out, "")


def test_ill_formed_tags_are_read_as_conlleval_reads_them():
    rows = "a\tB-x\tI-x\nb\tI-x\tI-x\nc\tO\tB-y\n\nd\tB-x\tI-y\n\n"
    found = json.loads(run("eval", "--predicted", "-", "--json", text=rows).out)
    assert found["phrases"] == {"gold": 2, "predicted": 3, "correct": 1}
    assert (found["precision"], found["recall"], found["f1"]) == (33.33, 50.0, 40.0)
    assert (found["accuracy"], found["sentence_accuracy"]) == (25.0, 0.0)


def test_a_type_is_shown_as_it_is_called():
    labels = sorted(["loc[city]", "[/x]", ":smile:", "x" * 90, "类型", "[bold]"])
    rows = "".join(f"a\tB-{label}\tB-{label}\n\n" for label in labels)
    status, out, err = run("eval", "--predicted", "-", text=rows)
    assert (status, err[-300:]) == (0, "")
    shown = [line.split() for line in out.splitlines()[1:7]]
    assert shown == [[label, "100.00", "100.00", "100.00", "1", "1", "1"] for label in labels]


def test_a_narrow_terminal_shortens_no_figure():
    rows = "a\tB-destination\tB-destination\n\n"
    out = run("eval", "--predicted", "-", text=rows, env={"COLUMNS": "30"}).out
    assert out.splitlines()[1].split() == ["destination", "100.00", "100.00", "100.00", "1", "1", "1"]


# One tag a token


def test_parts_of_speech_are_scored_token_by_token(parts_of_speech):
    found = json.loads(run("eval", "-m", "pos.rnntag", "--json", "pos.conll", cwd=parts_of_speech).out)
    assert set(found["types"]) == {"DT", "NN", "VB", "."}
    assert found["phrases"]["gold"] == found["tokens"] == 20 * 12
    assert found["f1"] == found["accuracy"] > 90
    assert " | rule tokens | " in found["signature"]
    table = run("eval", "-m", "pos.rnntag", "pos.conll", cwd=parts_of_speech).out
    assert table.startswith("tag ")


def test_parts_of_speech_in_a_file_that_is_tagged_already():
    rows = "the\tDT\tDT\ncat\tNN\tVB\n\n"
    found = json.loads(run("eval", "--predicted", "-", "--json", text=rows).out)
    assert found["f1"] == found["accuracy"] == 50.0
    assert " | rule tokens | " in found["signature"]
    assert "seed" not in found["signature"]


def test_intents_are_scored_where_both_files_have_them(tmp_path):
    (tmp_path / "gold.conll").write_text("# intent = a#b\nto\tO\n\n# intent = c\nOslo\tB-x\n\n", "utf-8")
    (tmp_path / "given.conll").write_text("# intent = a\nto\tO\n\n# intent = c\nOslo\tB-x\n\n", "utf-8")
    command = "eval", "gold.conll", "--predicted", "given.conll", "--json"
    unasked = run(*command, cwd=tmp_path)
    assert json.loads(unasked.out)["intent_accuracy"] == 100.0
    assert unasked.err == ""
    alike = run("eval", "gold.conll", "--predicted", "gold.conll", "--json", cwd=tmp_path)
    assert alike.err == (
        "warning: gold.conll: every intent is that of GOLD, as if handed on by a tagger that knows none\n"
    )
    for rule, right in (("any", 100.0), ("exact", 50.0)):
        for found in (
            run(*command, "--intent-rule", rule, cwd=tmp_path),
            run(*command, cwd=tmp_path, env={"RNNTAG_EVAL_INTENT_RULE": rule}),
        ):
            scores = json.loads(found.out)
            assert (scores["intent_accuracy"], scores["utterance_accuracy"], scores["intent_rule"]) == (
                right,
                right,
                rule,
            )
    small = "--hidden", 8, "--embedding", 8, "--epochs", 1, "--quiet", "-o", "m.rnntag"
    assert run("train", "given.conll", "--dev", "gold.conll", *small, cwd=tmp_path).status == 0
    scores = json.loads(run("eval", "-m", "m.rnntag", "--json", "gold.conll", cwd=tmp_path).out)
    assert scores["intent_rule"] == "any"


# Ill-formed tags by the letter


def test_strict_counts_no_ill_formed_span_and_says_so(tmp_path):
    rows = "a\tB-x\tI-x\nb\tI-x\tI-x\nc\tO\tB-y\n\nd\tB-x\tI-y\n\n"
    found = json.loads(run("eval", "--predicted", "-", "--mode", "strict", "--json", text=rows).out)
    assert found["phrases"] == {"gold": 2, "predicted": 1, "correct": 0}
    assert " | rule strict | " in found["signature"]
    table = run("eval", "--predicted", "-", text=rows, env={"RNNTAG_EVAL_MODE": "strict"}).out
    assert table.startswith("span ")
    assert found["signature"] in table


# Intervals, mistakes, two answers

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


BAD = {
    "two ways": (
        ("--compare", "a", "b", "--predicted", "c"),
        "--compare names what is compared: it goes without --predicted",
    ),
    "a third": (("--compare", "a", "b", "-m", "c"), "--compare names what is compared: it goes without -m"),
    "intervals": (
        ("--compare", "a", "b", "--intervals"),
        "--compare names what is compared: it goes without --intervals",
    ),
    "errors": (("--compare", "a", "b", "--errors"), "--compare names what is compared: it goes without --errors"),
    "train": (("--train", "a"), "--train says what is new among mistakes: it wants --errors"),
    "standard input": (("-", "--compare", "a", "-"), "GOLD and B cannot both be standard input"),
    "standard input twice": (("--compare", "-", "-"), "A and B cannot both be standard input"),
    "gold and predicted": (("-", "--predicted", "-"), "GOLD and --predicted cannot both be standard input"),
    "train on it": (("-", "--errors", "--train", "-"), "GOLD and --train cannot both be standard input"),
}


@pytest.mark.parametrize("name", BAD)
def test_options_that_contradict_each_other_are_told(name):
    words, told = BAD[name]
    status, out, err = run("eval", *words)
    assert (status, out) == (2, "")
    assert err.endswith(f"\n\nError: {told}\n")


def test_a_training_file_that_is_not_there_is_told_before_the_work(answers):
    command = "eval", "gold.conll", "--predicted", "one.conll", "--errors", "--train", "nowhere.conll"
    assert run(*command, cwd=answers) == (1, "", "Error: nowhere.conll: no such file\n")


# What cannot be compared

SAME = "hint: both files need the same sentences, token by token\n"
MISALIGNED = {
    "another token": (
        "# c\nwake\tO\nher\tO\n\n",
        "Error: given.conll:3: token 'her' stands where gold.conll:2 has 'me'\n" + SAME,
    ),
    "a token more": (
        "wake\tO\nme\tO\nup\tO\n\n",
        "Error: given.conll:1: 3 tokens in this sentence, but 2 in that of gold.conll:1\n" + SAME,
    ),
    "a sentence less": ("wake\tO\nme\tO\n\n", "Error: given.conll: 1 sentences, but 2 in gold.conll\n" + SAME),
    "no tags": (
        "wake\nme\n\n",
        "Error: given.conll:1: 1 column, but a tag is needed in the last\n    1  wake\n"
        "hint: a line is a token, a TAB and its tag; for text without tags there is rnntag tag\n",
    ),
    "nothing": (
        "",
        "Error: given.conll: no sentences\nhint: a line is a token, a TAB and its tag; a blank line ends a sentence\n",
    ),
}


@pytest.mark.parametrize("name", MISALIGNED)
def test_files_that_do_not_lie_side_by_side_are_told(tmp_path, name):
    given, told = MISALIGNED[name]
    (tmp_path / "gold.conll").write_text("wake\tO\nme\tO\n\nseven\tB-time\n\n", "utf-8")
    (tmp_path / "given.conll").write_text(given, "utf-8")
    assert run("eval", "gold.conll", "--predicted", "given.conll", cwd=tmp_path) == (1, "", told)


def test_a_predicted_file_without_gold_needs_both_tags(tmp_path):
    (tmp_path / "given.conll").write_text("\nseven\tB-time\n\n", "utf-8")
    fact = "given.conll:2: a token, its gold tag and its predicted tag are needed, but there are 2 columns"
    hint = "hint: name the gold file as well: rnntag eval GOLD --predicted FILE"
    assert run("eval", "--predicted", "given.conll", cwd=tmp_path) == (1, "", f"Error: {fact}\n{hint}\n")


def test_a_missing_file_is_told(trained, tmp_path):
    told = (1, "", "Error: nowhere.conll: no such file\n")
    assert run("eval", "-m", trained.path, "nowhere.conll", cwd=tmp_path) == told
    assert run("eval", "--predicted", "nowhere.conll", cwd=tmp_path) == told


def test_a_model_that_does_not_fit_the_corpus_is_told(trained, parts_of_speech, tmp_path):
    tags = ", ".join(sorted(set(load_model(trained.path).tags) - {"O"})[:3])
    found = run("eval", "-m", trained.path, "pos.conll", cwd=parts_of_speech)
    fact = f"the model does not fit the corpus: the model has tags such as {tags}; the corpus ., DT, NN"
    assert found == (1, "", f"Error: pos.conll:1: {fact}\nhint: name another model with -m\n")

    (tmp_path / "slots.conll").write_text("# x\nseven\tB-time\n\n", "utf-8")
    found = run("eval", "-m", parts_of_speech / "pos.rnntag", "slots.conll", cwd=tmp_path)
    fact = "the model does not fit the corpus: the model has tags such as ., DT, NN; the corpus B-time"
    assert found == (1, "", f"Error: slots.conll:2: {fact}\nhint: name another model with -m\n")


def test_a_tag_that_the_model_does_not_have_is_a_warning(trained, tmp_path):
    (tmp_path / "gold.conll").write_text("seven\tB-time\n\nOslo\tB-port\nOslo\tB-port\n", "utf-8")
    found = run("eval", "-m", trained.path, "--json", "gold.conll", cwd=tmp_path)
    told = "warning: gold.conll:3: tag 'B-port' never occurs in training, so it is never predicted (2 here)\n"
    assert (found.status, found.err) == (0, told)
    assert json.loads(found.out)["types"]["port"] == {
        **dict.fromkeys(("precision", "recall", "f1"), 0.0),
        **{"gold": 2, "predicted": 0, "correct": 0},
    }


# Colours


def test_colours_come_when_asked_for_and_else_not(trained, tmp_path):
    (tmp_path / "gold.conll").write_text(columns(LESSONS), "utf-8")
    command = "eval", "-m", trained.path, "gold.conll"
    assert "\x1b[" not in run(*command, cwd=tmp_path).out
    assert "\x1b[1m" in run(*command, "--color", "always", cwd=tmp_path).out


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_on_a_terminal_the_table_is_set_in_bold(trained, tmp_path):
    (tmp_path / "gold.conll").write_text(columns(LESSONS), "utf-8")
    command = "eval", "-m", trained.path, "gold.conll"
    shown = on_terminal(*command, cwd=tmp_path)
    assert shown.status == 0
    assert "\x1b[1m" in shown.out
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown.out) == run(*command, cwd=tmp_path).out
    assert "\x1b[" not in on_terminal(*command, "--color", "never", cwd=tmp_path).out


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_someone_at_the_keyboard_is_told_what_is_awaited(trained):
    shown = on_terminal("eval", "-m", trained.path, "--json", "-", text="seven\tB-time\n\n", terminals=("stdin",))
    assert json.loads(shown.out)["f1"] == 100.0
    assert re.fullmatch("waiting for [^\n]*; end with Ctrl-D\n", shown.err)


def test_python_scores_as_the_command_does(trained):
    gold = read_corpus(trained.dev)
    tagger = rnntag.load(trained.path)
    tags = [sentence.tags for sentence in tagger.tag(sentence.tokens for sentence in gold)]
    same = sum(a == b for right, given in zip(gold, tags, strict=True) for a, b in zip(right.tags, given, strict=True))
    found = json.loads(run("eval", "-m", trained.path, "--json", trained.dev).out)
    assert found["accuracy"] == round(100 * same / sum(map(len, gold)), 2)


# Calibration and the page


def test_how_far_probabilities_can_be_trusted(trained):
    found = run("eval", "-m", trained.path, "--calibration", trained.dev)
    assert found.status == 0
    assert re.search(r"^expected calibration error of spans 0\.\d{4}$", found.out, re.M)
    assert re.search(r"^0\.93 to 1\.00 +\d+ +\d+\.\d +\d+\.\d +█+", found.out, re.M)
    assert re.search(r"^0\.50 +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d$", found.out, re.M)
    plain = run("eval", "-m", trained.path, trained.dev)
    assert plain.out.splitlines()[-1] == found.out.splitlines()[-1]
    assert "calibration" not in plain.out
    told = json.loads(run("eval", "-m", trained.path, "--calibration", "--json", trained.dev).out)
    assert 0 <= told["calibration"]["calibration_error"] < 0.5
    assert told["calibration"]["thresholds"][0]["recall"] == pytest.approx(told["recall"], abs=0.01)
    assert sum(each["predictions"] for each in told["calibration"]["bins"]) == told["phrases"]["predicted"]


def test_a_page_is_written_besides_what_is_told(trained, tmp_path):
    pytest.importorskip("jinja2")
    log = tmp_path / "epochs.jsonl"
    log.write_text('{"epoch": 1, "epochs": 1, "loss": 0.5, "f1": 50.0, "best": true}\n')
    html = ("--html", "report.html", "--log", log)
    found = run("eval", "-m", trained.path, trained.dev, *html, cwd=tmp_path)
    assert found == run("eval", "-m", trained.path, trained.dev)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")
    for part in ("token accuracy", found.out.splitlines()[-1].split(" | ")[-1].split()[0]):
        assert part in page


@pytest.mark.parametrize("line", ["", "[]", "{", '{"epoch": 1}', "null"])
def test_a_log_that_is_none(trained, tmp_path, line):
    (tmp_path / "log").write_text(f"{line}\n")
    found = run("eval", "-m", trained.path, trained.dev, "--html", "r.html", "--log", "log", cwd=tmp_path)
    told = "Error: log:1: is no report of an epoch\nhint: rnntag train --log FILE writes one\n"
    assert found == (1, "", told)
    assert not (tmp_path / "r.html").exists()


def test_options_that_contradict_each_other_about_the_page(trained):
    for words, told in (
        (("--log", "x"), "--log is for the page: it wants --html"),
        (
            ("--calibration", "--predicted", "x"),
            "--calibration is of a model: it goes without --predicted and --compare",
        ),
        (("--html", "x", "--compare", "a", "b"), "--compare names what is compared: it goes without --html"),
    ):
        found = run("eval", trained.dev, *words)
        assert (found.status, found.out) == (2, "")
        assert found.err.endswith(f"Error: {told}\n")


def test_gold_in_another_format(trained, tmp_path):
    assert run("convert", trained.dev, "--to", "inline", "-o", "dev.inline", cwd=tmp_path).status == 0
    there = run("eval", "-m", trained.path, "dev.inline", cwd=tmp_path).out.splitlines()
    assert there[:-1] == run("eval", "-m", trained.path, trained.dev).out.splitlines()[:-1]


def test_text_is_cut_as_if_nothing_were_known_of_its_spans(trained, tmp_path):
    """A span that ends within a word of raw text cannot be found there, and is not said to have been."""
    line = '{{"text": "at seven{mark}", "spans": [{{"start": 3, "end": 8, "label": "time"}}]}}\n'
    for mark, f1 in (("", 100.0), (",", 0.0)):
        (tmp_path / "gold.jsonl").write_text(line.format(mark=mark))
        told = run("eval", "-m", trained.path, "--spaces", "--json", "gold.jsonl", cwd=tmp_path)
        assert json.loads(told.out)["f1"] == f1


def test_one_file_of_text_has_no_gold_tags_beside_the_predicted(tmp_path):
    (tmp_path / "s.jsonl").write_text('{"text":"fly to Rome","spans":[{"start":7,"end":11,"label":"city"}]}\n')
    fault = "Error: s.jsonl:1: a gold and a predicted tag a token are needed, side by side in columns\n"
    hint = "hint: name the gold file as well: rnntag eval GOLD --predicted FILE\n"
    assert run("eval", "--predicted", "s.jsonl", cwd=tmp_path) == (1, "", fault + hint)


def test_the_same_spans_in_two_notations_are_the_same_tags(trained, tmp_path):
    assert run("convert", trained.dev, "--to-scheme", "bioes", "-o", "b.conll", cwd=tmp_path).status == 0
    scores = json.loads(run("eval", trained.dev, "--predicted", "b.conll", "--json", cwd=tmp_path).out)
    assert (scores["f1"], scores["accuracy"], scores["sentence_accuracy"]) == (100.0, 100.0, 100.0)
