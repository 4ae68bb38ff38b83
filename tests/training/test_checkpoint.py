"""A training that was cut short goes on, and ends with the bytes that it would have ended with."""

import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from trainings import SMALL, corpus, running_text

from rnntag.arrays import engine as engines
from rnntag.corpora.vector_files import Vectors
from rnntag.data.sentence import Sentence
from rnntag.errors import ModelError, RnntagError
from rnntag.features.gazetteer import Gazetteer
from rnntag.model.file import load_checkpoint, load_model, save_model
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import Marks
from rnntag.tagging.tagger import Tagger
from rnntag.training import checkpoint as module
from rnntag.training import identity as identity_module
from rnntag.training.checkpoint import Checkpoint, beside
from rnntag.training.job import Job
from rnntag.training.listener import Listener
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Epoch, Step
from rnntag.training.trainer import Trainer, train
from rnntag.training.training_set import TrainingSet
from rnntag.version import __version__


class Cut(Exception):
    """A training that ends as a killed one does: nothing of it is left but its files."""


class Witness(Listener):
    """Cuts a training short behind so many updates, or lets it stop behind so many; keeps the epochs."""

    def __init__(self, cut=None, stop=None):
        self.cut, self.stop, self.steps, self.epochs = cut, stop, 0, []

    def report(self, progress):
        self.steps += isinstance(progress, Step)
        if isinstance(progress, Epoch):
            self.epochs.append(progress)
        if self.steps == self.cut:
            raise Cut

    def stopping(self):
        return self.steps == self.stop


LETTERS = Spec(hidden=8, embedding=8, features=("word", "char", "suffix"))
JOBS = {
    "crf": lambda: Job(corpus(30, noise=0.2), corpus(9, 1), SMALL, Recipe(epochs=5, batch=4, patience=2)),
    "letters and intents": lambda: Job(
        corpus(30, intents=True), corpus(9, 1, intents=True), LETTERS, Recipe(epochs=4, batch=4, shards=3)
    ),
    "running text": lambda: Job(
        running_text(50, 90, 20), running_text(40, seed=1), SMALL, Recipe(epochs=4, batch=4, bptt=8)
    ),
    "an RNN of two layers": lambda: Job(
        corpus(30), corpus(9, 1), Spec(cell="rnn", layers=2, hidden=8, embedding=8), Recipe(epochs=4, batch=4)
    ),
}


def bytes_of(model, folder):
    save_model(model, folder / "model")
    return (folder / "model").read_bytes()


def with_checkpoint(job, witness, place, resume=False, threads=1, tell=print):
    return train(job, threads, witness, checkpoint=Checkpoint(place, resume, tell, tell))


def checked(name):
    return JOBS[name]().checked().job


@pytest.fixture
def place(tmp_path):
    return beside(tmp_path / "model")


@pytest.mark.parametrize("name", JOBS)
def test_cut_short_at_any_update_and_gone_on_with_it_ends_with_the_same_bytes(name, tmp_path, place, monkeypatch):
    monkeypatch.setattr(module, "EVERY", 0.0)  # a checkpoint after each update
    job, whole = checked(name), Witness()
    expected = bytes_of(train(job, 1, whole), tmp_path)
    assert whole.steps > 20
    for cut in range(1, whole.steps + 1, 1 if name == "crf" else 5):
        with pytest.raises(Cut):
            with_checkpoint(job, Witness(cut=cut), place, threads=1 + cut % 2)
        rest = Witness()
        assert bytes_of(with_checkpoint(job, rest, place, True, 2), tmp_path) == expected
        assert rest.steps <= whole.steps - cut + 1
        assert [epoch.epoch for epoch in rest.epochs] == [epoch.epoch for epoch in whole.epochs]
        assert [epoch.scores for epoch in rest.epochs] == [epoch.scores for epoch in whole.epochs]


def test_what_stood_in_an_epoch_goes_on_there(tmp_path, place):
    """Whoever stops it leaves a checkpoint of that very update."""
    job, whole = checked("running text"), Witness()
    expected = bytes_of(train(job, 1, whole), tmp_path)
    with_checkpoint(job, Witness(stop=7), place)
    rest = Witness()
    assert bytes_of(with_checkpoint(job, rest, place, resume=True), tmp_path) == expected
    assert rest.steps == whole.steps - 7


