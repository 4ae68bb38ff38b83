"""What a model is, how it was trained and what it scored: as a dictionary for JSON, and in words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from textwrap import wrap

from rnntag.model.model import Model
from rnntag.model.record import Record
from rnntag.punctuation.marks import puts_marks

WIDTH = 100  # characters of a list of names
INDENT = 13  # of texts behind their names
NARROW = 60  # columns below which a text stands below its name
CHARACTERS = "is cut into words, marks and single characters of scripts without spaces"
FIGURES = {
    "f1": "F1",
    "accuracy": "token accuracy",
    "intent_accuracy": "intent accuracy",
    "utterance_accuracy": "utterance accuracy",
}


def as_dict(model: Model, path: str | os.PathLike[str]) -> dict[str, object]:
    """All there is to say of a model, for JSON; ``path`` is its file."""
    return {
        "path": os.fspath(path),
        "bytes": os.path.getsize(path),
        "fingerprint": model.fingerprint(),
        "network": asdict(model.spec),
        "parameters": _weights(model),
        "members": len(model.members),
        "vocabularies": _vocabularies(model),
        "scheme": model.scheme.name,
        "labels": model.labels,
        "tags": model.tags,
        "intents": model.intents,
        "temperatures": model.temperatures._asdict(),
        "record": model.record.as_dict(),
    }


def as_text(model: Model, path: str | os.PathLike[str], width: int | None = None) -> str:
    """A model described in lines for a person; of long lists the first names and the number of all.

    width  columns of the terminal, in which longer lines go on below; None: lines of any length
    """
    size = f"{os.path.getsize(path) / 1e6:.1f} MB"
    temperatures = model.temperatures
    lines = [
        ("model", f"{os.fspath(path)} ({size}, fingerprint {model.fingerprint()})"),
        ("network", _network(model)),
        ("weights", f"{_weights(model):,}"),
        ("features", ", ".join(f"{name} ({count:,})" for name, count in _vocabularies(model).items())),
        ("scheme", model.scheme.name),
        ("labels", _listed(model.labels)),
    ]
    if model.intents:
        lines.append(("intents", _listed(model.intents)))
    lines += [("raw text", raw_text(model)), *_training(model.record)]
    intents = f", of intents {temperatures.intents:.2f}" if model.intents else ""
    lines.append(("temperature", f"of tags {temperatures.tags:.2f}{intents}"))
    return "".join(_fitted(name, text, width) for name, text in lines)


def _fitted(name: str, text: str, width: int | None) -> str:
    """A name and its text, in as many lines as they need."""
    line = f"{name:<{INDENT}}{text}"
    if width is None or len(line) <= width:
        return f"{line}\n"
    indent = INDENT if width >= NARROW else 2
    pieces = wrap(text, width - indent, break_on_hyphens=False, break_long_words=False)
    if indent < INDENT:
        return "".join(f"{each}\n" for each in (name, *(f"{' ' * indent}{piece}" for piece in pieces)))
    names = [name, *[""] * (len(pieces) - 1)]
    return "".join(f"{each:<{INDENT}}{piece}\n" for each, piece in zip(names, pieces, strict=True))


def raw_text(model: Model) -> str:
    """How raw text is cut into tokens for a model."""
    record = model.record
    if record.reads(model.tags):
        return "is cut into words, and its marks are left out" if puts_marks(model.tags, record.marks) else CHARACTERS
    right = "" if record.cut_right is None else f" ({record.cut_right:.1f} % of the tokens of dev are found)"
    if model.tokeniser:
        return f"is cut as the corpus was, which was learned{right}"
    return f"{CHARACTERS if record.characters else 'is cut at white space'}{right}"


def _weights(model: Model) -> int:
    """The number of weights of all members."""
    return sum(member.flat.size for member in model.members)


def _vocabularies(model: Model) -> dict[str, int]:
    """How many strings each feature knows, besides the unknown one; of a list, how many names it has."""
    return {name: len(known.entries) for name, known in model.lexicon.vocabularies.items()}


def _network(model: Model) -> str:
    """The network in a line."""
    spec, members = model.spec, len(model.members)
    cells = {"lstm": "LSTM", "rnn": "simple recurrent network", "window": f"window of {spec.window} words"}
    reads = {"both": "both ways", "forward": "left to right", "backward": "right to left"}[spec.direction]
    if words := spec.look_ahead:
        reads += f", waits for {words} word{'s' * (words > 1)}"
    layers = f"{spec.layers} layer{'s' * (spec.layers > 1)} of {spec.hidden} units"
    averaged = f", {members} members averaged" if members > 1 else ""
    return f"{cells[spec.cell]}, {reads}, {layers}, {spec.decoder}{averaged}"


def _training(record: Record) -> Iterator[tuple[str, str]]:
    """What is known of the training: task, corpus, settings and scores, each as its name and its text."""
    if task := record.task:
        marks, case = str(task.marks or "") or "the usual marks", ", capitals" if task.case else ""
        yield "task", f"punctuation, {marks}{case}" if task.name == "punctuation" else task.name
    if record.tag_marks:
        yield "marks", str(record.tag_marks)
    if train := record.train:
        yield "trained on", f"{train['sentences']:,} sentences, {train['tokens']:,} tokens (corpus {train['corpus']})"
        seeds = ", ".join(map(str, record.seeds)) or record.recipe.get("seed")
        epoch = f", best epoch {record.epoch}" if record.epoch is not None else ""
        yield "training", f"seed {seeds}, batch {record.recipe.get('batch')}{epoch}"
    if record.base:
        old = record.replay
        share = f"{100 * record.recipe.get('replay_share', 0):.0f} % of {old['sentences']:,} sentences" if old else ""
        yield "base", record.base + (f", and {share} an epoch (corpus {old['corpus']})" if old else "")
    if scores := [f"{name} {record.figures[key]:.2f}" for key, name in FIGURES.items() if key in record.figures]:
        dev = record.dev
        where = f" on {dev['sentences']:,} dev sentences (corpus {dev['corpus']})" if dev else ""
        yield "scores", ", ".join(scores) + where


def _listed(names: list[str]) -> str:
    """How many names there are, and as many of them as go into a line."""
    line = ""
    for number, name in enumerate(names):
        if line and len(line) + len(name) > WIDTH:
            return f"{len(names)}: {line}and {len(names) - number} more"
        line += f"{name}, "
    return f"{len(names)}: {line.removesuffix(', ')}"
