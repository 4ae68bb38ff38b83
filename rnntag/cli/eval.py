"""$ rnntag eval"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import click

from rnntag.cli import jobs, options, places, talk
from rnntag.cli.choices import Choice
from rnntag.cli.completion import files
from rnntag.cli.log import ANOTHER, is_log_of, learning_curve
from rnntag.cli.skipping import on_error
from rnntag.data.bio import named
from rnntag.evaluation.scoring import INTENT_RULES, MODES, Scoring
from rnntag.formats import Reading, read_corpus

if TYPE_CHECKING:
    from rnntag.data.sentence import Sentence
    from rnntag.evaluation.comparison import Comparison
    from rnntag.evaluation.of_model import TaggerOptions
    from rnntag.evaluation.results import Result, Sections

TITLED = 3  # gold files that the title of a page names


@click.command("eval")
@click.argument("gold", metavar="[GOLD]...", nargs=-1, shell_complete=files)
@options.model
@click.option(
    "--predicted",
    metavar="FILE",
    shell_complete=files,
    help="Score this file, whose last column is the predicted tag.",
)
@click.option(
    "--compare",
    nargs=2,
    metavar="A B",
    shell_complete=files,
    help="Say which of these two, each a tagged file or a model, is better, and how surely.",
)
@click.option("--intervals", is_flag=True, help="Show 95 % confidence intervals, from 1000 resamples of the sentences.")
@click.option(
    "--errors", is_flag=True, help="Show mistakes by kind and type, new words against known ones, the worst sentences."
)
@click.option(
    "--train",
    metavar="FILE",
    shell_complete=files,
    help="With --errors: tell words and spans that are in this training file from new ones.",
)
@click.option(
    "--calibration", is_flag=True, help="Show how far probabilities can be trusted, and what a least probability wins."
)
@click.option(
    "--html",
    metavar="FILE",
    shell_complete=files,
    help="Write all of it as a page to look at (pip install 'rnntag[report]').",
)
@click.option(
    "--log",
    metavar="FILE",
    shell_complete=files,
    help="With --html: the log of the training, for its learning curve.",
)
@click.option(
    "--mode",
    type=Choice(MODES),
    default="conlleval",
    show_default=True,
    help="How ill-formed spans count: as conlleval reads them, or, strict, not at all, as in seqeval's strict mode.",
)
@click.option("--json", "as_json", is_flag=True, envvar="RNNTAG_EVAL_JSON", help="Write the scores as a JSON object.")
@click.option(
    "--intent-rule",
    type=Choice(INTENT_RULES),
    default="any",
    show_default=True,
    help="Which intent is right where the gold one is several joined by #: any of them, or exact, all.",
)
@options.scheme
@options.strict
@options.context
@options.gazetteer(options.OTHER_LIST)
@options.input_format("eval", "conll")
@on_error
@options.threads()
@options.color
def command(
    gold: tuple[str, ...],
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
    strict: bool,
    context: int | None,
    gazetteer: dict[str, str],
    reading: options.ReadingOptions,
    threads: int,
    color: str,
) -> None:
    """Score a model on GOLD, score a FILE that is tagged already, or compare two of either.

    GOLD is a token and its tag a line (- is standard input); of several, each is scored, and all of them together.
    Without GOLD it is standard input, if that is a pipe or a file, else the test part of the sample corpus; with
    --predicted and no GOLD, the last two columns of FILE are the gold and the predicted tag. Where tags mark tokens
    rather than spans (parts of speech, punctuation), tokens other than O are counted. Intents ("# intent = X" before a
    sentence) are scored where GOLD has them.

    \b
    Example:
      rnntag eval -m atis.rnntag test.conll
      rnntag eval -m atis.rnntag --json test.conll | jq .f1
      rnntag eval -m atis.rnntag kitchen.conll garden.conll
      rnntag eval -m atis.rnntag --errors --train train.conll test.conll
      rnntag eval -m atis.rnntag --html report.html --log epochs.jsonl test.conll
      rnntag eval test.conll --compare small.rnntag large.rnntag
      rnntag tag -m atis.rnntag test.conll | rnntag eval --predicted -
    """
    from rnntag.evaluation.of_model import TaggerOptions
    from rnntag.evaluation.results import ALL, Result, Sections
    from rnntag.show import page, scores

    jobs.leave_with_reader()
    how = replace(reading.how, tagged=True)
    gold = _gold_or_pipe(gold, predicted, compare, train)
    inputs = Inputs(gold, model_path, predicted, compare, train, gazetteer, reading.format, how)
    sections = Sections(intervals, errors, calibration)
    _check(inputs, sections, html, log)
    curve = learning_curve(log) if log else None
    inputs.await_all()
    scoring = Scoring(named(scheme), intent_rule, mode, strict)
    tagger = TaggerOptions(threads, talk.say, how.characters, context)
    found = _evaluate(inputs, scoring, tagger, calibration or html is not None, curve)
    _tell(found)
    whole = found
    if isinstance(found, Result):
        whole = _analysed(found, ALL if html else sections, scoring, inputs)
        found = sections.of(whole)
    if html:
        page.write(html, whole, inputs.title, curve)
    talk.show_json(found.as_dict()) if as_json else talk.show_coloured(scores.as_text(found, color))


def _tell(found: Result | Comparison) -> None:
    """Print what looks wrong, and what is to be borne in mind."""
    for warning in found.warnings:
        talk.say(f"warning: {warning}")
    for note in found.notes:
        talk.say(f"note: {note}")


def _gold_or_pipe(
    gold: tuple[str, ...], predicted: str | None, compare: tuple[str, str] | None, train: str | None
) -> tuple[str, ...]:
    """GOLD, which is standard input where that was given in its place, and nothing else is read from it."""
    if gold or predicted or "-" in (*(compare or ()), train) or not options.is_piped():
        return gold
    talk.say("no GOLD given: reading it from standard input (< /dev/null: the sample corpus)")
    return ("-",)


class Inputs(NamedTuple):
    """The files that are scored, and how they are read.

    lists            of names, in the place of those of the model
    format, reading  those of all files but models
    """

    gold: tuple[str, ...]
    model: str | None
    predicted: str | None
    compared: tuple[str, str] | None
    train: str | None
    lists: dict[str, str]
    format: str
    reading: Reading

    @property
    def title(self) -> str:
        """What a page is about: the names of the files, without their folders."""
        scored = self.compared or (self.predicted or self.model,)
        answers = " and ".join(_short(scored))
        gold = ", ".join(_short(self.gold)) if len(self.gold) <= TITLED else f"{len(self.gold)} files"
        return " on ".join(filter(None, (answers, gold))) or "rnntag eval"

    @property
    def named(self) -> list[tuple[str, str | None]]:
        """Each file that is read as tagged sentences, behind what the command line calls it."""
        gold = [("GOLD", path) for path in self.gold]
        compared = zip("AB", self.compared or (), strict=False)
        return [*gold, ("--predicted", self.predicted), *compared, ("--train", self.train)]

    def await_all(self) -> None:
        """Say what is awaited from a keyboard. Raises CorpusError for a file that is not there."""
        for _, path in self.named:
            options.await_input(path, "tagged tokens, one a line")
        options.inputs([path for path in (*self.gold, self.train) if path], self.format, "conll")

    def read(self, path: str) -> list[Sentence]:
        """The tagged sentences of a file."""
        return read_corpus(path, self.format, self.reading)

    def read_gold(self, reading: Reading) -> dict[str, list[Sentence]]:
        """The sentences of each gold file, or of the sample corpus under no name."""
        from rnntag.corpora.splits import gold

        return {path or "": gold(path, talk.say, self.format, reading) for path in self.gold or (None,)}


def _short(paths: Iterable[str | None]) -> list[str]:
    """Names of files, without their folders and without standard streams."""
    return [os.path.basename(path) for path in paths if path and path != "-"]


@jobs.busy("analysing")
def _analysed(found: Result, sections: Sections, scoring: Scoring, inputs: Inputs) -> Result:
    """A result with what else is asked for."""
    from rnntag.evaluation.results import with_sections

    return with_sections(found, sections, inputs.train, scoring.scheme, inputs.read)


@options.completed_hints()
@jobs.busy("scoring")
def _evaluate(
    inputs: Inputs, scoring: Scoring, tagger: TaggerOptions, certain: bool, curve: Sequence[Mapping[str, object]] | None
) -> Result | Comparison:
    """Score a tagged file, compare two answers, or score a model: whichever the inputs name."""
    from rnntag.evaluation.comparison import comparison
    from rnntag.evaluation.of_file import of_file
    from rnntag.evaluation.of_model import as_trained, of_files

    if inputs.predicted:
        right = inputs.read(inputs.gold[0]) if inputs.gold else None
        return of_file(inputs.predicted, right, scoring, inputs.read)
    if inputs.compared:
        [right] = inputs.read_gold(inputs.reading).values()
        return comparison(right, inputs.compared, scoring, tagger, inputs.read)
    model = options.load(inputs.model, inputs.lists)
    result = of_files(model, inputs.read_gold(as_trained(model, inputs.reading)), scoring, tagger, certain)
    if curve is None or is_log_of(curve, model.record):
        return result
    return replace(result, notes=[*result.notes, ANOTHER])


def _check(inputs: Inputs, sections: Sections, html: str | None, log: str | None) -> None:
    """Raise UsageError for options that contradict each other, and if what is written is also read.

    Raises RnntagError for a page that could not be written.
    """
    from rnntag.show import page

    _check_options(inputs, sections, html, log)
    model = None if inputs.predicted or inputs.compared else options.model_place(inputs.model)
    read = [*inputs.named, ("--model", model), ("--log", log), *places.gazetteers(inputs.lists)]
    places.check_apart(read, [("--html", html), places.STANDARD_OUTPUT])
    if html:
        page.check(html)


def _check_options(inputs: Inputs, sections: Sections, html: str | None, log: str | None) -> None:
    """Raise UsageError for options that contradict each other."""
    standard = [name for name, path in inputs.named if path == "-"]
    if len(standard) > 1:
        raise click.UsageError(f"{' and '.join(standard)} cannot both be standard input")
    _check_gold(inputs)
    # A model in the environment is only what is used where none is named.
    source = click.get_current_context().get_parameter_source("model_path")
    others = {
        "--predicted": inputs.predicted,
        "-m": source is click.core.ParameterSource.COMMANDLINE,
        "--intervals": sections.intervals,
        "--errors": sections.mistakes,
        "--train": inputs.train,
        "--log": log,
    }
    for name, given in others.items():
        if inputs.compared and given:
            raise click.UsageError(f"--compare names what is compared: it goes without {name}")
    if inputs.train and not (sections.mistakes or html):
        raise click.UsageError("--train says what is new among mistakes: it wants --errors")
    if inputs.lists and (inputs.predicted or inputs.compared):
        raise click.UsageError("--gazetteer is of a model: it goes without --predicted and --compare")
    if sections.reliability and (inputs.predicted or inputs.compared):
        raise click.UsageError("--calibration is of a model: it goes without --predicted and --compare")
    if log and not html:
        raise click.UsageError("--log is for the page: it wants --html")


def _check_gold(inputs: Inputs) -> None:
    """Raise UsageError for several gold files where only one can be meant."""
    if len(inputs.gold) < 2:
        return
    for name, given in (("--predicted", inputs.predicted), ("--compare", inputs.compared)):
        if given:
            raise click.UsageError(f"{name} goes with one GOLD, but there are {len(inputs.gold)}")
    seen: set[str] = set()
    for path in inputs.gold:
        real = os.path.realpath(path)
        if real in seen:
            raise click.UsageError(f"{path} is named twice, and would count twice")
        seen.add(real)
