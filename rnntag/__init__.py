"""rnntag: a sequence tagger for the shell, recurrent networks compiled for the CPU.

    import rnntag

    tagger = rnntag.load("model.rnntag")
    for sentence in tagger.tag([["wake", "me", "at", "seven"]]):
        print(sentence.tags, tagger.spans(sentence))

Importing this loads nothing slow; NumPy comes with the first call.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # as that of typing, which need not be loaded for it
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from rnntag.api.evaluation import Evaluation
    from rnntag.api.tagger import Tagger
    from rnntag.api.text import TaggedText, TextSpan, TextToken
    from rnntag.corpora.gazetteers import Names
    from rnntag.corpora.splits import Corpus, Path
    from rnntag.data.sentence import Sentence, Span
    from rnntag.errors import CorpusError, ModelError, RnntagError, RnntagWarning, SpecError
    from rnntag.training.reports import Epoch, Report, RunDone, RunEpoch, RunFailed, Step
    from rnntag.version import __version__ as __version__

__all__ = [
    "CorpusError",
    "Epoch",
    "Evaluation",
    "ModelError",
    "RnntagError",
    "RnntagWarning",
    "RunDone",
    "RunEpoch",
    "RunFailed",
    "Sentence",
    "Span",
    "SpecError",
    "Step",
    "TaggedText",
    "Tagger",
    "TextSpan",
    "TextToken",
    "evaluate",
    "load",
    "train",
]
_LATER = dict.fromkeys(("Epoch", "RunDone", "RunEpoch", "RunFailed", "Step"), "training.reports")
_LATER |= dict.fromkeys(("TaggedText", "TextSpan", "TextToken"), "api.text")
_LATER |= dict.fromkeys(("CorpusError", "ModelError", "RnntagError", "RnntagWarning", "SpecError"), "errors")
_LATER |= dict.fromkeys(("Sentence", "Span"), "data.sentence")
_LATER |= {"__version__": "version", "Evaluation": "api.evaluation", "Tagger": "api.tagger"}

# Threads take whole shards and batches; a second pool of threads inside each matrix product only gets in their way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def __getattr__(name: str) -> Any:  # of any of the classes that are loaded when they are asked for
    if name not in _LATER:
        raise AttributeError(f"module 'rnntag' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"rnntag.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]


def load(
    path: str | os.PathLike[str] | None = None,
    threads: int = 1,
    context: int | None = None,
    gazetteers: Mapping[str, Names] | None = None,
) -> Tagger:
    """The tagger in a model file; without a path, the one that comes with rnntag.

    context     of models of running text, to which the sentences it is given are one text up to an empty one: 0 is each
                on its own
    gazetteers  lists of names in the place of those of the model: of each its file, or the names

    Raises ModelError for a file that is missing, damaged, foreign or from a later version, CorpusError for a list that
    cannot be read, SpecError for one that the model does not have.
    """
    from rnntag.api.tagger import Tagger
    from rnntag.corpora.gazetteers import read_gazetteers
    from rnntag.files import bundled
    from rnntag.model.file import load_model

    model = load_model(path if path is not None else bundled.MODEL)
    return Tagger(model.with_gazetteers(read_gazetteers(gazetteers or {})), threads, context)


def evaluate(
    answers: Tagger | Path | Iterable[Sentence] | None = None,
    gold: Corpus | None = None,
    *,
    scheme: str = "auto",
    mode: str = "conlleval",
    intent_rule: str = "any",
    threads: int = 1,
    **settings: Any,
) -> Evaluation:
    """Score a tagger on gold sentences, as ``rnntag eval`` does, or sentences that are tagged already.

    answers   a Tagger, the file of a model, a tagged file, or tagged Sentences; None is the bundled model
    gold      a file, several of them, each of which is scored and all of them together, or Sentences; None is the test
              part of the sample corpus
    settings  format, token_column, tag_column, sentence_column, tag_names, characters, context: as on the command line

    What looks wrong is a RnntagWarning. Raises RnntagError, whose text is what the command line would say.
    """
    from rnntag.api.evaluation import evaluated
    from rnntag.data.bio import named
    from rnntag.evaluation.scoring import Scoring

    return evaluated(answers, gold, Scoring(named(scheme), intent_rule, mode), threads, settings)


def train(
    train: Corpus | None = None,
    dev: Corpus | None = None,
    output: str | os.PathLike[str] | None = None,
    *,
    format: str = "auto",
    token_column: str | None = None,
    tag_column: str | None = None,
    sentence_column: str | None = None,
    tag_names: Sequence[str] | None = None,
    characters: bool | None = None,
    scheme: str = "auto",
    strict: bool = False,
    task: str | None = None,
    marks: str | None = None,
    case: bool = False,
    threads: int = 2,
    runs: int = 1,
    average: bool = False,
    resume: bool = False,
    vectors: str | os.PathLike[str] | None = None,
    keep_vectors: int = 20_000,
    gazetteers: Mapping[str, Names] | None = None,
    base: Tagger | str | os.PathLike[str] | None = None,
    replay: Corpus | None = None,
    report: Callable[[Report], object] | None = None,
    **settings: object,
) -> Tagger:
    """Train a tagger, as the command of this name does, and save it if ``output`` names a file.

    train, dev  files of tokens and tags, or Sentences, or as train a folder with both; missing ones are replaced as on
                the command line
    format      that of the files, with the columns of tokens, tags and numbers of sentences, what tags are called that
                are stored as numbers, and how raw text is cut, as on the command line
    strict      refuse ill-formed tags, rather than read them as conlleval does
    task        what ordinary text is to teach: ``punctuation``, by which marks and whether with its capitals, or
                ``sentences``
    marks       without a task, what the tags of columns stand for: ``DUN=、 EXCLAM=!``
    runs        seeds to train under, ``threads`` of them at a time in processes of their own; the best on dev is kept
                or, with ``average``, all of them as one model if that is better
    resume      go on where the same training was cut short, by what was kept beside ``output``
    vectors     a file of pretrained word vectors; its first ``keep_vectors`` are kept besides those needed
    gazetteers  lists of names, a match in which is a feature: of each its file, or the names
    base        a Tagger or the file of a model from which the training goes on
    replay      what that was trained on, of which a share is learned again
    report      called after each update (Step) and each epoch (Epoch), of several runs after each epoch (RunEpoch) and
                run (RunDone, RunFailed); a true answer stops the training
    settings    those of ``rnntag train``, with underscores: ``hidden=64, learning_rate=0.001``

    With an output, KeyboardInterrupt comes once the batch under way is finished and the best model so far is saved.
    What looks wrong is a RnntagWarning. Raises RnntagError, whose text is what the command line would say.
    """
    from rnntag.api.start import start
    from rnntag.api.tagger import Tagger
    from rnntag.api.training import Plan, checked, trained
    from rnntag.corpora.gazetteers import trained_on
    from rnntag.corpora.splits import corpora
    from rnntag.corpora.vectors import pretrained
    from rnntag.data.bio import named
    from rnntag.errors import SpecError, warn
    from rnntag.formats import Reading
    from rnntag.training.job import Job

    if replay and base is None:
        raise SpecError("replay goes with base, the model that has learned from it")
    before, spec, recipe, lesson, tag_marks = start(base, settings, task, marks, case)
    several = [each for corpus in (train, dev, replay) if isinstance(corpus, (list, tuple)) for each in corpus]
    read = (train, dev, base, vectors, replay, *(gazetteers or {}).values(), *several)
    plan = checked(Plan(output, resume, runs, average, threads), recipe, read)
    names = None if tag_names is None else tuple(tag_names)
    reading = Reading(True, token_column, tag_column, sentence_column, names, characters, task=lesson, tell=warn)
    parts = corpora(train, dev, replay, recipe.seed, format, reading, tag_marks)
    given = pretrained(vectors, [*parts.train, *parts.replay], parts.dev, keep_vectors) if vectors is not None else None
    lists = trained_on(gazetteers or {}, parts.train, named(scheme))
    wanted = (spec, recipe, named(scheme), given, lesson, tag_marks, strict, lists)
    job = Job(parts.train, parts.dev, *wanted, before, parts.replay)
    return Tagger(trained(job, plan, report), threads)
