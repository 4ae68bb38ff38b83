"""$ rnntag tag"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from rnntag.cli import completion, jobs, options, places, talk
from rnntag.cli.skipping import on_error, watched
from rnntag.cli.stream import check_options, tag_stream, text_format
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.formats import FORMATS, WRITABLE, guess, read_path, source_name

if TYPE_CHECKING:
    from rnntag.data.bio import Scheme
    from rnntag.data.tokenisation import Cut
    from rnntag.formats.output import Output
    from rnntag.model.model import Model
    from rnntag.show.painting import Painter
    from rnntag.tagging.request import Request
    from rnntag.tagging.tagger import Tagger

AWAITED = {"plain": "sentences, one a line", "conll": "tokens, one a line"}


@click.command("tag")
@completion.paths()
@options.model
@options.input_format("tag", "plain text, a sentence a line")
@on_error
@options.output_format("tag", "that of the input, of plain text conll; on a terminal, the words in colour")
@completion.output("Write to this file, compressed if its name says so.")
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
@options.gazetteer(options.OTHER_LIST)
@click.option(
    "--stream", is_flag=True, help="Standard input is a stream: each word is written as soon as its tag is final."
)
@click.option(
    "--look-ahead",
    type=click.IntRange(0, 10_000),
    help="Of a stream: words that a tag may wait for. Default: those that the model was trained to wait for.",
)
@options.threads()
@options.color
def command(
    files: tuple[str, ...],
    model_path: str | None,
    reading: options.ReadingOptions,
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
    gazetteer: dict[str, str],
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
      rnntag tag -m my.rnntag --gazetteer cities=cities-2027.txt requests.txt
      recognise-speech | rnntag tag -m live.rnntag --stream | while read -r line; do echo "$line"; done
    """
    from rnntag.tagging.request import Request

    jobs.leave_with_reader()
    form = _form(output_format, sentences)
    check_options(click.get_current_context().params)
    sources = options.inputs(files or ("-",), reading.format, "plain")
    _check_places(sources, model_path, gazetteer, output)
    model = options.load(model_path, gazetteer)
    if stream:
        tag_stream(model, form, look_ahead, reading.how)
        return
    request = _checked(Request(probabilities, nbest, forced, min_probability, to_scheme, unsure), model)
    writer = _writer(sources[0][1], form, output, model, request, color, context)
    if getattr(writer, "format", None) == "label-studio":
        # What a model says is a prediction there, and not the annotation of a person.
        request = replace(request, probabilities=True)
    tagger = _tagger(model, request, threads, context)
    meter = jobs.meter("tagging", (path for path, _ in sources), output)
    inputs = _Inputs(model, forced, replace(reading, how=replace(reading.how, seen=meter.read)))
    jobs.tell_replaced(output)
    with meter, writer:
        given = (meter.counted(inputs.read(*source)) for source in sources)
        bursts = (burst for source in given for burst in tagger.tag_bursts(source, request))
        for burst in request.results(watched(bursts, reading.how), model.scheme):
            writer.write(burst)


def _check_places(
    sources: list[tuple[str, str]], model_path: str | None, gazetteer: dict[str, str], output: str | None
) -> None:
    """Raise UsageError if what is written is also read."""
    read = [*places.each("FILE", (path for path, _ in sources)), ("--model", options.model_place(model_path))]
    places.check_apart([*read, *places.gazetteers(gazetteer)], [places.output(output)])


def _form(output_format: str | None, sentences: bool) -> str | None:
    """The format to write, if one is asked for."""
    if sentences and output_format not in (None, "text", "sentences"):
        raise click.UsageError(f"--sentences writes text: it goes without --to {output_format}")
    return "sentences" if sentences else output_format


def _checked(request: Request, model: Model) -> Request:
    """The request. Raises UsageError for what the model cannot give, and for what goes not together."""
    if request.least_sure is not None and request.best > 1:
        raise click.UsageError("--least-sure lists sentences, and --nbest taggings of each: one after the other")
    try:
        request.check(model)
    except SpecError as error:
        raise click.UsageError(error.fact) from None
    return request