def test_one_can_tag_with_it(tmp_path, place):
    job = checked("crf")
    with pytest.raises(Cut):
        with_checkpoint(job, Witness(cut=20), place)  # in the third epoch
    kept, best = load_model(place), train(job, 1, Witness(stop=16))
    assert kept.record.epoch == best.record.epoch
    np.testing.assert_array_equal(kept.parameters.flat, best.parameters.flat)
    [found] = Tagger(kept).tagged([Sentence(["from", "Oslo"])])
    assert len(found.tags) == 2


def test_before_the_first_epoch_has_ended_one_can_tag_with_the_average(tmp_path, place):
    job = checked("crf")
    train(job, 1, Witness(stop=3), checkpoint=Checkpoint(place, False, print, print))
    one = Trainer(TrainingSet.of(job), 1)
    with closing(one.run()) as run:
        for step in run:
            if step.batch == 3:
                averaged = one.state().arrays["averaged"].copy()
                break
    np.testing.assert_array_equal(load_model(place).parameters.flat, averaged)


# What is said, and what is refused


def test_without_one_the_training_begins_at_the_beginning(place):
    said = []
    Checkpoint(place, True, said.append, pytest.fail)
    assert said == [f"nothing to resume: there is no {place}; the training begins at the beginning"]
    Checkpoint(place, False, pytest.fail, pytest.fail)


@pytest.mark.parametrize(("cut", "reached"), [(20, "in epoch 3, after 3 of its updates"), (17, "after epoch 2")])
def test_one_that_is_there_is_told_of_and_replaced(place, monkeypatch, cut, reached):
    monkeypatch.setattr(module, "EVERY", 0.0)
    with pytest.raises(Cut):
        with_checkpoint(checked("crf"), Witness(cut=cut), place)
    said = []
    Checkpoint(place, False, said.append, pytest.fail)
    end = "and will be replaced; --resume goes on with it"
    assert said == [f"{place} is of a training that was cut short {reached}, {end}"]
    before = Path(place).read_bytes()
    with pytest.raises(Cut):
        with_checkpoint(checked("crf"), Witness(cut=2), place)
    assert Path(place).read_bytes() != before
    said.clear()
    with pytest.raises(Cut):
        with_checkpoint(checked("crf"), Witness(cut=1), place, resume=True, tell=said.append)
    assert said == ["going on in epoch 1, after 1 of its updates"]


@pytest.mark.parametrize("resume", [True, False])
@pytest.mark.parametrize("content", [b"my own notes", b""])
def test_another_file_in_its_place_is_not_touched(tmp_path, place, resume, content):
    (tmp_path / "model.checkpoint").write_bytes(content)
    with pytest.raises(RnntagError) as caught:
        Checkpoint(place, resume, pytest.fail, pytest.fail)
    fact = "is not a model file" if resume else "stands where the checkpoint goes, and is none: is not a model file"
    assert caught.value.fact == fact
    assert (tmp_path / "model.checkpoint").read_bytes() == content


def test_a_model_is_no_checkpoint(place):
    save_model(train(checked("crf"), 1, Witness(stop=1)), place)
    with pytest.raises(ModelError, match="is a model, but no checkpoint"):
        Checkpoint(place, True, pytest.fail, pytest.fail)
    with pytest.raises(RnntagError, match="stands where the checkpoint goes, and is none: is a model, but no"):
        Checkpoint(place, False, pytest.fail, pytest.fail)


