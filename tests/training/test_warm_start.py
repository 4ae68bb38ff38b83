"""Training goes on from a model: what it knows stays to the bit, what is new has rows, what differs is refused."""

import numpy as np
import pytest
from networks import every_cell, every_decoder, every_direction
from trainings import SMALL, corpus, finished, running_text, saved, trainer

from rnntag.corpora.vector_files import Vectors
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.table import BIGRAMS
from rnntag.model.file import load_model, save_model
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task
from rnntag.tagging.scorer import Scorer
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe
from rnntag.training.trainer import Trainer
from rnntag.training.training_set import TrainingSet
from rnntag.training.warm_start import settings, task_beside

OLD = corpus(24)
NEW = [
    Sentence(["fly", "to", "Quito", "with", word], ["O", "O", "B-goal", "O", tag])
    for word, tag in [("Émile", "B-friend"), ("Zoë", "B-friend"), ("dogs", "B-pet"), ("xylophones", "B-thing")] * 3
]
MANY = [Sentence([f"w{number}"], [f"B-t{number}"]) for number in range(20)]  # more tags than a panel has


def taught(train=OLD, spec=SMALL, **more):
    """A model that has learnt a little, as its file has it."""
    job = Job(train, train, spec, Recipe(epochs=2, batch=8), **more)
    found = Trainer(TrainingSet.of(job), 1)
    finished(found)
    return found.model


def going_on(base, train=NEW, replay=(), threads=1, more=None, **recipe):
    """The trainer of a short training that goes on from a model."""
    spec, recipe = settings(base, {"epochs": 2, "batch": 4} | recipe)
    job = Job(train, train, spec, recipe, base=base, replay=list(replay), **(more or {}))
    return Trainer(TrainingSet.of(job.checked().job), threads)


def grown(base, *arguments, **more):
    """The model before its first update."""
    found = going_on(base, *arguments, **more)
    return found._set.model([found._initial()])


def scores(model, sentences):
    """Scores of tags (R, Y), and of intents (B, I)."""
    found = {}
    keys = [model.keys(sentence) for sentence in sentences]
    Scorer(model).score(keys, lambda scored, _: found.update(tags=scored.tags.copy(), intents=scored.intents))
    return found["tags"], found["intents"]


def check_same_scores(base, model, sentences=OLD[:6]):
    """What the base knows has the same scores in the larger model."""
    (ours, intents), (theirs, others) = scores(model, sentences), scores(base, sentences)
    tags = len(base.tags)
    assert model.tags[:tags] == base.tags
    assert np.allclose(ours[:, :tags], theirs[:, :tags], rtol=1e-5, atol=1e-5)
    if base.intents:
        assert np.allclose(intents[:, : len(base.intents)], others, rtol=1e-5, atol=1e-5)


@every_decoder
@every_direction
@every_cell
def test_a_grown_network_scores_what_it_knows_as_before(cell, direction, decoder):
    features = ("word", "suffix", "char") if direction == "forward" else ("word", *BIGRAMS)
    base = taught(spec=Spec(cell, direction, 2, hidden=8, embedding=8, window=2, decoder=decoder, features=features))
    model = grown(base, [*NEW, *MANY])
    check_same_scores(base, model)
    assert len(model.tags) > 16 >= len(base.tags)
    for name, known in base.lexicon.vocabularies.items():
        larger = model.lexicon.vocabularies[name].entries
        assert larger[: len(known.entries)] == known.entries
    assert len(model.lexicon.vocabularies["word"]) > len(base.lexicon.vocabularies["word"])
    if decoder == "crf":
        tags = len(base.tags)
        assert (model.parameters["moves"][:tags, :tags] == base.parameters["moves"][:tags, :tags]).all()
        assert (model.parameters["bounds"][:, :tags] == base.parameters["bounds"][:, :tags]).all()


