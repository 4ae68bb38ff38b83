"""What are lists of names worth, and what does looking names up in them cost?

    python benchmarks/gazetteers.py [FOLDER...] [--least 30] [--with OPTIONS] [--seed 1] [--models FOLDER]
                                    [--json FILE] [--smoke]

Each folder holds train.conll and dev.conll, tagged with spans; without one, it is the English sample corpus. Each label
with so many distinct values in train (--least) has a list: all of its values in train and, drawn at random, half of
those that only dev has, so that a list tells what no training could. A row is a training, a figure what `rnntag eval`
says on dev, or the share of dev's values found with their label: of those in train, those in a list alone, and those in
neither. What --with says goes to `rnntag train`; models are kept in the folder of --models, from which they are taken
the next time. Tagging and matching are timed on one thread.
"""

from __future__ import annotations

import rnntag  # first of all: it tells BLAS, which it finds unloaded, to use one thread

# isort: split
import json
import random
import shlex
import tempfile
from collections import Counter
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import click
from inside import Finder, Gazetteer, tagger
from measure import RNNTAG, SAMPLE, Clock, Rows, Tables, benchmark, corpus, run

from rnntag.data.bio import read_spans
from rnntag.data.sentence import Sentence, Span
from rnntag.formats import read_corpus

ARMS = {"no lists": (), "lists": (), "lists, none hidden in training": ("--gazetteer-dropout", "0")}
GROUPS = ("in train", "in a list alone", "in neither")


class Case(NamedTuple):
    """A corpus, and the lists of some of its labels.

    train  the distinct values of each label there
    lists  of each label that has one, values
    """

    folder: Path
    train: dict[str, set[str]]
    dev: list[Sentence]
    lists: dict[str, list[str]]

    @classmethod
    def of(cls, folder: Path, least: int, seed: int) -> Case:
        """Lists are those of labels with so many values: all of train, and half of those that only dev has."""
        train, dev = (read_corpus(folder / f"{part}.conll") for part in ("train", "dev"))
        known, there, rng, lists = values(train), values(dev), random.Random(seed), {}
        for label in sorted(known):
            if len(known[label]) >= least:
                new = sorted(there.get(label, set()) - known[label])
                lists[label] = [*sorted(known[label]), *rng.sample(new, len(new) // 2)]
        return cls(folder, known, dev, lists)

    def group(self, label: str, name: str) -> str:
        """Where a value of dev stands."""
        return GROUPS[0 if name in self.train[label] else 1 if name in self.lists[label] else 2]

    def listed(self, sentence: Sentence) -> list[Span]:
        """The gold spans of those labels that have a list."""
        return [span for span in read_spans(sentence.tags or []) if span.label in self.lists]

    def counts(self) -> dict[str, Any]:
        """How many there are of what."""
        found = Counter(self.group(span.label, value(each, span)) for each in self.dev for span in self.listed(each))
        names = sum(map(len, self.lists.values()))
        own = {f"values of dev {group}": found[group] for group in GROUPS}
        return {"corpus": self.folder.name, "lists": len(self.lists), "names": names, **own}


def values(sentences: list[Sentence]) -> dict[str, set[str]]:
    """The distinct values of each label."""
    found: dict[str, set[str]] = {}
    for sentence in sentences:
        for span in read_spans(sentence.tags or []):
            found.setdefault(span.label, set()).add(value(sentence, span))
    return found


def value(sentence: Sentence, span: Span) -> str:
    """The words of a span, in small letters."""
    return " ".join(sentence.tokens[span.start : span.end]).lower()


def trained(case: Case, models: Path, arm: str, options: list[str]) -> Path:
    """The model of a row."""
    name = case.folder.name
    model = models / f"{name}-{'-'.join(arm.replace(',', '').split())}.rnntag"
    if not model.exists():
        given = list(ARMS[arm])
        for label, names in case.lists.items() if arm != "no lists" else ():
            path = models / f"{name}-{label}.txt"
            path.write_text("\n".join(names) + "\n", encoding="utf-8")
            given += ["--gazetteer", f"{label}={path}"]
        corpora = [str(case.folder / "train.conll"), "--dev", str(case.folder / "dev.conll")]
        run([*RNNTAG, "train", *corpora, "-o", str(model), "--quiet", *given, *options])
    return model


def scored(case: Case, model: Path, clock: Clock) -> dict[str, Any]:
    """What a model finds on dev, and how fast."""
    scores = json.loads(run([*RNNTAG, "eval", "-m", str(model), "--json", str(case.folder / "dev.conll")]).output)
    ours = tagger(rnntag.load(model).model)
    found, there = Counter[str](), Counter[str]()
    for right, tagged in zip(case.dev, ours.tagged(case.dev), strict=True):
        predicted = set(read_spans(tagged.tags or []))
        for span in case.listed(right):
            group = case.group(span.label, value(right, span))
            there[group] += 1
            found[group] += span in predicted
    return {
        "F1": scores["f1"],
        **{f"{group}, % found": 100 * found[group] / max(there[group], 1) for group in GROUPS},
        "tagging, words/s": round(sum(map(len, case.dev)) / clock.seconds(lambda: ours.tagged(case.dev))),
    }


def matching(sentences: list[Sentence], names: int, words: int, clock: Clock) -> dict[str, Any]:
    """How fast names are looked up: stretches of two to four words as the text has them, in many sentences."""
    rng, text = random.Random(1), [token for sentence in sentences for token in sentence.tokens]
    drawn = {" ".join(rng.choices(text, k=rng.randint(2, 4))) for _ in range(names)}
    many, count = [], 0
    for sentence in cycle(sentences):
        many.append(sentence.tokens)
        count += len(sentence)
        if count >= words:
            break
    known = Gazetteer.of(drawn)
    finder = Finder([known])
    seconds = clock.seconds(lambda: list(map(finder.matches, many)))
    return {"names": len(known.entries), "words": count, "words/s": round(count / seconds)}


@benchmark
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--least", default=30, show_default=True, help="Distinct values in train of a label that has a list.")
@click.option("--with", "given", default="", help="Options of rnntag train, in one string.")
@click.option("--seed", default=1, show_default=True, help="Of the training, and of what is drawn for the lists.")
@click.option("--models", type=click.Path(file_okay=False, path_type=Path), help="Where models are kept.")
def main(folders: tuple[Path, ...], least: int, given: str, seed: int, models: Path | None, smoke: bool) -> Tables:
    counts: Rows = []
    scores: Rows = []
    matched: Rows = []
    options, clock, sizes, words = (
        [*shlex.split(given), "--seed", str(seed)],
        Clock(times=3),
        (1_000, 100_000),
        1_000_000,
    )
    with ExitStack() as stack:
        kept = models or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kept.mkdir(parents=True, exist_ok=True)
        if smoke:
            options, least, clock, sizes, words = ["--epochs", "1", "--hidden", "16"], 5, Clock(0.001, 1), (100,), 1_000
        for folder in folders or (SAMPLE,):
            case = Case.of(stack.enter_context(corpus(folder, smoke)), least, seed)
            counts.append(case.counts())
            for arm in ARMS:
                row = {"corpus": folder.name, "training": arm}
                scores.append(row | scored(case, trained(case, kept, arm, options), clock))
            matched += [{"corpus": folder.name} | matching(case.dev, names, words, clock) for names in sizes]
    return {"lists": counts, "scores": scores, "looking names up": matched}


if __name__ == "__main__":
    main()
