"""``rnntag check`` as a shell runs it: findings and exit status, mended copies, JSON, pipes and colours."""

import gzip
import json
import os
import subprocess
import sys
import threading

import pytest
from shell import SAMPLE, environment, on_terminal, run

from rnntag.checks.findings import KINDS

SOUND = "go\tO\nnew\tB-city\nyork\tI-city\n\nto\tO\nboston\tB-city\n\n"
NOTED = SOUND + "to\tO\nbos\u200bton\tB-city\n\n"
BROKEN = SOUND + "cafe\u0301\tO\nboston\tI-city\n\nstay\t\n\n"
ORPHAN = "orphan: tag 'I-city' cannot follow 'O'; a span opens with 'B-city'; if the file is IOB1, add --scheme iob1"
EMPTY = "tag: the tag is empty; it stands in column 2"
LOOSE = "nfc: 'cafe\\u0301' is not in NFC, the usual form; there it is 'café'"
FIX = "rnntag check --fix writes mended copies\n"


@pytest.fixture
def folder(tmp_path):
    for name, text in {"sound": SOUND, "noted": NOTED, "broken": BROKEN}.items():
        (tmp_path / f"{name}.conll").write_text(text, "utf-8", newline="")
    return tmp_path


def test_findings_are_lines_and_errors_are_in_the_exit_status(folder):
    lines = [f"broken.conll:11: {EMPTY}", f"broken.conll:9: {ORPHAN}", f"broken.conll:8: {LOOSE}"]
    read = "1 file, 4 sentences, 8 tokens, BIO"
    assert run("check", "broken.conll", cwd=folder) == (
        1,
        "".join(f"{line}\n" for line in lines),
        f"{read}: 2 errors (1 tag, 1 orphan), 1 note (1 nfc)\n{FIX}",
    )


def test_notes_are_in_the_exit_status_if_strict(folder):
    line = "noted.conll:9: invisible: 'bos\\u200bton' holds U+200B ZERO WIDTH SPACE\n"
    summary = f"1 file, 3 sentences, 7 tokens, BIO: no errors, 1 note (1 invisible)\n{FIX}"
    assert run("check", "noted.conll", cwd=folder) == (0, line, summary)
    assert run("check", "--strict", "noted.conll", cwd=folder) == (1, line, summary)
    summary = "1 file, 2 sentences, 5 tokens, BIO: no errors, no notes\n"
    assert run("check", "--strict", "sound.conll", cwd=folder) == (0, "", summary)


def test_files_are_checked_together(folder):
    (folder / "tokens.conll").write_text("a\tX\nb\tY\n", "utf-8")
    found = run("check", "sound.conll", "noted.conll", "sound.conll", "tokens.conll", cwd=folder)
    assert found.status == 1
    assert found.out.splitlines() == [
        "noted.conll:9: invisible: 'bos\\u200bton' holds U+200B ZERO WIDTH SPACE",
        "noted.conll:1: leak: the sentence also stands in another file, sound.conll:1",
        "noted.conll:5: leak: the sentence also stands in another file, sound.conll:5",
        "tokens.conll:1: scheme: the file is written in TOKENS, noted.conll in BIO; write all in one scheme",
        "tokens.conll:1: once: label 'X' occurs once",
        "tokens.conll:2: once: label 'Y' occurs once",
    ]
    assert found.err.startswith(
        "3 files, 6 sentences, 14 tokens, BIO and one tag a token: 1 error (1 scheme), 5 notes ("
    )


def test_of_many_the_first_are_shown_and_all_where_that_is_asked(folder):
    (folder / "many.conll").write_text("x\tO\ny\tI-city\n\n" * 13 + SOUND * 70, "utf-8")
    shown = run("check", "many.conll", cwd=folder)
    every = run("check", "--all", "many.conll", cwd=folder)
    assert [line.split(": ")[1] for line in shown.out.splitlines()] == ["orphan"] * 11 + ["repeat"] * 4
    assert "many.conll:32: orphan: and 3 more from here on; --all shows each\n" in shown.out
    assert [line.split(": ")[1] for line in every.out.splitlines()] == ["orphan"] * 13 + ["repeat"] * 150
    assert shown.err == every.err
    assert shown.status == every.status == 1


