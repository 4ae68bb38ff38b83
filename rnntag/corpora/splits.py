"""Which sentences train, which decide when to stop, and which are scored."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rnntag.corpora.folders import is_folder_of_parts, parts_of
from rnntag.corpora.tally import DOCUMENT
from rnntag.corpora.unparted import way_out
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.files import bundled
from rnntag.formats import TAGGED, Reading, read_corpus
from rnntag.punctuation.marks import END, Marks, is_punctuation
from rnntag.punctuation.task import PUNCTUATION, SENTENCES, Task, without_signs

Tell = Callable[[str], None]
Path = str | os.PathLike[str]
Corpus = Path | Sequence[Path] | Sequence[Sentence]
HALF = re.compile("[\ud800-\udfff]")
SHARE = 0.1  # of a training set, held back where there is no dev set
SAMPLE, OF_TEXT = "assistant_en", "punctuation_en"
TEXTS, STRETCH = 10, 16  # texts enough to split a corpus by; sentences that stay together where there are fewer


def discard(message: str) -> None:
    """Discards every message."""


def training_pair(
    train: Corpus | None,
    dev: Corpus | None,
    seed: int,
    tell: Tell = discard,
    format: str = "auto",
    reading: Reading = TAGGED,
    marks: Marks | None = None,
) -> tuple[list[Sentence], list[Sentence]]:
    """Training and dev sentences; a part of train is held back where dev is missing.

    train, dev  a file, several of them one after the other, or Sentences; None is the sample corpus. Train may be a
                folder that holds both
    seed        of what is held back
    tell        gets a sentence about what took the place of a missing one
    marks       what the tags of columns stand for, where marks were named

    Raises CorpusError for what cannot be read, and where there is nothing to hold back.
    """
    if train is None:
        sample = OF_TEXT if reading.task else SAMPLE
        tell(f"no TRAIN given: training on the sample corpus {sample}")
        train, dev = bundled.sample(sample, "train"), dev or bundled.sample(sample, "dev")
    if isinstance(train, (str, os.PathLike)) and is_folder_of_parts(train, format):
        parts = parts_of(train)
        for line in parts.told():
            tell(line)
        train, dev = parts.train, parts.dev if dev is None else dev
    if dev == "-" and (train == "-" or (isinstance(train, (list, tuple)) and "-" in train)):
        raise CorpusError("TRAIN and DEV cannot both be standard input", hint="leave --dev out to hold back a tenth")
    sentences = _sentences(train, format, reading)
    if dev is not None:
        kept, held = sentences, _sentences(dev, format, reading)
    else:
        kept, held = hold_out(sentences, seed, marks)
        tell(f"no --dev given: held back {len(held)} of {len(sentences)} sentences (seed {seed})")
    if reading.task and reading.task.name == SENTENCES and all(END not in (each.tags or ())[:-1] for each in kept):
        tell("warning: each text is one sentence, so there is no end to find: leave blank lines between sentences out")
    return as_taught(kept, reading.task), as_taught(held, reading.task)


class Corpora(NamedTuple):
    """All sentences of a training: those that are learned, those of dev, and old ones that are replayed."""

    train: list[Sentence]
    dev: list[Sentence]
    replay: list[Sentence]


def corpora(
    train: Corpus | None,
    dev: Corpus | None,
    replay: Corpus | None,
    seed: int,
    format: str = "auto",
    reading: Reading = TAGGED,
    marks: Marks | None = None,
) -> Corpora:
    """Training, dev and old sentences; where a part of train is held back, so is one of those: old tags count as well.

    Parameters and faults are those of `training_pair`; the reading's ``tell`` hears what is told.
    """
    tell = reading.tell or discard
    pair = training_pair(train, dev, seed, tell, format, reading, marks)
    if not replay:
        return Corpora(*pair, [])
    old = _sentences(replay, format, reading)
    if not _holds_back(train, dev, format):
        return Corpora(*pair, as_taught(old, reading.task))
    kept, held = hold_out(old, seed, marks)
    tell(f"held back as well: {len(held)} of {len(old)} sentences of --replay")
    return Corpora(pair[0], [*pair[1], *as_taught(held, reading.task)], as_taught(kept, reading.task))


def _holds_back(train: Corpus | None, dev: Corpus | None, format: str) -> bool:
    """Whether `training_pair` makes dev of a part of train."""
    if isinstance(train, (str, os.PathLike)) and is_folder_of_parts(train, format):
        return dev is None and parts_of(train).dev is None
    return dev is None and train is not None


def as_taught(sentences: list[Sentence], task: Task | None) -> list[Sentence]:
    """Sentences as they are learned.

    Those of the task punctuation come, where they have quotation marks or brackets, a second time as a stream would
    have them; all others as they are.
    """
    if task is None or task.name != PUNCTUATION:
        return sentences
    found = list(sentences)
    begins: tuple[str, ...] = ()  # what stands before a text, of which no piece was copied yet
    for sentence in sentences:
        begins = sentence.comments if sentence.begins_text else begins
        tokens, tags = without_signs(sentence.tokens, sentence.tags or [])
        if 0 < len(tokens) < len(sentence):
            found.append(Sentence(tokens, tags, comments=begins, source=sentence.source, line=sentence.line))
            begins = ()
    return found


def texts(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Groups sentences by text: one ends where a comment says that another begins, and with its file."""
    found: list[list[Sentence]] = []
    for sentence in sentences:
        if not found or sentence.begins_text or sentence.source != found[-1][-1].source:
            found.append([])
        found[-1].append(sentence)
    return found


