"""A row of the table of formats names what reads and writes, and loads it when it is wanted."""

import subprocess
import sys

import pytest
from shell import environment

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
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
    assert (row.reader, row.writer, row.running, row.read_folder, row.pieces) == (None,) * 5
    assert not row.folder
    assert Format("a folder", reads_folder="seq.read_seq").folder


@pytest.mark.parametrize("name", FORMATS)
def test_every_name_in_the_table_leads_somewhere(name):
    row = FORMATS[name]
    pairs = (row.reads, row.reader), (row.writes, row.writer), (row.writes_running, row.running)
    for named, found in (*pairs, (row.reads_folder, row.read_folder), (row.writes_folder, row.pieces)):
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
