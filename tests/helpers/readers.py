"""Inputs read from memory, whole, byte by byte, and with slips in them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Certainty, Sentence
from rnntag.errors import CorpusError
from rnntag.formats import Reading

BIO = SCHEMES["bio"]
SLIPS = ["\t", "\n", "\r\n", " ", "#", "# ", "[", "](", ")", "\\", "-", ".", ";", "0", "9" * 12, "T", "_", "|", "="]
SLIPS += ["", "\ufeff", "# global.columns = ", "# text = ", "SpaceAfter=No", "é", "北", "😀", "\u2028", "\x00", "\x0c"]
BROKEN = [b"\xff", b"\xed\xa0\x80"]  # no UTF-8


class Trickle(io.BytesIO):
    """A pipe that hands over a few bytes at a time."""

    def __init__(self, data: bytes, step: int = 1) -> None:
        super().__init__(data)
        self.step = step

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(self.step)


def read(data: str | bytes, format: str, step: int = 1 << 18, **reading: Any) -> list[Sentence]:
    """The sentences of an input that is called ``case``, of which so many bytes arrive at a time."""
    stream = Trickle(data.encode() if isinstance(data, str) else data, step)
    return [sentence for burst in formats.read(stream, "case", format, Reading(**reading)) for sentence in burst]


def fault(data: str | bytes, format: str, **reading: Any) -> str:
    """What is said of an input that cannot be read."""
    with pytest.raises(CorpusError) as caught:
        read(data, format, **reading)
    return str(caught.value)


def written(sentences: Sentence | list[Sentence], format: str, scheme: str = "bio") -> str:
    return formats.write([sentences] if isinstance(sentences, Sentence) else sentences, format, SCHEMES[scheme])


def write_fault(sentence: Sentence, format: str, scheme: str = "bio") -> str:
    with pytest.raises(CorpusError) as caught:
        written(sentence, format, scheme)
    return str(caught.value)


def facts(sentence: Sentence) -> dict[str, Any]:
    return {name: getattr(sentence, name) for name in Sentence.__slots__}


def same_at_every_cut(data: str, format: str, **reading: Any) -> None:
    """Assert that it does not matter in what pieces an input arrives."""
    whole = list(map(facts, read(data, format, **reading)))
    for step in range(1, len(data.encode()) + 1):
        assert list(map(facts, read(data, format, step, **reading))) == whole


def mutants(sample: str, count: int) -> Iterator[bytes]:
    """The sample with one to five slips, the same ones each time; some are no longer UTF-8."""
    chance = random.Random(sample)
    for _ in range(count):
        data = sample.encode()
        for _ in range(chance.randint(1, 5)):
            start = chance.randrange(len(data) + 1)
            end = min(len(data), start + chance.choice((0, 0, 1, 1, 2, 7, 40)))
            other = chance.randrange(len(data) + 1)
            new = chance.choice(
                (*(slip.encode() for slip in SLIPS), data[other : other + 20], b"\xff", b"\xed\xa0\x80")
            )
            data = data[:start] + new + data[end:]
        yield data


def survives(attempt: Callable[..., object], *arguments: Any, **reading: Any) -> bool:
    """Whether something can be done; that it cannot is told by a CorpusError with its place, and by nothing else."""
    try:
        attempt(*arguments, **reading)
    except CorpusError as error:
        told = error
    else:
        return True
    assert told.fact
    assert told.where
    return False


def make_folder(path: Path, files: dict[str, str]) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / name).write_bytes(text.encode())
    return path


def read_folder(path: Path, format: str, **reading: Any) -> list[Sentence]:
    return [sentence for burst in formats.read_path(path, format, Reading(**reading)) for sentence in burst]


def folder_fault(path: Path, format: str, **reading: Any) -> str:
    """What is said of a folder that cannot be read, without where that lies."""
    with pytest.raises(CorpusError) as caught:
        read_folder(path, format, **reading)
    return str(caught.value).replace(f"{path}/", "")


def certain(tags: list[str], **others: Any) -> Certainty:
    """The certainty of two tags at most, and of one span."""
    return Certainty(0.478113, [0.991234, 0.4821904][: len(tags)], [0.5], **others)
