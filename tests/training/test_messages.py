"""What goes through a pipe comes out as it went in: jobs, epochs, models, faults; what was cut short is told."""

import io
import json
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from several import ended_run
from trainings import corpus, finished, trainer

from rnntag import errors
from rnntag.corpora.vector_files import Vectors
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, RnntagError
from rnntag.evaluation.counts import Counts, IntentCounts, Scores
from rnntag.features.gazetteer import Gazetteer
from rnntag.model.file import model_bytes
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task
from rnntag.training.job import Job
from rnntag.training.messages import Ended, answer_of, job_of, of_end, of_epoch, of_fault, of_job, read, write
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Epoch

ANY = st.text(st.characters(), max_size=6)  # lone surrogates among them
COUNT = st.integers(0, 1 << 40)
NUMBER = st.floats()


class Pipe(io.RawIOBase):
    """A pipe without a buffer: little is written or read at a time."""

    def __init__(self, data=b""):
        super().__init__()
        self.data = bytearray(data)

    def writable(self):
        return True

    def readable(self):
        return True

    def write(self, data):
        self.data += bytes(data[:3])
        return len(data[:3])

    def readinto(self, buffer):
        part = self.data[: min(len(buffer), 2)]
        buffer[: len(part)] = part
        del self.data[: len(part)]
        return len(part)


def passed(parts):
    """The parts of a message at the other end of a pipe, in which nothing is left."""
    pipe = Pipe()
    write(pipe, parts)
    found = read(pipe)
    assert pipe.data == b""
    return found


def learned(sentence):
    names = set(Sentence.__slots__) - {"fields", "certainty"}  # those are for whoever writes it
    return {name: getattr(sentence, name) for name in names}


@given(st.dictionaries(ANY, st.binary(max_size=9), max_size=4))
def test_the_parts_of_a_message_come_out_as_they_went_in(parts):
    assert passed(parts) == parts
    assert list(passed(parts)) == list(parts)


def test_a_message_that_is_cut_short_is_told():
    pipe = Pipe()
    write(pipe, {"epoch": b"123", "model": b"4567"})
    for cut in range(len(pipe.data)):
        with pytest.raises(EOFError):
            read(io.BytesIO(pipe.data[:cut]))


# Jobs


@st.composite
def sentences(draw):
    """A sentence of which anything may be known."""
    count = draw(st.integers(1, 3))

    def maybe(strategy):
        return draw(st.none() | strategy)

    each = st.lists(ANY, min_size=count, max_size=count)
    lines = st.lists(COUNT, min_size=count, max_size=count)
    comments = tuple(draw(st.lists(ANY, max_size=2)))
    offsets = st.lists(st.tuples(COUNT, COUNT), min_size=count, max_size=count)
    known = {"intent": maybe(ANY), "text": maybe(ANY), "offsets": maybe(offsets), "lines": maybe(lines)}
    return Sentence(draw(each), maybe(each), maybe(each), comments, draw(ANY), draw(COUNT), **known)


@given(st.lists(sentences(), max_size=4), st.lists(sentences(), max_size=2), st.dictionaries(ANY, st.lists(ANY)))
def test_all_that_is_learned_of_sentences_comes_out_as_it_went_in(train, dev, lists):
    lists = {name: Gazetteer(phrases) for name, phrases in lists.items()}
    found = job_of(passed(of_job(Job(train, dev, gazetteers=lists))))
    assert [*map(learned, found.train)] == [*map(learned, train)]
    assert [*map(learned, found.dev)] == [*map(learned, dev)]
    assert {name: own.phrases for name, own in found.gazetteers.items()} == {
        name: own.phrases for name, own in lists.items()
    }
    assert [type(own) for own in found.gazetteers.values()] == [Gazetteer] * len(lists)


