"""What a page tells of an evaluation."""

import json
from dataclasses import replace
from pathlib import Path

import rnntag
from rnntag import formats
from rnntag.evaluation.counts import Counts
from rnntag.evaluation.of_file import of_file
from rnntag.evaluation.of_model import of_model
from rnntag.evaluation.results import Part, with_intervals, with_mistakes
from rnntag.show.page import facts as facts_module
from rnntag.show.page.facts import page_facts
from rnntag.version import __version__


def test_a_page_has_all_the_facts(files):
    plain = of_file("tagged.conll", files)
    assert plain.scores.overall == Counts(4, 4, 2)
    facts = page_facts(plain, "Tagged")
    assert json.loads(json.dumps(facts)) == facts
    cards = facts.pop("cards")
    assert [list(card.values()) for card in cards] == [
        ["F1", 50.0, None, None, "4 spans"],
        ["precision", 50.0, None, None, "2 of 4"],
        ["recall", 50.0, None, None, "2 of 4"],
        ["token accuracy", 62.5, None, None, "5 of 8"],
        ["sentence accuracy", 66.67, None, None, "2 of 3"],
        ["intent accuracy", 66.67, None, None, "2 of 3"],
        ["utterance accuracy", 33.33, None, None, "1 of 3"],
    ]
    assert {tuple(card) for card in cards} == {("name", "value", "low", "high", "note")}
    assert facts == {
        "title": "Tagged",
        "version": __version__,
        "signature": plain.signature,
        "rule": "conlleval",
        "files": [],
        "macro": {"precision": 50.0, "recall": 33.33, "f1": 38.89},
        "intents": [
            {
                "label": "alarm",
                "precision": 100.0,
                "recall": 100.0,
                "f1": 100.0,
                "gold": 1,
                "predicted": 1,
                "correct": 1,
            },
            {"label": "fare", "precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 1, "predicted": 0, "correct": 0},
            {
                "label": "flight",
                "precision": 50.0,
                "recall": 100.0,
                "f1": 66.67,
                "gold": 1,
                "predicted": 2,
                "correct": 1,
            },
        ],
        "intent_macro": {"precision": 50.0, "recall": 66.67, "f1": 55.56},
        "intent_confusions": [{"gold": "fare", "predicted": "flight", "count": 1}],
        "types": [
            {"label": "city", "precision": 50.0, "recall": 50.0, "f1": 50.0, "gold": 2, "predicted": 2, "correct": 1},
            {"label": "date", "precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 0, "predicted": 1, "correct": 0},
            {"label": "time", "precision": 100.0, "recall": 50.0, "f1": 66.67, "gold": 2, "predicted": 1, "correct": 1},
        ],
        "confusions": {
            "labels": ["city", "date", "time", "none"],
            "counts": [[1, 0, 0, 0], [0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]],
        },
        "kinds": {"type": 1, "boundary": 1, "both": 0, "missed": 0, "invented": 0},
        "seen": [],
        "curve": None,
        "reliability": None,
        "sentences": [
            {
                "where": "gold.conll:2",
                "tokens": ["to", "new", "york", "at", "noon"],
                "gold": [[1, 3, "city"], [4, 5, "time"]],
                "predicted": [[2, 3, "city"], [4, 5, "date"]],
                "intent": {"gold": "flight", "predicted": "flight"},
                "mistakes": [
                    {"kind": "boundary", "gold": "city", "predicted": "city"},
                    {"kind": "type", "gold": "time", "predicted": "date"},
                ],
            },
            {
                "where": "gold.conll:9",
                "tokens": ["to", "oslo"],
                "gold": [[1, 2, "city"]],
                "predicted": [[1, 2, "city"]],
                "intent": {"gold": "fare", "predicted": "flight"},
                "mistakes": [],
            },
        ],
    }


def test_a_page_has_intervals_and_what_is_known_where_they_are_there(files, monkeypatch):
    monkeypatch.setattr(facts_module, "SHOWN", 1)
    Path("train.conll").write_text("to\tO\n\n", "utf-8")
    result = with_mistakes(with_intervals(of_file("tagged.conll", files)), "train.conll")
    facts = page_facts(result, "")
    borders = [[card["low"], card["high"]] for card in facts["cards"]]
    assert borders[0] == [round(border, 2) for border in result.intervals.measures["f1"]]
    assert all(low <= card["value"] <= high for card, (low, high) in zip(facts["cards"], borders, strict=True))
    assert facts["seen"][0] == {"name": "words known", "right": 2, "all": 2}
    assert len(facts["sentences"]) == 1


def test_a_page_of_tokens_calls_them_tags(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("tagged.conll").write_text("the\tDT\tDT\ncat\tNN\tVB\nsat\tVB\tO\n\n", "utf-8")
    facts = page_facts(of_file("tagged.conll"), "")
    assert (facts["rule"], facts["cards"][0]["note"]) == ("tokens", "3 tags")
    assert facts["confusions"] == {
        "labels": ["DT", "NN", "VB", "none"],
        "counts": [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]],
    }
    assert facts["sentences"][0]["intent"] is None


def test_rows_and_columns_of_the_confusions_add_up_but_for_spans_of_other_borders(trained):
    model, gold = rnntag.load(trained.path).model, formats.read_corpus(trained.dev)
    result = with_mistakes(of_model(model, gold))
    facts = page_facts(result, "")
    labels, counts = facts["confusions"]["labels"], facts["confusions"]["counts"]
    found = [mistake for wrong in result.mistakes.sentences for mistake in wrong.mistakes]
    shifted = [mistake.gold.label for mistake in found if mistake.kind == "boundary"]
    assert found
    for place, (label, row) in enumerate(zip(labels[:-1], counts[:-1], strict=True)):
        assert sum(row) + shifted.count(label) == result.scores.types[label].gold
        assert sum(column[place] for column in counts) + shifted.count(label) == result.scores.types[label].predicted
        assert row[place] == result.scores.types[label].correct
    assert counts[-1][-1] == 0


def test_a_page_of_several_files_has_the_figures_of_each(files):
    result = of_file("tagged.conll", files)
    bare = replace(result.scores, intents=None)
    found = page_facts(replace(result, parts=[Part("a.conll", result.scores, "a"), Part("b.conll", bare, "b")]), "")
    assert [file["name"] for file in found["files"]] == ["a.conll", "b.conll", "all"]
    one, other, both = (file["figures"] for file in found["files"])
    assert one == both == {card["name"]: card["value"] for card in found["cards"]}
    assert next(iter(one)) == "F1"
    assert other == one | {"intent accuracy": None, "utterance accuracy": None}


def test_a_page_without_intents_says_nothing_of_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("tagged.conll").write_text("to\tO\tO\noslo\tB-city\tB-city\n\n", "utf-8")
    facts = page_facts(of_file("tagged.conll"), "")
    assert facts["intents"] == facts["intent_confusions"] == facts["files"] == []
