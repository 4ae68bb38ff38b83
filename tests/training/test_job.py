"""A training as one value: checked once, and handed to other processes."""

import pickle

import pytest
from trainings import SMALL, corpus

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.features.gazetteer import Gazetteer
from rnntag.network.spec import Spec
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe


def test_what_is_left_out_is_as_usual():
    job = Job(corpus(3), corpus(2))
    assert (job.spec, job.recipe, job.scheme, job.vectors, job.task) == (Spec(), Recipe(), None, None, None)


def test_a_checked_job_knows_its_scheme_and_what_looks_wrong():
    job = Job(corpus(10), [Sentence(["Oslo"], ["B-port"])], SMALL)
    checked, warnings = job.checked()
    assert checked.scheme is SCHEMES["bio"]
    assert (checked.train, checked.dev, checked.spec) == (job.train, job.dev, SMALL)
    assert "tag 'B-port' never occurs in training, so it is never predicted (1 here)" in warnings[0]
    assert job.scheme is None


def test_a_scheme_that_was_asked_for_is_kept():
    train = [Sentence(["a", "b"], ["I-x", "I-x"])]
    assert Job(train, train, scheme=SCHEMES["iob1"]).checked()[0].scheme is SCHEMES["iob1"]
    with pytest.raises(CorpusError, match="'I-x' cannot open a sentence"):
        Job(train, train, scheme=SCHEMES["bio"]).checked()


def test_a_fault_in_dev_is_one_as_well():
    with pytest.raises(CorpusError, match="cannot follow 'O'"):
        Job(corpus(5), [Sentence(["a", "b"], ["O", "I-goal"])], scheme=SCHEMES["bio"]).checked()


@pytest.mark.parametrize("scheme", [None, *SCHEMES.values()], ids=lambda scheme: scheme.name if scheme else "auto")
def test_a_job_in_another_process_has_the_scheme_of_that_process(scheme):
    job = Job(corpus(3), corpus(2), SMALL, Recipe(seed=7), scheme)
    found = pickle.loads(pickle.dumps(job))
    assert found.scheme is scheme
    assert (found.spec, found.recipe) == (job.spec, job.recipe)
    assert [sentence.tokens for sentence in found.train] == [sentence.tokens for sentence in job.train]


def test_a_list_that_teaches_nothing_is_told_and_lists_go_along():
    lists = {"cities": Gazetteer.of(["Oslo", "New York"]), "none": Gazetteer.of(["Atlantis"])}
    job = Job(corpus(10), corpus(5), SMALL, gazetteers=lists)
    warning = "gazetteer none: no name in it stands in TRAIN, so nothing is learned of it"
    assert job.checked()[1][-1] == warning
    again = pickle.loads(pickle.dumps(job)).gazetteers
    assert {name: known.entries for name, known in again.items()} == {
        "cities": ["new york", "oslo"],
        "none": ["atlantis"],
    }
