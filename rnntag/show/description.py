"""What a model is, how it was trained and what it scored, in words and as a dictionary."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from rnntag.model.model import Model

WIDTH = 100
FIGURES = {
    "f1": "F1",
    "accuracy": "token accuracy",
    "intent_accuracy": "intent accuracy",
    "utterance_accuracy": "utterance accuracy",
}


def description(model: Model, path: str | os.PathLike[str]) -> dict[str, Any]:
    """All there is to say of a model, as JSON can hold it; ``path`` is where it lies."""
    labels = {span.label: None for tag in model.tags for span in model.scheme.spans([tag])}
    return {
        "path": os.fspath(path),
        "bytes": os.path.getsize(path),
        "fingerprint": model.fingerprint(),
        "network": asdict(model.spec),
        "parameters": sum(member.flat.size for member in model.members),
        "members": len(model.members),
        "vocabularies": {name: len(known) - 1 for name, known in model.lexicon.vocabularies.items()},
        "scheme": model.scheme.name,
        "labels": list(labels),
        "tags": model.tags,
        "intents": model.intents,
        "temperatures": model.temperatures._asdict(),
        "record": model.record.as_dict(),
    }


def as_text(found: dict[str, Any]) -> str:
    """A description in lines for a person; of long lists the first and the number of all."""
    network, record = found["network"], found["record"]
    lines = [("model", f"{found['path']} ({found['bytes'] / 1e6:.1f} MB, fingerprint {found['fingerprint']})")]
    layers = f"{network['layers']} layer{'s' * (network['layers'] > 1)} of {network['hidden']} units"
    reads = {"both": "both ways", "forward": "left to right", "backward": "right to left"}[network["direction"]]
    cells = {"lstm": "LSTM", "rnn": "simple recurrent network", "window": f"window of {network['window']} words"}
    members = f", {found['members']} members averaged" if found["members"] > 1 else ""
    if words := network["look_ahead"]:
        reads += f", waits for {words} word{'s' * (words > 1)}"
    lines += [
        ("network", f"{cells[network['cell']]}, {reads}, {layers}, {network['decoder']}{members}"),
        ("weights", f"{found['parameters']:,}"),
        ("features", ", ".join(f"{name} ({count:,})" for name, count in found["vocabularies"].items())),
        ("scheme", found["scheme"]),
        ("labels", _listed(found["labels"])),
    ]
    if found["intents"]:
        lines.append(("intents", _listed(found["intents"])))
    if task := record.get("task"):
        marks, case = task["marks"] or "the usual marks", ", capitals" if task["case"] else ""
        lines.append(("task", f"punctuation, {marks}{case}" if task["name"] == "punctuation" else task["name"]))
    if train := record.get("train"):
        recipe = record.get("recipe", {})
        size = f"{train['sentences']:,} sentences, {train['tokens']:,} tokens (corpus {train['corpus']})"
        lines.append(("trained on", size))
        seeds = record.get("seeds") or [recipe.get("seed")]
        epoch = f", best epoch {record['epoch']}" if "epoch" in record else ""
        lines.append(("training", f"seed {', '.join(map(str, seeds))}, batch {recipe.get('batch')}{epoch}"))
    if scores := [f"{name} {record[key]:.2f}" for key, name in FIGURES.items() if key in record]:
        dev = record.get("dev", {})
        where = f" on {dev['sentences']:,} dev sentences (corpus {dev['corpus']})" if dev else ""
        lines.append(("scores", ", ".join(scores) + where))
    temperatures = found["temperatures"]
    intents = f", of intents {temperatures['intents']:.2f}" if found["intents"] else ""
    lines.append(("temperature", f"of tags {temperatures['tags']:.2f}{intents}"))
    return "".join(f"{name:<13}{text}\n" for name, text in lines)


def _listed(names: list[str]) -> str:
    """Names in a line, as many as it holds, and how many there are."""
    line = ""
    for number, name in enumerate(names):
        if line and len(line) + len(name) > WIDTH:
            return f"{len(names)}: {line}and {len(names) - number} more"
        line += f"{name}, "
    return f"{len(names)}: {line.removesuffix(', ')}"
