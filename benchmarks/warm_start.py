"""What does a model forget that goes on from old data to new, and what does it save?

    python benchmarks/warm_start.py [FOLDER...] [--labels 5] [--way OPTIONS]... [--seed 1] [--models FOLDER]
                                    [--json FILE] [--smoke]

Each folder holds train.conll and dev.conll, tagged with spans; without one, it is the English sample corpus. A few
labels, drawn by the seed among those that are neither rare nor frequent, are new: sentences of train with one of them
are the new data, the rest is the old. A base is trained on the old; training goes on from it on the new, without replay
and with it; and everything is trained from scratch. Each --way is a further training with replay, under those options
of `rnntag train`. None sees dev.conll, on which all are scored: old labels on those of its sentences that have no new
one, new labels on all of it. Cost is the time of the processor, against that of everything, all on one thread. Models
are kept in the folder of --models, with their times, and taken from there the next time.
"""

from __future__ import annotations

import rnntag  # first of all: it tells BLAS, which it finds unloaded, to use one thread

# isort: split
import random
import shlex
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import click
from inside import tagger
from measure import RNNTAG, SAMPLE, Rows, Tables, benchmark, corpus, run

from rnntag.data.bio import read_spans
from rnntag.data.sentence import Sentence
from rnntag.formats import read_corpus

RARE, FREQUENT = 0.005, 0.05  # shares of the sentences of train between which new labels are drawn
SPANS = 5  # a new label has in dev, at least
SMOKE = ("--epochs", "1", "--hidden", "16")


class Case(NamedTuple):
    """A corpus, parted by labels that are new.

    new       the labels
    old       files of sentences without one, and of those with one
    """

    name: str
    new: set[str]
    files: dict[str, Path]
    dev: list[Sentence]

    @classmethod
    def of(cls, folder: Path, scratch: Path, labels: int, seed: int, smoke: bool) -> Case:
        """Draw the labels and write the parts of train."""
        train, dev = (read_corpus(folder / f"{part}.conll") for part in ("train", "dev"))
        counts = Counter(label for sentence in train for label in labels_of(sentence))
        spans = Counter(span.label for sentence in dev for span in read_spans(sentence.tags or []))
        low, high, least = (0.0, 1.0, 0) if smoke else (RARE * len(train), FREQUENT * len(train), SPANS)
        known = sorted(label for label, count in counts.items() if low <= count <= high and spans[label] >= least)
        new = set(random.Random(seed).sample(known or sorted(counts)[:2], min(labels, len(known) or 2)))
        parts = {
            "old": [sentence for sentence in train if not labels_of(sentence) & new],
            "new": [sentence for sentence in train if labels_of(sentence) & new],
        }
        files = {}
        for part, sentences in parts.items():
            files[part] = scratch / f"{folder.name}-{part}.conll"
            files[part].write_text("".join(map(as_columns, sentences)), encoding="utf-8")
        return cls(folder.name, new, files, dev)

    def counts(self) -> dict[str, Any]:
        """How much of what there is."""
        sizes = {f"{part} sentences": len(read_corpus(path)) for part, path in self.files.items()}
        spans = [span for sentence in self.dev for span in read_spans(sentence.tags or [])]
        found = sum(span.label in self.new for span in spans)
        return {"corpus": self.name, **sizes, "new spans of dev": found, "new labels": ", ".join(sorted(self.new))}


def labels_of(sentence: Sentence) -> set[str]:
    """The labels of its spans."""
    return {span.label for span in read_spans(sentence.tags or [])}


def as_columns(sentence: Sentence) -> str:
    """A sentence as a file of columns has it."""
    intent = f"# intent = {sentence.intent}\n" if sentence.intent else ""
    rows = zip(sentence.tokens, sentence.tags or [], strict=True)
    return intent + "".join(f"{token}\t{tag}\n" for token, tag in rows) + "\n"


def trained(place: Path, *words: str) -> float:
    """Train unless it was done before; the seconds of the processor that it took."""
    told = place.with_suffix(".seconds")
    if not told.exists():
        done = run([*RNNTAG, "train", *words, "-o", str(place), "--threads", "1", "--quiet"])
        told.write_text(str(done.processor), encoding="utf-8")
    return float(told.read_text(encoding="utf-8"))


def scored(case: Case, place: Path) -> dict[str, float]:
    """F1 of old and of new labels, and how many intents of old sentences are right, in percent."""
    found = {kind: Counter[str]() for kind in ("old", "new")}
    intents = Counter[bool]()
    tagged = tagger(rnntag.load(place).model).tagged(case.dev)
    for right, ours in zip(case.dev, tagged, strict=True):
        gold, predicted = (set(read_spans(each.tags or [])) for each in (right, ours))
        without_new = not labels_of(right) & case.new
        for kind, counts in found.items():
            if kind == "new" or without_new:
                own, theirs = (
                    {span for span in spans if (span.label in case.new) == (kind == "new")}
                    for spans in (gold, predicted)
                )
                counts.update(both=len(own & theirs), all=len(own) + len(theirs))
        if without_new and right.intent:
            intents[ours.intent in right.intent.split("#")] += 1
    scores = {f"{kind} F1": 200 * counts["both"] / max(counts["all"], 1) for kind, counts in found.items()}
    return scores | {"old intents": 100 * intents[True] / max(intents.total(), 1)}


@benchmark
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--labels", default=5, show_default=True, help="Labels that are new.")
@click.option("--way", "ways", multiple=True, help="Options of a further training with replay, in one string.")
@click.option("--seed", default=1, show_default=True, help="Of the trainings, and of the labels that are drawn.")
@click.option("--models", type=click.Path(file_okay=False, path_type=Path), help="Where models are kept.")
def main(
    folders: tuple[Path, ...], labels: int, ways: tuple[str, ...], seed: int, models: Path | None, smoke: bool
) -> Tables:
    counts: Rows = []
    scores: Rows = []
    with ExitStack() as stack:
        kept = models or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kept.mkdir(parents=True, exist_ok=True)
        for folder in folders or (SAMPLE,):
            case = Case.of(stack.enter_context(corpus(folder, smoke)), kept, labels, seed, smoke)
            counts.append(case.counts())
            old, new = (str(case.files[part]) for part in ("old", "new"))
            base = kept / f"{case.name}-{seed}-base.rnntag"
            common = ("--seed", str(seed), *(SMOKE[:2] if smoke else ()))
            shape = SMOKE[2:] if smoke else ()
            going_on = (new, "--base", str(base), *common)
            arms = {
                "old": (base, (old, *common, *shape)),
                "everything": (None, (old, new, *common, *shape)),
                "--base": (None, going_on),
                "--base --replay": (None, (*going_on, "--replay", old)),
                **{f"--base --replay {way}": (None, (*going_on, "--replay", old, *shlex.split(way))) for way in ways},
            }
            whole = 0.0
            for arm, (own, words) in arms.items():
                place = own or kept / f"{case.name}-{seed}-{'-'.join(arm.replace('-', ' ').split())}.rnntag"
                seconds = trained(place, *words)
                whole = seconds if arm == "everything" else whole
                cost = {"seconds": round(seconds, 1), "of everything": round(seconds / whole, 2) if whole else ""}
                scores.append({"corpus": case.name, "trained": arm} | scored(case, place) | cost)
    return {"labels held out": counts, "scores": scores}


if __name__ == "__main__":
    main()
