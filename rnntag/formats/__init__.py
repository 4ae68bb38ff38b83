"""Reads and writes sentences: one file a format, and the table that lists them.

A reader is a class: `feed` takes the lines of one burst and gives the sentences they complete, `close` gives what is
left at the end of the file. A writer is a function from a sentence and its scheme to text, line ends included; one to
which sentences are one running text is an object made for each output. To add a format is to add a file and a row
(`rnntag.formats.table_row`).

Its face: `FORMATS`, `READABLE`, `WRITABLE`, `Reading`, `TAGGED`, `guess`, `format_of`, `read_path`, `read_corpus`, and
`open_source`, `check_source`, `source_name`; `Output` (output); `looked_ahead`, `converted` (conversion);
`as_raw_text`, `projected`, `char_spans`, `text_of` (charspans); `ParagraphCutter`, `comments_above`, `names_of`,
`intent_of`, `is_word` (columns); `HEAD`, `LINES`, `look_at`, `look_at_lines`, `known` (looks); `parsed` (tag_names).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.files.compressed import without_suffix
from rnntag.files.lines import bursts
from rnntag.files.sources import check_source, open_source, source_name
from rnntag.formats.table_row import TAGGED, UNTAGGED, Format, Reading, Writer

__all__ = [
    "FORMATS",
    "READABLE",
    "TAGGED",
    "UNTAGGED",
    "WRITABLE",
    "Format",
    "Reading",
    "check_source",
    "format_of",
    "guess",
    "look_up",
    "open_source",
    "read",
    "read_corpus",
    "read_path",
    "source_name",
    "write",
    "writer_of",
]

FORMATS: dict[str, Format] = {
    "plain": Format("a sentence a line, words parted by white space", reads="plain.PlainReader"),
    "text": Format("ordinary text, its marks as tags", reads="text.TextReader", writes_running="text.TextWriter"),
    "sentences": Format("text with its marks, a sentence a line", writes_running="text.SentencesWriter"),
    "conll": Format(
        "a token a line, its tag in the last column",
        suffixes=(".conll", ".tsv", ".bio", ".iob", ".iob2", ".bioes", ".bmes"),
        reads="conll.ConllReader",
        writes="conll.write_conll",
        certain=True,
    ),
    "csv": Format(
        "a table of tokens with a header: CSV, or TSV",
        suffixes=(".csv",),
        reads="csv_table.CsvReader",
        writes_counted="csv_table.CsvWriter",
    ),
    "conllu": Format(
        "Universal Dependencies: ten columns, tags in UPOS, XPOS or MISC",
        suffixes=(".conllu", ".conllup"),
        reads="conllu.ConlluReader",
        writes="conllu.write_conllu",
        certain=True,
    ),
    "jsonl": Format(
        "objects, one a line: tokens and tags, or text and its spans by their characters",
        suffixes=(".jsonl", ".ndjson", ".jsonlines"),
        reads="json.jsonl.JsonlReader",
        writes="json.jsonl.write_jsonl",
        certain=True,
    ),
    "parquet": Format(
        "rows of tokens and tags, as Hugging Face hands them out",
        suffixes=(".parquet",),
        reads_file="parquet.read_parquet",
    ),
    "inline": Format(
        "[boston](city) in running text",
        suffixes=(".inline",),
        reads="inline.InlineReader",
        writes="inline.write_inline",
    ),
    "rasa": Format(
        "Rasa's examples of intents: YAML, or Markdown", suffixes=(".yml", ".yaml"), reads="rasa.RasaReader"
    ),
    "seq": Format(
        "a folder of seq.in, seq.out and label, a sentence a line",
        suffixes=("seq.in",),
        reads_folder="seq.read_seq",
        writes_folder="seq.SeqPieces",
    ),
    "doccano": Format(
        "an object a line, as doccano exports and imports",
        reads="json.doccano.DoccanoReader",
        writes="json.doccano.write_doccano",
    ),
    "label-studio": Format(
        "an array of tasks, as Label Studio exports and imports",
        suffixes=(".json",),
        reads="json.label_studio.LabelStudioReader",
        writes="json.label_studio.write_label_studio",
        frame=("[\n", ",\n", "\n]\n"),
        certain=True,
        ends=b"}",
    ),
    "brat": Format(
        "a folder of texts and stand-off annotations, .txt and .ann",
        suffixes=(".ann",),
        reads_folder="brat.read_brat",
        writes_folder="brat.BratPieces",
    ),
    "plain-tags": Format("the tags alone, a line a sentence", writes="plain.write_plain_tags"),
    "crfpp": Format("the output of CRF++, tags with their probabilities", writes="crfpp.write_crfpp", certain=True),
}
# Names that several formats share, and the others besides the first: those are known by how a file begins.
SHARED = {".tsv": ("csv",), ".json": ("jsonl",), ".md": ("rasa",)}
READABLE = [name for name, row in FORMATS.items() if row.reads or row.reads_file or row.reads_folder]
WRITABLE = [
    name for name, row in FORMATS.items() if row.writes or row.writes_running or row.writes_counted or row.writes_folder
]


def guess(path: str | os.PathLike[str] | None, default: str) -> str:
    """The format of a file by its name; ``default`` where the name says nothing, or is that of a standard stream."""
    if path is None or path == "-":
        return default
    if os.path.isdir(path):
        names = tuple(os.listdir(path))
        return next((name for name, row in FORMATS.items() if row.folder and _any_ends(names, row.suffixes)), default)
    names = (without_suffix(os.fspath(path).lower()),)
    return next((name for name, row in FORMATS.items() if not row.folder and _any_ends(names, row.suffixes)), default)


def _any_ends(names: tuple[str, ...], suffixes: tuple[str, ...]) -> bool:
    return any(name.endswith(suffixes) for name in names)


def format_of(path: str | os.PathLike[str], default: str) -> str:
    """The format of a source that is there: by its name or, where several share that, by how the file begins."""
    found, name = guess(path, default), os.fspath(path)
    others = SHARED.get(os.path.splitext(without_suffix(name.lower()))[1])
    if not others or not os.path.isfile(path):
        return found
    from rnntag.formats.looks import HEAD, look_at

    with open_source(path) as stream:
        look = look_at(stream.read(HEAD), name)
    return look.format if look and look.format in others else found


def read(stream: BinaryIO | int, source: str, format: str, reading: Reading = UNTAGGED) -> Iterator[list[Sentence]]:
    """Yield the sentences of each burst of input together; what came before a fault comes out before it.

    stream   a file open for bytes, or a descriptor
    source   its name in messages
    reading  how it is to be read

    Raises CorpusError for what is not in the format.
    """
    row = look_up(format)
    if row.reader is None:
        raise CorpusError(f"'{format}' is not read from a stream", where=source, hint="name a file or folder of it")
    from rnntag.formats.looks import Head, explain

    reader, head = row.reader(source, reading), Head(source)

    def see(data: bytes) -> None:
        head.see(data)
        if reading.seen:
            reading.seen(data)

    try:
        for number, lines in bursts(stream, source, row.ends, reading.skip is not None, see):
            yield from _gather(reader.feed(number, lines))
        yield from _gather(reader.close())
    except CorpusError as error:
        explain(error, head, format, named=bool(reading.token or reading.tag))
        raise


def _gather(sentences: Iterator[Sentence]) -> Iterator[list[Sentence]]:
    """All sentences as one list, or no list if there are none."""
    ready: list[Sentence] = []
    try:
        ready.extend(sentences)
    finally:  # a fault in the midst of a burst leaves the sentences above it
        if ready:
            yield ready


def read_path(path: str | os.PathLike[str], format: str, reading: Reading = UNTAGGED) -> Iterator[list[Sentence]]:
    """Yield the sentences of a file or folder (``-`` is standard input), as `read` does."""
    row = look_up(format)
    whole = row.read_file or row.read_folder
    if whole is not None and path != "-":
        check_source(path, row.folder)
        for burst in whole(os.fspath(path), reading):
            yield from _gather(iter(burst))
        return
    with open_source(path) as stream:
        yield from read(stream, source_name(path), format, reading)


def read_corpus(path: str | os.PathLike[str], format: str = "auto", reading: Reading = TAGGED) -> list[Sentence]:
    """The tagged sentences of a file or folder (``-`` is standard input), save those without tokens.

    Raises CorpusError for what cannot be read, and where there are none.
    """
    if format == "auto":
        format = format_of(path, "text" if reading.task else "conll")
    read_bursts = read_path(path, format, reading)
    sentences = [sentence for burst in read_bursts for sentence in burst if sentence.tokens]
    if not sentences:
        hint = "a line is a token, a TAB and its tag; a blank line ends a sentence" if format == "conll" else None
        raise CorpusError("no sentences", where=source_name(path), hint=hint)
    return sentences


def write(sentences: Iterable[Sentence], format: str, scheme: Scheme) -> str:
    """The sentences as text, without what the format puts before, between and after them.

    Raises CorpusError for a format that is not written, and for what it cannot hold.
    """
    row = look_up(format)
    running = row.running() if row.running else row.counted() if row.counted else None
    writer = running or writer_of(format)
    text = "".join([writer(sentence, scheme) for sentence in sentences])
    return text + running.close() if running else text


def writer_of(format: str) -> Writer:
    """The writer of a format. Raises CorpusError for one that has none."""
    writer = look_up(format).writer
    if writer is None:
        raise CorpusError(f"'{format}' is not written", hint=f"what is: {', '.join(WRITABLE)}")
    return writer


def look_up(name: str) -> Format:
    """The row of a format. Raises CorpusError for a name that is none."""
    if name not in FORMATS:
        raise CorpusError(f"'{name}' is not a format", hint=f"there are: {', '.join(sorted(FORMATS))}")
    return FORMATS[name]