def test_json_has_each_finding_and_each_change(folder):
    (folder / "many.conll").write_bytes(SOUND.encode() * 70 + b"go\tO\n\xe9x\tI-city\n\n" * 13)
    found = run("check", "--json", "many.conll", cwd=folder)
    records = [json.loads(line) for line in found.out.splitlines()]
    assert records[0] == {
        "file": "many.conll",
        "line": 492,
        "severity": "error",
        "kind": "encoding",
        "fact": "byte 0xe9 of '\udce9x' is not UTF-8",
        "hint": "convert the file first: iconv -f latin1 -t utf-8",
    }
    assert [record["kind"] for record in records] == ["encoding"] * 13 + ["orphan"] * 13 + ["repeat"] * 150
    assert [record["line"] for record in records[:13]] == list(range(492, 531, 3))
    assert {(record["kind"], record["severity"]) for record in records} <= set(KINDS.items())
    first, *_ = map(json.loads, run("check", "--json", "--fix", "many.conll", cwd=folder).out.splitlines())
    assert first == {
        "file": "many.conll",
        "line": 492,
        "severity": "change",
        "kind": "mended",
        "before": "\udce9x\tI-city",
        "after": "\udce9x\tB-city",
    }


# Mended copies.


def test_a_mended_copy_stands_beside_its_file(folder):
    found = run("check", "--fix", "broken.conll", "noted.conll", cwd=folder)
    assert found.status == 1  # the empty tag is left
    assert found.out.splitlines() == [
        "broken.conll:8: mended: cafe\\u0301\\tO -> café\\tO",
        "broken.conll:9: mended: boston\\tI-city -> boston\\tB-city",
        f"broken.conll:11: {EMPTY}",
        "noted.conll:9: mended: bos\\u200bton\\tB-city -> boston\\tB-city",
        "noted.conll:1: leak: the sentence also stands in another file, broken.conll:1",
        "noted.conll:5: leak: the sentence also stands in another file, broken.conll:5",
        "noted.conll:8: leak: the sentence also stands in another file, broken.conll:5",
    ]
    assert found.err.splitlines()[:2] == ["broken.fixed.conll: 2 changes", "noted.fixed.conll: 1 change"]
    assert (folder / "broken.conll").read_text("utf-8") == BROKEN
    assert (folder / "noted.conll").read_text("utf-8") == NOTED
    mended = BROKEN.replace("e\u0301", "é").replace("boston\tI-", "boston\tB-")
    assert (folder / "broken.fixed.conll").read_text("utf-8") == mended
    assert (folder / "noted.fixed.conll").read_text("utf-8") == NOTED.replace("\u200b", "")
    assert run("check", "--fix", "noted.conll", cwd=folder).status == 0


def test_a_mended_copy_goes_where_it_is_told_to(folder):
    assert run("check", "--fix", "sound.conll", "-o", "new/copy.conll", cwd=folder).status == 0
    assert (folder / "new" / "copy.conll").read_text("utf-8") == SOUND
    assert run("check", "--fix", "noted.conll", "-o", "new", cwd=folder).status == 0
    assert run("check", "--fix", "sound.conll", "noted.conll", "-o", "all", cwd=folder).status == 0
    for copy in ("new/noted.conll", "all/noted.conll"):
        assert (folder / copy).read_text("utf-8") == NOTED.replace("\u200b", "")
    assert sorted(os.listdir(folder / "all")) == ["noted.conll", "sound.conll"]