def _tagger(model: Model, request: Request, threads: int, context: int | None) -> Tagger:
    """The tagger, and a warning where it cannot read sentences as one text."""
    from rnntag.tagging.request import ALONE
    from rnntag.tagging.tagger import Tagger

    tagger = Tagger(model, threads, talk.say, context=context)
    if tagger.runs_on and not request.tags_only:
        talk.say(f"warning: {ALONE}")
    return tagger


@dataclass(frozen=True)
class _Inputs:
    """Reads what is to be tagged.

    forced  the tags of the input stand
    asked   how; where it says nothing of how raw text is cut, that is as the model does it
    """

    model: Model
    forced: bool
    asked: options.ReadingOptions

    def read(self, path: str, kind: str) -> Iterator[list[Sentence]]:
        """The sentences of one input, burst by burst, ready to be tagged."""
        from rnntag.formats.charspans import as_raw_text
        from rnntag.tagging.forced import with_forced_spans

        options.await_input(path, AWAITED.get(kind, f"sentences as {kind}"))
        how = self.asked.how
        cut = self.model.cut(how.characters)
        column = how.tag if self.forced or kind != "conll" else None
        reading = replace(how, tagged=self.forced, tag=column, cut=cut)
        for number, burst in enumerate(read_path(path, kind, reading)):
            if number == 0 and kind == "plain":
                self._look(burst, source_name(path), cut)
            if self.forced:
                yield [with_forced_spans(sentence, self.model.scheme) for sentence in burst]
            elif kind == "plain":
                yield burst
            else:
                yield [as_raw_text(sentence, cut) for sentence in burst]

    def _look(self, burst: list[Sentence], source: str, cut: Cut) -> None:
        """Tell where raw text looks like something else, like nothing that the model has seen, or as if it were cut."""
        from rnntag.formats.looks import LINES, look_at_lines
        from rnntag.tagging.unfamiliar import left_alone, unfamiliar

        lines = [sentence.text or "" for sentence in burst[:LINES]] if self.asked.format == "auto" else []
        if look := look_at_lines(lines, source):
            talk.say(f"warning: {source} looks like {look.what}: {look.hint}")
        elif told := unfamiliar(self.model, burst):
            talk.say(f"warning: {source}: {told}")
        if told := left_alone(cut, burst):
            talk.say(f"note: {source}: {told}")


def _writer(
    kind: str,
    form: str | None,
    path: str | None,
    model: Model,
    request: Request,
    color: str,
    context: int | None,
) -> Output | Painter:
    """Where tagged sentences go: in a format, or painted for a person.

    kind  the format of the input
    form  that of the output, if one was asked for
    """
    text = text_format(model)
    asked = form is not None or path is not None or kind != "plain" or request.probabilities or text is not None
    if not asked and (color == "always" or sys.stdout.isatty()):
        from rnntag.show.console import console
        from rnntag.show.painting import Painter

        terminal = console(color)
        if terminal.color_system:
            return Painter(terminal, request.scheme(model.scheme), model.tags)
        form = "inline"
    if kind == "plain":
        usual = "conll" if text is None or request.probabilities else text
    else:
        usual = kind if kind in WRITABLE and not FORMATS[kind].folder else "conll"
    name = form or guess(path, usual)
    if request.probabilities and not FORMATS[name].certain:
        able = ", ".join(each for each, row in FORMATS.items() if row.certain)
        raise click.UsageError(f"{name} has no place for probabilities; these have: {able}")
    return _output(name, path, model, request.scheme(model.scheme), context)


def _output(name: str, path: str | None, model: Model, scheme: Scheme, context: int | None) -> Output:
    """The output in a format, with what its writer wants to know of the model if it writes running text."""
    from rnntag.formats.output import Output
    from rnntag.punctuation.marks import check_tags

    if not FORMATS[name].writes_running:
        return Output(name, scheme, path)
    record = model.record
    check_tags(model.tags, record.marks)
    running, capitals = record.runs_on if context is None else context > 0, record.capitals(model.tags)
    return Output(name, scheme, path, marks=record.marks, running=running, english=model.english, capitals=capitals)
