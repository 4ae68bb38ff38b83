"""A row of the table of formats names what reads and writes, and loads it when it is wanted."""

import subprocess
import sys

import pytest
from shell import environment

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, NothingReadError
from rnntag.formats import FORMATS
from rnntag.formats.conll import ConllReader, write_conll
from rnntag.formats.seq import SeqPieces, read_seq
from rnntag.formats.table_row import TAGGED, UNTAGGED, Format, Reading
from rnntag.formats.text import TextWriter


def test_what_is_named_is_found():
    assert FORMATS["conll"].reader is ConllReader
    assert FORMATS["conll"].writer is write_conll
    assert FORMATS["seq"].read_folder is read_seq
    assert FORMATS["seq"].pieces is SeqPieces
    assert FORMATS["text"].running is TextWriter


def test_what_is_not_named_is_none():
    row = Format("nothing")
    assert (row.reader, row.writer, row.running, row.counted) == (None,) * 4
    assert (row.read_file, row.read_folder, row.pieces) == (None,) * 3
    assert not row.folder
    assert Format("a folder", reads_folder="seq.read_seq").folder


@pytest.mark.parametrize("name", FORMATS)
def test_every_name_in_the_table_leads_somewhere(name):
    row = FORMATS[name]
    pairs = (row.reads, row.reader), (row.writes, row.writer), (row.writes_running, row.running)
    whole = (row.reads_file, row.read_file), (row.reads_folder, row.read_folder), (row.writes_counted, row.counted)
    for named, found in (*pairs, *whole, (row.writes_folder, row.pieces)):
        assert (found is None) is (named == "")
    if row.reader:
        assert list(row.reader("case", UNTAGGED).close()) == []
    if row.running:
        assert row.running(marks=None, running=True, english=False, capitals=True).close() == ""
    if row.writer and row.certain:
        assert row.writer(Sentence(["a"], ["O"]), SCHEMES["bio"])


def test_the_table_loads_no_format():
    script = (
        "import sys, rnntag.formats; print(*sorted(name for name in sys.modules if name.startswith('rnntag.formats.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env=environment(), timeout=60
    )
    assert done.stdout.decode().split() == ["rnntag.formats.table_row"]


def test_a_reading_says_whether_tags_are_wanted():
    assert (TAGGED.tagged, UNTAGGED.tagged) == (True, False)
    assert Reading() == UNTAGGED


def test_what_is_wrong_with_a_record_is_raised_or_handed_on():
    error, left_out = CorpusError("no tag", where="a:1"), []
    with pytest.raises(CorpusError, match=r"^a:1: no tag$"):
        TAGGED.fault(error)
    Reading(skip=left_out.append).fault(error)
    assert left_out == [error]
    with pytest.raises(NothingReadError):
        Reading(skip=left_out.append).fault(NothingReadError("no column"))


def test_what_is_made_of_records_goes_on_behind_a_faulty_one():
    def made(record):
        if record % 2:
            raise CorpusError(f"{record} is odd")
        return record

    left_out = []
    assert list(Reading(skip=left_out.append).made(made, range(5))) == [0, 2, 4]
    assert [error.fact for error in left_out] == ["1 is odd", "3 is odd"]
    found = Reading().made(made, range(5))
    assert next(found) == 0
    with pytest.raises(CorpusError, match="1 is odd"):
        next(found)


def test_lines_that_are_no_utf_8_are_faults_of_who_skips():
    lines, left_out = ["a", "\udcff", "b"], []
    skipping = Reading(skip=left_out.append)
    assert list(skipping.numbered(lines, 7, "case")) == [(7, "a"), (9, "b")]
    assert [error.where for error in left_out] == ["case:8"]
    assert list(Reading().numbered(lines, 7, "case")) == list(enumerate(lines, 7))
    with pytest.raises(CorpusError, match=r"^case:9: byte 0xff is not UTF-8"):
        skipping.check_decoded("\n".join([*lines, "c"]), "case", 8)
    skipping.check_decoded("é", "case", 8)
    Reading().check_decoded("\udcff", "case", 8)


def test_what_was_guessed_is_told_if_anyone_listens():
    told = []
    UNTAGGED.note("nobody")
    Reading(tell=told.append).note("somebody")
    assert told == ["somebody"]
