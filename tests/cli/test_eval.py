"""``rnntag eval`` as a shell runs it: tables, JSON, files tagged already, and what cannot be scored."""

import json
import os
import re

import pytest
from shell import LESSONS, SAMPLE, columns, on_terminal, run

import rnntag
from rnntag.evaluation.of_model import of_model
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
    result = of_model(model, gold)
    head, *rows, overall, macro, blank, accuracies, signature = out.splitlines()
    assert head.split() == ["span", "precision", "recall", "F1", "gold", "found", "correct"]
    expected = [*result.scores.types.items(), ("all", result.scores.overall)]
    assert len(rows) == len(result.scores.types) > 5
    for row, (label, counts) in zip([*rows, overall], expected, strict=True):
        figures = [f"{value:.2f}" for value in (counts.precision, counts.recall, counts.f1)]
        assert row.split() == [label, *figures, *map(str, (counts.gold, counts.predicted, counts.correct))]
    assert macro.split() == ["macro", *(f"{value:.2f}" for value in result.scores.macro)]
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
    assert set(found) == percentages | {"macro", "types", "tokens", "sentences", "phrases", "signature"}
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


def test_strict_counts_no_ill_formed_span_and_says_so(tmp_path):
    rows = "a\tB-x\tI-x\nb\tI-x\tI-x\nc\tO\tB-y\n\nd\tB-x\tI-y\n\n"
    found = json.loads(run("eval", "--predicted", "-", "--mode", "strict", "--json", text=rows).out)
    assert found["phrases"] == {"gold": 2, "predicted": 1, "correct": 0}
    assert " | rule strict | " in found["signature"]
    table = run("eval", "--predicted", "-", text=rows, env={"RNNTAG_EVAL_MODE": "strict"}).out
    assert table.startswith("span ")
    assert found["signature"] in table


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
