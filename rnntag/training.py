"""Epochs as a generator of reports; early stop; the best weights kept.

Whoever draws is the caller, and stopping is leaving the loop: the best model so far is there at any time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator
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
from rnntag.network import Noise
from rnntag.parameters import Parameters
from rnntag.scheme import Scheme, check, detect
from rnntag.sentence import Sentence
from rnntag.spec import Recipe, Spec, as_dict
from rnntag.tagging import Tagger
from rnntag.vocabulary import UNKNOWN, Lexicon, Vocabulary
from rnntag.workspace import Workspace

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
AVERAGE = 0.999  # decay of the averaged weights, those that are evaluated and saved
RARE = 0.25  # a word seen n times in training is shown as unknown with probability RARE / (RARE + n)
POOL = 64  # batches whose sentences are sorted by length together
HOPELESS = 20  # updates in a row without a finite gradient before training gives up


@dataclass(frozen=True)
class Step:
    """One update done, and how the epoch goes."""

    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float  # nats a token, mean over the epoch so far
    gradient_norm: float  # of this update, before clipping
    tokens_per_second: float


@dataclass(frozen=True)
class Epoch:
    """One pass over the training set, and what dev says of the averaged weights after it."""

    epoch: int
    epochs: int
    loss: float  # nats a token, with dropout
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
        }


class Optimiser:
    """Adam under a falling step size, on a clipped gradient, with averaged weights beside.

    engine   whose kernels do it
    P        the parameters, updated in place
    updates  how many there will be: over them the step size falls to 0 along a cosine (Loshchilov & Hutter, 2017)
    """

    def __init__(self, engine: Engine, P: Parameters, recipe: Recipe, updates: int) -> None:
        self.P, self.averaged = P, P.copy()
        self.rate = recipe.learning_rate
        self.skipped = 0
        self._engine, self._recipe, self._updates = engine, recipe, updates
        self._M, self._V = P.like(), P.like()
        self._done = self._hopeless = 0

    def step(self, G: Parameters) -> float:
        """Update the parameters; the norm of the gradient before clipping, not finite if the update was left out.

        An exploding gradient is scaled down to the norm asked for (Pascanu, Mikolov & Bengio, ICML 2013, algorithm
        1); one that is not finite is skipped. Raises SpecError when that happens again and again.
        """
        norm = math.sqrt(self._engine.squared_norm(G.flat))
        self.rate = self._recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * self._done / self._updates))
        self._done += 1
        if not math.isfinite(norm):
            self.skipped, self._hopeless = self.skipped + 1, self._hopeless + 1
            if self._hopeless == HOPELESS:
                fact = f"the gradient exploded: {HOPELESS} updates in a row were not finite"
                raise SpecError(fact, hint="lower --learning-rate")
            return norm
        self._hopeless = 0
        update = self._done - self.skipped
        corrected = self.rate * math.sqrt(1 - BETA2**update) / (1 - BETA1**update)
        scale = min(1.0, self._recipe.clip / norm) if norm else 1.0
        moments = self._M.flat, self._V.flat
        self._engine.adam(self.P.flat, G.flat, *moments, scale, corrected, BETA1, BETA2, EPSILON)
        self._engine.average(self.averaged.flat, self.P.flat, min(AVERAGE, update / (9 + update)))
        return norm


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
        self.recipe = recipe or Recipe()
        scheme = scheme or detect(sentence.tags or () for sentence in train)
        for sentence in (*train, *dev):
            check(scheme, sentence)
        tags = _tags(train, scheme)
        self.warnings = unknown_tags(dev, tags)
        self._dev = dev
        vocabularies = {name: Vocabulary() for name in FEATURES}
        lexicon = Lexicon(vocabularies)
        tokens = [token for sentence in train for token in sentence.tokens]
        self._ids = lexicon.rows(tokens)
        for vocabulary in vocabularies.values():
            vocabulary.frozen = True
        numbers = {tag: number for number, tag in enumerate(tags)}
        self._gold = np.array([numbers[tag] for sentence in train for tag in sentence.tags or ()], np.int64)
        self._lengths = np.array([len(sentence) for sentence in train], np.int64)
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._word = list(FEATURES).index("word")
        counts = np.bincount(self._ids[:, self._word], minlength=len(vocabularies["word"]))
        self._rare = (RARE / (RARE + np.maximum(counts, 1))).astype(np.float32)
        self.model = Model(spec or Spec(), scheme, tags, vocabularies)
        self.model.record = {
            "recipe": as_dict(self.recipe),
            "train": {"corpus": fingerprint(train), "sentences": len(train), "tokens": len(tokens)},
            "dev": {"corpus": fingerprint(dev), "sentences": len(dev)},
        }
        self._engine = engine or engines.kernels(notice)
        self._threads = max(1, min(threads, self.recipe.shards))
        self._spaces = [Workspace() for _ in range(self.recipe.shards)]

    def run(self) -> Generator[Step | Epoch, None, None]:
        """Train until the epochs or the patience are used up, or the caller leaves the loop.

        `model` holds the best weights so far; if no epoch was finished, the latest ones once the generator is closed.
        """
        recipe, model = self.recipe, self.model
        P = model.network.initial(np.random.default_rng([recipe.seed, 1]))
        model.parameters.flat[:] = P.flat
        batches = -(-len(self._lengths) // recipe.batch)
        optimiser = Optimiser(self._engine, P, recipe, recipe.epochs * batches)
        averaged = Model(model.spec, model.scheme, model.tags, model.lexicon.vocabularies, optimiser.averaged)
        tagger = Tagger(averaged, self._threads, engine=self._engine)
        gradients = [P.like() for _ in range(recipe.shards)]
        best, patience, began = None, recipe.patience, time.perf_counter()
        try:
            for epoch in range(1, recipe.epochs + 1):
                steps = yield from self._epoch(epoch, batches, optimiser, gradients)
                scores = self._judge(tagger)
                reached = (scores.overall.f1, scores.accuracy)
                better = best is None or reached > best
                if better:
                    best, patience = reached, recipe.patience
                    model.parameters.flat[:] = optimiser.averaged.flat
                    model.record |= {"epoch": epoch, "f1": reached[0], "accuracy": reached[1]}
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
                    return
        except SpecError as error:
            if best is None:
                raise
            self.warnings.append(f"{error.fact}; kept is the best model before that")
        finally:
            if best is None:
                model.parameters.flat[:] = optimiser.averaged.flat

    def _epoch(
        self, epoch: int, batches: int, optimiser: Optimiser, gradients: list[Parameters]
    ) -> Generator[Step, None, list[Step]]:
        """One pass over the training set; what it yielded is also its result."""
        losses, tokens, used, began, steps = 0.0, 0, 0, time.perf_counter(), []
        with ThreadPoolExecutor(self._threads) as pool:
            for number, chosen in enumerate(self._shuffled(epoch), 1):
                loss = self._gradient(pool, optimiser.P, gradients, chosen, (epoch, number))
                norm = optimiser.step(gradients[0])
                count = int(self._lengths[chosen].sum())
                tokens += count
                if math.isfinite(norm):
                    losses, used = losses + loss, used + count
                speed = tokens / (time.perf_counter() - began)
                steps.append(Step(epoch, self.recipe.epochs, number, batches, losses / max(used, 1), norm, speed))
                yield steps[-1]
        return steps

    def _judge(self, tagger: Tagger) -> Scores:
        """Scores on dev."""
        predicted = tagger.tags([sentence.tokens for sentence in self._dev])
        return score([sentence.tags or [] for sentence in self._dev], predicted, self.model.scheme)

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
        self,
        pool: ThreadPoolExecutor,
        P: Parameters,
        gradients: list[Parameters],
        chosen: np.ndarray,
        moment: tuple[int, int],
    ) -> float:
        """The loss of a batch, summed; the gradient of its mean over sentences goes to gradients[0].

        The batch is always cut into the same shards and their gradients are added in the same order, so the sum
        does not depend on how many threads there are.
        """
        shards = self.recipe.shards

        @np.errstate(over="ignore", invalid="ignore")  # the optimiser sees what is not finite, and tells
        def work(shard: int) -> float:
            sentences = chosen[shard::shards]
            if not len(sentences):
                gradients[shard].flat[:] = 0.0
                return 0.0
            rng = np.random.default_rng([self.recipe.seed, 3, *moment, shard])
            batch = Batch(self._lengths[sentences])
            rows = batch.gather(self._starts[sentences])
            ids = self._ids[rows]
            words = ids[:, self._word]
            words[rng.random(len(words), np.float32) < self._rare[words]] = UNKNOWN
            return self.model.network.loss(
                self._engine,
                P,
                gradients[shard],
                batch,
                ids,
                self._gold[rows],
                1.0 / len(chosen),
                self._spaces[shard],
                Noise(rng, self.recipe.dropout),
            )

        losses = list(pool.map(work, range(shards)) if self._threads > 1 else map(work, range(shards)))
        for gradient in gradients[1:]:
            gradients[0].flat += gradient.flat
        return sum(losses)


def _tags(train: list[Sentence], scheme: Scheme) -> list[str]:
    """Every tag of the training set, in order of appearance; a scheme of spans always knows O."""
    tags = dict.fromkeys(["O"] if scheme.prefixes else [])
    for sentence in train:
        tags.update(dict.fromkeys(sentence.tags or ()))
    return list(tags)
