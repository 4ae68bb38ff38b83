"""A file that is tagged already, scored on gold sentences or on its own."""

from pathlib import Path

import pytest
from answers import TAGGED

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.errors import CorpusError
from rnntag.evaluation.counts import IntentCounts
from rnntag.evaluation.of_file import COPIED, of_file
from rnntag.evaluation.scoring import Scoring

BIO = SCHEMES["bio"]


def test_one_file_tells_one_intent_a_sentence_so_there_is_nothing_to_compare(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("gold.conll").write_text("# intent = flight\nto\tO\nOslo\tB-city\n\n# intent = fare\nhi\tO\n\n", "utf-8")
    rows = "# intent = {}\nto\tO\tO\nOslo\tB-city\tB-city\n\n# intent = fare\nhi\tO\tO\n\n"
    Path("tagged.conll").write_text(rows.format("hotel"), "utf-8")
    alone = of_file("tagged.conll").scores
    beside = of_file("tagged.conll", formats.read_corpus("gold.conll")).scores
    assert alone.intents is None
    assert beside.intents == IntentCounts({("flight", "hotel"): 1, ("fare", "fare"): 1}, whole=1, rule="any")
    assert alone.overall == beside.overall


def test_one_file_needs_both_tags_of_a_token(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("tagged.conll").write_text("# c\nto\tO\n\n", "utf-8")
    with pytest.raises(CorpusError) as caught:
        of_file("tagged.conll")
    assert (caught.value.where, caught.value.hint.split(": ")[0]) == ("tagged.conll:2", "name the gold file as well")


def test_spans_in_another_notation_are_the_same_tags(files):
    bioes = [sentence.with_tags(SCHEMES["bioes"].tags(BIO.spans(sentence.tags), len(sentence))) for sentence in files]
    assert [sentence.tags for sentence in bioes] != [sentence.tags for sentence in files]
    Path("bioes.conll").write_text(formats.write(bioes, "conll", SCHEMES["bioes"]), "utf-8")
    scores = of_file("bioes.conll", files, Scoring(mode="strict")).scores  # by the letter of their own notation
    assert (scores.correct_tokens, scores.overall.correct) == (scores.tokens, 4) == (8, 4)


def test_the_rules_decide_what_is_right(files):
    def scores(rule, mode):
        return of_file("tagged.conll", gold, Scoring(intent_rule=rule, mode=mode)).scores

    gold = [sentence.with_tags(sentence.tags, f"{sentence.intent}#more") for sentence in files]
    assert [scores(rule, "conlleval").intents.correct for rule in ("any", "exact")] == [2, 0]
    assert scores(None, "conlleval").intents is None
    Path("tagged.conll").write_text(TAGGED.replace("oslo\tB-city", "oslo\tI-city"), "utf-8")
    lenient, strict = scores("any", "conlleval"), scores("any", "strict")
    assert (lenient.rule, strict.rule) == ("conlleval", "strict")
    assert (lenient.overall.predicted, strict.overall.predicted) == (4, 3)


def test_intents_that_are_those_of_gold_are_suspicious(files):
    assert list(of_file("gold.conll", files).warnings) == [f"gold.conll: {COPIED}"]
    assert list(of_file("tagged.conll", files).warnings) == []
