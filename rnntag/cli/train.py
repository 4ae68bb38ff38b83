"""$ rnntag train"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import combinations
from typing import Any

import click

from rnntag.cli import options
from rnntag.cli.options import say
from rnntag.spec import CELLS, DECODERS, DIRECTIONS, Recipe, Spec, parted

FINISHING = "finishing this batch, then saving the best model so far; Ctrl-C again stops at once"


def _number(name: str, default: float, help: str) -> options.Decorator:
    return click.option(name, type=type(default), default=default, show_default=True, help=help)


@click.command(short_help="Train a tagger on tagged sentences.")
@click.argument("train_path", metavar="[TRAIN]", required=False)
@click.option("--dev", metavar="DEV", help="Tagged sentences that decide when to stop.")
@click.option("-o", "--output", default="model.rnntag", show_default=True, help="Where the model goes.")
@click.option(
    "--cell",
    type=click.Choice(CELLS),
    default=Spec.cell,
    show_default=True,
    help="lstm: long short-term memory. rnn: Elman's simple network. window: feed-forward over neighbouring words.",
)
@click.option(
    "--direction",
    type=click.Choice(DIRECTIONS),
    default=Spec.direction,
    show_default=True,
    help="Which way the words are read; both is the bidirectional network.",
)
@_number("--layers", Spec.layers, "Recurrent layers, one upon the other.")
@_number("--hidden", Spec.hidden, "Units a layer and direction.")
@_number("--window", Spec.window, "Words a window cell sees to each side.")
@_number("--embedding", Spec.embedding, "Width of a word's vector.")
@click.option(
    "--decoder",
    type=click.Choice(DECODERS),
    default=Spec.decoder,
    show_default=True,
    help="crf learns which tag follows which; softmax does not, but keeps to the scheme as well.",
)
@_number("--dropout", Recipe.dropout, "Share of inputs and states left out at random, the same all sentence long.")
@_number("--batch", Recipe.batch, "Sentences an update.")
@_number("--learning-rate", Recipe.learning_rate, "Adam's first step size; it falls to 0 over the epochs.")
@_number("--epochs", Recipe.epochs, "Passes over TRAIN at most.")
@_number("--patience", Recipe.patience, "Epochs without a better score on DEV before stopping.")
@_number("--clip", Recipe.clip, "Largest gradient norm; a larger gradient is scaled down to it.")
@_number("--seed", Recipe.seed, "Same seed, same data, same machine: the same model, byte for byte.")
@options.scheme
@options.threads(2)
@click.option("--log", metavar="FILE", type=click.Path(), help="Write one JSON object an epoch.")
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@options.color
def train(
    train_path: str | None,
    dev: str | None,
    output: str,
    scheme: str,
    threads: int,
    log: str | None,
    quiet: bool,
    color: str,
    **settings: Any,
) -> None:
    """Train a tagger on TRAIN: a token and its tag a line, parted by TAB or spaces; a blank line after a sentence.

    TRAIN or DEV may be - for standard input. Without DEV a tenth of TRAIN is held back; without TRAIN the sample
    corpus that comes with rnntag is used. Ctrl-C saves the best model so far; a second one stops at once.

    \b
    Example:
      rnntag train train.conll --dev dev.conll -o atis.rnntag
      RNNTAG_TRAIN_EPOCHS=5 rnntag train --hidden 64 --log epochs.jsonl train.conll
    """
    from rnntag import corpora, report
    from rnntag.model import check_writable
    from rnntag.scheme import named
    from rnntag.training import Trainer

    _check_places({"TRAIN": train_path, "--dev": dev, "--output": output, "--log": log})
    tell = corpora.nobody if quiet else say
    spec, recipe = parted(settings)
    check_writable(output)
    display = report.TrainingDisplay(quiet, color)
    for path in (train_path, dev):
        options.await_input(path, "tagged tokens, one a line")
    with _log(log) as write:
        pair = corpora.training_pair(train_path, dev, recipe.seed, tell)
        with display.status() as notice:
            trainer = Trainer(*pair, spec, recipe, named(scheme), threads, notice)
        _warn(trainer.warnings)
        with _interruptible(display.note) as interrupted, closing(trainer.run()) as run, display:
            for progress in run:
                display.show(progress)
                write(progress)
                if interrupted:
                    break
    _warn(trainer.warnings)
    trainer.model.save(output)
    tell(report.summary(trainer.model, output))
    if interrupted:
        click.get_current_context().exit(options.INTERRUPTED)


def _check_places(places: dict[str, str | None]) -> None:
    """Nothing that is written may take the place of something else that is read or written."""
    if places["--output"] == "-":
        raise click.UsageError("--output needs the name of a file; a model cannot go to standard output")
    named = [(name, os.path.realpath(path)) for name, path in places.items() if path not in (None, "-")]
    for (first, ours), (second, theirs) in combinations(named, 2):
        if ours == theirs and second in ("--output", "--log"):
            raise click.UsageError(f"{first} and {second} are the same file, {places[second]}")


def _warn(warnings: list[str]) -> None:
    """Tell each warning once."""
    while warnings:
        say(f"warning: {warnings.pop(0)}")


@contextmanager
def _log(path: str | None) -> Iterator[Callable[[Any], None]]:
    """Writes the report of each epoch as a line of JSON, if there is a file to write to."""
    if path is None:
        yield lambda progress: None
        return
    file = open(path, "a", encoding="utf-8")  # noqa: SIM115  closed below, whatever a full disk says to that
    fresh = True

    def write(progress: Any) -> None:
        nonlocal fresh
        if not hasattr(progress, "as_dict"):
            return
        try:
            if fresh:  # not before: a training that never began leaves the old log
                file.truncate(0)
            fresh = False
            print(json.dumps(progress.as_dict()), file=file, flush=True)
        except OSError as error:
            say(f"warning: {path}: cannot be written: {error.strerror}; training goes on")

    try:
        yield write
    finally:
        with suppress(OSError):
            file.close()


@contextmanager
def _interruptible(tell: Any) -> Iterator[list[int]]:
    """The list fills at the first Ctrl-C; the second one is as if nobody had listened."""
    interrupted: list[int] = []
    untold: list[str] = []

    def first(number: int, frame: Any) -> None:
        interrupted.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            tell(FINISHING)
        except RuntimeError:  # a line was being written at that very moment, and a stream cannot be entered twice
            untold.append(FINISHING)

    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a job that a script put in the background
        yield interrupted
        return
    before = signal.signal(signal.SIGINT, first)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
        for sentence in untold:
            tell(sentence)
