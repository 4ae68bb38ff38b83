"""$ rnntag eval"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial

import click

from rnntag.cli import options
from rnntag.evaluation.counts import INTENT_RULES


@click.command("eval")
@click.argument("gold", metavar="[GOLD]", required=False)
@options.model
@click.option("--predicted", metavar="FILE", help="Score this file, whose last column is the predicted tag.")
@click.option(
    "--compare",
    nargs=2,
    metavar="A B",
    help="Say which of these two, each a tagged file or a model, is better, and how surely.",
)
@click.option("--intervals", is_flag=True, help="Show 95 % confidence intervals, from 1000 resamples of the sentences.")
@click.option(
    "--errors", is_flag=True, help="Show mistakes by kind and type, new words against known ones, the worst sentences."
)
@click.option(
    "--train", metavar="FILE", help="With --errors: tell words and spans that are in this training file from new ones."
)
@click.option(
    "--calibration", is_flag=True, help="Show how far probabilities can be trusted, and what a least probability wins."
)
@click.option("--html", metavar="FILE", help="Write all of it as a page to look at (pip install 'rnntag[report]').")
@click.option("--log", metavar="FILE", help="With --html: the log of the training, for its learning curve.")
@click.option(
    "--mode",
    type=click.Choice(["conlleval", "strict"]),
    default="conlleval",
    show_default=True,
    help="How ill-formed spans count: as conlleval reads them, or, strict, not at all, as in seqeval's strict mode.",
)
@click.option("--json", "as_json", is_flag=True, envvar="RNNTAG_EVAL_JSON", help="Write the scores as a JSON object.")
@click.option(
    "--intent-rule",
    type=click.Choice(INTENT_RULES),
    default="any",
    show_default=True,
    help="Which intent is right where the gold one is several joined by #: any of them, or exact, all.",
)
@options.scheme
@options.context
@options.input_format("eval", "conll")
@options.threads(min(4, options.processors()))
@options.color
def command(
    gold: str | None,
    model_path: str | None,
    predicted: str | None,
    compare: tuple[str, str] | None,
    intervals: bool,
    errors: bool,
    train: str | None,
    calibration: bool,
    html: str | None,
    log: str | None,
    mode: str,
    as_json: bool,
    intent_rule: str,
    scheme: str,
    context: int | None,
    input_format: str,
    token_column: str | None,
    tag_column: str | None,
    characters: bool | None,
    threads: int,
    color: str,
) -> None:
    """Score a model on GOLD, score a FILE that is tagged already, or compare two of either.

    GOLD is a token and its tag a line (- is standard input); without it, the test part of the sample corpus is
    used. With --predicted and no GOLD, the last two columns of FILE are the gold and the predicted tag. Where tags
    mark tokens rather than spans (parts of speech, punctuation), tokens other than O are counted. Intents
    ("# intent = X" before a sentence) are scored where GOLD has them.

    \b
    Example:
      rnntag eval -m atis.rnntag test.conll
      rnntag eval -m atis.rnntag --json test.conll | jq .f1
      rnntag eval -m atis.rnntag --errors --train train.conll test.conll
      rnntag eval -m atis.rnntag --html report.html --log epochs.jsonl test.conll
      rnntag eval test.conll --compare small.rnntag large.rnntag
      rnntag tag -m atis.rnntag test.conll | rnntag eval --predicted -
    """
    from rnntag import formats
    from rnntag.cli.log import learning_curve
    from rnntag.corpora import splits as corpora
    from rnntag.data.bio import named
    from rnntag.evaluation import of_model as scoring
    from rnntag.evaluation.comparison import Comparison, comparison
    from rnntag.evaluation.of_file import of_file
    from rnntag.evaluation.results import Result, with_intervals, with_mistakes
    from rnntag.files.whole import check_writable, write_whole
    from rnntag.model.file import load_model
    from rnntag.show import page
    from rnntag.show import scores as report
    from rnntag.show.page.facts import page_facts

    options.leave_with_reader()
    _check(gold, predicted, compare, train, {"--intervals": intervals, "--errors": errors, "--html": html})
    if calibration and (predicted or compare):
        raise click.UsageError("--calibration is of a model: it goes without --predicted and --compare")
    if log and not html:
        raise click.UsageError("--log is for the page: it wants --html")
    if html:
        page.check()
        check_writable(html)
    curve = learning_curve(log) if log else None
    reading = formats.Reading(True, token_column, tag_column, characters)
    read = partial(formats.read_corpus, format=input_format, reading=reading)
    for path in (gold, predicted, *(compare or ()), train):
        options.await_input(path, "tagged tokens, one a line")
    if train:
        options.inputs([train], input_format, "conll")
    kind = named(scheme)
    found: Result | Comparison
    if predicted:
        right = read(gold) if gold else None
        found = of_file(predicted, right, kind, intent_rule, mode, read)
    elif compare:
        right = corpora.gold(gold, options.say, input_format, reading)
        found = comparison(right, compare, kind, threads, options.say, intent_rule, mode, read)
    else:
        model = load_model(options.find_model(model_path))
        cut = model.record.characters if characters is None else characters
        right = corpora.gold(gold, options.say, input_format, replace(reading, characters=cut, task=model.record.task))
        certain = calibration or html is not None
        found = scoring.of_model(model, right, kind, threads, options.say, intent_rule, mode, certain, cut, context)
    for warning in found.warnings:
        options.say(f"warning: {warning}")
    if isinstance(found, Result):
        whole = with_intervals(found) if intervals or html else found
        whole = with_mistakes(whole, train, kind, read) if errors or html else whole
        if html:
            facts = page_facts(whole, _title(predicted or model_path, gold), curve)
            write_whole(html, page.render(facts).encode())
        asked = whole if intervals else replace(whole, intervals=None, signature=found.signature)
        mistakes, reliable = whole.mistakes if errors else None, whole.reliable if calibration else None
        found = replace(asked, mistakes=mistakes, reliable=reliable)
    shown = report.as_json(found) if as_json else report.as_text(found, color)
    click.echo(shown, nl=False, color=True)


def _check(
    gold: str | None,
    predicted: str | None,
    compare: tuple[str, str] | None,
    train: str | None,
    shows: dict[str, object],
) -> None:
    """Raise UsageError for options that contradict each other."""
    inputs = [("GOLD", gold), ("--predicted", predicted), *zip("AB", compare or (), strict=False), ("--train", train)]
    standard = [name for name, path in inputs if path == "-"]
    if len(standard) > 1:
        raise click.UsageError(f"{' and '.join(standard)} cannot both be standard input")
    # A model in the environment is only what is used where none is named.
    source = click.get_current_context().get_parameter_source("model_path")
    named = source is click.core.ParameterSource.COMMANDLINE
    others = {"--predicted": predicted, "-m": named, **shows}
    for name, given in others.items():
        if compare and given:
            raise click.UsageError(f"--compare names what is compared: it goes without {name}")
    if train and not (shows["--errors"] or shows["--html"]):
        raise click.UsageError("--train says what is new among mistakes: it wants --errors")


def _title(answer: str | None, gold: str | None) -> str:
    """What a page is about: names, without their folders."""
    names = [os.path.basename(path) for path in (answer, gold) if path and path != "-"]
    return " on ".join(names) if names else "rnntag eval"
