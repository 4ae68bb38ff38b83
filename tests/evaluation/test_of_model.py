"""A model scored on gold sentences."""

import conlleval
import pytest
from shell import SAMPLE

import rnntag
from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, ModelError
from rnntag.evaluation.of_file import of_file
from rnntag.evaluation.of_model import of_model
from rnntag.evaluation.scoring import Scoring
from rnntag.model.record import Record


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
