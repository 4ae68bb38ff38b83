"""A training set encoded: ids of its tokens, tags and intents, and the vocabularies that number them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Array
from rnntag.corpora.cutting import Cutting, cut_as_before, cutting
from rnntag.corpora.vector_files import Vectors
from rnntag.data.bio import Scheme, detect
from rnntag.data.sentence import Sentence
from rnntag.data.tokeniser import Tokeniser
from rnntag.errors import SpecError
from rnntag.evaluation.signature import fingerprint
from rnntag.features import table as features
from rnntag.features.gazetteer import OPENING, Gazetteer
from rnntag.features.keys import Shown
from rnntag.features.lexicon import Lexicon
from rnntag.features.neighbours import frequent_bigrams
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.model import Model
from rnntag.model.record import Record
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import puts_marks
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe, settled
from rnntag.training.sampler import Sampler, sampler_class, settled_mode
from rnntag.training.warm_start import grown, joined_vectors


@dataclass(frozen=True)
class TrainingSet:
    """All that a trainer needs of a job, the sentences of its training set as arrays.

    The tokens stand in one flat run of R: sentence by sentence, and behind each text as many that are only read as the
    network looks ahead.

    spec, recipe  those of the job, with all settled that it left open
    scheme, tags  what the tags mean; the tags by id
    intents       the intents by id; empty where none are learned
    vectors       pretrained ones, as the network takes them
    lexicon       numbers what tokens show; its vocabularies are frozen
    sampler       which stretches of the run each update is taught on
    types         (R,)             the lexicon's type of each token
    positional    (R, 2 or 3)      ids of the positional features; None if there are none
    gold_tags     (R,)             the tag of each token; -1 where it is only read
    gold_intents  (sentences,)     the intent of each sentence; -1 where none is learned
    rarity        of a feature, (vocabulary,): how probably each id is shown as unknown
    matches       of a list of names, (R,): of each token in a match the number of that
    tokeniser     cuts raw text as the corpus was cut; None where a rule does
    record        what the model remembers of its training
    dev           the sentences that tell which weights are best
    base          the model that the training goes on from
    """

    spec: Spec
    recipe: Recipe
    scheme: Scheme
    tags: list[str]
    intents: list[str]
    vectors: Vectors | None
    lexicon: Lexicon
    sampler: Sampler
    types: Array
    positional: Array | None
    gold_tags: Array
    gold_intents: Array
    rarity: dict[str, Array]
    matches: dict[str, Array]
    tokeniser: Tokeniser | None
    record: Record
    dev: list[Sentence]
    base: Model | None

    @classmethod
    def of(cls, job: Job) -> TrainingSet:
        """The training set of a job.

        Raises SpecError where spec or recipe do not go with the corpus, CorpusError where a column is missing that the
        features ask for. The tags are taken as they are: `Job.checked` looks whether they keep to the scheme.
        """
        base, scheme = job.base, job.scheme or detect(sentence.tags or () for sentence in job.taught)
        tags = job.tags(scheme)
        recipe = settled_mode(job, scheme, tags)
        vectors = joined_vectors(base, job.vectors) if base else _scaled(job.vectors)
        spec, vocabularies = _vocabularies(job, tags, vectors)
        lexicon, kind = Lexicon(vocabularies), sampler_class(recipe)
        texts, again = kind.texts(job.train), kind.texts(job.replay)
        flat = _Flat.of([*texts, *again], tags, lexicon.shown, spec.look_ahead, job.lower)
        for sentence in job.dev:  # raises where a column is missing: now, not after the first epoch
            lexicon.shown.keys(sentence)
        cut = _cut(job, tags)
        types = lexicon.numbers(flat.keys)
        for vocabulary in vocabularies.values():
            vocabulary.frozen = True
        sampler = kind.of(recipe, spec, flat.lengths, len(again))
        tokens = int(flat.lengths[: len(texts)].sum())
        seen = tokens + round(recipe.replay_share * int(flat.lengths[len(texts) :].sum()))
        recipe = settled(recipe, sampler.count, seen, sampler.largest_batch, base is not None)
        intents, gold_intents = _intents(job, recipe.intents if kind.learns_intents else "none")
        positional = lexicon.positional_ids(types, flat.lengths + spec.look_ahead, spec.look_ahead)
        shown = _shown(lexicon, types, positional, np.flatnonzero(flat.tags >= 0), spec.look_ahead)
        return cls(
            spec=spec,
            recipe=recipe,
            scheme=scheme,
            tags=tags,
            intents=intents,
            vectors=vectors,
            lexicon=lexicon,
            sampler=sampler,
            types=types,
            positional=positional,
            gold_tags=flat.tags,
            gold_intents=gold_intents,
            rarity=_rarities(shown, vocabularies, recipe.word_dropout, base),
            matches=_matches(lexicon, types),
            tokeniser=cut.tokeniser,
            record=_record(job, recipe, tokens, cut, lexicon),
            dev=job.dev,
            base=base,
        )

    def model(self, members: Sequence[Parameters] = ()) -> Model:
        """A model of this training set, with these weights; without any, its own are zero."""
        vocabularies = self.lexicon.vocabularies
        model = Model(self.spec, self.scheme, self.tags, vocabularies, self.intents, members, self.record)
        model.tokeniser = self.tokeniser
        return model


class _Flat(NamedTuple):
    """Texts as one flat run: R keys, tags (R,) with -1 where a token is only read, and tokens of each text (texts,)."""

    keys: list[str]
    tags: Array
    lengths: Array

    @classmethod
    def of(
        cls, texts: Sequence[Sequence[Sentence]], known: Sequence[str], shown: Shown, pad: int, lower: bool
    ) -> _Flat:
        """The run of some texts, each followed by ``pad`` tokens that are only read.

        known  the tags by id
        lower  words are put into small letters
        """
        numbers = {tag: number for number, tag in enumerate(known)}
        keys: list[str] = []
        tags: list[int] = []
        lengths: list[int] = []
        for text in texts:
            start = len(keys)
            for sentence in text:
                keys += shown.keys(sentence, lower)
                tags += [numbers[tag] for tag in sentence.tags or ()]
            lengths.append(len(keys) - start)
            keys += [shown.end()] * pad
            tags += [-1] * pad
        return cls(keys, np.array(tags, np.int64), np.array(lengths, np.int64))


def _vocabularies(job: Job, tags: Sequence[str], vectors: Vectors | None) -> tuple[Spec, dict[str, Vocabulary]]:
    """The job's spec with its features settled, and the vocabulary of each, to be filled where it is not frozen."""
    if job.base:
        return grown(job.base, job.taught, job.gazetteers, vectors)
    spec = job.spec
    if spec.features == features.AUTO:
        marks = puts_marks(tags, job.marks)
        fitting = features.fitting(job.train, spec.direction == "forward", spec.look_ahead, marks)
        spec = replace(spec, features=fitting)
    vocabularies = {name: Vocabulary() for name in spec.features}
    if bigrams := set(features.BIGRAMS) & vocabularies.keys():
        frequent = frequent_bigrams(sentence.tokens for sentence in job.train)
        vocabularies |= {name: Vocabulary(frequent, frozen=True) for name in bigrams}
    spec, vocabularies = _with_gazetteers(job, spec, vocabularies)
    if features.OWN in vocabularies:
        if "word" not in vocabularies:
            raise SpecError(f"the feature '{features.OWN}' goes with 'word'", hint="--features word,own")
        vocabularies[features.OWN] = vocabularies["word"]  # the same words under the same ids
    if vectors:
        others = [name for name in spec.features if name != features.VECTOR]
        spec = replace(spec, features=(*others, features.VECTOR), vectors=vectors.table.shape[1])
        vocabularies[features.VECTOR] = Vocabulary(vectors.words, frozen=True)
    return spec, vocabularies


