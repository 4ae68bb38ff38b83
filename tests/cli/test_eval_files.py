"""``rnntag eval`` of several files, by intent, of macro averages, on narrow terminals, and a comparison as a page."""

import json
import re

import pytest
from answers import GOLD, TAGGED
from shell import on_terminal, run


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "gold.conll").write_text(GOLD, "utf-8")
    (tmp_path / "tagged.conll").write_text(TAGGED, "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def parted(trained, tmp_path_factory):
    """The dev set in two files, as arguments of the command."""
    folder = tmp_path_factory.mktemp("parted")
    blocks = trained.dev.read_text("utf-8").split("\n\n")
    for name, part in (("a.conll", blocks[:20]), ("b.conll", blocks[20:])):
        (folder / name).write_text("\n\n".join(part) + "\n\n", "utf-8", newline="\n")
    return folder


def test_several_files_have_a_row_each_and_one_for_all(trained, parted):
    command = "eval", "-m", trained.path
    status, out, err = run(*command, "a.conll", "b.conll", cwd=parted)
    assert status == 0
    assert all(line.startswith(("warning: a.conll:", "warning: b.conll:")) for line in err.splitlines())
    files, _, whole = out.partition("\n\n")
    head, one, other, everything = (line.split() for line in files.splitlines())
    assert " ".join(head) == "file sentences precision recall F1 macro F1 token accuracy sentence accuracy"
    told = json.loads(run(*command, "a.conll", "b.conll", "--json", cwd=parted).out)
    alone = [json.loads(run(*command, name, "--json", cwd=parted).out) for name in ("a.conll", "b.conll")]
    assert told.pop("files") == [
        {"file": name, **each} for name, each in zip(("a.conll", "b.conll"), alone, strict=True)
    ]
    for row, name, each in ((one, "a.conll", alone[0]), (other, "b.conll", alone[1]), (everything, "all", told)):
        figures = [each[key] for key in ("precision", "recall", "f1")]
        figures += [each["macro"]["f1"], each["accuracy"], each["sentence_accuracy"]]
        assert row == [name, str(each["sentences"]), *(f"{figure:.2f}" for figure in figures)]
    # All of them together are what the one file is that they are parts of.
    assert whole == run(*command, trained.dev).out
    assert told == json.loads(run(*command, trained.dev, "--json").out)


def test_sections_are_of_all_files_together(trained, parted):
    command = "eval", "-m", trained.path, "--json", "--errors", "--intervals", "--calibration"
    told = json.loads(run(*command, "a.conll", "b.conll", cwd=parted).out)
    whole = json.loads(run(*command, trained.dev).out)
    assert told["intervals"] == whole["intervals"]
    assert told["calibration"]["thresholds"] == whole["calibration"]["thresholds"]
    assert told["errors"]["kinds"] == whole["errors"]["kinds"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("a", "b", "--predicted", "c"), "--predicted goes with one GOLD, but there are 2"),
        (("a", "b", "--compare", "c", "d"), "--compare goes with one GOLD, but there are 2"),
        (("a", "b", "./a"), "./a is named twice, and would count twice"),
        (("-", "b", "-"), "GOLD and GOLD cannot both be standard input"),
        (
            ("a", "--compare", "c", "d", "--html", "x", "--log", "y"),
            "--compare names what is compared: it goes without --log",
        ),
    ],
)
def test_several_files_where_one_is_meant_are_told(words, told):
    status, out, err = run("eval", *words)
    assert (status, out) == (2, "")
    assert err.endswith(f"\n\nError: {told}\n")


def test_a_missing_file_among_several_is_told_before_the_work(parted, trained):
    found = run("eval", "-m", "nowhere.rnntag", "a.conll", "nowhere.conll", cwd=parted)
    assert found == (1, "", "Error: nowhere.conll: no such file\n")


def test_intents_have_scores_of_their_own_and_confusions(folder):
    command = "eval", "gold.conll", "--predicted", "tagged.conll"
    status, out, err = run(*command, "--errors", cwd=folder)
    assert (status, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    place = lines.index(["intent", "precision", "recall", "F1", "gold", "found", "correct"])
    assert lines[place + 1 : place + 5] == [
        ["alarm", "100.00", "100.00", "100.00", "1", "1", "1"],
        ["fare", "0.00", "0.00", "0.00", "1", "0", "0"],
        ["flight", "50.00", "100.00", "66.67", "1", "2", "1"],
        ["macro", "50.00", "66.67", "55.56"],
    ]
    place = lines.index("gold intent found intent count".split())  # noqa: SIM905
    assert lines[place + 1] == ["fare", "flight", "1"]
    told = json.loads(run(*command, "--json", cwd=folder).out)
    assert told["intents"]["flight"] == {
        "precision": 50.0,
        "recall": 100.0,
        "f1": 66.67,
        "gold": 1,
        "predicted": 2,
        "correct": 1,
    }
    assert told["intent_macro"] == {"precision": 50.0, "recall": 66.67, "f1": 55.56}
    assert told["intent_confusions"] == [{"gold": "fare", "predicted": "flight", "count": 1}]
    assert told["macro"] == {"precision": 50.0, "recall": 33.33, "f1": 38.89}


def test_a_narrow_terminal_sees_every_figure_in_lines_that_fit(folder):
    command = "eval", "gold.conll", "--predicted", "tagged.conll", "--errors", "--intervals"
    wide = run(*command, cwd=folder).out
    for width in (40, 80):
        env = {"COLUMNS": str(width), "NO_COLOR": "1"}
        narrow = on_terminal(*command, cwd=folder, env=env).out
        *lines, signature = narrow.splitlines()
        assert signature == wide.splitlines()[-1]
        assert max(map(len, lines)) <= width
        assert sorted(re.findall(r"\d+\.\d\d", narrow)) == sorted(re.findall(r"\d+\.\d\d", wide))


def test_a_comparison_is_written_as_a_page_besides_what_is_told(folder):
    pytest.importorskip("jinja2")
    command = "eval", "gold.conll", "--compare", "gold.conll", "tagged.conll"
    found = run(*command, "--html", "report.html", cwd=folder)
    assert found == run(*command, cwd=folder)
    page = (folder / "report.html").read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")
    for part in ("gold.conll and tagged.conll on gold.conll", "only A right", found.out.splitlines()[-2]):
        assert part in page
    assert run(*command, "--html", "nowhere/report.html", cwd=folder).err.startswith(
        "Error: nowhere/report.html: cannot be written: "
    )
