"""$ rnntag convert"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace

import click

from rnntag.cli import completion, jobs, options, places
from rnntag.cli.skipping import on_error, watched
from rnntag.data.bio import SCHEMES, detect, named
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats import FORMATS, Reading, guess, read_path, source_name
from rnntag.formats.conversion import converted, looked_ahead
from rnntag.formats.output import Output
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task

TABLE = "\n".join(f"  {name:<14}{row.about}" for name, row in FORMATS.items())


@click.command(
    "convert",
    epilog=f"\b\nFormats:\n{TABLE}\n\nFiles whose names end in .gz, .xz or .zst are compressed.",
)
@completion.paths()
@options.task("convert")
@options.input_format("convert", "conll")
@on_error
@options.output_format("convert", "that of the name given with -o, else conll")
@completion.output("Write to this file, or folder where the format is one.")
@click.option("--untagged", is_flag=True, help="The input has no tags: all its columns are kept as they are.")
@options.scheme
@options.to_scheme
def command(
    files: tuple[str, ...],
    reading: options.ReadingOptions,
    output_format: str | None,
    output: str | None,
    untagged: bool,
    scheme: str,
    to_scheme: str | None,
    task_name: str | None,
    marks: str | None,
    case: bool,
) -> None:
    """Put each FILE, or standard input, into another format, and its tags into another scheme.

    Text that is annotated by its characters is cut into tokens, and tokens are joined to text; where the text is known,
    the places of spans come out as they went in. Sentences stream: any size goes through in little memory.

    \b
    Example:
      rnntag convert train.jsonl --to conll > train.conll
      rnntag convert train.conll --to-scheme bioes -o train.bioes.conll.gz
      rnntag convert export.json --from label-studio -o train.jsonl
      rnntag convert train.conll --to brat -o folder
      rnntag convert --from text --to conll --task punctuation book.txt > book.conll
    """
    jobs.leave_with_reader()
    task, form = options.task_of(task_name, marks, case), output_format or guess(output, "conll")
    named_marks = _marks(marks, task, form)
    sources = options.inputs(files or ("-",), reading.format, "text" if task else "conll")
    places.check_apart(places.each("FILE", files or ("-",)), [places.output(output)])
    meter = jobs.meter("converting", (path for path, _ in sources), output)
    how = replace(reading.how, tagged=not untagged, task=task, seen=meter.read)
    first, bursts = looked_ahead(watched(_read(sources, how), how))
    own = named(scheme) or detect(sentence.tags or () for sentence in first)
    if to_scheme and not own.prefixes:
        fact, where = "each token has a tag of its own, and no spans", source_name(sources[0][0])
        raise CorpusError(fact, where=where, hint="leave --to-scheme out")
    target = SCHEMES[to_scheme] if to_scheme else own
    gc.disable()  # sentences come and go without circles: nothing is there to be collected
    jobs.tell_replaced(output)
    with meter, Output(form, target, output, marks=named_marks) as out:
        for burst in converted(meter.counted(bursts), own, target):
            out.write(burst)


def _marks(marks: str | None, task: Task | None, form: str) -> Marks | None:
    """What tags stand for, where text is written. Raises UsageError for marks that are of no use."""
    if marks is not None and task is None and not FORMATS[form].writes_running:
        raise click.UsageError("--marks goes with --task punctuation, or with --to text or sentences")
    return None if marks is None else Marks.parse(marks)


def _read(sources: list[tuple[str, str]], reading: Reading) -> Iterator[list[Sentence]]:
    """The sentences of all inputs; those of plain text have no tags."""
    for path, kind in sources:
        options.await_input(path, f"sentences as {kind}")
        yield from read_path(path, kind, replace(reading, tagged=reading.tagged and kind != "plain"))