def _sentences(corpus: Corpus, format: str, reading: Reading) -> list[Sentence]:
    """The sentences of a corpus in any of its forms. Raises CorpusError for what is no corpus, or an empty one."""
    if isinstance(corpus, (str, os.PathLike)):
        return read_corpus(corpus, format, reading)
    paths = [path for path in corpus if isinstance(path, (str, os.PathLike))]
    if corpus and len(paths) == len(corpus):
        return [sentence for path in paths for sentence in read_corpus(path, format, reading)]
    sentences = [each.numbered(number) for number, each in enumerate(corpus, 1) if isinstance(each, Sentence)]
    if len(sentences) < len(corpus):
        raise CorpusError("a corpus is a file or Sentences", hint="rnntag.Sentence(tokens, tags)")
    sentences = [sentence for sentence in sentences if sentence.tokens]
    if not sentences:
        raise CorpusError("no sentences")
    for number, sentence in enumerate(sentences, 1):
        if len(sentence.tags or ()) != len(sentence):
            raise CorpusError(f"sentence {number} has {len(sentence)} tokens, but {len(sentence.tags or ())} tags")
        if HALF.search("".join((*sentence.tokens, *(sentence.tags or ()), sentence.intent or ""))):
            raise CorpusError(f"sentence {number} holds half a character, a surrogate, which no file can hold")
    return sentences


def gold(
    corpus: Corpus | None, tell: Tell = discard, format: str = "auto", reading: Reading = TAGGED
) -> list[Sentence]:
    """The sentences to score a model on: those of a file or of several, or of the sample corpus. Raises CorpusError."""
    if corpus is None:
        sample = OF_TEXT if reading.task else SAMPLE
        tell(f"no GOLD given: scoring on the test part of the sample corpus {sample} (- reads standard input)")
        return read_corpus(bundled.sample(sample, "test"), format, reading)
    return _sentences(corpus, format, reading)


def _stretches(sentence: Sentence, marks: Marks | None) -> list[Sentence]:
    """A sentence that is a running text, in stretches. Raises CorpusError for one that is not, or is too short."""
    tags, rows, size = sentence.tags or [], sentence.rows, len(sentence)
    if size < TEXTS * STRETCH or sentence.text is not None or not is_punctuation(tags, marks):
        long = size > DOCUMENT
        fact = f"all {size:,} tokens are one sentence, which" if long else "one sentence"
        hint = way_out(sentence) if long else "give a second file with --dev"
        raise CorpusError(f"{fact} cannot be parted into training and dev", where=sentence.where(), hint=hint)
    cuts = [size * number // TEXTS for number in range(TEXTS + 1)]
    return [
        Sentence(
            sentence.tokens[start:end],
            tags[start:end],
            None if rows is None else rows[start:end],
            () if start else sentence.comments,
            sentence.source,
            sentence.line_of(start),
        )
        for start, end in pairwise(cuts)
    ]


def hold_out(sentences: list[Sentence], seed: int, marks: Marks | None = None) -> tuple[list[Sentence], list[Sentence]]:
    """Split a corpus into training and dev, at random by the seed; both keep the order of the corpus.

    Of several texts each goes to one of the two as a whole, and so do stretches of running text without such borders.
    Raises CorpusError for a single sentence, if it is no running text.
    """
    if len(sentences) < 2:
        sentences = _stretches(sentences[0], marks)
    groups = texts(sentences)
    if len(groups) < TEXTS:
        running = is_punctuation((tag for sentence in sentences for tag in sentence.tags or ()), marks)
        size = max(1, min(STRETCH, len(sentences) // TEXTS)) if running else 1
        groups = [sentences[start : start + size] for start in range(0, len(sentences), size)]
    count = max(1, round(len(groups) * SHARE))
    chosen = set(np.random.default_rng([seed, 0]).permutation(len(groups))[:count].tolist())
    kept, held = (
        [sentence for place, group in enumerate(groups) if (place in chosen) == wanted for sentence in group]
        for wanted in (False, True)
    )
    return kept, held
