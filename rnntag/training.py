"""Epochs as a generator of reports; early stop; the best weights kept.

Whoever draws is the caller, and stopping is leaving the loop: the best model so far is there at any time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from rnntag import engine as engines
from rnntag.batches import Batch, by_length
from rnntag.corpora import unknown_tags
from rnntag.engine import Engine
from rnntag.errors import SpecError
from rnntag.evaluation import Scores, fingerprint, score
from rnntag.features import FEATURES
from rnntag.model import Model
from rnntag.network import Noise, Workspace
from rnntag.scheme import Scheme, check, detect
from rnntag.sentence import Sentence
from rnntag.spec import Recipe, Spec, as_dict
from rnntag.tagging import Tagger
from rnntag.vocabulary import UNKNOWN, Lexicon, Vocabulary

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
AVERAGE = 0.999  # decay of the averaged weights, those that are evaluated and saved
RARE = 0.25  # a word seen n times in training is shown as unknown with probability RARE / (RARE + n)
POOL = 64  # batches whose sentences are sorted by length together
HOPELESS = 20  # updates in a row without a finite gradient before training gives up


@dataclass(frozen=True)
class Step:
    """One update done: where it stands in the epoch, and the gradient norm before clipping."""

    epoch: int
    batch: int
    batches: int
    loss: float  # nats a token
    gradient_norm: float
    tokens_per_second: float


@dataclass(frozen=True)
class Epoch:
    """One pass over the training set, and what dev says of the averaged weights after it."""

    epoch: int
    epochs: int
    loss: float  # nats a token, with dropout
    gradient_norm: float  # median over the updates, before clipping
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
        }


class Trainer:
    """Trains one model.

    train, dev  tagged sentences, none empty
    scheme      None: recognised from the tags of train
    threads     shards of a batch worked on at the same time; the weights do not depend on it

    `warnings` tells of tags in dev that train never shows. Raises CorpusError at the first tag that breaks the scheme.
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
    ) -> None:
        self.spec, self.recipe = spec or Spec(), recipe or Recipe()
        self._train, self._dev = train, dev
        scheme = scheme or detect(sentence.tags or () for sentence in train)
        for sentence in (*train, *dev):
            check(scheme, sentence)
        tags = _tags(train, scheme)
        self.warnings = unknown_tags(dev, tags)
        vocabularies = {name: Vocabulary() for name in FEATURES}
        lexicon = Lexicon(vocabularies)
        tokens = [token for sentence in train for token in sentence.tokens]
        self._types = lexicon.numbers(tokens)
        self._ids = lexicon.types.copy()
        for vocabulary in vocabularies.values():
            vocabulary.frozen = True
        numbers = {tag: number for number, tag in enumerate(tags)}
        self._gold = np.array([numbers[tag] for sentence in train for tag in sentence.tags or ()], np.int64)
        self._lengths = np.array([len(sentence) for sentence in train], np.int64)
        self._starts = np.cumsum(self._lengths) - self._lengths
        word = list(FEATURES).index("word")
        counts = np.bincount(self._ids[self._types, word], minlength=len(vocabularies["word"]))
        self._rare = (RARE / (RARE + np.maximum(counts, 1))).astype(np.float32)
        self.model = Model(self.spec, scheme, tags, vocabularies)
        self.model.record = {
            "recipe": as_dict(self.recipe),
            "train": {"corpus": fingerprint(train), "sentences": len(train), "tokens": len(tokens)},
            "dev": {"corpus": fingerprint(dev), "sentences": len(dev)},
        }
        self._engine = engine or engines.kernels(notice)
        self._threads = max(1, min(threads, self.recipe.shards))
        self._spaces = [Workspace() for _ in range(self.recipe.shards)]

    def run(self) -> Iterator[Step | Epoch]:
        """Train until the epochs or the patience are used up; `model` holds the best weights whenever asked."""
        recipe, network = self.recipe, self.model.network
        P = network.initial(np.random.default_rng([recipe.seed, 1]))
        averaged, best = P.copy(), None
        moments = P.like(), P.like()
        gradients = [P.like() for _ in range(recipe.shards)]
        gold = [sentence.tags or [] for sentence in self._dev]
        judged = Model(self.spec, self.model.scheme, self.model.tags, self.model.lexicon.vocabularies, averaged)
        tagger = Tagger(judged, self._threads, engine=self._engine)
        batches = -(-len(self._lengths) // recipe.batch)
        updates, patience, began, hopeless = 0, recipe.patience, time.perf_counter(), 0
        with ThreadPoolExecutor(self._threads) as pool:
            for epoch in range(1, recipe.epochs + 1):
                losses, norms, tokens, started, skipped = 0.0, [], 0, time.perf_counter(), 0
                for number, chosen in enumerate(self._shuffled(epoch), 1):
                    rate = recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * updates / (recipe.epochs * batches)))
                    loss, count = self._gradient(pool, P, gradients, chosen, updates)
                    norm = math.sqrt(self._engine.squared_norm(gradients[0].flat))
                    if math.isfinite(norm) and math.isfinite(loss):
                        hopeless = 0
                        self._update(P, gradients[0], moments, norm, rate, updates - skipped + 1)
                        self._engine.average(averaged.flat, P.flat, min(AVERAGE, (1 + updates) / (10 + updates)))
                        losses, tokens = losses + loss, tokens + count
                        norms.append(norm)
                    else:
                        skipped, hopeless = skipped + 1, hopeless + 1
                        if hopeless == HOPELESS:
                            raise SpecError(
                                f"the gradient exploded: {HOPELESS} updates in a row were not finite",
                                hint="lower --learning-rate or --clip",
                            )
                    updates += 1
                    speed = tokens / (time.perf_counter() - started)
                    yield Step(epoch, number, batches, loss / count, norm, speed)
                speed = tokens / (time.perf_counter() - started)
                scores = score(gold, tagger.tags([sentence.tokens for sentence in self._dev]), self.model.scheme)
                better = best is None or (scores.overall.f1, scores.accuracy) > best
                if better:
                    best, patience = (scores.overall.f1, scores.accuracy), recipe.patience
                    self.model.parameters.flat[:] = averaged.flat
                    self.model.record |= {"epoch": epoch, "f1": scores.overall.f1, "accuracy": scores.accuracy}
                else:
                    patience -= 1
                yield Epoch(
                    epoch,
                    recipe.epochs,
                    losses / max(tokens, 1),
                    float(np.median(norms or [math.nan])),
                    float(np.mean(np.array(norms) > recipe.clip)) if norms else 0.0,
                    skipped,
                    rate,
                    speed,
                    time.perf_counter() - began,
                    scores,
                    better,
                )
                if patience == 0:
                    return

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

    def _gradient(
        self, pool: ThreadPoolExecutor, P: object, gradients: list, chosen: np.ndarray, update: int
    ) -> tuple[float, int]:
        """Loss and number of tokens of a batch; the gradient of its mean over sentences goes to gradients[0].

        The batch is always cut into the same shards and their gradients are added in the same order, so the sum
        does not depend on how many threads there are.
        """
        shards = self.recipe.shards

        def work(shard: int) -> float:
            sentences = chosen[shard::shards]
            if not len(sentences):
                gradients[shard].flat[:] = 0.0
                return 0.0
            rng = np.random.default_rng([self.recipe.seed, 3, update, shard])
            batch = Batch(self._lengths[sentences])
            tokens = batch.gather(self._starts[sentences])
            ids = self._ids[self._types[tokens]]
            word = ids[:, 0]
            word[rng.random(len(word), np.float32) < self._rare[word]] = UNKNOWN
            return self.model.network.loss(
                self._engine,
                P,
                gradients[shard],
                batch,
                ids,
                self._gold[tokens],
                1.0 / len(chosen),
                self._spaces[shard],
                Noise(rng, self.recipe.dropout),
            )

        losses = list(pool.map(work, range(shards)) if self._threads > 1 else map(work, range(shards)))
        for gradient in gradients[1:]:
            gradients[0].flat += gradient.flat
        return sum(losses), int(self._lengths[chosen].sum())

    def _update(self, P: object, G: object, moments: tuple, norm: float, rate: float, update: int) -> None:
        """One step of Adam on the clipped gradient (Pascanu, Mikolov & Bengio, ICML 2013, algorithm 1)."""
        corrected = rate * math.sqrt(1 - BETA2**update) / (1 - BETA1**update)
        scale = min(1.0, self.recipe.clip / norm) if norm else 1.0
        M, V = moments
        self._engine.adam(P.flat, G.flat, M.flat, V.flat, scale, corrected, BETA1, BETA2, EPSILON)


def _tags(train: list[Sentence], scheme: Scheme) -> list[str]:
    """Every tag of the training set, in order of appearance; a scheme of spans always knows O."""
    tags = dict.fromkeys(["O"] if scheme.prefixes else [])
    for sentence in train:
        tags.update(dict.fromkeys(sentence.tags or ()))
    return list(tags)
