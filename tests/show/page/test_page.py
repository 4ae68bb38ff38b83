"""The page of an evaluation: well-formed, escaped, complete."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import NASTY, NOTHING, TAME, Page, sample

from rnntag.errors import RnntagError, SpecError
from rnntag.evaluation.of_file import of_file
from rnntag.show import page
from rnntag.show.page import sentences
from rnntag.show.page.facts import page_facts


@pytest.fixture(scope="module")
def nasty():
    return page.render(sample(NASTY))


@pytest.mark.parametrize("facts", [NOTHING, sample(NASTY), sample(TAME)], ids=["nothing", "nasty", "tame"])
def test_the_page_is_well_formed(facts):
    html = page.render(facts)
    found = Page(html)
    html.encode()
    assert html.startswith("<!DOCTYPE html>")
    assert (found.faults, found.open) == ([], [])
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    references = {
        word
        for _, attributes in found.tags
        for name in ("aria-labelledby", "aria-controls", "for")
        for word in attributes.get(name, "").split()
    }
    links = {attributes["href"] for attributes in found.all("a")}
    assert {f"#{word}" for word in references} | links <= {f"#{name}" for name in ids}
    assert found.all("html")[0]["lang"] == "en"


def test_every_control_and_drawing_says_what_it_is(nasty):
    found = Page(nasty)
    for (tag, attributes), parents in zip(found.tags, found.parents, strict=True):
        if tag in ("select", "input"):
            assert "label" in parents
        if tag == "button":
            assert attributes["type"] in ("button", "reset")
        if tag == "svg":
            assert attributes.get("aria-hidden") == "true" or (attributes["role"], attributes["aria-labelledby"])
        if tag == "th":
            assert attributes["scope"] in ("row", "col")
        if attributes.get("tabindex") == "0":
            assert attributes.get("aria-label") or attributes.get("aria-labelledby")
    tags = Counter(tag for tag, _ in found.tags)
    drawn = sum("role" in attributes for attributes in found.all("svg"))
    assert tags["desc"] == drawn == 4  # two of the training, two of the probabilities
    assert tags["title"] == drawn + 1  # that of the page
    assert tags["caption"] == tags["table"]
    assert tags["h1"] == tags["main"] == tags["footer"] == 1


def test_nothing_comes_from_elsewhere(nasty):
    found = Page(nasty)
    for tag, attributes in found.tags:
        assert not {"style", "src", "action", "srcset", "xlink:href"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert attributes.get("href", "#").startswith("#") or attributes["href"] == "data:,"
    own = found.inside["style"] + found.scripts[-1]
    assert not re.search(r"url\(|@import|https?:|//[a-z]|fetch\(|XMLHttp|import\(|eval\(", own)
    assert len(found.scripts) == 2
    policy = found.all("meta")[1]["content"]
    digests = [hashlib.sha256(text.encode()).digest() for text in (found.inside["style"], found.scripts[-1])]
    style, script = ("sha256-" + base64.b64encode(digest).decode() for digest in digests)
    assert policy == (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_no_text_becomes_markup(nasty):
    """Whatever the texts are, the elements and the names of their attributes are the same."""
    assert Page(nasty).shape == Page(page.render(sample(TAME))).shape


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(min_size=1, max_size=12), min_size=len(TAME), max_size=len(TAME), unique_by=page.made_visible))
def test_no_text_at_all_becomes_markup(words):
    assert Page(page.render(sample(words))).shape == Page(page.render(sample(TAME))).shape


def test_texts_arrive_as_they_were_but_for_what_is_hidden(nasty):
    found = Page(nasty)
    shown = [page.made_visible(text) for text in NASTY]
    for text in filter(None, shown):
        assert any(text == data for tag, data in found.texts if tag == "bdi"), text
    assert found.inside["h1"].strip() == NASTY[0]
    values = {attributes["value"] for attributes in found.all("option")}
    assert set(shown) <= values
    assert page.made_visible("\0\u2028\ud800") == "\u2400\u2424\ufffd"


@given(st.text())
def test_what_is_made_visible_hides_nothing(text):
    shown = page.made_visible({"a": [text, 1, None]})["a"]
    assert shown[1:] == [1, None]
    assert len(shown[0]) == len(text)
    shown[0].encode()
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]", shown[0])
    assert all(ours == theirs for ours, theirs in zip(shown[0], text, strict=True) if theirs.isalnum())


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_embedded_data_cannot_leave_its_element(value):
    value = page.made_visible(value)
    text = page.embedded([value, "</script>", "<!--", "\u2028\u2029"])
    assert json.loads(text) == [value, "</script>", "<!--", "\u2028\u2029"]
    assert not set("<\u2028\u2029") & set(text)


def test_the_data_are_the_sentences_and_the_first_page_is_there_without_a_script(nasty):
    found = Page(nasty)
    records = json.loads(found.scripts[0])
    assert len(records) == 121
    assert nasty.count('<li class="error"') == sentences.PAGE
    for record in records[: sentences.PAGE]:
        assert record["html"] in nasty
    assert records[1]["mistakes"] == [["missed", page.made_visible(NASTY[1]), ""], ["intent", "", ""]]
    scripted = [attributes for _, attributes in found.tags if "scripted" in attributes.get("class", "").split()]
    assert len(scripted) == 6
    assert all("hidden" in attributes for attributes in scripted)
    style = found.inside["style"]
    assert f".sortable.folded tbody tr:nth-child(n + {page.FOLD + 1})" in style
    assert f".error:nth-child(n + {sentences.PAGE + 1})" in style


SECTIONS = {
    "files": {"files"},
    "types": {"types"},
    "intents": {"intents"},
    "intent_confusions": {"intent-confusions"},
    "kinds": {"kinds"},
    "seen": {"seen"},
    "confusions": {"confusions"},
    "curve": {"curve"},
    "reliability": {"reliability"},
    "sentences": {"errors"},
}


@pytest.mark.parametrize(("key", "ids"), SECTIONS.items())
def test_only_what_has_data_appears(key, ids):
    found = Page(page.render({**NOTHING, key: sample(TAME)[key]}))
    sections = {attributes["id"] for attributes in found.all("section")}
    assert sections - {"errors"} == ids - {"errors"}
    assert {attributes["href"] for attributes in found.all("a")} >= {f"#{name}" for name in ids}
    assert ("errors" in sections) == (key != "kinds")  # mistakes that are counted but not shown


def test_no_mistakes_is_told_kindly():
    html = page.render(NOTHING)
    assert "No mistakes" in html
    assert "Every sentence is just as the gold tags have it. Well done." in html
    assert 'id="data"' not in html


def test_a_page_needs_jinja(monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(SpecError) as caught:
        page.render(NOTHING)
    assert str(caught.value) == "a page needs jinja2\nhint: pip install 'rnntag[report]'"


def test_the_facts_are_left_as_they_were():
    facts = sample(NASTY)
    before = copy.deepcopy(facts)
    page.render(facts)
    assert facts == before


def test_a_page_is_written_whole_and_only_where_it_can_be(files):
    result = of_file("tagged.conll", files)
    page.check("report.html")
    page.write("report.html", result, "Tagged", [{"epoch": 1, "loss": 0.5, "f1": 50.0}])
    html = Path("report.html").read_bytes().decode()
    assert html == page.render(page_facts(result, "Tagged", [{"epoch": 1, "loss": 0.5, "f1": 50.0}]))
    assert Page(html).inside["h1"].strip() == "Tagged"
    with pytest.raises(RnntagError, match=r"^nowhere/report\.html: "):
        page.check("nowhere/report.html")
