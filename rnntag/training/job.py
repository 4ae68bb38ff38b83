"""A training as one value: corpora, settings, vectors, lists of names and task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from rnntag.corpora.gazetteers import without_match
from rnntag.corpora.mark_tags import check_named, recognised
from rnntag.corpora.vector_files import Vectors
from rnntag.corpora.warnings import checked, several_intents, tags_of
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.features.gazetteer import Gazetteer
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import Marks
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
    tag_marks   what the tags of columns stand for, where the user has named marks
    strict      ill-formed tags are refused
    gazetteers  lists of names; a match in one is a feature beside those of the spec
    """

    train: list[Sentence]
    dev: list[Sentence]
    spec: Spec = field(default_factory=Spec)
    recipe: Recipe = field(default_factory=Recipe)
    scheme: Scheme | None = None
    vectors: Vectors | None = None
    task: Task | None = None
    tag_marks: Marks | None = None
    strict: bool = False
    gazetteers: Mapping[str, Gazetteer] = field(default_factory=dict)

    @property
    def marks(self) -> Marks | None:
        """What the user has named as marks, be they of text or of tags."""
        return self.task.marks if self.task else self.tag_marks

    def checked(self) -> Checked:
        """The job with well-formed tags of one scheme, which is recognised.

        Raises CorpusError for ill-formed tags (`rnntag.corpora.warnings.checked`), SpecError for marks that were named
        and are none.
        """
        found = checked(self.train, self.dev, self.scheme, self.marks, self.strict)
        tags = tags_of(found.train, found.scheme)
        if self.tag_marks:
            check_named(tags, self.tag_marks)
        known = None if self.task else recognised(tags, self.marks)
        several = several_intents(found.train) if self.recipe.intents == "first" else []
        job = replace(self, train=found.train, dev=found.dev, scheme=found.scheme)
        warnings = [*found.warnings, *without_match(self.gazetteers, found.train)]
        return Checked(job, warnings, [*([known] if known else []), *several, *found.notes])


class Checked(NamedTuple):
    """A job that may be trained on.

    warnings  what looks wrong with its corpora, a sentence each
    notes     what was made of them, a sentence each
    """

    job: Job
    warnings: list[str]
    notes: list[str]
