"""A training as one value: corpora, settings, vectors and task."""

from __future__ import annotations

from typing import NamedTuple

from rnntag.corpora.vector_files import Vectors
from rnntag.data.sentence import Sentence
from rnntag.network.spec import Spec
from rnntag.punctuation.task import Task
from rnntag.training.recipe import Recipe


class _Job(NamedTuple):
    """What every process is told: all that a Trainer wants but the seed, and the file whose coming stops it."""

    train: list[Sentence]
    dev: list[Sentence]
    spec: Spec
    recipe: Recipe
    scheme: str
    vectors: Vectors | None
    task: Task | None
    stop: str