def test_compressed_files_are_mended_to_compressed_ones(folder):
    (folder / "data.v2.conll.gz").write_bytes(gzip.compress(NOTED.encode()))
    found = run("check", "--fix", "data.v2.conll.gz", cwd=folder)
    assert found.err.startswith("data.v2.fixed.conll.gz: 1 change\n")
    assert gzip.decompress((folder / "data.v2.fixed.conll.gz").read_bytes()).decode() == NOTED.replace("\u200b", "")


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        (
            ["--fix", "sound.conll", "-o", "sound.conll"],
            "FILE and the mended copy of sound.conll are the same file, sound.conll",
        ),
        (
            ["--fix", "sound.conll", "-o", "link.conll"],
            "FILE and the mended copy of sound.conll are the same file, link.conll",
        ),
        (
            ["--fix", "sound.conll", "noted.conll", "-o", "."],
            "FILE and the mended copy of sound.conll are the same file, ./sound",
        ),
        (
            ["--fix", "sound.conll", "sub/sound.conll", "-o", "x"],
            "and the mended copy of sub/sound.conll are the same file, x/sound.conll",
        ),
        (["--fix", "sound.conll", "-o", "-"], "standard output is for what is found; name a file with -o"),
        (["--fix"], "the mended copy of standard input needs a name: -o FILE"),
        (["--fix", "--from", "plain", "sound.conll"], "--fix mends columns, and sound.conll is read as plain"),
        (["sound.conll", "-o", "x"], "-o is for the copies that --fix writes"),
    ],
)
def test_what_is_asked_must_be_possible(folder, words, fact):
    (folder / "sub").mkdir()
    (folder / "sub" / "sound.conll").write_text(SOUND, "utf-8")
    (folder / "link.conll").symlink_to("sound.conll")
    found = run("check", *words, cwd=folder)
    assert (found.status, found.out) == (2, "")
    assert fact in found.err
    assert (folder / "sound.conll").read_text("utf-8") == SOUND


def test_a_copy_that_cannot_be_made_leaves_the_old_one(folder):
    (folder / "wide.conll").write_bytes(SOUND.encode("utf-16"))
    (folder / "wide.fixed.conll").write_text("old", "utf-8")
    found = run("check", "--fix", "wide.conll", cwd=folder)
    assert found.status == 1
    told = "replacing wide.fixed.conll\nError: wide.conll:1: the file is UTF-16, not UTF-8\nhint: convert it first: "
    assert found.err.startswith(told)
    assert (folder / "wide.fixed.conll").read_text("utf-8") == "old"
    assert sorted(os.listdir(folder)) == [
        "broken.conll",
        "noted.conll",
        "sound.conll",
        "wide.conll",
        "wide.fixed.conll",
    ]
    assert run("check", "wide.conll", cwd=folder).out.startswith(
        "wide.conll:1: encoding: the file is UTF-16, not UTF-8"
    )


# Where the lines come from and go to.


def test_standard_input_and_pipes(folder):
    expected = f"<stdin>:11: {EMPTY}\n<stdin>:9: {ORPHAN}\n<stdin>:8: {LOOSE}\n"
    for words in ([], ["-"]):
        found = run("check", *words, text=BROKEN, cwd=folder)
        assert (found.status, found.out) == (1, expected)
    found = run("check", "--fix", "-o", "copy.conll", text=NOTED, cwd=folder)
    assert found.status == 0
    assert (folder / "copy.conll").read_text("utf-8") == NOTED.replace("\u200b", "")
    os.mkfifo(folder / "pipe")
    writer = threading.Thread(target=(folder / "pipe").write_text, args=(BROKEN, "utf-8"))
    writer.start()
    assert run("check", "pipe", cwd=folder).out == expected.replace("<stdin>", "pipe")
    writer.join()


def test_standard_input_from_a_file_is_read_where_it_stands(folder):
    with open(folder / "broken.conll", "rb") as file:
        file.seek(len(SOUND))
        found = subprocess.run(
            [sys.executable, "-m", "rnntag", "check"], stdin=file, capture_output=True, env=environment(), timeout=60
        )
    assert found.stdout.decode().startswith("<stdin>:4: tag: the tag is empty")