def test_rows_that_are_new_have_first_values_under_the_seed():
    base = taught()
    tags, words = len(base.tags), len(base.lexicon.vocabularies["word"])
    first = {seed: grown(base, seed=seed).parameters for seed in (1, 2)}
    for P in first.values():
        assert P["output.weights"][:, tags : tags + 3].std() > 0.01
        assert P["embedding.word"][words:].std() > 0.1
        assert not P["output.weights"][:, tags + 3 :].any()  # padding
    assert (first[1]["embedding.word"][:words] == first[2]["embedding.word"][:words]).all()
    assert (first[1]["embedding.word"][words:] != first[2]["embedding.word"][words:]).all()
    assert (first[1].flat == grown(base, seed=1).parameters.flat).all()


@pytest.mark.parametrize("cell", ["lstm", "window"])
def test_a_list_that_is_new_is_a_feature_and_old_ones_stay(cell):
    lists = {"cities": Gazetteer.of(["Oslo", "Cape Town"])}
    base = taught(spec=Spec(cell, hidden=8, embedding=8, features=("word", "char")), gazetteers=lists)
    new = {"pets": Gazetteer.of(["dogs"]), "cities": Gazetteer.of(["Oslo", "Cape Town", "Quito"])}
    found = going_on(base, more={"gazetteers": new})
    model = found._set.model([found._initial()])
    assert model.spec.features == ("word", "char", "gazetteer:cities", "gazetteer:pets")
    assert model.gazetteers == {"cities": new["cities"], "pets": new["pets"]}
    check_same_scores(base, model)
    assert grown(base).gazetteers == base.gazetteers
    finished(found)
    assert found.model.record.recipe["gazetteer_dropout"] == 0.3


def test_vectors_of_the_same_file_go_on_and_others_are_refused():
    rng = np.random.default_rng(1)
    table = rng.normal(size=(4, 5)).astype(np.float32)
    base = taught(vectors=Vectors(["from", "to", "oslo", "lima"], table))
    check_same_scores(base, grown(base))
    more = Vectors(["quito", "to", "from"], np.stack([table[0] + table[1], table[1], table[0]]))
    model = grown(base, more={"vectors": more})
    check_same_scores(base, model)
    known = model.parameters["embedding.vector"]
    assert model.lexicon.vocabularies["vector"].entries == ["from", "to", "oslo", "lima", "quito"]
    assert np.allclose(known[5], known[1] + known[2], atol=1e-6)  # as large as those of the base
    refused = {
        "the vectors are not those of the base": Vectors(["to", "from"], table[:2]),
        "the vectors have width 4, but those of the base 5": Vectors(["to"], table[:1, :4]),
    }
    for fact, vectors in refused.items():
        with pytest.raises(SpecError) as fault:
            grown(base, more={"vectors": vectors})
        assert fault.value.fact == fact
    with pytest.raises(SpecError, match="vectors are given, but the base has none"):
        grown(taught(), more={"vectors": more})


def test_intents_appear_where_there_were_none_and_old_ones_stay():
    base = taught()
    model = grown(base, corpus(24, intents=True))
    assert set(model.intents) == {"trip", "wish"}
    check_same_scores(base, model)
    base = taught(corpus(24, intents=True))
    more = [each.with_tags(each.tags, intent) for each, intent in zip(NEW, ("wish", "pets") * 6, strict=True)]
    model = grown(base, more)
    assert model.intents == [*base.intents, "pets"]
    check_same_scores(base, model)
    found = going_on(base)  # there are none in what is new
    finished(found)
    assert found.model.intents == base.intents


def test_new_tags_are_learnt_and_with_replay_old_ones_are_not_forgotten():
    base = trainer(corpus(60), spec=SMALL, epochs=20, learning_rate=0.02)
    finished(base)
    found = going_on(base.model, NEW, corpus(60), epochs=30, learning_rate=0.02, replay_share=0.3)
    finished(found)
    assert tags_of(found.model, NEW) == [each.tags for each in NEW]
    before, after = (
        np.mean([a == b.tags for a, b in zip(tags_of(m, OLD), OLD, strict=True)]) for m in (base.model, found.model)
    )
    assert after >= before - 0.05


def tags_of(model, sentences):
    from rnntag.tagging.tagger import Tagger

    return Tagger(model).tags([sentence.tokens for sentence in sentences])


