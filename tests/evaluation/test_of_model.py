"""A model scored on gold sentences."""

import json

import conlleval
import pytest
import running
from shell import SAMPLE

import rnntag
from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, ModelError
from rnntag.evaluation.of_file import of_file
from rnntag.evaluation.of_model import as_trained, of_files, of_model
from rnntag.evaluation.scoring import Scoring
from rnntag.model.record import Record
from rnntag.punctuation.task import Task


@pytest.mark.parametrize("name", ["bioes", "iob1"])
def test_gold_in_another_notation_is_scored_all_the_same(trained, name):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    other = [
        sentence.with_tags(SCHEMES[name].tags(model.scheme.spans(sentence.tags), len(sentence))) for sentence in gold
    ]
    assert [sentence.tags for sentence in other] != [sentence.tags for sentence in gold]
    ours, theirs = of_model(model, gold), of_model(model, other, Scoring(SCHEMES[name]))
    assert theirs.scores == ours.scores
    assert list(theirs.notes) == [f"{trained.dev}: {name.upper()} beside BIO of the model: its tags are converted"]
    assert list(ours.notes) == []
    assert list(theirs.warnings) == list(ours.warnings)


def test_the_intents_that_came_in_are_not_scored_as_if_the_model_had_found_them(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    assert not model.intents
    plain = of_model(model, gold)
    known = of_model(model, [sentence.with_tags(sentence.tags, "flight") for sentence in gold])
    assert known.scores == plain.scores
    assert known.scores.intents is None


def test_what_is_tagged_and_written_scores_as_the_model_does_intents_included(tmp_path):
    train = formats.read_corpus(SAMPLE / "train.conll")[:200]
    gold_path, tagged_path = SAMPLE / "dev.conll", tmp_path / "tagged.conll"
    gold = formats.read_corpus(gold_path)
    tagger = rnntag.train(train, gold[:20], hidden=16, embedding=16, epochs=3, learning_rate=0.02)
    tagged_path.write_text(formats.write(tagger.tag(gold), "conll", tagger.model.scheme), "utf-8")
    for rule in ("any", "exact"):
        expected = of_model(tagger.model, gold, Scoring(intent_rule=rule)).scores
        assert expected.intents.utterances == len(gold)
        assert 0 < expected.intents.correct < len(gold)
        assert of_file(str(tagged_path), gold, Scoring(intent_rule=rule)).scores == expected


def test_the_signature_of_an_averaged_model_has_all_its_seeds(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    model.record = Record(seeds=[5, 6, 7])
    assert of_model(model, gold).signature.endswith(" | seed 5,6,7")
    model.record = Record()
    assert "seed" not in of_model(model, gold).signature


def test_a_model_that_does_not_fit_shows_its_tags():
    train = [Sentence(["to", "new", "york"], ["O", "B-city", "I-city"]), Sentence(["hi"], ["O"])]
    model = rnntag.train(train, train, hidden=8, embedding=8, epochs=1).model
    with pytest.raises(ModelError) as caught:
        of_model(model, [Sentence(["Oslo"], ["B-port"], source="a.conll", line=3)])
    fact = "the model does not fit the corpus: the model has tags such as B-city, I-city; the corpus B-port"
    assert str(caught.value) == f"a.conll:3: {fact}\nhint: name another model with -m"


def test_gold_without_a_single_span_can_be_scored(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    nothing = [sentence.with_tags(["O"] * len(sentence)) for sentence in gold]
    scores = of_model(model, nothing).scores
    assert scores.overall.gold == 0
    assert scores.tokens == sum(map(len, gold))


def test_ill_formed_gold_is_read_by_the_mode_before_it_is_written_in_the_notation_of_the_model():
    train = [Sentence(["to", "new", "york"], ["O", "B-city", "I-city"]), Sentence(["hi"], ["O"])]
    model = rnntag.train(train, train, hidden=8, embedding=8, epochs=1).model
    gold = [Sentence(["new", "york", "oslo"], ["B-city", "I-city", "S-city"])]  # nothing ends the first span
    lenient, strict = (of_model(model, gold, Scoring(SCHEMES["bioes"], mode=mode)) for mode in ("conlleval", "strict"))
    assert (lenient.scores.overall.gold, strict.scores.overall.gold) == (2, 1)
    assert [" | rule conlleval | " in lenient.signature, " | rule strict | " in strict.signature] == [True, True]


def test_ill_formed_gold_counts_as_in_the_script_and_is_told(trained):
    tagger, gold = rnntag.load(trained.path), formats.read_corpus(trained.dev)
    slips = [
        each.with_tags([tag.replace("B-", "I-") for tag in each.tags]) if n < 3 else each for n, each in enumerate(gold)
    ]
    result = of_model(tagger.model, slips)
    found = result.scores.overall
    predicted = [each.tags for each in tagger.tag(slips)]
    assert (found.gold, found.predicted, found.correct) == conlleval.counts([each.tags for each in slips], predicted)
    [told] = [warning for warning in result.warnings if "--strict" in warning]
    assert told.startswith(f"{trained.dev}:")
    with pytest.raises(CorpusError):
        of_model(tagger.model, slips, Scoring(strict=True))


def test_the_training_set_as_gold_is_told(trained):
    model = rnntag.load(trained.path).model
    told = f"{trained.train}: this is what the model was trained on: "
    assert [note.startswith(told) for note in of_model(model, formats.read_corpus(trained.train)).notes] == [True]
    assert list(of_model(model, formats.read_corpus(trained.dev)).notes) == []


def test_several_files_are_scored_each_and_together(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    files = {"a.conll": gold[:20], "b.conll": gold[20:]}
    whole, alone = of_files(model, files, certain=True), of_model(model, gold, certain=True)
    assert (whole.scores, whole.signature) == (alone.scores, alone.signature)
    assert whole.reliability.spans == pytest.approx(alone.reliability.spans, abs=1e-5)
    assert [each.predictions for each in whole.reliability.bins] == [
        each.predictions for each in alone.reliability.bins
    ]
    assert [part.name for part in whole.parts] == list(files)
    for part, sentences in zip(whole.parts, files.values(), strict=True):
        one = of_model(model, sentences)
        assert (part.scores, part.signature, one.parts) == (one.scores, one.signature, [])
    told = json.loads(json.dumps(whole.as_dict()))
    assert [each["file"] for each in told["files"]] == list(files)
    assert told["files"][0]["f1"] == round(whole.parts[0].scores.overall.f1, 2)
    assert "files" not in alone.as_dict()


def test_each_file_is_a_text_of_its_own():
    model, sentences = running.model(), running.sentences([6, 9, 7])
    gold = [sentence.with_tags(["X"] * len(sentence)) for sentence in sentences]
    files = {"a": gold[:1], "b": gold[1:]}
    found = of_files(model, files).predicted
    expected = [each for part in files.values() for each in of_model(model, part).predicted]
    assert [each.tags for each in found] == [each.tags for each in expected]
    assert [each.tags for each in found] != [each.tags for each in of_model(model, gold).predicted]


def test_a_file_that_does_not_fit_is_told_among_others_that_do(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    other = [Sentence(["Oslo"], ["B-port"], source="b.conll", line=3)]
    with pytest.raises(ModelError, match=r"^b\.conll:3: the model does not fit the corpus"):
        of_files(model, {"a.conll": gold, "b.conll": other})


def test_gold_is_cut_as_the_model_was_taught_unless_it_is_said_how():
    model = running.model(record=Record(characters=True))
    assert as_trained(model, formats.TAGGED).characters is True
    assert as_trained(model, formats.Reading(True, characters=False)).characters is False
    task = Task("punctuation")
    assert as_trained(running.model(record=Record(task=task)), formats.TAGGED).task is task
