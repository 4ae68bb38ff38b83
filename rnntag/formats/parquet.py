"""Reads Parquet, as Hugging Face hands out its data sets: a row is a record (`rnntag.formats.json.layouts`).

What numbers of tags are called stands in the schema, where the library `datasets` keeps its features. The library that
reads Parquet, pyarrow, is asked for only here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats.json.layouts import TAGS
from rnntag.formats.json.record_reader import RecordReader
from rnntag.formats.table_row import Reading
from rnntag.formats.tag_names import described

BATCH = 1_000  # rows that are held at a time


def read_parquet(path: str, reading: Reading) -> Iterator[Iterable[Sentence]]:
    """The sentences of a file, batch by batch; a place is that of a row, from 1.

    Raises CorpusError for what is no Parquet, and where its library is not installed.
    """
    arrow, parquet = _libraries(path)
    try:
        with parquet.ParquetFile(path) as file:
            reader = RecordReader(path, reading, _names(file.schema_arrow, reading))
            row = 1
            for batch in file.iter_batches(BATCH):
                values = batch.to_pylist()
                yield _sentences(reader, values, row)
                row += len(values)
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as fault:
        reason = str(fault).partition("\n")[0].rstrip(".")
        hint = "it is cut short, or damaged, or named wrong"
        raise CorpusError(f"is no sound Parquet file: {reason}", where=path, hint=hint) from None
    reader.close()


def _sentences(reader: RecordReader, values: list[dict[str, Any]], row: int) -> Iterator[Sentence]:
    for number, value in enumerate(values, row):
        yield from reader.sentences(value, number)


def _libraries(path: str) -> tuple[Any, Any]:
    """The libraries for Parquet. Raises CorpusError where they are not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise CorpusError("is a Parquet file", where=path, hint="pip install 'rnntag[parquet]'") from None
    return pyarrow, pyarrow.parquet


def _names(schema: Any, reading: Reading) -> dict[str, tuple[str, ...]]:
    """The names of tags that a schema carries, by their columns."""
    try:
        stored = json.loads((schema.metadata or {})[b"huggingface"])
    except (KeyError, ValueError, RecursionError):
        return {}
    found = {key: described(stored, key) for key in (*TAGS, reading.tag) if key}
    return {key: names for key, names in found.items() if names}
