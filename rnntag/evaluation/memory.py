"""Whether gold sentences are those that a model was trained on, so that its scores tell what it remembers."""

from __future__ import annotations

from collections.abc import Iterator

from rnntag.corpora.schemes import well_formed
from rnntag.corpora.splits import as_taught, hold_out
from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence
from rnntag.evaluation.signature import fingerprint
from rnntag.model.record import Record


def is_training_set(record: Record, gold: list[Sentence], scheme: Scheme) -> bool:
    """Whether sentences are a model's training set or what it replayed, or the corpus that either is a part of.

    record  of the model
    scheme  what the tags of the sentences mean
    """
    known = [(corpus["sentences"], corpus["corpus"]) for corpus in (record.train, record.replay) if corpus]
    if not known:
        return False
    parts = _training_sets(record, well_formed(gold, scheme)[0])
    return any(len(part) == size and fingerprint(part) == corpus for part in parts for size, corpus in known)


def _training_sets(record: Record, gold: list[Sentence]) -> Iterator[list[Sentence]]:
    """What a training may have made of a corpus: all of it, or what is left where a part is held back."""
    yield as_taught(gold, record.task)
    if len(gold) > 1:
        for seed in dict.fromkeys(record.trained_under):
            yield as_taught(hold_out(gold, seed, record.marks)[0], record.task)
