"""The identity of a job: whatever settles a byte of its model is in it, and a difference has a name."""

from dataclasses import replace

from trainings import SMALL, corpus

from rnntag.data.sentence import Sentence
from rnntag.files import bundled
from rnntag.model.file import load_model
from rnntag.training.identity import differences, identity
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe


def test_the_identity_of_a_job_looks_at_all_that_is_learned_from():
    job = Job(corpus(30, intents=True), corpus(9, 1), SMALL, Recipe())
    first = job.train[0]
    others = {
        "tokens": Sentence(["x", *first.tokens[1:]], first.tags, intent=first.intent),
        "tags": first.with_tags(["B-goal"] * len(first)),
        "intent": first.with_tags(first.tags, "another"),
        "columns": Sentence(first.tokens, first.tags, ["a\tb"] * len(first), intent=first.intent),
        "text": Sentence(first.tokens, first.tags, text="some text", intent=first.intent),
        "the border of a text": Sentence(first.tokens, first.tags, comments=("# doc = 1",), intent=first.intent),
    }
    found = [identity(replace(job, train=[other, *job.train[1:]])) for other in (first, *others.values())]
    assert len({each["data"]["train"] for each in found}) == len(found)
    assert identity(job) == found[0]
    assert differences(found[0], identity(job)) == []


def test_the_base_and_what_is_replayed_are_part_of_it():
    job, base = Job(corpus(30), corpus(9, 1), SMALL, Recipe()), load_model(bundled.MODEL)
    ours = identity(replace(job, base=base, replay=corpus(8)))
    other = load_model(bundled.MODEL)
    other.parameters["output.bias"][0] += 1.0
    assert differences(ours, identity(replace(job, base=other, replay=corpus(8)))) == ["base is another one"]
    assert differences(ours, identity(replace(job, base=base, replay=corpus(8, 2)))) == ["replay is another one"]
    assert differences(identity(job), ours) == ["base is another one", "replay is another one"]


def test_a_difference_is_named_with_what_was_and_what_is():
    ours = {"data": {"train": "1", "dev": "2"}, "settings": {"cell": "lstm", "features": ["word"]}, "machine": {}}
    theirs = {"data": {"train": "1"}, "settings": {"features": ["word", "char"], "bptt": 8}, "machine": {"NumPy": "1"}}
    assert differences(ours, theirs) == [
        "dev is another one",
        "cell was None and is lstm",
        "features was word,char and is word",
        "bptt was 8 and is None",
        "NumPy was 1 and is None",
    ]
