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
from rnntag.model.model import Model
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task
from rnntag.training.recipe import Recipe
from rnntag.training.warm_start import beside_base

FORGETTING = "nothing is replayed (--replay): what the base knows and TRAIN does not show is forgotten in part"


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
    base        the model that the training goes on from; spec and recipe are then made by `warm_start.settings`
    replay      tagged sentences of which a share is learned again in each epoch beside all of train
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
    base: Model | None = None
    replay: list[Sentence] = field(default_factory=list)

    @property
    def marks(self) -> Marks | None:
        """What the user has named as marks, be they of text or of tags."""
        return self.task.marks if self.task else self.tag_marks

    @property
    def taught(self) -> list[Sentence]:
        """All sentences that anything is learned from."""
        return [*self.train, *self.replay]

    @property
    def lower(self) -> bool:
        """Whether words are put into small letters, since the base knows no others."""
        return self.base is not None and self.base.record.lower

    def tags(self, scheme: Scheme) -> list[str]:
        """The tags by id: those of the base, and those that are new."""
        return list(dict.fromkeys([*(self.base.tags if self.base else ()), *tags_of(self.taught, scheme)]))

    def checked(self) -> Checked:
        """The job with well-formed tags of one scheme, that of its base or one that is recognised.

        Raises CorpusError for ill-formed tags (`rnntag.corpora.warnings.checked`), SpecError for marks that were named
        and are none, and for tags of another kind than those of the base.
        """
        job, notes = self, list[str]()
        if self.base:
            whole, notes = beside_base(self.base, [*self.taught, *self.dev], self.scheme)
            notes += [] if self.replay else [FORGETTING]
            job = self._with(whole[: len(self.taught)], whole[len(self.taught) :], self.base.scheme)
        known = self.base.tags if self.base else []
        found = checked(job.taught, job.dev, job.scheme, self.marks, self.strict, known)
        job = self._with(found.train, found.dev, found.scheme)
        tags = job.tags(found.scheme)
        if self.tag_marks:
            check_named(tags, self.tag_marks)
        named = None if self.task else recognised(tags, self.marks)
        several = several_intents(found.train) if self.recipe.intents == "first" else []
        warnings = [*found.warnings, *without_match(self.gazetteers, found.train)]
        return Checked(job, warnings, [*([named] if named else []), *several, *notes, *found.notes])

    def _with(self, taught: list[Sentence], dev: list[Sentence], scheme: Scheme) -> Job:
        """The same job with other tags of its sentences."""
        new = len(self.train)
        return replace(self, train=taught[:new], replay=taught[new:], dev=dev, scheme=scheme)


class Checked(NamedTuple):
    """A job that may be trained on.

    warnings  what looks wrong with its corpora, a sentence each
    notes     what was made of them, a sentence each
    """

    job: Job
    warnings: list[str]
    notes: list[str]
