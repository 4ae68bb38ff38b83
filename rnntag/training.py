"""Epochs as a generator of reports; early stop; the best weights kept.

Whoever draws is the caller, and stopping is leaving the loop: the best model so far is there at any time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from rnntag import engine as engines
from rnntag import features
from rnntag.batches import Batch, by_length
from rnntag.calibration import calibrated
from rnntag.corpora import cut_by_characters, unknown_tags, within_words
from rnntag.engine import Engine
from rnntag.errors import SpecError
from rnntag.evaluation import Scores, fingerprint, score
from rnntag.features import CHARACTERS, VECTOR
from rnntag.model import Model
from rnntag.network import Gold, Noise, Tokens
from rnntag.optimiser import Optimiser
from rnntag.parameters import LANES, Parameters
from rnntag.scheme import Scheme, check, detect
from rnntag.sentence import Sentence
from rnntag.spec import Recipe, Spec, as_dict, settled
from rnntag.suspicions import suspicions
from rnntag.tagging import Tagger
from rnntag.vectors import Vectors
from rnntag.vocabulary import UNKNOWN, Lexicon, Vocabulary
from rnntag.workspace import Workspace

POOL = 64  # batches whose sentences are sorted by length together


@dataclass(frozen=True)
class Step:
    """One update done, and how the epoch goes."""

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float  # nats a token, of tags and intents, mean over the epoch so far
    gradient_norm: float  # of this update, before clipping
    tokens_per_second: float


@dataclass(frozen=True)
class Epoch:
    """One pass over the training set, and what dev says of the averaged weights after it."""

    epoch: int
    epochs: int
    loss: float  # nats a token, of tags and intents, with dropout
    gradient_norm: float  # median over the updates that were done, before clipping
    clipped: float  # share of updates that were clipped
    skipped: int  # updates left out, their gradient not being finite
    learning_rate: float
    tokens_per_second: float
    seconds: float  # since training began
    scores: Scores
    best: bool

    def as_dict(self) -> dict[str, Any]:
        """For JSON: everything but the scores by type."""
        counts = self.scores.overall
        figures = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "scores"}
        return figures | {
            "precision": counts.precision,
            "recall": counts.recall,
            "f1": counts.f1,
            "accuracy": self.scores.accuracy,
            **self.scores.figures(),
        }


class _Shard(NamedTuple):
    """A fixed part of a batch; ids number the rows of the batch's tables."""

    number: int
    batch: Batch
    tokens: Tokens
    gold: Gold
    scale: float
    noise: Noise


class _Prepared(NamedTuple):
    """A batch, and which rows of each table it touches."""

    shards: list[_Shard]
    rows: dict[str, np.ndarray]


