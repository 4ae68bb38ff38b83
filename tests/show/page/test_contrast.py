"""The page of a comparison: what it tells, and that it is as sound as that of an evaluation."""

import json
from collections import Counter
from pathlib import Path

import pytest
from answers import GOLD
from pages import NASTY, TAME, Page, mistake, wrong

from rnntag.evaluation.comparison import comparison
from rnntag.show import page
from rnntag.show.page.contrast import VERDICTS, comparison_facts, drawn_pairs


def sample(words):
    """Facts all texts of which are drawn from some words."""
    labels = words[:22]
    measures = [
        {"name": words[3], "a": 50.0, "b": 60.0, "difference": 10.0, "low": -1.0, "high": 21.0, "p": 0.02},
        {"name": words[4], "a": 50.0, "b": 40.0, "difference": -10.0, "low": -21.0, "high": 1.0, "p": 0.2},
    ]
    rows = [
        {"label": label, "gold": place, "a": 10.0, "b": 20.0, "difference": 10.0} for place, label in enumerate(labels)
    ]
    told = {"gold": words[5], "predicted": None}
    one = wrong(words[6], [words[7], words[8]], [[0, 1, words[9]]], [], [mistake("missed", words[9], None)], told)
    other = wrong(words[6], [words[7], words[8]], [[0, 1, words[9]]], [[0, 1, words[9]]], [])
    return {
        "title": words[0],
        "version": words[1],
        "signature": words[2],
        "rule": "conlleval",
        "names": words[10:12],
        "meaning": words[12],
        "measures": measures,
        "types": rows,
        "intents": rows,
        "verdicts": {"only B right": 1},
        "sentences": [{"verdict": "only B right", "a": one, "b": other}] * 60,
    }


def test_a_page_has_all_the_facts(files):
    found = comparison(files, ("gold.conll", "tagged.conll"))
    facts = comparison_facts(found, "gold.conll and tagged.conll")
    assert json.loads(json.dumps(facts)) == facts
    assert (facts["names"], facts["rule"]) == (["gold.conll", "tagged.conll"], "conlleval")
    assert (facts["meaning"], facts["signature"]) == (found.contrast.meaning(), found.signature)
    told = found.as_dict()["f1"]
    [first, *rest] = facts["measures"]
    assert first == {
        "name": "F1",
        "a": 100.0,
        "b": 50.0,
        "difference": -50.0,
        "low": told["interval"][0],
        "high": told["interval"][1],
        "p": max(told["p_bootstrap"], told["p_randomisation"]),
    }
    assert [measure["name"] for measure in rest][:2] == ["precision", "recall"]
    assert facts["types"] == [
        {"label": "city", "gold": 2, "a": 100.0, "b": 50.0, "difference": -50.0},
        {"label": "date", "gold": 0, "a": 0.0, "b": 0.0, "difference": 0.0},
        {"label": "time", "gold": 2, "a": 100.0, "b": 66.67, "difference": -33.33},
    ]
    assert [(each["label"], each["b"]) for each in facts["intents"]] == [
        ("alarm", 100.0),
        ("fare", 0.0),
        ("flight", 66.67),
    ]
    assert facts["verdicts"] == {"only A right": 2}
    assert [(pair["verdict"], pair["a"]["where"]) for pair in facts["sentences"]] == [
        ("only A right", "gold.conll:2"),
        ("only A right", "gold.conll:9"),
    ]
    assert [len(pair["b"]["mistakes"]) for pair in facts["sentences"]] == [2, 0]
    assert all(pair["a"]["mistakes"] == [] for pair in facts["sentences"])


def test_each_sentence_on_which_they_differ_has_a_verdict(files):
    Path("other.conll").write_text(GOLD.replace("new\tB-city", "new\tO").replace("york\tI", "york\tB"), "utf-8")
    for names, verdicts in (
        (("tagged.conll", "gold.conll"), {"only B right": 2}),
        (("tagged.conll", "other.conll"), {"only B right": 1, "both wrong": 1}),
        (("gold.conll", "gold.conll"), {}),
    ):
        facts = comparison_facts(comparison(files, names), "")
        assert facts["verdicts"] == verdicts
        assert set(verdicts) <= set(VERDICTS.values())
        assert len(facts["sentences"]) == sum(verdicts.values())


def test_a_pair_is_found_by_its_verdict_and_by_the_types_of_both():
    one = wrong("1", ["a"], [], [], [mistake("missed", "X", None), mistake("missed", "X", None)])
    other = wrong("1", ["a"], [], [], [mistake("type", "X", "Y")])
    right = wrong("2", ["b"], [], [], [])
    first, second = drawn_pairs(
        [{"verdict": "both wrong", "a": one, "b": other}, {"verdict": "both right", "a": right, "b": right}]
    )
    assert first.kinds == {"both wrong": 1}
    assert first.record() == {"text": "a 1", "mistakes": [["both wrong", "X", ""], ["both wrong", "X", "Y"]]}
    assert second.record() == {"text": "b 2", "mistakes": [["both right", "", ""]]}


@pytest.mark.parametrize("words", [NASTY, TAME], ids=["nasty", "tame"])
def test_the_page_is_well_formed_and_shows_all(words):
    facts = sample(words)
    html = page.render_comparison(facts)
    found = Page(html)
    assert (found.faults, found.open) == ([], [])
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    links = {attributes["href"] for attributes in found.all("a")}
    assert links <= {f"#{name}" for name in ids}
    assert [attributes["id"] for attributes in found.all("section")] == ["measures", "types", "intents", "errors"]
    for text in (words[10], words[11], words[9]):
        assert any(page.made_visible(text) == data for tag, data in found.texts if tag == "bdi"), text
    assert found.inside["h1"].strip() == page.made_visible(words[0]).strip()
    assert "50 of 60 sentences on which A and B differ" in html
    assert "+10.00" in html
    records = json.loads(found.scripts[0])
    assert [len(records), html.count('<li class="error"')] == [60, 50]
    assert records[0]["html"] in html


def test_no_text_becomes_markup():
    assert Page(page.render_comparison(sample(NASTY))).shape == Page(page.render_comparison(sample(TAME))).shape


def test_two_that_found_the_same_are_told_to_be_alike(files):
    page.write("same.html", comparison(files, ("gold.conll", "gold.conll")), "the same twice")
    html = Path("same.html").read_text("utf-8")
    assert "A and B found the same in every sentence." in html
    assert 'id="data"' not in html
    assert Page(html).inside["h1"].strip() == "the same twice"
