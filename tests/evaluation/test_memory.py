"""Gold sentences that a model was trained on are recognised, whatever the training made of them."""

import pytest
from trainings import corpus

from rnntag.corpora.splits import as_taught, hold_out
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.evaluation.memory import is_training_set
from rnntag.evaluation.signature import fingerprint
from rnntag.model.record import Record
from rnntag.punctuation.task import Task

BIO = SCHEMES["bio"]


def record(train, seed=1, **known):
    return Record({"seed": seed}, {"corpus": fingerprint(train), "sentences": len(train), "tokens": 9}, **known)


def test_the_training_set_is_recognised_and_no_other():
    train, other = corpus(30), corpus(29)
    assert is_training_set(record(train), train, BIO)
    assert not is_training_set(record(train), other, BIO)
    assert not is_training_set(Record(), train, BIO)


def test_so_is_what_was_replayed():
    train, old = corpus(30), corpus(29, seed=2)
    known = record(train, replay={"corpus": fingerprint(old), "sentences": len(old)})
    assert is_training_set(known, train, BIO)
    assert is_training_set(known, old, BIO)
    assert not is_training_set(known, corpus(29, seed=3), BIO)


@pytest.mark.parametrize("seed", [1, 7])
def test_so_is_the_corpus_that_a_part_was_held_back_from(seed):
    whole = corpus(30)
    kept, held = hold_out(whole, seed)
    assert is_training_set(record(kept, seed), whole, BIO)
    assert not is_training_set(record(kept, seed), held, BIO)


def test_so_is_a_corpus_whose_slips_were_mended():
    train = [Sentence(["to", "Oslo"], ["O", "I-city"]), *corpus(5)]
    mended = [train[0].with_tags(["O", "B-city"]), *train[1:]]
    assert is_training_set(record(mended), train, BIO)


def test_so_is_a_text_that_was_learned_twice():
    task = Task("punctuation")
    text = [Sentence(["he", "said", '"', "go", '"'], ["O", "COMMA", "O", "PERIOD", "O"]), Sentence(["yes"], ["PERIOD"])]
    assert len(as_taught(text, task)) == 3
    assert is_training_set(record(as_taught(text, task), task=task), text, SCHEMES["tokens"])