class Trainer:
    """Trains one model.

    train, dev  tagged sentences, none empty
    scheme      None: recognised from the tags of train
    threads     shards of a batch worked on at the same time; the weights do not depend on it
    vectors     pretrained ones, which become a feature beside those of the spec

    `warnings` tells what looks wrong with train and dev. Raises CorpusError at the first tag that breaks the scheme.
    """

    def __init__(
        self,
        train: list[Sentence],
        dev: list[Sentence],
        spec: Spec | None = None,
        recipe: Recipe | None = None,
        scheme: Scheme | None = None,
        threads: int = 2,
        notice: Callable[[str], None] | None = None,
        engine: Engine | None = None,
        vectors: Vectors | None = None,
    ) -> None:
        self.recipe = settled(recipe or Recipe(), len(train), sum(map(len, train)))
        scheme, tags, self.warnings = checked(train, dev, scheme)
        self._dev, spec = dev, spec or Spec()
        if spec.features == features.AUTO:
            spec = replace(spec, features=features.fitting(train))
        vocabularies = {name: Vocabulary() for name in spec.features}
        if set(features.PAIRS) & vocabularies.keys():
            paired = features.pairs(sentence.tokens for sentence in train)
            vocabularies |= {name: Vocabulary(paired, frozen=True) for name in features.PAIRS if name in vocabularies}
        self._vectors = vectors
        if vectors:
            others = [name for name in spec.features if name != VECTOR]
            spec = replace(spec, features=(*others, VECTOR), vectors=vectors.table.shape[1])
            vocabularies = {**vocabularies, VECTOR: Vocabulary(vectors.words, frozen=True)}
        lexicon = Lexicon(vocabularies)
        keys = [key for sentence in train for key in lexicon.shown.keys(sentence)]
        for sentence in dev:  # what is missing is told now, not after the first epoch
            lexicon.shown.keys(sentence)
        self._types = lexicon.numbers(keys)
        self._lexicon = lexicon
        for vocabulary in lexicon.vocabularies.values():
            vocabulary.frozen = True
        meant = [_meant(sentence, self.recipe.intents) for sentence in train]
        intents = list(dict.fromkeys(intent for intent in meant if intent is not None))
        if len(intents) < 2:  # nothing to tell apart
            intents = []
        self.model = Model(spec, scheme, tags, lexicon.vocabularies, intents)
        numbers = {tag: number for number, tag in enumerate(tags)}
        self._tags = np.array([numbers[tag] for sentence in train for tag in sentence.tags or ()], np.int64)
        known: dict[str | None, int] = {intent: number for number, intent in enumerate(intents)}
        self._intents = np.array([known.get(intent, -1) for intent in meant], np.int64)
        self._lengths = np.array([len(sentence) for sentence in train], np.int64)
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._pairs = lexicon.pairs(self._types, self._lengths)
        self._tables = list(self.model.network.tables)
        self._rare = np.zeros(0, np.float32)
        if "word" in self._tables:
            words = lexicon.types[self._types, self.model.network.columns["word"]]
            counts = np.bincount(words, minlength=len(lexicon.vocabularies["word"]))
            often = self.recipe.word_dropout
            self._rare = (often / (often + np.maximum(counts, 1))).astype(np.float32)
        self.model.record = {
            "recipe": as_dict(self.recipe),
            "train": {**_corpus(train), "tokens": len(keys)},
            "dev": _corpus(dev),
            "characters": cut_by_characters(train),
        }
        self._engine = engine or engines.kernels(notice)
        self._threads = max(1, min(threads, self.recipe.shards))
        self._places = np.zeros(max(map(len, lexicon.vocabularies.values())), np.int32)
        self._spaces = [Workspace() for _ in range(self.recipe.shards)]

    def run(self) -> Generator[Step | Epoch, None, None]:
        """Train until the epochs or the patience are used up, or the caller leaves the loop.

        `model` holds the best weights so far; if no epoch was finished, the latest ones once the generator is closed.
        """
        recipe, model = self.recipe, self.model
        P = model.network.initial(np.random.default_rng([recipe.seed, 1]))
        if self._vectors:
            P["embedding.vector"][1:] = _scaled(self._vectors.table)
        model.parameters.flat[:] = P.flat
        batches = -(-len(self._lengths) // recipe.batch)
        optimiser = Optimiser(self._engine, P, recipe, recipe.epochs * batches, tables=len(self._tables))
        vocabularies = model.lexicon.vocabularies
        averaged = Model(model.spec, model.scheme, model.tags, vocabularies, model.intents, [optimiser.averaged])
        best, patience, began = None, recipe.patience, time.perf_counter()
        try:
            for epoch in range(1, recipe.epochs + 1):
                steps = yield from self._epoch(epoch, batches, optimiser)
                scores = self._judge(Tagger(averaged, self._threads, engine=self._engine))
                reached = (scores.quality, scores.accuracy)
                better = best is None or reached > best
                if better:
                    best, patience = reached, recipe.patience
                    model.parameters.flat[:] = optimiser.averaged.flat
                    model.record |= {"epoch": epoch, **scores.figures()}
                patience -= not better
                norms = np.array([step.gradient_norm for step in steps if math.isfinite(step.gradient_norm)] or [0.0])
                yield Epoch(
                    epoch=epoch,
                    epochs=recipe.epochs,
                    loss=steps[-1].loss,
                    gradient_norm=float(np.median(norms)),
                    clipped=float(np.mean(norms > recipe.clip)),
                    skipped=sum(not math.isfinite(step.gradient_norm) for step in steps),
                    learning_rate=optimiser.rate,
                    tokens_per_second=steps[-1].tokens_per_second,
                    seconds=time.perf_counter() - began,
                    scores=scores,
                    best=better,
                )
                if patience == 0:
                    break
        except GeneratorExit:
            pass  # the caller has seen enough
        except SpecError as error:
            if best is None:
                raise
            self.warnings.append(f"{error.fact}; kept is the best model before that")
        finally:
            if best is None:
                optimiser.settle()
                model.parameters.flat[:] = optimiser.averaged.flat
        model.temperatures = calibrated(model, self._dev, self._engine)

    def _epoch(self, epoch: int, batches: int, optimiser: Optimiser) -> Generator[Step, None, list[Step]]:
        """One pass over the training set; what it yielded is also its result."""
        losses, tokens, used, began = 0.0, 0, 0, time.perf_counter()
        steps: list[Step] = []
        with ThreadPoolExecutor(self._threads) as pool:
            each = pool.map if self._threads > 1 else map
            source = self._prepared(epoch)
            prepared = next(source, None)
            while prepared:
                tables = optimiser.touch(prepared.rows)
                results = each(partial(self._gradient, optimiser.P, tables), prepared.shards)
                prepared = next(source, None)  # while the threads are at work
                parts, gradients = zip(*results, strict=True)
                norm = optimiser.step(gradients, each)
                loss, count = (sum(column) for column in zip(*parts, strict=True))
                tokens += count
                if math.isfinite(norm):
                    losses, used = losses + loss, used + count
                passes = 2 if self.recipe.consistency else 1  # twins are the same words again
                speed = tokens / passes / (time.perf_counter() - began)
                mean = losses / max(used, 1)
                steps.append(Step(epoch, self.recipe.epochs, len(steps) + 1, batches, mean, norm, speed))
                yield steps[-1]
        optimiser.settle()
        return steps

    def _judge(self, tagger: Tagger) -> Scores:
        """Scores on dev."""
        return score(self._dev, tagger.tagged(self._dev), self.model.scheme, "any" if self.model.intents else None)

    def _shuffled(self, epoch: int) -> Iterator[np.ndarray]:
        """The epoch's batches: like lengths together, in random order, each longest first."""
        rng = np.random.default_rng([self.recipe.seed, 2, epoch])
        order, size = rng.permutation(len(self._lengths)), self.recipe.batch
        batches = []
        for start in range(0, len(order), size * POOL):
            pool = order[start : start + size * POOL]
            pool = pool[by_length(self._lengths[pool])]
            batches += [pool[at : at + size] for at in range(0, len(pool), size)]
        for place in rng.permutation(len(batches)):
            yield batches[place]

    def _prepared(self, epoch: int) -> Iterator[_Prepared]:
        """The epoch's batches, cut into shards and their tokens numbered among those of the batch.

        A batch is always cut into the same shards and their gradients are added in the same order, so the sum does
        not depend on how many threads there are.
        """
        recipe, columns = self.recipe, self.model.network.columns
        for number, chosen in enumerate(self._shuffled(epoch), 1):
            shards: list[_Shard] = []
            for part in range(min(recipe.shards, len(chosen))):
                rng = np.random.default_rng([recipe.seed, 3, epoch, number, part])
                shards.append(self._shard(part, chosen[part :: recipe.shards], 1.0 / len(chosen), rng))
            rows = {}
            for name in self._tables:
                column = columns[name]
                touched = np.unique(np.concatenate([shard.tokens.ids[:, column] for shard in shards]))
                self._places[touched] = np.arange(len(touched))
                for shard in shards:
                    shard.tokens.ids[:, column] = self._places[shard.tokens.ids[:, column]]
                rows[f"embedding.{name}"] = touched.astype(np.int64)
            yield _Prepared(shards, rows)

    def _shard(self, part: int, sentences: np.ndarray, share: float, rng: np.random.Generator) -> _Shard:
        """Some sentences, longest first; rare words are now and then shown as unknown."""
        recipe, columns = self.recipe, self.model.network.columns
        twins = recipe.consistency > 0
        if twins:
            sentences, share = np.repeat(sentences, 2), share / 2
        batch = Batch(self._lengths[sentences])
        places = batch.gather(self._starts[sentences])
        types = self._types[places]
        ids = self._lexicon.types[types]
        self.model.network.pair(ids, None if self._pairs is None else self._pairs[places])
        if len(self._rare):
            words = ids[:, columns["word"]]
            words[rng.random(len(words), np.float32) < self._rare[words]] = UNKNOWN
        if spelled := self._lexicon.spelled(types):
            ids[:, columns[CHARACTERS]] = spelled.place
        gold = Gold(self._tags[places], self._intents[sentences], twins)
        return _Shard(part, batch, Tokens(ids, spelled), gold, share, Noise(rng, recipe.dropout))

    @np.errstate(over="ignore", invalid="ignore")  # the optimiser sees what is not finite, and tells
    def _gradient(
        self, P: Parameters, tables: dict[str, np.ndarray], shard: _Shard
    ) -> tuple[tuple[float, int], Parameters]:
        """A shard's loss, summed, its tokens, and its part of the gradient of the batch's mean over sentences.

        It sees a network whose tables have only the rows that the batch touches.
        """
        network, space = self.model.network, self._spaces[shard.number]
        shapes = P.shapes | {name: table.shape for name, table in tables.items()}
        rows = sum(-(-math.prod(shape) // LANES) for shape in shapes.values())
        G = Parameters(shapes, memory=space("gradient", rows, LANES))
        G.before(len(tables))[:] = 0.0  # what stands between two tables counts in the norm
        _, batch, tokens, gold, scale, noise = shard
        loss = network.loss(
            self._engine, P.replacing(tables), G, batch, tokens, gold, scale, space, noise, self.recipe.consistency
        )
        return (loss, batch.rows), G


def checked(
    train: list[Sentence], dev: list[Sentence], scheme: Scheme | None = None
) -> tuple[Scheme, list[str], list[str]]:
    """The scheme of a training, its tags, and what looks wrong with train and dev.

    Raises CorpusError at the first tag that breaks the scheme.
    """
    scheme = scheme or detect(sentence.tags or () for sentence in train)
    for sentence in (*train, *dev):
        check(scheme, sentence)
    tags = _tags(train, scheme)
    return scheme, tags, [*unknown_tags(dev, tags), *within_words(train), *suspicions(train, dev, scheme)]


def _tags(train: list[Sentence], scheme: Scheme) -> list[str]:
    """Every tag of the training set, in order of appearance; a scheme of spans always knows O."""
    tags = dict.fromkeys(["O"] if scheme.prefixes else [])
    for sentence in train:
        tags.update(dict.fromkeys(sentence.tags or ()))
    return list(tags)


def _corpus(sentences: list[Sentence]) -> dict[str, Any]:
    """What a record says of a corpus."""
    return {"corpus": fingerprint(sentences), "sentences": len(sentences)}


def _meant(sentence: Sentence, rule: str) -> str | None:
    """The intent that is learned of a sentence: of several joined by ``#`` the first, or all as one."""
    if sentence.intent is None or rule == "none":
        return None
    parts = sentence.intent.split("#")
    return next(filter(None, parts), None) if rule == "first" else sentence.intent


def _scaled(table: np.ndarray) -> np.ndarray:
    """Pretrained vectors as large as those that are learned: files differ in this by a factor of a hundred."""
    return table / max(float(np.sqrt(np.square(table, dtype=np.float64).sum(axis=1).mean())), 1e-30)
