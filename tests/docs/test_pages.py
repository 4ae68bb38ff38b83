"""Every command, transcript and program in README and docs does what the page says."""

import re
import tempfile
from pathlib import Path

import documents
import pytest
from documents import PAGES, ROOT, TOLD, commands, faults, matches, prepare
from zygote import served

FIGURES = {
    "README.md": ["summary"],
    "docs/promises.md": ["kills", "endless", "flips"],
    "docs/figures.md": [
        *("accuracy", "gazetteers", "training", "tagging", "roofline", "growth", "streaming", "startup"),
        *("conversion", "raw_text"),
    ],
}


@pytest.fixture(scope="session")
def rnntag(kernels):
    """A program that answers as ``rnntag`` does; the kernels are compiled, so nobody is told of it."""
    with served() as text:
        yield text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_happens(page, rnntag, tmp_path):
    prepare(tmp_path, rnntag)
    found = faults(page, tmp_path)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_command_stands_where_it_is_not_run(page):
    text = page.read_text("utf-8")
    blocks = re.findall(r"^```(.*)\n((?:.*\n)*?)```$", text, re.M)
    assert len(blocks) * 2 == text.count("```"), "a fence is left open, or indented"
    for language, block in blocks:
        assert language in TOLD, f"blocks {language!r} are not run"
        if language == "text":
            targets = re.findall(r"^make (\S+)", block, re.M)
            assert set(targets) <= set(re.findall(r"^(\S+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
            assert not re.search(r"^(\$|rnntag|python) ", block, re.M), f"this is not run: {block}"
    assert not re.search(r"\n\n {4,}\S", re.sub(r"^```.*\n(?:.*\n)*?```$", "", text, flags=re.M)), "indented code"


def test_the_readme_is_read_in_five_minutes():
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert len(lines) <= 180
    assert len([line for line in lines if line.startswith("![")]) == 1


def test_figures_stand_where_they_are_written():
    """Each block that ``benchmarks/figures.py`` writes is there once, and closed; no figure is left open."""
    for page in PAGES:
        text = page.read_text("utf-8")
        names = FIGURES.get(page.relative_to(ROOT).as_posix(), [])
        assert re.findall(r"^<!-- figures: (\w+) -->\n(?:(?!<!--).*\n)+?<!-- end -->$", text, re.M) == names
        assert text.count("<!-- figures") == text.count("<!-- end -->") == len(names)
        assert "@@" not in text


def test_a_command_is_carried_on_until_something_is_shown():
    assert commands("$ cat <<END\n> a\n> END\na\n> b\n$ true\n") == [("cat <<END\na\nEND", "a\n> b\n"), ("true", "")]


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("F1 80.12  loss 0.5\n", "F1  81.5  loss 0.55\n"),
        ("5,123 words/s  4 s  *\n", "17 words/s  12 s  *\n"),
        ("a\n...\nz\n", "a\nb\nc\nz\n"),
        ("a\n...\nz\n", "a\nz\n"),
        ("seed ... 3\n", "seed 1, 2, 3\n"),
    ],
)
def test_what_may_differ_matches(shown, printed):
    assert matches(shown, printed)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("F1 80.12\n", "F1 74.5\n"),
        ("loss 0.5\n", "loss 0.7\n"),
        ("5 of 7\n", "6 of 7\n"),
        ("version 0.1.0\n", "version 0.1.1\n"),
        ("seven\tB-time\n", "seven\tO\n"),
        ("seven\tO\n", "seven O\n"),
        ("a\n...\nz\n", "a\nz\nb\n"),
        ("", "something\n"),
    ],
)
def test_what_must_not_differ_does_not_match(shown, printed):
    assert not matches(shown, printed)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("```console\n$ echo a\nb\n```", r"\+ a"),
        ("```console\n$ false\n```", "ends with status 1"),
        ("```console\n$ false | cat\n```", "ends with status 1"),
        ("```sh\nfalse\ntrue\n```", "ends with status 1"),
        ("```python\nprint(1 + 1)\n```\n\n```text\n3\n```", r"\+ 2"),
    ],
)
def test_a_page_that_is_wrong_is_found_out(wrong, fault, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{wrong}\n", "utf-8")
    prepare(tmp_path, "")
    (found,) = faults(page, tmp_path)
    assert re.search(fault, found)


def test_a_page_is_put_right(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo a\nb\n$ false\n$ echo $?\n```\n", "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), "")
        assert documents.retold(page, Path(folder)) == "```console\n$ echo a\na\n$ false\n$ echo $?\n1\n```\n"
