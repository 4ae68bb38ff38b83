"""Epochs as a generator of reports; early stop; the best weights kept.

Whoever draws is the caller, and stopping is leaving the loop: the best model so far is there at any time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from functools import partial

import numpy as np

from rnntag.arrays import engine as engines
from rnntag.arrays.engine import Engine
from rnntag.arrays.parameters import LANES, Parameters
from rnntag.arrays.ragged import Array, windows
from rnntag.arrays.workspace import Workspace
from rnntag.corpora.splits import cut_by_characters, texts
from rnntag.corpora.vector_files import Vectors
from rnntag.corpora.warnings import checked
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.evaluation.compare import score
from rnntag.evaluation.counts import Scores
from rnntag.features import table as features
from rnntag.features.lexicon import Lexicon
from rnntag.features.neighbours import frequent_bigrams
from rnntag.features.table import CHARACTERS, VECTOR
from rnntag.features.vocabulary import UNKNOWN, Vocabulary
from rnntag.model.model import Model
from rnntag.model.record import Record
from rnntag.network.inputs import Gold, Inputs, Noise, Reach, Tokens
from rnntag.network.losses import Objective
from rnntag.network.run import Run
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import is_punctuation, puts_marks
from rnntag.punctuation.task import Task
from rnntag.tagging.tagger import Tagger
from rnntag.training.calibration import calibrated, tune_outside_bias
from rnntag.training.optimiser import Optimiser
from rnntag.training.recipe import Recipe, settled
from rnntag.training.reports import Epoch, Step
from rnntag.training.sampler import Carried, Chosen, Sentences, Streams
from rnntag.training.shards import Prepared, Shard
from rnntag.training.training_set import STEPS, corpus_record, learned_intent


class Trainer:
    """Trains one model.

    train, dev  tagged sentences, none empty
    scheme      None: recognised from the tags of train
    threads     shards of a batch worked on at the same time; the weights do not depend on it
    vectors     pretrained ones, which become a feature beside those of the spec
    task        what ordinary text taught, if that is where the sentences come from

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
        task: Task | None = None,
    ) -> None:
        scheme, tags, self.warnings = checked(train, dev, scheme)
        self._dev, spec, recipe = dev, spec or Spec(), recipe or Recipe()
        if recipe.bptt < 0:
            runs_on = spec.recurs and (task is not None or is_punctuation(tags))
            recipe = replace(recipe, bptt=STEPS if runs_on else 0)
        if recipe.bptt and scheme.prefixes:
            raise SpecError(
                "running text (--bptt) is for tags of single tokens, but these are spans", hint="leave it out"
            )
        if recipe.bptt and not spec.recurs:
            raise SpecError("--bptt is for cells that recur", hint="leave it out, or take --cell lstm")
        if spec.features == features.AUTO:
            marks = puts_marks(tags, task.marks if task else None)
            spec = replace(spec, features=features.fitting(train, spec.direction == "forward", spec.look_ahead, marks))
        vocabularies = {name: Vocabulary() for name in spec.features}
        if set(features.BIGRAMS) & vocabularies.keys():
            frequent = frequent_bigrams(sentence.tokens for sentence in train)
            vocabularies |= {
                name: Vocabulary(frequent, frozen=True) for name in features.BIGRAMS if name in vocabularies
            }
        if features.OWN in vocabularies:
            if "word" not in vocabularies:
                raise SpecError(f"the feature '{features.OWN}' goes with 'word'", hint="--features word,own")
            vocabularies[features.OWN] = vocabularies["word"]  # the same words under the same ids
        self._vectors = vectors
        if vectors:
            others = [name for name in spec.features if name != VECTOR]
            spec = replace(spec, features=(*others, VECTOR), vectors=vectors.table.shape[1])
            vocabularies = {**vocabularies, VECTOR: Vocabulary(vectors.words, frozen=True)}
        lexicon = Lexicon(vocabularies)
        pieces = texts(train) if recipe.bptt else [[sentence] for sentence in train]
        pad = [lexicon.shown.end()] * spec.look_ahead
        keys: list[str] = []
        for text in pieces:
            keys += [key for sentence in text for key in lexicon.shown.keys(sentence)] + pad
        for sentence in dev:  # what is missing is told now, not after the first epoch
            lexicon.shown.keys(sentence)
        self._types = lexicon.numbers(keys)
        self._lexicon = lexicon
        for vocabulary in lexicon.vocabularies.values():
            vocabulary.frozen = True
        meant = [learned_intent(sentence, recipe.intents) for sentence in train]
        intents = list(dict.fromkeys(intent for intent in meant if intent is not None))
        if len(intents) < 2 or recipe.bptt:  # nothing to tell apart, or text in which no utterance ends
            intents = []
        self.model = Model(spec, scheme, tags, lexicon.vocabularies, intents)
        numbers = {tag: number for number, tag in enumerate(tags)}
        self._tags = np.full(len(keys), -1)
        lengths = np.array([sum(map(len, text)) for text in pieces], np.int64)
        own = np.arange(lengths.sum()) + len(pad) * np.repeat(np.arange(len(lengths)), lengths)
        self._tags[own] = [numbers[tag] for sentence in train for tag in sentence.tags or ()]
        known: dict[str | None, int] = {intent: number for number, intent in enumerate(intents)}
        self._intents = np.array([known.get(intent, -1) for intent in meant], np.int64)
        tokens, cuts = int(lengths.sum()), -(-lengths // (recipe.bptt or lengths))
        self.recipe = recipe = settled(recipe, int(cuts.sum()), tokens)
        self._source: Sentences | Streams
        if recipe.bptt:
            beyond = recipe.context if "backward" in spec.directions else 0
            self._source = Streams(lengths, len(pad), recipe.bptt, beyond, recipe.batch)
        else:
            self._source = Sentences(lengths, len(pad), recipe.batch)
        self._positional = lexicon.positional_ids(self._types, lengths + len(pad), len(pad))
        self._tables = list(self.model.network.tables)
        self._rare: dict[int, Array] = {}  # of a feature's column: how probably each id is shown as unknown
        for name in ("word", *features.POSITIONAL):
            if name in self._tables:
                column = self.model.network.columns[name]
                shown = lexicon.types[self._types[own]]
                self.model.network.write_positional(
                    shown, None if self._positional is None else self._positional[own + len(pad)]
                )
                counts = np.bincount(shown[:, column], minlength=len(lexicon.vocabularies[name]))
                often = recipe.word_dropout
                self._rare[column] = (often / (often + np.maximum(counts, 1))).astype(np.float32)
        self.model.record = Record(
            recipe=asdict(self.recipe),
            train={**corpus_record(train), "tokens": tokens},
            dev=corpus_record(dev),
            characters=cut_by_characters(train),
            lower=all(token == token.lower() for sentence in train for token in sentence.tokens),
            task=task,
        )
        self._engine = engine or engines.kernels(notice)
        self._threads = max(1, min(threads, self.recipe.shards))
        self._places = np.zeros(max(map(len, lexicon.vocabularies.values())), np.int32)
        self._spaces = [Workspace() for _ in range(recipe.shards)]
        units = [layer.units for layer in self.model.network.layers]
        streams = 2 * -(-recipe.batch // recipe.shards)  # of a shard, and their twins
        self._carried = [Carried(units, streams) for _ in range(recipe.shards)]

    def run(self) -> Generator[Step | Epoch, None, None]:
        """Train until the epochs or the patience are used up, or the caller leaves the loop.

        `model` holds the best weights so far; if no epoch was finished, the latest ones once the generator is closed.
        """
        recipe, model = self.recipe, self.model
        P = model.network.initial(np.random.default_rng([recipe.seed, 1]))
        if self._vectors:
            P["embedding.vector"][1:] = _scaled(self._vectors.table)
        model.parameters.flat[:] = P.flat
        batches = self._source.updates
        optimiser = Optimiser(self._engine, P, recipe, recipe.epochs * batches, tables=len(self._tables))
        vocabularies = model.lexicon.vocabularies
        averaged = Model(
            model.spec, model.scheme, model.tags, vocabularies, model.intents, [optimiser.averaged], model.record
        )
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
                    model.record = replace(model.record, epoch=epoch, figures=scores.figures())
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
        if (
            model.record.runs_on
            and best is not None
            and "O" in model.tags
            and tune_outside_bias(model, self._dev, self._engine)
        ):
            scores = self._judge(Tagger(model, self._threads, engine=self._engine))
            model.record = replace(model.record, figures=scores.figures())
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

    def _prepared(self, epoch: int) -> Iterator[Prepared]:
        """The epoch's batches, cut into shards and their tokens numbered among those of the batch.

        A batch is always cut into the same shards and their gradients are added in the same order, so the sum does
        not depend on how many threads there are.
        """
        recipe, columns = self.recipe, self.model.network.columns
        updates = self._source.epoch(np.random.default_rng([recipe.seed, 2, epoch]))
        for number, chosen in enumerate(updates, 1):
            shards: list[Shard] = []
            for part in range(min(recipe.shards, len(chosen.starts))):
                rng = np.random.default_rng([recipe.seed, 3, epoch, number, part])
                own = chosen.number % recipe.shards == part if recipe.bptt else slice(part, None, recipe.shards)
                shards.append(self._shard(part, chosen.of(own), 1.0 / len(chosen.starts), rng))
            rows = {}
            for name in self._tables:
                column = columns[name]
                touched = np.unique(np.concatenate([shard.tokens.ids[:, column] for shard in shards]))
                self._places[touched] = np.arange(len(touched))
                for shard in shards:
                    shard.tokens.ids[:, column] = self._places[shard.tokens.ids[:, column]]
                rows[f"embedding.{name}"] = touched.astype(np.int64)
            yield Prepared(shards, rows)

    def _shard(self, part: int, chosen: Chosen, share: float, rng: np.random.Generator) -> Shard:
        """Some sentences, longest first; rare words are now and then shown as unknown."""
        recipe, network = self.recipe, self.model.network
        twins = recipe.consistency > 0
        streams = chosen.number // recipe.shards
        if twins:
            chosen, share = chosen.of(np.repeat(np.arange(len(chosen.starts)), 2)), share / 2
            streams = 2 * np.repeat(streams, 2) + np.arange(len(chosen.starts)) % 2
        found = windows(chosen.lengths, chosen.beyond, network.spec.look_ahead)
        batch, order = found.seen, found.order
        places = batch.gather(chosen.starts[order])
        types = self._types[places]
        ids = self._lexicon.types[types]
        network.write_positional(ids, None if self._positional is None else self._positional[places])
        for column, rare in self._rare.items():
            shown = ids[:, column]
            shown[rng.random(len(shown), np.float32) < rare[shown]] = UNKNOWN
        if spelled := self._lexicon.spelled(types):
            ids[:, network.columns[CHARACTERS]] = spelled.place
        intents = np.full(len(order), -1) if recipe.bptt else self._intents[chosen.number]
        gold = Gold(self._tags[found.own.gather(chosen.starts)], intents, twins)
        reach = Reach(found, [], bool(recipe.bptt)) if recipe.bptt or network.spec.look_ahead else None
        noise = Noise(rng, recipe.dropout)
        return Shard(part, batch, Tokens(ids, spelled), gold, share, noise, reach, streams[order], chosen.begins[order])

    @np.errstate(over="ignore", invalid="ignore")  # the optimiser sees what is not finite, and tells
    def _gradient(self, P: Parameters, tables: dict[str, Array], shard: Shard) -> tuple[tuple[float, int], Parameters]:
        """A shard's loss, summed, its tokens, and its part of the gradient of the batch's mean over sentences.

        It sees a network whose tables have only the rows that the batch touches.
        """
        network, space = self.model.network, self._spaces[shard.number]
        shapes = P.shapes | {name: table.shape for name, table in tables.items()}
        rows = sum(-(-math.prod(shape) // LANES) for shape in shapes.values())
        G = Parameters(shapes, memory=space("gradient", rows, LANES))
        G.before(len(tables))[:] = 0.0  # what stands between two tables counts in the norm
        number, batch, tokens, gold, scale, noise, reach, streams, begins = shard
        if reach and reach.running:
            reach = reach._replace(before=self._carried[number].before(streams, begins))
        run, objective = Run(self._engine, P.replacing(tables), G, space), Objective(scale, self.recipe.consistency)
        loss = network.loss(run, Inputs(batch, tokens, reach), gold, objective, noise)
        if reach and reach.running:
            self._carried[number].keep(streams, loss.after)
        return (loss.value, len(gold.tags)), G


def _scaled(table: Array) -> Array:
    """Pretrained vectors as large as those that are learned: files differ in this by a factor of a hundred."""
    return table / max(float(np.sqrt(np.square(table, dtype=np.float64).sum(axis=1).mean())), 1e-30)
