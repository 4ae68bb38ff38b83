"""What settles every byte of a model: data, settings, version and machine, by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rnntag.arrays import engine as engines
from rnntag.data.sentence import Sentence
from rnntag.training.job import Job
from rnntag.version import __version__

Identity = dict[str, Any]


def identity(job: Job) -> Identity:
    """The identity of a job whose corpora were checked, on this machine: as JSON can hold it."""
    settings = asdict(job.spec) | asdict(job.recipe)
    settings |= {"scheme": job.scheme.name if job.scheme else None, "task": job.task and job.task.as_dict()}
    data: dict[str, Any] = {"train": _corpus(job.train), "dev": _corpus(job.dev)}
    if job.vectors:
        data["vectors"] = _digest(job.vectors.words, job.vectors.table.data)
    if job.base:
        data["base"] = _digest([job.base.fingerprint(), job.base.record.as_dict()])
    if job.replay:
        data["replay"] = _corpus(job.replay)
    data |= {f"gazetteer {name}": _digest(known.entries) for name, known in job.gazetteers.items()}
    settings["marks"] = str(job.tag_marks) if job.tag_marks else None
    found: Identity = json.loads(json.dumps({"settings": settings, "data": data, "machine": _machine()}))
    return found


def differences(ours: Identity, theirs: Identity) -> list[str]:
    """In what an identity differs from an earlier one, a clause each. Raises KeyError or TypeError for what is none."""
    return [
        *(f"{name} is another one" for name in _changed(ours["data"], theirs["data"])),
        *(
            f"{name.replace('_', '-')} was {_said(theirs['settings'], name)} and is {_said(ours['settings'], name)}"
            for name in _changed(ours["settings"], theirs["settings"])
        ),
        *(
            f"{name} was {_said(theirs['machine'], name)} and is {_said(ours['machine'], name)}"
            for name in _changed(ours["machine"], theirs["machine"])
        ),
    ]


def _changed(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    """The names under which two mappings differ."""
    for name in dict.fromkeys([*ours, *theirs]):
        if ours.get(name) != theirs.get(name):
            yield name


def _said(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _machine() -> dict[str, str]:
    """What the last bits of a result depend on besides job and seed."""
    return {"rnntag": __version__, **engines.machine()}


def _corpus(sentences: Sequence[Sentence]) -> str:
    """Identify sentences by all of them that a training looks at."""
    return _digest(
        [each.tokens, each.tags, each.intent, each.rows, each.text, each.offsets, each.begins_text]
        for each in sentences
    )


def _digest(parts: Iterator[Any] | Sequence[Any], raw: bytes | memoryview = b"") -> str:
    """Sixteen hex digits of SHA-256 over some parts, each as JSON, and bytes behind them."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(json.dumps(part).encode())
    digest.update(raw)
    return digest.hexdigest()[:16]