CHANGES = {
    "train is another one": lambda job: replace(job, train=job.train[:-1]),
    "dev is another one": lambda job: replace(job, dev=job.dev[::-1]),
    "hidden was 8 and is 16": lambda job: replace(job, spec=replace(job.spec, hidden=16)),
    "learning-rate was 0.003 and is 0.01; seed was 1 and is 2": lambda job: replace(
        job, recipe=replace(job.recipe, learning_rate=0.01, seed=2)
    ),
    "features was auto and is word,shape": lambda job: replace(job, spec=replace(job.spec, features=("word", "shape"))),
    "vectors is another one": lambda job: replace(job, vectors=Vectors(["Oslo"], np.ones((1, 4), np.float32))),
    "gazetteer cities is another one": lambda job: replace(job, gazetteers={"cities": Gazetteer(["oslo"])}),
    "marks was None and is COMMA=,": lambda job: replace(job, tag_marks=Marks.parse("COMMA=,")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_training_is_refused_by_name(tmp_path, place, change):
    job = checked("crf")
    with_checkpoint(job, Witness(stop=2), place)
    before = Path(place).read_bytes()
    with pytest.raises(ModelError) as caught:
        with_checkpoint(CHANGES[change](job), Witness(), place, resume=True)
    assert str(caught.value) == (
        f"{place}: is of another training: {change}\n"
        "hint: give the same data and settings again, or leave --resume out to begin at the beginning"
    )
    assert Path(place).read_bytes() == before


def test_another_version_or_machine_is_refused_by_name(place, monkeypatch):
    job = checked("crf")
    with_checkpoint(job, Witness(stop=2), place)
    monkeypatch.setattr(identity_module, "__version__", "9.9")
    machine = engines.machine() | {"NumPy": "9.8"}
    monkeypatch.setattr(engines, "machine", lambda: machine)
    versions = f"rnntag was {__version__} and is 9.9; NumPy was {np.__version__} and is 9.8"
    with pytest.raises(ModelError, match=f"is of another training: {re.escape(versions)}\nhint"):
        with_checkpoint(job, Witness(), place, resume=True)


def test_one_that_cannot_be_written_is_told_of_once_and_the_training_goes_on(tmp_path, place, monkeypatch):
    def full(*arguments):
        raise RnntagError("cannot be written: No space left on device", where=place)

    job, said = checked("crf"), []
    expected = bytes_of(train(job, 1), tmp_path)
    monkeypatch.setattr(module, "save_model", full)
    assert bytes_of(with_checkpoint(job, Witness(), place, tell=said.append), tmp_path) == expected
    end = "the training goes on without a new checkpoint"
    assert said == [f"warning: {place}: cannot be written: No space left on device; {end}"]


def test_within_an_epoch_it_is_written_every_ten_minutes(place, monkeypatch):
    now, written = [0.0], []
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(module, "save_model", lambda model, path, state: written.append(now[0]))

    class Slow(Witness):
        def report(self, progress):
            super().report(progress)
            now[0] += 100.0 * isinstance(progress, Step)

    with_checkpoint(checked("crf"), Slow(stop=16), place)  # eight updates an epoch
    assert written == [600.0, 800.0, 1400.0, 1600.0]


@pytest.mark.parametrize("damage", ["P", "norms", "carried.0.0", "since.embedding.word"])
def test_a_state_that_does_not_fit_is_refused(place, damage):
    job = checked("running text")
    with_checkpoint(job, Witness(stop=2), place)
    best, state = load_checkpoint(place)
    del state.arrays[damage]
    save_model(best, place, state)
    with pytest.raises(ModelError, match="its parts do not fit together") as caught:
        with_checkpoint(job, Witness(), place, resume=True)
    assert caught.value.hint == f"rm {place}  # the training then begins at the beginning"


@pytest.mark.parametrize("values", [{}, {"course": 3}, {"course": {"epoch": "x"}}])
def test_values_that_do_not_fit_are_refused(place, values):
    job = checked("crf")
    with_checkpoint(job, Witness(stop=2), place)
    best, state = load_checkpoint(place)
    save_model(best, place, state._replace(values=values))
    with pytest.raises(ModelError, match="its parts do not fit together"):
        Checkpoint(place, True, pytest.fail, pytest.fail)
    said = []
    Checkpoint(place, False, said.append, pytest.fail)
    assert said[0].startswith(f"{place}: its parts do not fit together (")
    assert said[0].endswith("); it will be replaced")


def test_a_damaged_one_is_replaced_or_with_resume_refused(place):
    with_checkpoint(checked("crf"), Witness(stop=2), place)
    Path(place).write_bytes(Path(place).read_bytes()[:-1] + b"x")
    said, fact = [], "is damaged: its checksum is not that of its bytes"
    Checkpoint(place, False, said.append, pytest.fail)
    assert said == [f"{place}: {fact}; it will be replaced"]
    with pytest.raises(ModelError) as caught:
        Checkpoint(place, True, pytest.fail, pytest.fail)
    assert str(caught.value) == f"{place}: {fact}\nhint: rm {place}  # the training then begins at the beginning"


def test_who_stops_a_training_in_its_first_epoch_does_not_lose_what_another_had_come_to(place):
    with_checkpoint(checked("crf"), Witness(stop=20), place)
    before, said = Path(place).read_bytes(), []
    with_checkpoint(checked("crf"), Witness(stop=3), place, tell=said.append)
    assert Path(place).read_bytes() == before
    assert said[-1] == f"{place} stays as it was: no epoch came to its end"
    with_checkpoint(checked("crf"), Witness(stop=9), place)  # in the second epoch
    assert Path(place).read_bytes() != before


def test_it_is_removed_and_may_be_gone_already(place):
    checkpoint = Checkpoint(place, False, print, print)
    train(checked("crf"), 1, Witness(stop=2), checkpoint=checkpoint)
    checkpoint.remove()
    assert not Path(place).exists()
    checkpoint.remove()