def test_the_same_seed_and_base_give_the_same_bytes_on_any_number_of_threads(tmp_path):
    base = taught()
    save_model(base, tmp_path / "base")
    base = load_model(tmp_path / "base")
    one, two, other = (
        saved(going_on(base, replay=OLD, **more), tmp_path / "m") for more in ({}, {"threads": 2}, {"seed": 2})
    )
    assert one == two != other


def test_whoever_replays_nothing_is_told_what_comes_of_it():
    base = taught()
    told = "nothing is replayed (--replay): what the base knows and TRAIN does not show is forgotten in part"
    assert told in Job(NEW, NEW, base=base).checked().notes
    assert told not in Job(NEW, NEW, base=base, replay=OLD).checked().notes
    assert told not in Job(NEW, NEW).checked().notes


def test_the_record_names_the_base_and_what_was_replayed():
    base = taught()
    record = going_on(base, replay=OLD).model.record
    assert record.base == base.fingerprint()
    assert record.replay == {"corpus": base.record.train["corpus"], "sentences": 24}
    assert record.recipe["replay_share"] == 0.3
    alone = going_on(base).model.record
    assert (alone.replay, "replay_share" in alone.recipe) == ({}, False)
    assert alone.train["sentences"] == len(NEW)


def test_an_old_word_is_shown_as_unknown_less_often_than_a_new_one():
    rarity = going_on(taught(), [Sentence(["Oslo", "Quito"], ["O", "O"])] * 2)._set.rarity["word"]
    base, words = taught(), going_on(taught(), NEW)._set.lexicon.vocabularies["word"]
    assert np.isclose(rarity[words.ids["oslo"]], 1 / 4)  # twice, and once before at least
    assert np.isclose(rarity[words.ids["lima"]], 1 / 2)
    assert np.isclose(rarity[len(base.lexicon.vocabularies["word"])], 1 / 3)


def test_a_base_that_knows_small_letters_only_is_shown_no_others():
    small = [Sentence([token.lower() for token in each.tokens], each.tags) for each in OLD]
    base = taught(small)
    spec, recipe = settings(base, {"epochs": 1})
    checked, _, notes = Job(NEW, NEW, spec, recipe, base=base).checked()
    assert "the base knows small letters only: capitals count as small ones" in notes
    found = TrainingSet.of(checked)
    assert found.record.lower
    assert found.lexicon.vocabularies["shape"].entries == base.lexicon.vocabularies["shape"].entries
    assert not going_on(taught(), small).model.record.lower  # a base that knows capitals goes on knowing them


def test_tags_of_another_scheme_are_converted_and_those_of_another_kind_refused():
    base = taught()
    long = [Sentence(["to", "New", "York", "now"], ["O", "B-goal", "E-goal", "S-time"])] * 3
    spec, recipe = settings(base, {"epochs": 1})
    checked, _, notes = Job(long, long, spec, recipe, base=base).checked()
    assert checked.train[0].tags == ["O", "B-goal", "I-goal", "B-time"]
    assert any(note.endswith("BIOES beside BIO: its tags are converted") for note in notes)
    with pytest.raises(SpecError, match="scheme is bioes, but the base has bio"):
        Job(long, long, spec, recipe, SCHEMES["bioes"], base=base).checked()
    nouns = taught([Sentence(["a", "dog"], ["DET", "NOUN"])] * 4)
    with pytest.raises(SpecError, match=r"the tags are spans \(bio\), but those of the base are of single tokens"):
        Job(OLD, OLD, nouns.spec, Recipe(bptt=0), base=nouns).checked()


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ({"hidden": 64}, "hidden is 64, but the base has 8"),
        ({"cell": "rnn"}, "cell is rnn, but the base has lstm"),
        ({"direction": "forward"}, "direction is forward, but the base has both"),
        ({"look_ahead": 2}, "look-ahead is 2, but the base has 0"),
        ({"layers": 2}, "layers is 2, but the base has 1"),
        ({"embedding": 9}, "embedding is 9, but the base has 8"),
        ({"decoder": "softmax"}, "decoder is softmax, but the base has crf"),
        ({"features": "word,char"}, "features is word,char, but the base has word,shape,prefix,suffix,char"),
        ({"bptt": 64}, "bptt is 64, but the base has 0"),
        ({"intents": "joined"}, "intents is joined, but the base has first"),
    ],
)
def test_a_setting_that_differs_from_the_base_is_refused_by_name(given, fact):
    with pytest.raises(SpecError) as fault:
        settings(taught(corpus(24, intents=True)), given)
    assert str(fault.value) == f"{fact}\nhint: leave it out"


