"""$ rnntag tag --stream"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from rnntag.cli import INTERRUPTED, options, talk

if TYPE_CHECKING:
    from rnntag.formats import Reading
    from rnntag.model.model import Model
    from rnntag.network.spec import Spec
    from rnntag.tagging.streaming.live import TokenWriter

# Options that cannot go with a stream: the parameter of each, and the values that are as good as none.
WITHOUT: dict[str, tuple[str, tuple[object, ...]]] = {
    "FILE": ("files", ((),)),
    "--from": ("input_format", ("auto", "plain")),
    "--output": ("output", (None, "")),
    "--probabilities": ("probabilities", (False,)),
    "--min-probability": ("min_probability", (0.0,)),
    "--nbest": ("nbest", (1,)),
    "--forced": ("forced", (False,)),
    "--least-sure": ("unsure", (None,)),
    "--to-scheme": ("to_scheme", (None,)),
    "--context": ("context", (None,)),
}


def check_options(given: Mapping[str, object]) -> None:
    """Raise UsageError for parameters of `rnntag tag` that do not go with --stream, or without it."""
    if not given["stream"]:
        if given["look_ahead"] is not None:
            raise click.UsageError("--look-ahead is of a stream: it wants --stream")
        return
    for name, (parameter, harmless) in WITHOUT.items():
        if given[parameter] not in harmless:
            raise click.UsageError(f"--stream reads standard input and writes at once: it goes without {name}")


def tag_stream(model: Model, format: str | None, look_ahead: int | None, how: Reading) -> None:
    """Tag standard input token by token, until it ends or Ctrl-C comes; what waits is written then.

    format      the one asked for, if any
    look_ahead  words that a tag may wait for; None is the model's own
    how         how text is cut, and what becomes of bytes that are no text
    """
    from rnntag.arrays import engine
    from rnntag.tagging.streaming.interrupt import follow
    from rnntag.tagging.streaming.live import BLANK, LINE, Live
    from rnntag.tagging.tagger import Tagger

    if model.gazetteers:
        raise click.UsageError("this model looks names up in lists, for which it wants whole lines: leave --stream out")
    lag, form = _lag(model.spec, look_ahead), _form(model, format)
    options.await_input("-", "running text")
    tagger = Tagger(model, engine=engine.kernels(talk.say))
    ends = BLANK if model.record.runs_on else LINE
    live = Live(model.cut(how.characters), tagger.stream(lag), form, _write, "<stdin>", ends, how.skip)
    if follow(sys.stdin.fileno(), live):
        click.get_current_context().exit(INTERRUPTED)


def text_format(model: Model) -> str | None:
    """The format of text that a model punctuates, or parts into sentences; None if it does neither."""
    from rnntag.punctuation.marks import is_punctuation, puts_marks

    if puts_marks(model.tags, model.record.marks):
        return "text"
    return "sentences" if is_punctuation(model.tags, model.record.marks) else None


def _lag(spec: Spec, look_ahead: int | None) -> int:
    """Words that the best path may wait for, besides those that the network does."""
    if spec.direction != "forward" or not spec.recurs:
        fact = "this model reads both ways, so it cannot answer before the text has ended"
        raise click.UsageError(f"{fact}: train one with --direction forward or --look-ahead 4, or leave --stream out")
    if look_ahead is not None and look_ahead < spec.look_ahead:
        raise click.UsageError(
            f"--look-ahead is {look_ahead}, but this model was trained to wait for {spec.look_ahead}"
        )
    return 0 if look_ahead is None else look_ahead - spec.look_ahead


def _form(model: Model, format: str | None) -> TokenWriter:
    """How tokens are written."""
    from rnntag.punctuation.restorer import Restorer
    from rnntag.tagging.streaming.live import ColumnWriter

    name = format or text_format(model) or "conll"
    if name not in ("text", "sentences", "conll"):
        raise click.UsageError(f"--stream writes text or conll: {name} wants whole sentences")
    if name == "conll":
        return ColumnWriter()
    return Restorer(model.record.marks, name == "sentences", model.english, model.record.capitals(model.tags))


def _write(text: str) -> None:
    out = sys.stdout.buffer
    out.write(text.encode())
    out.flush()
