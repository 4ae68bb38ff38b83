"""$ rnntag tag --stream"""

from __future__ import annotations

import sys
from typing import Any

import click

from rnntag.cli import INTERRUPTED, options


def tag_stream(model: Any, format: str | None, look_ahead: int | None, characters: bool | None) -> None:
    """Tag standard input token by token, until it ends or Ctrl-C; then what waits is decided and written."""
    from functools import partial

    from rnntag.arrays import engine
    from rnntag.data.tokenisation import cut
    from rnntag.punctuation.restorer import Restorer
    from rnntag.tagging.streaming import live
    from rnntag.tagging.streaming.interrupt import follow
    from rnntag.tagging.tagger import Tagger

    spec = model.spec
    if spec.direction != "forward" or not spec.recurs:
        fact = "this model reads both ways, so it cannot answer before the text has ended"
        raise click.UsageError(f"{fact}: train one with --direction forward or --look-ahead 4, or leave --stream out")
    if look_ahead is not None and look_ahead < spec.look_ahead:
        raise click.UsageError(
            f"--look-ahead is {look_ahead}, but this model was trained to wait for {spec.look_ahead}"
        )
    name = format or text_format(model) or "conll"
    if name not in ("text", "sentences", "conll"):
        raise click.UsageError(f"--stream writes text or conll: {name} wants whole sentences")
    capitals = model.record.capitals(model.tags)
    restorer = Restorer(model.record.marks, name == "sentences", model.english, capitals)
    form = live.Columns() if name == "conll" else restorer
    options.await_input("-", "running text")
    tagger = Tagger(model, engine=engine.kernels(options.say))
    wait = (spec.look_ahead if look_ahead is None else look_ahead) - spec.look_ahead
    way = partial(cut, characters=model.record.characters if characters is None else characters)
    reads = model.record.reads(model.tags)
    way = reads.cut if reads and characters is None else way
    out = sys.stdout.buffer

    def write(text: str) -> None:
        out.write(text.encode())
        out.flush()

    ends = live.BLANK if model.record.runs_on else live.LINE
    stream = live.Live(way, tagger.path(wait), tagger.keys, form, write, "<stdin>", ends)
    if follow(sys.stdin.fileno(), stream):
        click.get_current_context().exit(INTERRUPTED)


def text_format(model: Any) -> str | None:
    """How text is written that a model punctuates, or parts into sentences; None if it does neither."""
    from rnntag.punctuation.marks import is_punctuation, puts_marks

    if puts_marks(model.tags, model.record.marks):
        return "text"
    return "sentences" if is_punctuation(model.tags, model.record.marks) else None
