"""$ rnntag train"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from rnntag.cli import options, places
from rnntag.cli.choices import Choice
from rnntag.cli.completion import features, files, models
from rnntag.cli.log import epoch_log
from rnntag.cli.saving import place_for, save
from rnntag.cli.skipping import on_error, tell_skipped
from rnntag.cli.talk import say
from rnntag.cli.warm_start import WarmStart, task_and_marks, warm_start
from rnntag.data.bio import named
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, shown
from rnntag.formats import Reading
from rnntag.network.spec import CELLS, DECODERS, DIRECTIONS, Spec
from rnntag.training.interrupt import interruptible
from rnntag.training.listener import Listener, Notice
from rnntag.training.recipe import INTENTS, Recipe

if TYPE_CHECKING:
    from rnntag.corpora.splits import Corpora
    from rnntag.features.gazetteer import Gazetteer
    from rnntag.model.model import Model
    from rnntag.punctuation.marks import Marks
    from rnntag.show.progress import TrainingDisplay
    from rnntag.training.job import Job
    from rnntag.training.kept_runs import Kept
    from rnntag.training.reports import Report


BPTT = (
    "Running text: words between two cuts of backpropagation through time; what was read is carried on. "
    "0: sentences on their own; -1: 128 where tags are punctuation, else 0."
)
PIPED = "no TRAIN given: reading the training corpus from standard input (< /dev/null: the sample corpus)"


def _number(name: str, default: float, help: str) -> options.Decorator:
    return click.option(name, type=type(default), default=default, show_default=True, help=help)


@click.command("train")
@click.argument("train_paths", metavar="[TRAIN]...", nargs=-1, shell_complete=files)
@click.option("--dev", metavar="DEV", shell_complete=files, help="Tagged sentences that decide when to stop.")
@click.option(
    "-o", "--output", default="model.rnntag", show_default=True, shell_complete=models, help="Where the model goes."
)
@click.option(
    "--cell",
    type=Choice(CELLS),
    default=Spec.cell,
    show_default=True,
    help="lstm: long short-term memory. rnn: Elman's simple network. window: feed-forward over neighbouring words.",
)
@click.option(
    "--direction",
    type=Choice(DIRECTIONS),
    default=Spec.direction,
    show_default=True,
    help="Which way the words are read; both is the bidirectional network.",
)
@_number("--look-ahead", Spec.look_ahead, "Words a forward network may wait before it answers; implies forward.")
@_number("--layers", Spec.layers, "Recurrent layers, one upon the other.")
@_number("--hidden", Spec.hidden, "Units a layer and direction.")
@_number("--window", Spec.window, "Words a window cell sees to each side.")
@_number("--embedding", Spec.embedding, "Width of a word's vector.")
@click.option(
    "--decoder",
    type=Choice(DECODERS),
    default=Spec.decoder,
    show_default=True,
    help="crf learns which tag follows which; softmax does not, but keeps to the scheme as well.",
)
@_number("--dropout", Recipe.dropout, "Share of inputs and states left out at random, the same all sentence long.")
@_number(
    "--word-dropout", Recipe.word_dropout, "x: a word seen n times is shown as unknown with probability x / (x + n)."
)
@_number("--decay", Recipe.decay, "Share of the averaged weights, those that are saved, that stays at an update.")
@_number("--batch", Recipe.batch, "Sentences an update; 0: 8 to 32, by the size of TRAIN.")
@_number("--learning-rate", Recipe.learning_rate, "Adam's first step size; it falls to 0 over the epochs.")
@_number("--epochs", Recipe.epochs, "Passes over TRAIN at most; 0: 80 to 5, by the size of TRAIN.")
@_number("--patience", Recipe.patience, "Epochs without a better score on DEV before stopping; 0: a third, 8 at least.")
@_number("--bptt", Recipe.bptt, BPTT)
@_number("--context", Recipe.context, "Words of running text that both directions see on each side of a window.")
@_number("--clip", Recipe.clip, "Largest gradient norm; a larger gradient is scaled down to it.")
@_number(
    "--consistency",
    Recipe.consistency,
    "How strongly two passes under other dropout are drawn together; 0: one pass; -1: 1 below a million words, else 0.",
)
@click.option(
    "--features",
    default=",".join(Spec.features),
    show_default=True,
    callback=lambda context, parameter, value: tuple(value.split(",")),
    shell_complete=features,
    help="What a token shows, parted by commas; column:2 is the second column of TRAIN.",
)
@click.option(
    "--intents",
    type=Choice(INTENTS),
    default=Recipe.intents,
    show_default=True,
    help="What is learned where an intent is several joined by #: the first, or all as one; none: no intents.",
)
@_number("--seed", Recipe.seed, "Same seed, same data, same machine: the same model, byte for byte.")
@options.scheme
@options.strict
@options.threads(2)
@click.option(
    "--vectors",
    metavar="FILE",
    shell_complete=files,
    help="Pretrained word vectors: word2vec, GloVe or fastText .vec, gzipped or not.",
)
@click.option(
    "--keep-vectors",
    type=click.IntRange(0),
    default=20_000,
    show_default=True,
    help="Vectors kept besides those of the words of TRAIN and DEV: the first of the file.",
)
@options.gazetteer(
    "A list of names, a name a line: whether a word stands in one of them is a feature. NAME is what the list is "
    "called, and under which rnntag tag takes another one; can be repeated."
)
@_number("--gazetteer-dropout", Recipe.gazetteer_dropout, "Share of the names found that are hidden in training.")
@warm_start
@click.option(
    "--runs",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="Train under so many seeds, from --seed on, in parallel processes; keep the best on DEV.",
)
@click.option(
    "--average",
    is_flag=True,
    help="With --runs: keep all of them in one model that averages their scores, if that is better on DEV.",
)
@click.option("--resume", is_flag=True, help="Go on where the same training was cut short.")
@click.option("--log", metavar="FILE", type=click.Path(), help="Write one JSON object an epoch.")
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@options.color
@options.task("train")
@options.input_format("train", "conll; with --task text")
@on_error
def command(
    train_paths: tuple[str, ...],
    reading: options.ReadingOptions,
    dev: str | None,
    output: str,
    scheme: str,
    strict: bool,
    threads: int,
    vectors: str | None,
    keep_vectors: int,
    gazetteer: dict[str, str],
    start: WarmStart,
    runs: int,
    average: bool,
    resume: bool,
    log: str | None,
    quiet: bool,
    color: str,
    task_name: str | None,
    marks: str | None,
    case: bool,
    **settings: object,
) -> None:
    """Train a tagger on TRAIN: a token and its tag a line, parted by TAB or spaces; a blank line after a sentence.

    TRAIN may be a folder with a train, a dev and a test file, and TRAIN or DEV - for standard input. Without DEV a
    tenth of TRAIN is held back; without TRAIN it is standard input, if that is a pipe or a file, else the sample
    corpus that comes with rnntag. Ctrl-C saves the best model so far, and so do SIGTERM and a terminal that is closed;
    a second Ctrl-C stops at once. What was cut short, however that came, goes on with --resume.

    \b
    Example:
      rnntag train train.conll --dev dev.conll -o atis.rnntag
      rnntag train train.conll --dev dev.conll --gazetteer cities=cities.txt
      rnntag train corpora/atis
      zcat train.conll.gz | rnntag train
      rnntag train train.conll --dev dev.conll -o atis.rnntag --resume
      RNNTAG_TRAIN_EPOCHS=5 rnntag train --hidden 64 --log epochs.jsonl train.conll
    """
    from rnntag.corpora.splits import discard
    from rnntag.corpora.vectors import pretrained
    from rnntag.show.progress import TrainingDisplay
    from rnntag.training.job import Job

    tell, base = discard if quiet else say, start.model()
    task, named_marks = task_and_marks(base, task_name, marks, case)
    train_paths, dev, left = _sources(train_paths, dev, output, reading.format, tell)
    read = [*places.each("TRAIN", train_paths), ("--dev", dev), ("the test set", left), ("--vectors", vectors)]
    _check_places([*read, *start.places, *places.gazetteers(gazetteer)], output, log, runs)
    spec, recipe = _settings(settings, runs, average, base)
    kept = place_for(output, runs, resume, tell)
    display = TrainingDisplay(quiet, color)
    for path in (*train_paths, dev):
        options.await_input(path, "tagged tokens, one a line")
    with epoch_log(log) as write:
        how = replace(reading.how, tagged=True, task=task, tell=tell)
        train, held, old = _corpora(train_paths, dev, start.replay, recipe.seed, reading.format, how, named_marks)
        given = pretrained(vectors, [*train, *old], held, keep_vectors, tell) if vectors else None
        lists = _lists(gazetteer, train, scheme, tell)
        job = Job(train, held, spec, recipe, named(scheme), given, task, named_marks, strict, lists, base, old)
        with interruptible(display.note) as interrupted:
            model = _train(job, runs, average, threads, Narrator(display, write, interrupted), kept)
            save(model, output, kept, tell, interrupted)


class Narrator(Listener):
    """Shows a training on standard error, writes its log, and ends it once it is interrupted."""

    def __init__(self, display: TrainingDisplay, write: Callable[[Report], None], interrupted: list[int]) -> None:
        self.display, self._write, self._interrupted = display, write, interrupted

    def preparing(self) -> AbstractContextManager[Notice | None]:
        return self.display.status("reading the words")

    def training(self) -> AbstractContextManager[object]:
        return self.display

    def report(self, progress: Report) -> None:
        self.display.show(progress)
        self._write(progress)

    def warn(self, warning: str) -> None:
        say(f"warning: {warning}")

    def stopping(self) -> bool:
        return bool(self._interrupted)


def _sources(
    train: tuple[str, ...], dev: str | None, output: str, input_format: str, tell: Notice
) -> tuple[tuple[str, ...], str | None, str | None]:
    """TRAIN and DEV: standard input where it was given instead, the files of a folder that holds them, or as named.

    The last is the test set of a folder, which is left alone.
    """
    from rnntag.corpora.folders import is_folder_of_parts, parts_of

    if not train and dev != "-" and options.is_piped():
        options.tell_of_pipe(PIPED, tell)
        return ("-",), dev, None
    if len(train) != 1 or not is_folder_of_parts(train[0], input_format):
        return train, dev, None
    found = parts_of(train[0])
    parts = found._replace(dev=dev or found.dev)
    for line in parts.told(output):
        tell(line)
    return (parts.train,), parts.dev, parts.test


def _check_places(read: Sequence[places.Place], output: str, log: str | None, runs: int) -> None:
    """Raise UsageError if what is written is also read or written twice, or goes to standard output."""
    from rnntag.training.kept_runs import place_beside

    if output == "-":
        raise click.UsageError("--output needs the name of a file; a model cannot go to standard output")
    if log == "-":
        raise click.UsageError("--log needs the name of a file; that of standard output is /dev/stdout")
    kept = ("the checkpoint", place_beside(output, runs))
    places.check_apart(read, [("--output", output), kept, ("--log", log)])


def _settings(settings: dict[str, object], runs: int, average: bool, base: Model | None) -> tuple[Spec, Recipe]:
    """Spec and recipe of the options. Raises SpecError for what cannot be, UsageError for an average of one run."""
    from rnntag.training.runs import seeds
    from rnntag.training.warm_start import settings as going_on

    if average and runs == 1:
        raise click.UsageError("--average needs several --runs")
    spec, recipe = going_on(base, {name: value for name, value in settings.items() if options.given(name)})
    seeds(recipe, runs)
    return spec, recipe


def _lists(given: Mapping[str, str], train: list[Sentence], scheme: str, tell: Notice) -> dict[str, Gazetteer]:
    """The lists of names that are learned with; what each covers is told."""
    from rnntag.corpora.gazetteers import trained_on

    return trained_on(given, train, named(scheme), tell)


def _corpora(
    train: tuple[str, ...],
    dev: str | None,
    replay: tuple[str, ...],
    seed: int,
    input_format: str,
    reading: Reading,
    marks: Marks | None,
) -> Corpora:
    """The sentences of the training. Raises CorpusError, with a hint where ordinary text was given without a task."""
    from rnntag.corpora.splits import corpora
    from rnntag.formats.looks import known

    try:
        return corpora(train or None, dev, replay, seed, input_format, reading, marks)
    except CorpusError as error:
        texts = () if known(error) else [path for path in train if path.endswith(".txt")]
        if not reading.task and input_format == "auto" and any(f"{path}:" in (error.where or "") for path in texts):
            error.hint = "ordinary text teaches punctuation: add --task punctuation"
        raise
    finally:
        tell_skipped(reading)


def _train(job: Job, runs: int, average: bool, threads: int, narrator: Narrator, kept: Kept) -> Model:
    """Check the corpora, then train once or under several seeds: the model to keep."""
    from rnntag.show.progress import runs_summary
    from rnntag.training.checkpoint import Checkpoint
    from rnntag.training.runs import train_several
    from rnntag.training.trainer import train

    with narrator.display.status("checking the corpora"), options.completed_hints():
        job, warnings, notes = job.checked()
    for note in notes:
        narrator.display.note(shown(f"note: {note}"))
    if isinstance(kept, Checkpoint):
        return train(job, threads, narrator, warnings, kept)
    several = train_several(job, runs, threads, average, narrator, warnings, kept)
    narrator.display.note(runs_summary(several.done, several.averaged, several.wins))
    return several.model
