"""A training as one value: corpora, settings, vectors, lists of names and task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rnntag.corpora.gazetteers import without_match
from rnntag.corpora.vector_files import Vectors
from rnntag.corpora.warnings import checked
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.features.gazetteer import Gazetteer
from rnntag.network.spec import Spec
from rnntag.punctuation.task import Task
from rnntag.training.recipe import Recipe


@dataclass(frozen=True)
class Job:
    """All that a training is about; together with the machine it settles every byte of the model.

    train, dev  tagged sentences, none empty: those that are learned, and those that tell which weights are best
    spec        the shape of the network; of its features, ``auto`` is settled by the corpus
    recipe      how it is trained; what is left open there is settled by the size of the corpus
    scheme      what the tags mean; None: recognised from the tags of train
    vectors     pretrained ones, which become a feature beside those of the spec
    task        what ordinary text taught, if that is where the sentences come from
    gazetteers  lists of names; a match in one is a feature beside those of the spec
    """

    train: list[Sentence]
    dev: list[Sentence]
    spec: Spec = field(default_factory=Spec)
    recipe: Recipe = field(default_factory=Recipe)
    scheme: Scheme | None = None
    vectors: Vectors | None = None
    task: Task | None = None
    gazetteers: Mapping[str, Gazetteer] = field(default_factory=dict)

    def checked(self) -> tuple[Job, list[str]]:
        """The job with its scheme recognised, and what looks wrong with its corpora, a sentence each.

        Raises CorpusError at the first tag that breaks the scheme.
        """
        scheme, _, warnings = checked(self.train, self.dev, self.scheme)
        return replace(self, scheme=scheme), [*warnings, *without_match(self.gazetteers, self.train)]
