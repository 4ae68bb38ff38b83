"""A training as one value: checked once, and handed to other processes."""

import pickle

import pytest
from trainings import SMALL, corpus

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, SpecError
from rnntag.features.gazetteer import Gazetteer
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import Marks
from rnntag.training.job import Job
from rnntag.training.recipe import INTENTS, Recipe


def test_what_is_left_out_is_as_usual():
    job = Job(corpus(3), corpus(2))
    assert (job.spec, job.recipe, job.scheme, job.vectors, job.task) == (Spec(), Recipe(), None, None, None)


def test_a_checked_job_knows_its_scheme_and_what_looks_wrong():
    job = Job(corpus(10), [Sentence(["Oslo"], ["B-port"])], SMALL)
    checked, warnings, notes = job.checked()
    assert checked.scheme is SCHEMES["bio"]
    assert (checked.train, checked.dev, checked.spec) == (job.train, job.dev, SMALL)
    assert "tag 'B-port' never occurs in training, so it is never predicted (1 here)" in warnings[0]
    assert notes == ["dev has 1 span, each worth 100 points of recall: which epoch is best is left to chance"]
    assert job.scheme is None


def test_a_scheme_that_was_asked_for_is_kept():
    train = [Sentence(["a", "b"], ["I-x", "I-x"])]
    assert Job(train, train, scheme=SCHEMES["iob1"]).checked()[0].scheme is SCHEMES["iob1"]
    with pytest.raises(CorpusError, match="'I-x' cannot open a sentence"):
        Job(train, train, scheme=SCHEMES["bio"]).checked()


def test_a_slip_in_dev_is_mended_unless_all_are_refused():
    dev = [Sentence(["a", "b"], ["O", "I-goal"]), Sentence(["a"], ["B-goal"])]
    for scheme in (None, SCHEMES["bio"]):
        job, warnings, _ = Job(corpus(5), dev, scheme=scheme).checked()
        assert job.dev[0].tags == ["O", "B-goal"]
        assert warnings[0] == "a sentence: tag 'I-goal' cannot follow 'O'; read as conlleval does (--strict refuses)"
    with pytest.raises(CorpusError, match="cannot follow 'O'"):
        Job(corpus(5), dev, strict=True).checked()


def test_slips_in_train_are_mended_up_to_a_hundredth_of_its_spans():
    train = [*corpus(200), Sentence(["a", "b"], ["O", "I-goal"])]
    job, warnings, _ = Job(train, corpus(50)).checked()
    assert job.train[-1].tags == ["O", "B-goal"]
    assert warnings[0].startswith("a sentence: tag 'I-goal' cannot follow 'O'; read as conlleval does")
    with pytest.raises(CorpusError, match="cannot follow 'O'"):
        Job([*train, *train[-1:] * 5], corpus(50)).checked()


def test_dev_in_another_notation_is_converted_and_told():
    dev = corpus(40, seed=1)
    other = [each.with_tags(SCHEMES["bio"].rewritten(each.tags, SCHEMES["bioes"])) for each in dev]
    job, _, notes = Job(corpus(50), other).checked()
    assert [each.tags for each in job.dev] == [each.tags for each in dev]
    assert notes == ["dev: BIOES beside BIO: its tags are converted"]


def test_several_intents_are_told_where_the_first_is_learned():
    train = [Sentence(["a"], ["B-x"], source="t.conll", line=7, intent="fly#pay"), *corpus(90, intents=True)]
    for intents in INTENTS:
        notes = Job(train, corpus(80, seed=1), recipe=Recipe(intents=intents)).checked().notes
        fact = "t.conll:7: 'fly#pay' is several intents, as 1 of 91 are"
        told = [f"{fact}; the first is learned (--intents joined: all of them as one)"]
        assert notes == (told if intents == "first" else [])


def test_marks_are_recognised_or_named():
    train = [Sentence(["a", "b", "c"], ["0", "DUN", "PERIOD"])] * 40
    job, _, notes = Job(train, train).checked()
    assert notes == ["tags are punctuation: DUN=、 PERIOD=.", "tags that stand for no mark are read as O: 0"]
    assert job.train[0].tags == job.dev[0].tags == ["O", "DUN", "PERIOD"]
    train = [Sentence(["a", "b", "c"], ["O", "WAVE", "PERIOD"])] * 40
    assert "--marks 'WAVE=~'" in Job(train, train).checked().warnings[0]
    named = Job(train, train, tag_marks=Marks.parse("WAVE=~"))
    assert named.checked().notes == ["tags are punctuation: WAVE=~ PERIOD=."]
    with pytest.raises(SpecError, match="no tag is called TURN"):
        Job([Sentence(["a"], ["COMMA"])], train, tag_marks=Marks.parse("TURN=~")).checked()


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
