"""A gold file against a model."""

from pathlib import Path

import pytest
from shell import SAMPLE

import rnntag
from rnntag import ModelError, Sentence, formats, scoring
from rnntag.evaluation import Intents
from rnntag.scheme import SCHEMES


@pytest.mark.parametrize("name", ["bioes", "iob1"])
def test_gold_in_another_notation_is_scored_all_the_same(trained, name):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    other = [
        sentence.with_tags(SCHEMES[name].tags(model.scheme.spans(sentence.tags), len(sentence))) for sentence in gold
    ]
    assert [sentence.tags for sentence in other] != [sentence.tags for sentence in gold]
    ours, theirs = scoring.of_model(model, gold), scoring.of_model(model, other, SCHEMES[name])
    assert theirs.scores == ours.scores
    assert list(theirs.warnings) == list(ours.warnings)


def test_the_intents_that_came_in_are_not_scored_as_if_the_model_had_found_them(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    assert not model.intents
    plain = scoring.of_model(model, gold)
    known = scoring.of_model(model, [sentence.with_tags(sentence.tags, "flight") for sentence in gold])
    assert known.scores == plain.scores
    assert known.scores.intents is None


def test_what_is_tagged_and_written_scores_as_the_model_does_intents_included(tmp_path):
    train = formats.read_corpus(SAMPLE / "train.conll")[:200]
    gold_path, tagged_path = SAMPLE / "dev.conll", tmp_path / "tagged.conll"
    gold = formats.read_corpus(gold_path)
    tagger = rnntag.train(train, gold[:20], hidden=16, embedding=16, epochs=3, learning_rate=0.02)
    tagged_path.write_text(formats.write(tagger.tag(gold), "conll", tagger.model.scheme), "utf-8")
    for rule in ("any", "exact"):
        expected = scoring.of_model(tagger.model, gold, rule=rule).scores
        assert expected.intents.utterances == len(gold)
        assert 0 < expected.intents.correct < len(gold)
        assert scoring.of_file(str(tagged_path), str(gold_path), rule=rule).scores == expected


def test_the_signature_of_an_averaged_model_has_all_its_seeds(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    model.record["seeds"] = [5, 6, 7]
    assert scoring.of_model(model, gold).signature.endswith(" | seed 5,6,7")
    model.record.clear()
    assert "seed" not in scoring.of_model(model, gold).signature


def test_one_file_tells_one_intent_a_sentence_so_there_is_nothing_to_compare(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("gold.conll").write_text("# intent = flight\nto\tO\nOslo\tB-city\n\n# intent = fare\nhi\tO\n\n", "utf-8")
    rows = "# intent = {}\nto\tO\tO\nOslo\tB-city\tB-city\n\n# intent = fare\nhi\tO\tO\n\n"
    Path("tagged.conll").write_text(rows.format("hotel"), "utf-8")
    alone = scoring.of_file("tagged.conll", rule="any").scores
    beside = scoring.of_file("tagged.conll", "gold.conll", rule="any").scores
    assert alone.intents is None
    assert beside.intents == Intents(utterances=2, correct=1, whole=1, rule="any")
    assert alone.overall == beside.overall


def test_a_model_that_does_not_fit_shows_its_tags():
    train = [Sentence(["to", "new", "york"], ["O", "B-city", "I-city"]), Sentence(["hi"], ["O"])]
    model = rnntag.train(train, train, hidden=8, embedding=8, epochs=1).model
    with pytest.raises(ModelError) as caught:
        scoring.of_model(model, [Sentence(["Oslo"], ["B-port"], source="a.conll", line=3)])
    fact = "the model does not fit the corpus: the model has tags such as B-city, I-city; the corpus B-port"
    assert str(caught.value) == f"a.conll:3: {fact}\nhint: name another model with -m"


def test_gold_without_a_single_span_can_be_scored(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    nothing = [sentence.with_tags(["O"] * len(sentence)) for sentence in gold]
    scores = scoring.of_model(model, nothing).scores
    assert scores.overall.gold == 0
    assert scores.tokens == sum(map(len, gold))
