"""What a process and those that train for it say to each other, as bytes: a job, epochs, an end.

A message is a line of JSON that names its parts and how many bytes each has, and then these bytes. Nothing of it is run
when it is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import IO, Any, NamedTuple

import numpy as np

from rnntag import errors
from rnntag.arrays.ragged import Array
from rnntag.corpora.vector_files import Vectors
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import RnntagError
from rnntag.features.gazetteer import Gazetteer
from rnntag.model.file import model_bytes, model_of
from rnntag.model.model import Model
from rnntag.network.spec import Spec, from_dict
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Epoch

# Of a sentence, all that a training and its messages look at.
LEARNED = ("tokens", "tags", "rows", "comments", "source", "line", "intent", "text", "offsets", "lines")
SETTINGS, TRAIN, DEV, REPLAY, TABLE, BASE = "settings", "train", "dev", "replay", "table", "base"  # parts of a job
EPOCH, MODEL, WARNINGS, FAULT = "epoch", "model", "warnings", "fault"  # parts of what is answered

CHUNK = 1 << 16  # bytes that are read at a time: what a pipe holds

Parts = Mapping[str, bytes | memoryview]
Received = Mapping[str, bytearray]


class Ended(NamedTuple):
    """A training at its end: its model, and what it had to say of itself."""

    model: Model
    warnings: list[str]


def write(stream: IO[bytes], parts: Parts) -> None:
    """Write a message and let it go. Raises OSError where nobody reads any longer."""
    line = json.dumps({name: len(part) for name, part in parts.items()}) + "\n"
    for part in (line.encode(), *parts.values()):
        left = memoryview(part)
        while left:  # a pipe without a buffer takes a part of it
            left = left[stream.write(left) :]
    stream.flush()


def read(stream: IO[bytes]) -> dict[str, bytearray]:
    """The parts of the next message. Raises EOFError where the stream ends before the message does."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    return {name: _exactly(stream, size) for name, size in json.loads(line).items()}


def _exactly(stream: IO[bytes], size: int) -> bytearray:
    """So many bytes. Raises EOFError where there are less."""
    found = bytearray()
    while len(found) < size:
        part = stream.read(min(size - len(found), CHUNK))  # a pipe without a buffer gives what is there
        if not part:
            raise EOFError
        found += part
    return found


def of_job(job: Job) -> Parts:
    """A job as the parts of a message. Its sentences are without what only those who write them want."""
    settings = {
        "spec": asdict(job.spec),
        "recipe": asdict(job.recipe),
        "scheme": job.scheme.name if job.scheme else None,
        "task": job.task.as_dict() if job.task else None,
        "tag_marks": str(job.tag_marks) if job.tag_marks else None,
        "strict": job.strict,
        "gazetteers": {name: own.phrases for name, own in job.gazetteers.items()},
        "vectors": [job.vectors.words, job.vectors.table.shape] if job.vectors else None,
    }
    parts: dict[str, bytes | memoryview] = {SETTINGS: _bytes(settings)}
    parts |= {TRAIN: _corpus(job.train), DEV: _corpus(job.dev), REPLAY: _corpus(job.replay)}
    if job.vectors:
        parts[TABLE] = job.vectors.table.reshape(-1).view(np.uint8).data
    if job.base:
        parts[BASE] = model_bytes(job.base)
    return parts


def job_of(parts: Received) -> Job:
    """The job that `of_job` made parts of."""
    known = _document(parts[SETTINGS])
    return Job(
        train=_sentences(parts[TRAIN]),
        dev=_sentences(parts[DEV]),
        spec=from_dict(Spec, known["spec"]),
        recipe=from_dict(Recipe, known["recipe"]),
        scheme=known["scheme"] and SCHEMES[known["scheme"]],
        vectors=known["vectors"] and _vectors(known["vectors"], parts[TABLE]),
        task=known["task"] and Task.from_dict(known["task"]),
        tag_marks=known["tag_marks"] and Marks.parse(known["tag_marks"]),
        strict=known["strict"],
        gazetteers={name: Gazetteer(phrases) for name, phrases in known["gazetteers"].items()},
        base=model_of(parts[BASE]) if BASE in parts else None,
        replay=_sentences(parts[REPLAY]),
    )


def of_epoch(epoch: Epoch) -> Parts:
    """An epoch as the parts of a message."""
    return {EPOCH: _bytes(epoch.stored())}


def of_end(ended: Ended) -> Parts:
    """A training at its end as the parts of a message."""
    return {WARNINGS: _bytes(ended.warnings), MODEL: model_bytes(ended.model)}


def of_fault(fault: RnntagError) -> Parts:
    """What went wrong as the parts of a message."""
    told = {name: getattr(fault, name) for name in ("where", "quote", "hint")}
    return {FAULT: _bytes([type(fault).__name__, fault.fact, told])}


def answer_of(parts: Received) -> Epoch | Ended | RnntagError:
    """What `of_epoch`, `of_end` or `of_fault` made parts of."""
    if EPOCH in parts:
        return Epoch.from_stored(_document(parts[EPOCH]))
    if MODEL in parts:
        return Ended(model_of(parts[MODEL]), _document(parts[WARNINGS]))
    kind, fact, told = _document(parts[FAULT])
    told["quote"] = [(number, text) for number, text in told["quote"]]
    fault: RnntagError = getattr(errors, kind)(fact, **told)
    return fault


def _corpus(sentences: Sequence[Sentence]) -> bytes:
    return _bytes([[getattr(sentence, name) for name in LEARNED] for sentence in sentences])


def _sentences(data: bytearray) -> list[Sentence]:
    found = [Sentence(**dict(zip(LEARNED, each, strict=True))) for each in _document(data)]
    for sentence in found:
        sentence.comments = tuple(sentence.comments)
        if sentence.offsets is not None:
            sentence.offsets = [(start, end) for start, end in sentence.offsets]
    return found


def _vectors(known: tuple[list[str], Sequence[int]], data: bytearray) -> Vectors:
    words, shape = known
    table: Array = np.frombuffer(data, np.float32).reshape(shape)
    return Vectors(words, table)


def _bytes(document: object) -> bytes:
    """A document as JSON; lone surrogates, which a file of any encoding may bring, are not lost."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _document(data: bytearray) -> Any:
    return json.loads(str(data, "utf-8", "surrogatepass"))