def test_every_field_of_a_job_comes_out_as_it_went_in():
    bare = Job(corpus(3), corpus(2, 1))
    full = Job(
        train=corpus(4, 2, intents=True),
        dev=corpus(1, 3),
        spec=Spec(cell="rnn", hidden=7, features=("word", "char", "column:3")),
        recipe=Recipe(seed=2**32 - 1, learning_rate=0.1 + 0.2, intents="joined"),
        scheme=SCHEMES["bilou"],
        vectors=Vectors(["a", "\ud83d"], np.array([[1.5, np.nan], [-0.0, 1e-40]], np.float32)),
        task=Task("punctuation", Marks.parse("COMMA=,; END=.=!"), case=True),
        tag_marks=Marks.parse("DUN=、"),
        strict=True,
        gazetteers={"cities": Gazetteer(["oslo", "new york"])},
        base=ended_run(1).model,
        replay=corpus(2, 5),
    )
    for field in fields(Job):  # one that is forgotten comes out as its default
        assert getattr(full, field.name) != getattr(bare, field.name), field.name
    found = job_of(passed(of_job(full)))
    assert found.vectors.words == full.vectors.words
    assert found.vectors.table.dtype == np.float32
    assert found.vectors.table.tobytes() == full.vectors.table.tobytes()
    assert found.gazetteers["cities"].entries == full.gazetteers["cities"].entries
    assert found.scheme is full.scheme
    assert model_bytes(found.base) == model_bytes(full.base)
    without = {"vectors": None, "gazetteers": {}, "base": None}
    assert replace(found, **without) == replace(full, **without)
    assert job_of(passed(of_job(bare))) == bare


@pytest.mark.parametrize("shape", [(0, 3), (1, 1), (2, 5)])
def test_vectors_keep_their_shape(shape):
    table = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    found = job_of(passed(of_job(Job([], [], vectors=Vectors(["word"] * shape[0], table)))))
    np.testing.assert_array_equal(found.vectors.table, table)


# Answers


def counts():
    return st.builds(Counts, COUNT, COUNT, COUNT)


def scores():
    pairs = st.dictionaries(st.tuples(ANY, st.none() | ANY), COUNT)
    intents = st.builds(IntentCounts, pairs, COUNT, st.sampled_from(["any", "exact"]))
    return st.builds(
        Scores, counts(), st.dictionaries(ANY, counts()), COUNT, COUNT, COUNT, COUNT, ANY, st.none() | intents
    )


def epochs():
    numbers = ("loss", "gradient_norm", "clipped", "learning_rate", "tokens_per_second", "seconds")
    known = dict.fromkeys(numbers, NUMBER) | dict.fromkeys(("epoch", "epochs", "skipped"), COUNT)
    return st.builds(Epoch, **known, best=st.booleans(), scores=scores())


@given(epochs())
def test_an_epoch_comes_out_as_it_went_in(epoch):
    found = answer_of(passed(of_epoch(epoch)))
    assert repr(vars(found)) == repr(vars(epoch))  # to the last bit, and what is not a number as well
    assert found.scores == epoch.scores


def test_a_real_epoch_and_a_real_model_come_out_as_they_went_in():
    one = trainer(corpus(20, intents=True), epochs=1)
    _, [epoch] = finished(one)
    assert answer_of(passed(of_epoch(epoch))) == epoch
    found = answer_of(passed(of_end(Ended(one.model, ["späte\nEinsicht"]))))
    assert found.warnings == ["späte\nEinsicht"]
    assert found.model.record == one.model.record
    assert model_bytes(found.model) == model_bytes(one.model)


def test_a_model_that_has_learned_nothing_comes_out_as_it_went_in():
    model = ended_run(1).model
    assert model_bytes(answer_of(passed(of_end(Ended(model, [])))).model) == model_bytes(model)


KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RnntagError)]


@pytest.mark.parametrize("kind", KINDS)
@given(ANY, st.none() | ANY, st.lists(st.tuples(COUNT, ANY), max_size=2), st.none() | ANY)
def test_a_fault_comes_out_as_it_went_in(kind, fact, where, quote, hint):
    fault = kind(fact, where=where, quote=quote, hint=hint)
    found = answer_of(passed(of_fault(fault)))
    assert type(found) is kind
    assert vars(found) == vars(fault)
    assert str(found) == str(fault)


def test_a_message_can_be_read_by_a_person():
    write(pipe := io.BytesIO(), of_fault(CorpusError("has no tags", where="a.conll:3")))
    told = b'["CorpusError","has no tags",{"where":"a.conll:3","quote":[],"hint":null}]'
    assert pipe.getvalue() == b'{"fault": 74}\n' + told
    write(pipe := io.BytesIO(), of_job(Job([Sentence(["a"], ["O"])], [])))
    head, _, rest = pipe.getvalue().partition(b"\n")
    assert list(json.loads(head)) == ["settings", "train", "dev", "replay"]
    assert rest.endswith(b'[[["a"],["O"],null,[],"",0,null,null,null,null]][][]')
