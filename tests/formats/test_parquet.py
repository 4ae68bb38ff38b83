"""Parquet as Hugging Face hands it out, and what is said of it where it cannot be read."""

import json
import sys

import pytest
from readers import folder_fault, read_folder

from rnntag import formats
from rnntag.errors import CorpusError

FEATURES = {
    "tokens": {"feature": {"dtype": "string", "_type": "Value"}, "_type": "Sequence"},
    "ner_tags": {"feature": {"names": ["O", "B-city"], "_type": "ClassLabel"}, "_type": "Sequence"},
}
ROWS = [{"id": "0", "tokens": ["to", "Oslo"], "ner_tags": [0, 1]}, {"id": "1", "tokens": ["hi"], "ner_tags": [0]}]


@pytest.fixture
def table(tmp_path):
    """Writes rows to a file, under a schema that knows the features or not."""
    pyarrow = pytest.importorskip("pyarrow", exc_type=ImportError)
    from pyarrow import parquet

    def write(rows, features=None):
        found = pyarrow.Table.from_pylist(rows)
        if features is not None:
            found = found.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
        path = tmp_path / "train.parquet"
        parquet.write_table(found, path)
        return path

    return write


def test_the_schema_says_what_tags_are_called(table):
    found = read_folder(table(ROWS, FEATURES), "parquet", tagged=True)
    assert [(each.tokens, each.tags, each.fields) for each in found] == [
        (["to", "Oslo"], ["O", "B-city"], {"id": "0"}),
        (["hi"], ["O"], {"id": "1"}),
    ]
    assert found[1].where().endswith("train.parquet:2")


def test_names_are_given_where_the_schema_has_none(table):
    path = table(ROWS)
    assert folder_fault(path, "parquet", tagged=True).endswith(
        'train.parquet:1: "ner_tags" holds numbers\n'
        "hint: say what they are called, from 0 on: --tag-names O,B-city,I-city, or a file with a name a line"
    )
    (first, _) = read_folder(path, "parquet", tagged=True, names=("O", "B-x"))
    assert first.tags == ["O", "B-x"]
    assert read_folder(path, "parquet")[0].tags is None


def test_texts_and_strings_are_read_as_from_json(table):
    rows = [{"text": "to Oslo", "entities": [{"start": 3, "end": 7, "label": "city"}]}]
    assert read_folder(table(rows), "parquet", tagged=True)[0].tags == ["O", "B-city"]
    rows = [{"tokens": ["to", "Oslo"], "tags": ["O", "B-city"]}]
    assert read_folder(table(rows), "parquet", tagged=True)[0].tags == ["O", "B-city"]


def test_a_file_that_is_damaged_or_none(table, tmp_path):
    path = table(ROWS)
    path.write_bytes(path.read_bytes()[:-9])
    told = folder_fault(path, "parquet")
    assert "train.parquet: is no sound Parquet file: " in told
    assert told.endswith("hint: it is cut short, or damaged, or named wrong")
    assert folder_fault(tmp_path / "none.parquet", "parquet").endswith("none.parquet: no such file")


def test_without_its_library_one_sentence_says_how_to_get_it(tmp_path, monkeypatch):
    path = tmp_path / "train.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert folder_fault(path, "parquet").endswith(
        "train.parquet: is a Parquet file\nhint: pip install 'rnntag[parquet]'"
    )


def test_it_is_not_read_from_a_stream():
    with pytest.raises(CorpusError, match=r"^<stdin>: 'parquet' is not read from a stream\n"):
        list(formats.read_path("-", "parquet"))


def test_places_count_rows_from_batch_to_batch(table, monkeypatch):
    monkeypatch.setattr("rnntag.formats.parquet.BATCH", 1)
    found = read_folder(table(ROWS, FEATURES), "parquet", tagged=True)
    assert [each.where().rpartition(":")[2] for each in found] == ["1", "2"]