def test_a_missing_file_is_told_before_the_work(folder):
    found = run("check", "broken.conll", "none.conll", cwd=folder)
    assert (found.status, found.out) == (1, "")
    assert found.err == "Error: none.conll: no such file\n"


def test_columns_and_the_scheme_can_be_named(folder):
    (folder / "columns.conll").write_text("FORM\tNER\tPOS\ngo\tO\tVB\nyork\tI-city\tNN\n", "utf-8")
    found = run("check", "columns.conll", "--tag-column", "NER", "--scheme", "bio", cwd=folder)
    assert f"columns.conll:3: {ORPHAN}" in found.out.splitlines()
    assert run("check", "columns.conll", "--tag-column", "NER", "--scheme", "iob1", cwd=folder).status == 0
    found = run("check", "columns.conll", "--tag-column", "LEMMA", cwd=folder)
    assert found.status == 1
    assert found.err.startswith("Error: columns.conll:1: no column is called 'LEMMA'\n")


def test_other_formats_are_read_by_their_readers(folder):
    found = run("check", "--from", "plain", "sound.conll", cwd=folder)
    assert found.status == 1
    assert found.out.startswith("sound.conll: format: plain text has no tags; ")


def test_kinds_are_in_colour_on_terminals(folder):
    red, yellow, end = "\x1b[31m", "\x1b[33m", "\x1b[0m"
    colored = on_terminal("check", "broken.conll", cwd=folder)
    assert colored.out.splitlines()[0].startswith(f"broken.conll:11: {red}tag{end}: ")
    assert colored.out.splitlines()[2].startswith(f"broken.conll:8: {yellow}nfc{end}: ")
    plain = run("check", "broken.conll", cwd=folder)
    assert run("check", "--color", "always", "broken.conll", cwd=folder).out == colored.out
    assert on_terminal("check", "broken.conll", cwd=folder, env={"NO_COLOR": 1}).out == plain.out
    assert on_terminal("check", "--color", "never", "broken.conll", cwd=folder).out == plain.out
    green = run("check", "--fix", "--color", "always", "noted.conll", cwd=folder).out
    assert green.startswith("noted.conll:9: \x1b[32mmended\x1b[0m: ")


def test_a_terminal_sees_no_character_that_it_would_act_on(folder):
    (folder / "evil\x1b[31m.conll").write_text(SOUND + "a\x1b]0;x\x07\tB-\x9b31m\n", "utf-8")
    found = run("check", "--fix", "evil\x1b[31m.conll", cwd=folder)
    assert "\x1b" not in found.out
    assert "\x9b" not in found.out


def test_help_tells_every_kind():
    shown = run("check", "--help").out
    for kind in KINDS:
        assert kind in shown


def test_checking_loads_nothing_heavy(folder):
    script = (
        "import sys\nfrom rnntag.cli import main\nsys.argv = ['rnntag', 'check', 'sound.conll']\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "print({'numpy', 'numba', 'rich'} & set(sys.modules))"
    )
    words = [sys.executable, "-c", script]
    found = subprocess.run(words, cwd=folder, capture_output=True, check=True, env=environment(), timeout=60)
    assert found.stdout.decode() == "set()\n"


def test_the_sample_corpora_are_without_errors():
    found = run("check", *(f"{part}.conll" for part in ("train", "dev", "test")), cwd=SAMPLE)
    assert found.status == 0
    assert ", BIO: no errors, " in found.err


def test_a_column_may_number_sentences(folder):
    (folder / "numbered.conll").write_text("1\tgo\tO\n1\tyork\tI-city\n2\tat\tO\n", "utf-8")
    found = run("check", "numbered.conll", "--token-column", 2, "--sentence-column", 1, "--scheme", "bio", cwd=folder)
    assert f"numbered.conll:2: {ORPHAN}" in found.out.splitlines()
    assert found.err.startswith("1 file, 2 sentences, 3 tokens, ")