def test_what_is_given_as_the_base_has_it_is_no_fault_and_the_rest_follows_the_base():
    base = taught()
    same = {"hidden": 8, "features": ("auto",), "bptt": 0, "intents": "first", "dropout": 0.2}
    spec, recipe = settings(base, same | {"features": "word,shape,prefix,suffix,char"})
    assert settings(base, same) == (spec, recipe)
    assert spec == base.spec
    assert (recipe.bptt, recipe.dropout) == (0, 0.2)
    assert settings(None, {"hidden": 9}) == (Spec(hidden=9), Recipe())


def test_epochs_are_a_third_unless_they_are_given():
    base = taught()
    alone = TrainingSet.of(Job(NEW, NEW, SMALL)).recipe.epochs
    assert (alone, going_on(base, epochs=0)._set.recipe.epochs) == (80, 26)
    assert going_on(base, epochs=7)._set.recipe.epochs == 7


def test_several_members_are_no_base():
    base = taught()
    base.members = base.members * 2
    with pytest.raises(SpecError) as fault:
        settings(base, {})
    fact = "the base averages 2 members, but training goes on from a single network"
    assert str(fault.value) == f"{fact}\nhint: take a model that was trained without --average"


def test_running_text_goes_on_as_running_text():
    base = taught(running_text(40, 30), Spec(hidden=8, embedding=8, features=("word", "suffix")))
    assert base.record.runs_on
    _, recipe = settings(base, {"batch": 2})
    assert recipe.bptt == base.record.recipe["bptt"] == 128
    assert settings(base, {"bptt": 16})[1].bptt == 16
    with pytest.raises(SpecError, match="bptt is 0, but the base has 128"):
        settings(base, {"bptt": 0})
    found = going_on(base, running_text(50, seed=2), running_text(200, 90, seed=3), bptt=16)
    assert found._set.sampler.count == 4 + 6  # windows of 16, and three tenths of 13 + 6
    finished(found)
    check_same_scores(base, grown(base, running_text(50, seed=2)), running_text(20))


MARKS, OTHERS = Marks.parse("HALT=."), Marks.parse("STOP=.")


@pytest.mark.parametrize(
    ("own", "own_marks", "task", "marks", "fact"),
    [
        (None, None, Task("sentences"), None, "task is sentences, but the base has none"),
        (Task("punctuation"), None, Task("sentences"), None, "task is sentences, but the base has punctuation"),
        (
            Task("punctuation", MARKS),
            None,
            Task("punctuation", OTHERS),
            None,
            "marks is 'STOP=.', but the base has 'HALT=.'",
        ),
        (
            Task("punctuation"),
            None,
            Task("punctuation", MARKS),
            None,
            "marks is 'HALT=.', but the base has the usual ones",
        ),
        (
            Task("punctuation"),
            None,
            Task("punctuation", None, True),
            None,
            "case is asked for, but the base was trained without",
        ),
        (None, None, None, MARKS, "marks is 'HALT=.', but the base has none"),
        (None, MARKS, None, OTHERS, "marks is 'STOP=.', but the base has 'HALT=.'"),
        (Task("punctuation", MARKS, True), None, Task("punctuation"), None, None),
        (None, MARKS, None, None, None),
    ],
)
def test_task_and_marks_are_those_of_the_base(own, own_marks, task, marks, fact):
    base = taught()
    base.record = type(base.record)(task=own, tag_marks=own_marks)
    assert task_beside(None, task, marks) == (task, marks)
    if fact is None:
        assert task_beside(base, task, marks) == (own, own_marks)
    else:
        with pytest.raises(SpecError) as fault:
            task_beside(base, task, marks)
        assert str(fault.value) == f"{fact}\nhint: leave it out"
