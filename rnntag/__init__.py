"""rnntag: a sequence tagger for the shell, recurrent networks compiled for the CPU.

    import rnntag

    tagger = rnntag.load("model.rnntag")
    for sentence in tagger.tag([["wake", "me", "at", "seven"]]):
        print(sentence.tags, tagger.spans(sentence))

Importing this loads nothing slow; NumPy comes with the first call.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rnntag.data.sentence import Sentence, Span
from rnntag.errors import CorpusError, ModelError, RnntagError, SpecError
from rnntag.version import __version__ as __version__

if TYPE_CHECKING:
    from rnntag.corpora.gazetteers import Names
    from rnntag.corpora.splits import Corpus
    from rnntag.tagging.tagger import Tagger
    from rnntag.training.reports import Epoch, Step

__all__ = [
    "CorpusError",
    "ModelError",
    "RnntagError",
    "Sentence",
    "Span",
    "SpecError",
    "load",
    "train",
]

# Threads take whole shards and batches; a second pool of threads inside each matrix product only gets in their way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


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
    from rnntag.corpora.gazetteers import read_gazetteers
    from rnntag.files import bundled
    from rnntag.model.file import load_model
    from rnntag.tagging.tagger import Tagger

    model = load_model(path if path is not None else bundled.MODEL)
    return Tagger(model.with_gazetteers(read_gazetteers(gazetteers or {})), threads, context=context)


def train(
    train: Corpus | None = None,
    dev: Corpus | None = None,
    output: str | os.PathLike[str] | None = None,
    *,
    format: str = "auto",
    token_column: str | None = None,
    tag_column: str | None = None,
    characters: bool | None = None,
    scheme: str = "auto",
    task: str | None = None,
    marks: str | None = None,
    case: bool = False,
    threads: int = 2,
    vectors: str | os.PathLike[str] | None = None,
    keep_vectors: int = 20_000,
    gazetteers: Mapping[str, Names] | None = None,
    report: Callable[[Step | Epoch], object] | None = None,
    **settings: object,
) -> Tagger:
    """Train a tagger, as the command of this name does, and save it if ``output`` names a file.

    train, dev  files of tokens and tags, or Sentences; missing ones are replaced as on the command line
    format      that of the files, with the columns of tokens and tags, and how raw text is cut, as on the command line
    task        what ordinary text is to teach: ``punctuation``, by which marks and whether with its capitals, or
                ``sentences``
    vectors     a file of pretrained word vectors; its first ``keep_vectors`` are kept besides those needed
    gazetteers  lists of names, a match in which is a feature: of each its file, or the names
    report      called after each update (Step) and each epoch (Epoch); a true answer stops the training
    settings    those of ``rnntag train``, with underscores: ``hidden=64, learning_rate=0.001``

    Raises RnntagError, whose text is what the command line would say.
    """
    from rnntag.corpora.gazetteers import trained_on
    from rnntag.corpora.splits import training_pair
    from rnntag.corpora.vectors import pretrained
    from rnntag.data.bio import named
    from rnntag.files.whole import check_writable
    from rnntag.formats import Reading
    from rnntag.model.file import save_model
    from rnntag.punctuation.marks import Marks
    from rnntag.punctuation.task import Task
    from rnntag.tagging.tagger import Tagger
    from rnntag.training.job import Job
    from rnntag.training.recipe import parted
    from rnntag.training.reports import Reporter
    from rnntag.training.trainer import train as train_job

    spec, recipe = parted(settings)
    if output is not None:
        check_writable(output)
    lesson = Task(task, Marks.parse(marks) if marks else None, case) if task else None
    reading = Reading(True, token_column, tag_column, characters, lesson)
    pair = training_pair(train, dev, recipe.seed, format=format, reading=reading)
    given = pretrained(vectors, *pair, keep_vectors) if vectors is not None else None
    lists = trained_on(gazetteers or {}, pair[0], named(scheme))
    job, _ = Job(*pair, spec, recipe, named(scheme), given, lesson, lists).checked()
    model = train_job(job, threads, Reporter(report) if report is not None else None)
    if output is not None:
        save_model(model, output)
    return Tagger(model, threads)
