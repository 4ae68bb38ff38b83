"""$ rnntag tag"""

from __future__ import annotations

import click

from rnntag.cli import options
from rnntag.formats import READABLE, WRITABLE


@click.command(short_help="Tag the sentences of files or of standard input.")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@options.model
@click.option(
    "--from",
    "input_format",
    envvar="RNNTAG_TAG_FROM",
    type=click.Choice(READABLE),
    default="plain",
    show_default=True,
    help="plain: a sentence a line, words parted by white space. conll: a token a line, in the first column.",
)
@click.option(
    "--to",
    "output_format",
    envvar="RNNTAG_TAG_TO",
    type=click.Choice(WRITABLE),
    help="conll: the columns that came in and the tag. inline: [boston](city). plain-tags: the tags alone. "
    "Default: conll; on a terminal, the words in colour.",
)
@options.threads(min(4, options.processors()))
@options.color
def tag(
    files: tuple[str, ...],
    model_path: str | None,
    input_format: str,
    output_format: str | None,
    threads: int,
    color: str,
) -> None:
    """Tag the sentences of each FILE, or of standard input, in order.

    Whatever complete lines have arrived are tagged and written at once: a pipe is answered sentence by sentence, a
    file goes through in large batches.

    \b
    Example:
      echo "wake me at seven tomorrow" | rnntag tag
      rnntag tag --to inline < input.txt > tagged.txt
      rnntag tag -m atis.rnntag --from conll test.conll | conlleval -d '\\t'
    """
    from rnntag import formats, report
    from rnntag.model import Model
    from rnntag.tagging import Tagger

    options.leave_with_reader()
    tagger = Tagger(Model.load(options.find_model(model_path)), threads, notice=options.say)
    writer = report.SentenceWriter(output_format, tagger.model, color)
    for path in files:
        formats.check_source(path)  # a missing file is told before the work, not in its midst
    for path in files or ("-",):
        options.await_input(path, "sentences, one a line" if input_format == "plain" else "tokens, one a line")
        with formats.open_source(path) as stream:
            for burst in formats.read(stream, formats.source_name(path), input_format):
                writer.write(list(tagger.tag(burst)))
