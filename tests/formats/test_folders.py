"""Formats that are a folder of files: known by what they hold, and whatever these hold."""

import random

import pytest
from folders import SLOTS, STAND_OFF
from readers import facts, folder_fault, make_folder, mutants, read_folder, survives

from rnntag import formats
from rnntag.errors import CorpusError

# Both


@pytest.mark.parametrize(("format", "files"), [("seq", SLOTS), ("brat", STAND_OFF)])
def test_slips_end_in_sentences_or_in_faults(tmp_path, format, files):
    chance, found = random.Random(1), set()
    slips = {name: list(mutants(text, 300)) if text else [b"", b"T1\tx 0 2\tto"] for name, text in files.items()}
    for count in range(1200):
        path = make_folder(tmp_path / str(count % 10), files)
        for name in chance.sample(list(files), chance.randint(1, 2)):
            (path / name).write_bytes(chance.choice(slips[name]))
        found.add(survives(read_folder, path, format, tagged=bool(count % 2)))
    assert found == {True, False}


@pytest.mark.parametrize(("format", "files"), [("seq", SLOTS), ("brat", STAND_OFF)])
def test_a_folder_is_known_by_what_it_holds(tmp_path, format, files):
    path = make_folder(tmp_path / "x.conll", files)
    assert formats.guess(path, "plain") == format
    assert list(map(facts, formats.read_corpus(path))) == [
        facts(sentence) for sentence in read_folder(path, format, tagged=True) if sentence.tokens
    ]
    assert formats.guess(make_folder(tmp_path / "empty", {}), "plain") == "plain"


def test_a_folder_is_no_stream_and_a_file_no_folder(tmp_path):
    path = make_folder(tmp_path / "x", {"a": ""})
    for format in ("seq", "brat"):
        with pytest.raises(CorpusError) as caught:
            list(formats.read_path("-", format))
        assert str(caught.value) == f"<stdin>: '{format}' is not read from a stream\nhint: name a file or folder of it"
        assert folder_fault(path / "a", format) == f"{path / 'a'}: is not a folder"
        assert folder_fault(path / "b", format) == f"{path / 'b'}: no such file"
