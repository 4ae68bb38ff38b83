"""$ rnntag eval"""

from __future__ import annotations

import click

from rnntag.cli import options
from rnntag.spec import INTENT_RULES


@click.command("eval", short_help="Score a model, or a file that is tagged already.")
@click.argument("gold", metavar="[GOLD]", required=False)
@options.model
@click.option("--predicted", metavar="FILE", help="Score this file, whose last column is the predicted tag.")
@click.option("--json", "as_json", is_flag=True, envvar="RNNTAG_EVAL_JSON", help="Write the scores as a JSON object.")
@click.option(
    "--intent-rule",
    type=click.Choice(INTENT_RULES),
    default="any",
    show_default=True,
    help="Which intent is right where the gold one is several joined by #: any of them, or exact, all.",
)
@options.scheme
@options.threads(min(4, options.processors()))
@options.color
def evaluate(
    gold: str | None,
    model_path: str | None,
    predicted: str | None,
    as_json: bool,
    intent_rule: str,
    scheme: str,
    threads: int,
    color: str,
) -> None:
    """Score a model on GOLD, or score a FILE that is tagged already, as conlleval counts.

    GOLD is a token and its tag a line (- is standard input); without it, the test part of the sample corpus is
    used. With --predicted and no GOLD, the last two columns of FILE are the gold and the predicted tag. Where tags
    mark tokens rather than spans (parts of speech, punctuation), tokens other than O are counted. Intents
    ("# intent = X" before a sentence) are scored where GOLD has them.

    \b
    Example:
      rnntag eval -m atis.rnntag test.conll
      rnntag eval -m atis.rnntag --json test.conll | jq .f1
      rnntag tag -m atis.rnntag --from conll test.conll | rnntag eval --predicted -
    """
    from rnntag import corpora, report, scoring
    from rnntag.model import Model
    from rnntag.scheme import named

    options.leave_with_reader()
    if gold == predicted == "-":
        raise click.UsageError("GOLD and --predicted cannot both be standard input")
    for path in (gold, predicted):
        options.await_input(path, "tagged tokens, one a line")
    if predicted:
        result = scoring.of_file(predicted, gold, named(scheme), intent_rule)
    else:
        model = Model.load(options.find_model(model_path))
        sentences = corpora.gold(gold, options.say)
        result = scoring.of_model(model, sentences, named(scheme), threads, options.say, intent_rule)
    for warning in result.warnings:
        options.say(f"warning: {warning}")
    click.echo(report.as_json(result) if as_json else report.score_table(result, color), nl=False, color=True)
