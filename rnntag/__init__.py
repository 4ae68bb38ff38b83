"""rnntag: a sequence tagger for the shell, recurrent networks compiled for the CPU.

    import rnntag

    tagger = rnntag.load("model.rnntag")
    for sentence in tagger.tag([["wake", "me", "at", "seven"]]):
        print(sentence.tags, tagger.spans(sentence))

Importing this loads nothing slow; NumPy comes with the first call.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from rnntag.data.sentence import Sentence, Span
from rnntag.errors import CorpusError, ModelError, RnntagError, SpecError
from rnntag.version import __version__ as __version__

if TYPE_CHECKING:
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


def load(path: str | os.PathLike[str] | None = None, threads: int = 1, context: int | None = None) -> Tagger:
    """The tagger in a model file; without a path, the one that comes with rnntag.

    context  of models of running text, to which the sentences it is given are one text up to an empty one: 0 is each on
             its own

    Raises ModelError for a file that is missing, damaged, foreign or from a later version.
    """
    from rnntag.files import bundled
    from rnntag.model.file import load_model
    from rnntag.tagging.tagger import Tagger

    return Tagger(load_model(path if path is not None else bundled.MODEL), threads, context=context)


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
    strict: bool = False,
    task: str | None = None,
    marks: str | None = None,
    case: bool = False,
    threads: int = 2,
    vectors: str | os.PathLike[str] | None = None,
    keep_vectors: int = 20_000,
    report: Callable[[Step | Epoch], object] | None = None,
    **settings: object,
) -> Tagger:
    """Train a tagger, as the command of this name does, and save it if ``output`` names a file.

    train, dev  files of tokens and tags, or Sentences, or as train a folder with both; missing ones are replaced as on
                the command line
    format      that of the files, with the columns of tokens and tags, and how raw text is cut, as on the command line
    strict      refuse ill-formed tags, rather than read them as conlleval does
    task        what ordinary text is to teach: ``punctuation``, by which marks and whether with its capitals, or
                ``sentences``
    marks       without a task, what the tags of columns stand for: ``DUN=、 EXCLAM=!``
    vectors     a file of pretrained word vectors; its first ``keep_vectors`` are kept besides those needed
    report      called after each update (Step) and each epoch (Epoch); a true answer stops the training
    settings    those of ``rnntag train``, with underscores: ``hidden=64, learning_rate=0.001``

    Raises RnntagError, whose text is what the command line would say.
    """
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
    named_marks = Marks.parse(marks) if marks else None
    lesson, tag_marks = (Task(task, named_marks, case), None) if task else (None, named_marks)
    reading = Reading(True, token_column, tag_column, characters, task=lesson)
    pair = training_pair(train, dev, recipe.seed, format=format, reading=reading, marks=tag_marks)
    given = pretrained(vectors, *pair, keep_vectors) if vectors is not None else None
    job = Job(*pair, spec, recipe, named(scheme), given, lesson, tag_marks=tag_marks, strict=strict).checked().job
    model = train_job(job, threads, Reporter(report) if report is not None else None)
    if output is not None:
        save_model(model, output)
    return Tagger(model, threads)