def _with_gazetteers(job: Job, spec: Spec, vocabularies: dict[str, Vocabulary]) -> tuple[Spec, dict[str, Vocabulary]]:
    """Spec and vocabularies with the job's lists of names. Raises SpecError for a feature whose list is not there."""
    for name in spec.features:
        own = features.gazetteer(name)
        if own is not None and own not in job.gazetteers:
            raise SpecError(f"the feature '{name}' comes with a list of names", hint=f"--gazetteer {own}=FILE")
    lists = {f"{features.GAZETTEER}{name}": own for name, own in job.gazetteers.items()}
    return replace(spec, features=tuple(dict.fromkeys([*spec.features, *lists]))), {**vocabularies, **lists}


def learned_intent(sentence: Sentence, rule: str) -> str | None:
    """The intent that is learned of a sentence: of several joined by ``#`` the first, or all as one; or none."""
    if sentence.intent is None or rule == "none":
        return None
    parts = sentence.intent.split("#")
    return next(filter(None, parts), None) if rule == "first" else sentence.intent


def _intents(job: Job, rule: str) -> tuple[list[str], Array]:
    """The intents by id, none if there are less than two to tell apart; and that of each sentence that is taught."""
    learned = [learned_intent(sentence, rule) for sentence in job.taught]
    known = job.base.intents if job.base else []
    intents = list(dict.fromkeys([*known, *(intent for intent in learned if intent is not None)]))
    if len(intents) < 2:
        intents = []
    numbers: dict[str | None, int] = {intent: number for number, intent in enumerate(intents)}
    return intents, np.array([numbers.get(intent, -1) for intent in learned], np.int64)


