"""Models whose checksum is right and whose contents are not: each is refused in a sentence, or it works."""

import hashlib
import itertools
import json

import numpy as np
import pytest
import safetensors.numpy
from in_process import run_here
from trainings import SMALL, corpus, trainer

from rnntag.data.tokeniser import Tokeniser
from rnntag.errors import ModelError
from rnntag.model.container import unpacked
from rnntag.model.file import load_model, save_model
from rnntag.model.record import Record
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task

DEEP = "[" * 400 + "]" * 400
# What stands in the place of each part in turn, as JSON.
VALUES = ("null", "true", "-1", "0", "1.5", "1e999", "NaN", '""', '"x"', '"a b\\n"', '"\\ud800"', "[]", "{}", "[1]")
VALUES += ("[[]]", '["O"]', '{"a": 1}', '{"": [null]}', f'{{"a": {DEEP}}}', "9" * 30, "9" * 4000, "1e300")
ZEROS = b"0" * 64
MARKER = "in its place"


def parts(document, path=()):
    """The path of each part of a document, and of parts of these; of a list, of its last element."""
    if path:
        yield path
    keys = document if isinstance(document, dict) else range(isinstance(document, list) and len(document))[-1:]
    for key in keys:
        yield from parts(document[key], (*path, key))


def changed(document, path, text):
    """A document as JSON, in which ``text`` stands in the place of a part; with None it is taken out."""
    copy = json.loads(json.dumps(document))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    if text is None:
        del inner[path[-1]]
        return json.dumps(copy)
    inner[path[-1]] = MARKER
    return json.dumps(copy).replace(f'"{MARKER}"', text)


def sealed(text, tensors):
    """The bytes of a file with this document, in which 64 zeros stand for its checksum."""
    content = safetensors.numpy.save(tensors, {"rnntag": text})
    return content.replace(ZEROS, hashlib.sha256(content).hexdigest().encode(), 1)


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """The document and the arrays of a model that has all that a model can have."""
    path = tmp_path_factory.mktemp("rich") / "m.rnntag"
    made = trainer(corpus(20, intents=True), spec=SMALL, epochs=1)
    list(made.run())
    model = made.model
    model.tokeniser = Tokeniser(np.zeros(1024, np.int8))
    known = model.record.as_dict()
    known["recipe"] |= {"bptt": 64}
    marks = Marks.parse("COMMA=, PERIOD=.")
    model.record = Record.from_dict(
        known
        | {"cut_right": 99.5, "unknown": 3.5, "lower": True, "seeds": [1, 2], "tag_marks": str(marks)}
        | {"task": Task("punctuation", marks, True).as_dict()}
    )
    save_model(model, path)
    document, tensors = unpacked(str(path))
    return document | {"checksum": ZEROS.decode()}, {name: array.copy() for name, array in tensors.items()}


def fault(path):
    """Why a file is no model; None if it is one."""
    try:
        load_model(path)
    except ModelError as told:
        return told
    return None


@pytest.fixture
def outcomes(tmp_path, rich, monkeypatch):
    """Runs commands on models with these documents, one command a model in turn: how many load, how many do not."""
    path, gold, text = tmp_path / "m.rnntag", tmp_path / "gold.conll", tmp_path / "text.txt"
    gold.write_text("from\tO\nOslo\tB-origin\n\nto\tO\nRome\tB-goal\n", "utf-8")
    text.write_text("from Oslo, to Rome\n", "utf-8")
    commands = itertools.cycle((["info"], ["tag", text, "-m"], ["eval", gold, "-m"], ["info", "--json"]))

    def counted(documents):
        loaded = refused = 0
        for document in documents:
            path.write_bytes(sealed(document, rich[1]))
            if told := fault(path):
                assert "\n" not in told.fact
                assert len(str(told)) < 700
                refused += 1
            else:
                run_here(*next(commands), path, monkeypatch=monkeypatch)
                loaded += 1
        return loaded, refused

    return counted


PARTS = ["version", "spec", "fingerprint", "scheme", "tags", "intents", "members", "temperatures", "vocabularies"]


@pytest.mark.parametrize("part", [*PARTS, "record", "format", "checksum"])
def test_whatever_stands_in_a_document_is_refused_in_a_sentence_or_works(rich, outcomes, part):
    document, _ = rich
    assert set(document) == {*PARTS, "record", "format", "checksum"}
    assert outcomes([json.dumps(document)]) == (1, 0)
    paths = list(parts({part: document[part]}))
    loaded, refused = outcomes(changed(document, path, text) for path in paths for text in (None, *VALUES))
    assert loaded + refused == len(paths) * (len(VALUES) + 1)
    assert refused > loaded or part == "fingerprint"
