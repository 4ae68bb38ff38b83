"""Finds train, dev and test in a folder by the names that corpora are handed on under."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from rnntag.errors import CorpusError
from rnntag.files.compressed import without_suffix
from rnntag.formats import FORMATS, guess

PARTS = {  # what each part is called: a word of the name, at its end or as its suffix
    "train": ("train", "training"),
    "dev": ("dev", "devel", "development", "valid", "validation", "val", "testa"),
    "test": ("test", "testing", "testb"),
}
WORD_OF = {word: part for part, words in PARTS.items() for word in words}
SUFFIXES = tuple(suffix for row in FORMATS.values() if not row.folder for suffix in row.suffixes)
SHOWN = 8  # names of what is there
WANTED = "train.conll, train.txt, train.tsv, train.jsonl, en-ud-train.conllu or the like, and dev or valid beside it"


class Parts(NamedTuple):
    """The parts of a corpus, as paths; None for what is not there.

    train  what is learned
    dev    what decides when to stop
    test   what is only to be scored
    """

    train: str
    dev: str | None
    test: str | None

    def told(self, model: str = "model.rnntag") -> Iterator[str]:
        """Lines that say what is used for what, and the command that scores the rest under a model of this name."""
        yield f"training on {self.train}" + (f"; {self.dev} decides when to stop" if self.dev else "")
        if self.test:
            yield f"the test set is left for: rnntag eval -m {shlex.quote(model)} {shlex.quote(self.test)}"


def is_folder_of_parts(path: str | os.PathLike[str], format: str = "auto") -> bool:
    """Whether a path is a folder, but not one that is a corpus itself, of a format that is a folder of files."""
    if not os.path.isdir(path):
        return False
    if format in FORMATS and FORMATS[format].folder:  # asked for: then what is there is told by whoever reads it
        return any(_part(os.fspath(path), name) == "train" for name in os.listdir(path))
    return not _is_corpus(os.fspath(path))


def parts_of(folder: str | os.PathLike[str]) -> Parts:
    """The parts of the corpus in a folder.

    Raises CorpusError where there is no training set, or where several files could be the same part.
    """
    folder = os.fspath(folder)
    names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    found: dict[str, list[str]] = {part: [] for part in PARTS}
    for name in names:
        if part := _part(folder, name):
            found[part].append(name)
    if not found["train"]:
        others = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        there = f"there is {', '.join(names[:SHOWN])}{others}" if names else "the folder is empty"
        raise CorpusError(f"no training set: {there}", where=folder, hint=f"looked for: {WANTED}")
    train = _best(folder, "train", found["train"], "")
    chosen = [_best(folder, part, found[part], train) if found[part] else None for part in ("dev", "test")]
    dev, test = (name and os.path.join(folder, name) for name in chosen)
    return Parts(os.path.join(folder, train), dev, test)


def _is_corpus(folder: str) -> bool:
    """Whether a folder holds files of a format that is a folder of files."""
    return guess(folder, "") != ""


def _part(folder: str, name: str) -> str | None:
    """Which part a file or folder of this name is, if it is any."""
    path = os.path.join(folder, name)
    if os.path.isdir(path):
        return WORD_OF.get(name.lower()) if _is_corpus(path) else None
    return next((part for word in _words(name) if (part := WORD_OF.get(word))), None)


def _words(name: str) -> Iterator[str]:
    """The words of a file's name, as far as it can be a corpus: the suffix that names its format is none of them."""
    stem = without_suffix(name.lower())
    suffix = next((each for each in SUFFIXES if stem.endswith(each)), None)
    if suffix is None:
        _, dot, last = stem.rpartition(".")
        if dot and last not in ("txt", *WORD_OF):
            return
        suffix = ".txt" if last == "txt" else ""
    for word in re.split(r"[-_.\s]+", stem.removesuffix(suffix)):
        yield re.sub(r"^.*\d(?=\D+$)", "", word)  # wnut17train


def _best(folder: str, part: str, names: list[str], beside: str) -> str:
    """The file of a part: of several the one with the shortest name, and of the format of the one it stands beside.

    Raises CorpusError where that leaves several.
    """

    def rank(name: str) -> tuple[int, bool, int]:
        kind = guess(os.path.join(folder, name), "")
        order = list(FORMATS).index(kind) if kind else len(FORMATS)
        return len(list(_words(name))), beside != "" and kind != guess(os.path.join(folder, beside), ""), order

    ranked = sorted(names, key=rank)
    alike = [name for name in ranked if rank(name) == rank(ranked[0])]
    stems = {without_suffix(name) for name in alike}
    if len(stems) > 1 and part != "test":
        fact = f"{len(stems)} files could be {part}: {', '.join(alike[:SHOWN])}"
        command = f"rnntag train {'--dev ' * (part == 'dev')}{shlex.quote(os.path.join(folder, alike[0]))}"
        raise CorpusError(fact, where=folder, hint=f"name the one that is: {command}")
    return alike[0]
