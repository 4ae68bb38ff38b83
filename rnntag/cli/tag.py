"""$ rnntag tag"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any

import click

from rnntag.cli import options
from rnntag.cli.stream import tag_stream, text_format
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats import FORMATS, WRITABLE, guess

AWAITED = {"plain": "sentences, one a line", "conll": "tokens, one a line"}


@click.command("tag")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@options.model
@options.input_format("tag", "plain text, a sentence a line")
@options.output_format("tag", "that of the input, of plain text conll; on a terminal, the words in colour")
@click.option("-o", "--output", metavar="FILE", help="Write to this file, compressed if its name says so.")
@options.to_scheme
@click.option("--probabilities", is_flag=True, help="Write how probable each span is, each tag, the whole, the intent.")
@click.option("--min-probability", type=click.FloatRange(0, 1), default=0.0, help="Leave out spans less probable.")
@click.option(
    "--nbest", type=click.IntRange(1, 1000), default=1, show_default=True, help="Taggings a sentence, best first."
)
@click.option("--forced", is_flag=True, help="The tags of the input stand; the model tags where it has a ?.")
@click.option(
    "--least-sure",
    "unsure",
    type=click.IntRange(1),
    envvar="RNNTAG_TAG_LEAST_SURE",
    help="Only so many sentences, those most worth annotating first.",
)
@click.option("--sentences", is_flag=True, help="Write running text, punctuated, one sentence a line.")
@options.context
@click.option(
    "--stream", is_flag=True, help="Standard input is a stream: each word is written as soon as its tag is final."
)
@click.option(
    "--look-ahead",
    type=click.IntRange(0, 10_000),
    help="Of a stream: words that a tag may wait for. Default: those that the model was trained to wait for.",
)
@options.threads(min(4, options.processors()))
@options.color
def command(
    files: tuple[str, ...],
    model_path: str | None,
    input_format: str,
    token_column: str | None,
    tag_column: str | None,
    characters: bool | None,
    output_format: str | None,
    output: str | None,
    to_scheme: str | None,
    probabilities: bool,
    min_probability: float,
    nbest: int,
    forced: bool,
    unsure: int | None,
    sentences: bool,
    context: int | None,
    stream: bool,
    look_ahead: int | None,
    threads: int,
    color: str,
) -> None:
    """Tag the sentences of each FILE, or of standard input, in order.

    Whatever complete lines have arrived are tagged and written at once: a pipe is answered sentence by sentence, a
    file goes through in large batches. Of running text (see --context) what a word must see is waited for.

    \b
    Example:
      echo "wake me at seven tomorrow" | rnntag tag
      rnntag tag --to inline < input.txt > tagged.txt
      rnntag tag --to jsonl --probabilities < input.txt | jq .spans
      rnntag tag -m atis.rnntag test.conll | conlleval -d '\\t'
      rnntag tag --least-sure 100 --to inline unlabelled.txt > annotate-next.txt
      rnntag tag -m punctuation.rnntag --to text < words.txt
      recognise-speech | rnntag tag -m live.rnntag --stream | while read -r line; do echo "$line"; done
    """
    from rnntag import formats
    from rnntag.data.bio import SCHEMES
    from rnntag.formats.charspans import as_raw_text
    from rnntag.model.file import load_model
    from rnntag.tagging.confidence import confident, least_sure
    from rnntag.tagging.forced import FREE
    from rnntag.tagging.request import TAGS, Wanted
    from rnntag.tagging.tagger import BURST, Tagger

    options.leave_with_reader()
    form = "sentences" if sentences else output_format
    if sentences and output_format not in (None, "text", "sentences"):
        raise click.UsageError(f"--sentences writes text: it goes without --to {output_format}")
    if stream:
        others = {
            "FILE": files,
            "--from": input_format not in ("auto", "plain"),
            "--output": output,
            "--probabilities": probabilities,
            "--min-probability": min_probability,
            "--nbest": nbest > 1,
            "--forced": forced,
            "--least-sure": unsure,
            "--to-scheme": to_scheme,
            "--context": context is not None,
        }
        if given := [name for name, value in others.items() if value]:
            raise click.UsageError(f"--stream reads standard input and writes at once: it goes without {given[0]}")
    elif look_ahead is not None:
        raise click.UsageError("--look-ahead is of a stream: it wants --stream")
    sources = options.inputs(files or ("-",), input_format, "plain", output)
    model = load_model(options.find_model(model_path))
    if stream:
        tag_stream(model, form, look_ahead, characters)
        return
    if not min_probability <= 1:
        raise click.UsageError("--min-probability is no number")
    if min_probability and "O" not in model.tags:
        raise click.UsageError("--min-probability puts O in place of a tag, but this model's tags are without O")
    scheme = SCHEMES[to_scheme] if to_scheme else model.scheme
    if not model.scheme.prefixes and to_scheme:
        raise click.UsageError("--to-scheme is for spans, but this model gives each token a tag of its own")
    running = model.record.runs_on if context is None else context > 0
    writer = _writer(sources[0][1], form, output, model, scheme, probabilities, color, running)
    # What a model says is a prediction there, and not the annotation of a person.
    probabilities = probabilities or getattr(writer, "format", None) == "label-studio"
    cut, reads = model.record.characters, model.record.reads(model.tags)
    if characters is not None:
        cut, reads = characters, None
    if unsure is not None and nbest > 1:
        raise click.UsageError("--least-sure lists sentences, and --nbest taggings of each: one after the other")
    wanted = Wanted(probabilities or min_probability > 0 or unsure is not None, nbest, forced)
    tagger, step = Tagger(model, threads, options.say, context=context), max(1, BURST // nbest)
    if tagger.runs_on and wanted != TAGS:
        options.say("warning: of running text only tags can be asked for: now each line is looked at on its own")
    runs_on = tagger.runs_on and wanted == TAGS

    def tagged() -> Iterator[list[Sentence]]:
        for path, kind in sources:
            options.await_input(path, AWAITED.get(kind, f"sentences as {kind}"))
            column = tag_column if forced or kind != "conll" else None
            reading, text = formats.Reading(forced, token_column, column, cut, reads), tagger.running()
            try:
                for number, burst in enumerate(formats.read_path(path, kind, reading)):
                    sniffed = number == 0 and kind == "plain" and input_format == "auto"
                    if sniffed and (looks := formats.looks_like(burst)):
                        options.say(f"warning: {formats.source_name(path)} looks like {looks}: add --from {looks}")
                    burst = [as_forced(each) if forced else as_raw_text(each, cut, reads) for each in burst]
                    for start in range(0, len(burst), step):
                        part = burst[start : start + step]
                        yield text.feed(part) if runs_on else tagger.tagged(part, wanted)
            except CorpusError:
                if runs_on:  # what came before the fault comes out before it
                    yield text.close()
                raise
            if runs_on:
                yield text.close()

    def as_forced(sentence: Sentence) -> Sentence:
        if sentence.text is None or sentence.rows is not None:
            return sentence
        spans = SCHEMES["bio"].spans(sentence.tags or [])  # spans of text are read as BIO, and what has none is free
        tags = model.scheme.tags(spans, len(sentence))
        return sentence.with_tags([FREE if tag == "O" else tag for tag in tags])

    def finished(sentence: Sentence) -> Sentence:
        if min_probability:
            sentence = confident(sentence, model.scheme, min_probability)
        tags, certainty = model.scheme.rewritten(sentence.tags or [], scheme), sentence.certainty
        if certainty and (scheme is not model.scheme or not probabilities):  # of tags, they are those of others
            certainty = certainty._replace(tags=[])
        return sentence.with_tags(tags, None, certainty if probabilities or nbest > 1 else None)

    with writer:
        bursts = tagged()
        if unsure is not None:
            bursts = iter([least_sure(chain.from_iterable(bursts), unsure)])
        as_is = wanted == (False, 1, forced) and scheme is model.scheme
        for burst in bursts:
            writer.write(burst if as_is else [finished(sentence) for sentence in burst])


def _writer(
    kind: str,
    format: str | None,
    path: str | None,
    model: Any,
    scheme: Scheme,
    probabilities: bool,
    color: str,
    running: bool,
) -> Any:
    """Where tagged sentences go: in a format, or painted for a person."""
    from rnntag.formats.output import Output
    from rnntag.punctuation.marks import check_tags

    text = text_format(model)
    asked = format is not None or path is not None or kind != "plain" or probabilities or text is not None
    if not asked and (color == "always" or sys.stdout.isatty()):
        from rnntag.show.console import console
        from rnntag.show.painting import Painter

        terminal = console(color)
        if terminal.color_system:
            return Painter(terminal, scheme, model.tags)
        format = "inline"
    if kind == "plain":
        usual = "conll" if text is None or probabilities else text
    else:
        usual = kind if kind in WRITABLE and not FORMATS[kind].folder else "conll"
    name = format or guess(path, usual)
    if probabilities and not FORMATS[name].certain:
        able = ", ".join(each for each, row in FORMATS.items() if row.certain)
        raise click.UsageError(f"{name} has no place for probabilities; these have: {able}")
    if not FORMATS[name].writes_running:
        return Output(name, scheme, path)
    check_tags(model.tags, model.record.marks)
    capitals = model.record.capitals(model.tags)
    how = {"marks": model.record.marks, "running": running, "english": model.english, "capitals": capitals}
    return Output(name, scheme, path, **how)