def _shown(lexicon: Lexicon, types: Array, positional: Array | None, own: Array, delay: int) -> dict[str, Array]:
    """The ids that tokens show of words and of each positional feature.

    own    places of the tokens that are learned
    delay  how many tokens behind a token its positional features stand
    """
    names = list(lexicon.vocabularies)
    shown = {"word": lexicon.types[types[own], names.index("word")]} if "word" in names else {}
    if positional is not None:
        for place, name in enumerate(features.POSITIONAL):
            if name in names:
                shown[name] = positional[own + delay, place]
    return shown


def _matches(lexicon: Lexicon, types: Array) -> dict[str, Array]:
    """Of each list of names, the number of the match that a token is in (R,); of one that is in none, any number."""
    return {
        name: np.cumsum(np.isin(lexicon.types[types, column], OPENING)).astype(np.int32)
        for column, (name, known) in enumerate(lexicon.vocabularies.items())
        if isinstance(known, Gazetteer)
    }


def _rarities(
    shown: dict[str, Array], vocabularies: dict[str, Vocabulary], word_dropout: float, base: Model | None
) -> dict[str, Array]:
    """Of each feature that is shown, how rare its ids are; what a base knows was there once more at least."""
    known = {name: len(own) for name, own in base.lexicon.vocabularies.items()} if base else {}
    return {
        name: _rarity(ids, len(vocabularies[name]), word_dropout, known.get(name, 0)) for name, ids in shown.items()
    }


def _rarity(ids: Array, size: int, word_dropout: float, known: int) -> Array:
    """How probably each of ``size`` ids is shown as unknown (size,): x / (x + n) for one that was shown n times.

    known  so many of the first ids were shown before
    """
    counts = np.bincount(ids, minlength=size)
    counts[:known] += 1
    rarity: Array = (word_dropout / (word_dropout + np.maximum(counts, 1))).astype(np.float32)
    return rarity


def _scaled(vectors: Vectors | None) -> Vectors | None:
    """Pretrained vectors as large as those that are learned: files differ in this by a factor of a hundred."""
    if vectors is None:
        return None
    size = float(np.sqrt(np.square(vectors.table, dtype=np.float64).sum(axis=1).mean()))
    return vectors._replace(table=vectors.table / max(size, 1e-30))


def _cut(job: Job, tags: Sequence[str]) -> Cutting:
    """How raw text is cut: as before where there is a base, or as the corpus was."""
    if job.base:
        return cut_as_before(job.base.record.characters, job.base.tokeniser, job.dev)
    return Cutting(True) if job.task or puts_marks(tags) else cutting(job.train, job.dev)


def _record(job: Job, recipe: Recipe, tokens: int, cut: Cutting, lexicon: Lexicon) -> Record:
    """What a model remembers of its training before that begins."""
    settings = asdict(recipe)
    if not job.gazetteers:
        del settings["gazetteer_dropout"]
    if not job.replay:
        del settings["replay_share"]
    cased = any(token != token.lower() for sentence in job.train for token in sentence.tokens)
    return Record(
        recipe=settings,
        train={**_corpus_record(job.train), "tokens": tokens},
        dev=_corpus_record(job.dev),
        characters=cut.characters,
        cut_right=cut.right,
        unknown=_unknown(lexicon, job.dev),
        lower=job.lower if job.base else not cased,
        task=job.task,
        tag_marks=job.tag_marks,
        base=job.base.fingerprint() if job.base else None,
        replay=_corpus_record(job.replay) if job.replay else {},
    )


def _unknown(lexicon: Lexicon, dev: Sequence[Sentence]) -> float | None:
    """Percent of dev's tokens that are unknown words, if there are words."""
    unknown = lexicon.unknown([token for sentence in dev for token in sentence.tokens])
    return None if unknown is None else round(unknown, 2)


def _corpus_record(sentences: list[Sentence]) -> dict[str, Any]:
    return {"corpus": fingerprint(sentences), "sentences": len(sentences)}
