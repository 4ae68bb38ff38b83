"""The page of an evaluation: well-formed, escaped, complete, and at work in a real browser."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import math
import re
import shutil
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnntag.data.tokenisation import joined
from rnntag.errors import SpecError
from rnntag.show import page
from rnntag.show.page import charts, confusions, sentences

NASTY = [
    "<script>alert(1)</script>",
    "\"' onmouseover='alert(1)",
    "</script><!--<script>",
    "<img src=https://example.org/x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "&amp;lt;&#60;",
    "שלום",
    "مرحبا\u202eabc",
    "北京",
    "a\x00b\x1b[31m\r\n\t\x7f\x85",
    "\u2028\u2029\ud800\uffff",
    "l" * 300,
    "]]>",
    " ",
    "none",
    "e\u0301👩‍👩‍👧",
    *(f"plain{number}" for number in range(8)),
]


def mistake(kind, gold, predicted):
    return {"kind": kind, "gold": gold, "predicted": predicted}


def wrong(where, tokens, gold, predicted, mistakes, intent=None):
    spans = {"gold": gold, "predicted": predicted}
    return {"where": where, "tokens": tokens, **spans, "intent": intent, "mistakes": mistakes}


NOTHING = {
    "title": "an empty one",
    "version": "1.2.3",
    "signature": "rnntag 1.2.3 | rule conlleval",
    "rule": "conlleval",
    "cards": [{"name": "F1", "value": 100.0, "low": None, "high": None, "note": "0 spans"}],
    "types": [],
    "confusions": {"labels": ["none"], "counts": [[0]]},
    "kinds": dict.fromkeys(("type", "boundary", "both", "missed", "invented"), 0),
    "seen": [],
    "curve": None,
    "reliability": None,
    "sentences": [],
}


def sample(words):
    """Facts of every sort, all texts of which are drawn from some words, a label from each."""
    words = words * (60 // len(words) + 1)
    labels = list(dict.fromkeys(words))[:30]
    size, one, two = len(labels) + 1, labels[0], labels[-1]
    counts = [[(row * column) % 5 if row != column else 100 * row for column in range(size)] for row in range(size)]
    found = []
    for number in range(120):
        tokens = [words[(number + place) % len(words)] for place in range(1 + number % 11)]
        end = 1 + number % len(tokens)
        gold, predicted = labels[number % len(labels)], labels[number * 5 % len(labels)]
        kind = ("type", "missed", "invented", "boundary")[number % 4]
        spans = [[], []] if number % 5 else [[[0, end, gold]], [[0, len(tokens), predicted]]]
        told = {"gold": words[number % 9], "predicted": (words[number % 4], None)[number % 2]}
        both = {"type": (gold, predicted), "missed": (gold, None), "invented": (None, predicted)}
        mistakes = [mistake(kind, *both.get(kind, (gold, gold)))]
        found.append(wrong(words[number % 7], tokens, *spans, mistakes, told if number % 3 else None))
    bins = [(0.0, 0.1, 3, 0.07, 0.0), (0.5, 0.6, 40, 0.55, 0.7), (0.9, 1.0, 900, 0.98, 0.97)]
    return {
        "title": words[0],
        "version": words[1],
        "signature": words[2],
        "rule": words[3],
        "cards": [
            {"name": words[4], "value": 95.2, "low": 94.8, "high": 95.6, "note": words[5]},
            {"name": words[6], "value": 70.0, "low": None, "high": None, "note": words[7]},
        ],
        "types": [
            {"label": label, "precision": 50.0, "recall": 25.0, "f1": 33.3, "gold": place, "predicted": 2, "correct": 1}
            for place, label in enumerate(labels)
        ],
        "confusions": {"labels": [*labels, "none"], "counts": counts},
        "kinds": {"type": 12, "boundary": 3, "both": 0, "missed": 4, "invented": 1},
        "seen": [{"name": words[8], "right": 9, "all": 10}, {"name": words[9], "right": 0, "all": 0}],
        "curve": [{"epoch": n, "loss": 4 / n, "f1": 90 - 30 / n, "seconds": n * 1.5} for n in range(1, 13)],
        "reliability": {
            "before": 0.041,
            "ece": 0.012,
            "bins": [dict(zip(("low", "high", "count", "confidence", "accuracy"), each, strict=True)) for each in bins],
            "thresholds": [
                {"p": p, "precision": 90 + 9 * p, "recall": 90 - 60 * p, "f1": 90 - 40 * p} for p in (0, 0.5, 0.99)
            ],
        },
        "sentences": [*found, wrong(one, [one], [], [[0, 1, two]], [mistake("invented", None, two)])],
    }


TAME = [f"w{number}" for number in range(len(NASTY))]
VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """A page taken apart: every start tag with its attributes, the text of every element, ids and their order."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.texts = [], [], Counter()
        self.inside = {"style": "", "script": "", "h1": "", "title": "", "option": ""}
        self.scripts, self.faults, self.parents = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if len(names) != len(set(names)):
            self.faults.append(f"an attribute comes twice: {tag} {names}")
        self.tags.append((tag, dict(attributes)))
        self.parents.append(list(self.open))
        if self.get_starttag_text().endswith("/>"):
            return
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data
        if self.open:
            self.texts[self.open[-1], data] += 1
        for tag in self.inside.keys() & set(self.open):
            self.inside[tag] += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def shape(self):
        return [(tag, sorted(attributes)) for tag, attributes in self.tags]


@pytest.fixture(scope="module")
def nasty():
    return page.render(sample(NASTY))


# What the page is made of


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
    assert len(scripted) == 5
    assert all("hidden" in attributes for attributes in scripted)
    style = found.inside["style"]
    assert f".sortable.folded tbody tr:nth-child(n + {page.FOLD + 1})" in style
    assert f".error:nth-child(n + {sentences.PAGE + 1})" in style


SECTIONS = {
    "types": {"types"},
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


# Sentences


@st.composite
def tagged(draw):
    """Words, and two sets of spans that do not overlap among themselves."""
    words = draw(st.lists(st.sampled_from(["a", "bc", "北", "京", "7"]), min_size=1, max_size=40))

    def spans():
        cuts = sorted(draw(st.sets(st.integers(0, len(words)))))
        return {(*pair, draw(st.sampled_from("XY"))) for pair in pairwise(cuts) if draw(st.booleans())}

    return words, spans(), spans()


@given(tagged())
def test_pieces_are_the_sentence_and_its_spans(found):
    tokens, gold, predicted = found
    text, offsets = joined(tokens)
    starts, ends = [start for start, _ in offsets], [end for _, end in offsets]
    place, read, bars = 0, "", {"gold": [], "predicted": [], "both": []}
    for piece in sentences.pieces(tokens, gold, predicted):
        assert len(piece.columns) <= sentences.COLUMNS
        borders = []
        for number, words in enumerate(piece.columns):
            if read and text[len(read)] == " ":
                assert piece.space if number == 0 else not piece.tight
                read += " "
            elif number == 0:
                assert not piece.space
            borders.append(starts.index(len(read)))
            read += words
            place = ends.index(len(read)) + 1
        borders.append(place)
        for bar in piece.bars:
            covered = borders[bar.start - 1], borders[bar.end - 1]
            if bar.begins:
                bars[bar.whose].append([*covered, bar.label])
            else:
                assert bars[bar.whose][-1][1:] == [covered[0], bar.label]
                bars[bar.whose][-1][1] = covered[1]
            assert bar.ends == ((*bars[bar.whose][-1],) in gold | predicted)
    assert read == text
    spans = {whose: {tuple(span) for span in found} for whose, found in bars.items()}
    assert spans == {"both": gold & predicted, "gold": gold - predicted, "predicted": predicted - gold}


def test_a_piece_is_drawn_with_each_span_below_its_words():
    facts = wrong(
        "dev:3",
        ["to", "las", "vegas", "nevada"],
        [[1, 3, "city"], [3, 4, "state"]],
        [[1, 4, "city"]],
        [mistake("boundary", "city", "city"), mistake("missed", "state", None)],
        {"gold": "a#b", "predicted": "b#a"},
    )
    shown = sentences.shown(facts)
    assert shown.pieces == [
        sentences.Piece(["to"], [], False, True),
        sentences.Piece(
            ["las vegas", "nevada"],
            [
                sentences.Bar("gold", 1, 2, "city", True, True),
                sentences.Bar("predicted", 1, 3, "city", True, True),
                sentences.Bar("gold", 2, 3, "state", True, True),
            ],
            True,
            False,
        ),
    ]
    assert shown.kinds == {"boundary": 1, "missed": 1}  # the intents are the same, in another order
    html = page.render({**NOTHING, "sentences": [facts]})
    assert (
        '<p class="words" lang="" dir="auto">to <span class="piece"><span>las vegas</span> <span>nevada</span> '
        '<bdi class="gold from-1 to-2"><i>(gold: </i>city<i>) </i></bdi>'
    ) in html


def test_a_long_span_goes_on_in_the_next_piece():
    tokens = [f"w{number}" for number in range(20)]
    whole, parts = (0, 20, "X"), {(number, number + 1, "Y") for number in range(20)}
    found = list(sentences.pieces(tokens, {whole}, parts))
    assert [piece.columns for piece in found] == [tokens[:8], tokens[8:16], tokens[16:]]
    ends = [[(bar.begins, bar.ends) for bar in piece.bars if bar.whose == "gold"] for piece in found]
    assert ends == [[(True, False)], [(False, False)], [(False, True)]]
    html = page.render(
        {**NOTHING, "sentences": [wrong("1", tokens, [whole], list(parts), [mistake("both", "X", "Y")])]}
    )
    for end, label in ((9, "X…"), (9, "…X…"), (5, "…X")):
        assert f'<bdi class="gold from-1 to-{end}"><i>(gold: </i>{label}<i>) </i></bdi>' in html


def test_intents_differ_unless_they_are_the_same_in_another_order():
    pairs = [("a#b", "b#a"), ("a", "a"), ("a#b", "a"), ("a", "b"), ("a", None)]
    facts = [wrong("1", ["a"], [], [], [], {"gold": gold, "predicted": predicted}) for gold, predicted in pairs]
    assert [sentences.shown(each).intent_differs for each in facts] == [False, False, True, True, True]
    assert not sentences.shown(wrong("1", ["a"], [], [], [])).intent_differs


def test_filters_count_mistakes():
    facts = [
        wrong("1", ["a"], [], [], [mistake("type", "X", "Y"), mistake("missed", "X", None)]),
        wrong("2", ["a"], [], [], [mistake("boundary", "X", "X")], {"gold": "a", "predicted": None}),
    ]
    found = sentences.filters([sentences.shown(each) for each in facts])
    assert found.kinds == [
        ("type", "type", 1),
        ("boundary", "boundary", 1),
        ("missed", "missed", 1),
        ("intent", "intent differs", 1),
    ]
    assert found.types == [("X", "X", 3), ("Y", "Y", 1)]
    assert found.pairs == [("X\tY", "X → Y", 1), ("X\t", "X → none", 1)]


# Confusions


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_the_matrix_holds_every_count_the_most_confused_first(counts):
    counts[-1][-1] = 0
    labels = [*(f"t{number}" for number in range(len(counts) - 1)), "none"]
    found = confusions.matrix({"labels": labels, "counts": counts}, 4)
    places = range(len(counts))
    wrong = {
        labels[one]: sum(counts[one][other] + counts[other][one] for other in places if other != one) for one in places
    }
    if not any(wrong.values()):
        assert found is None
        return
    names = [label for label, _ in found.labels]
    assert names[-1] == "none"
    assert [wrong[name] for name in names[:-1]] == sorted((wrong[name] for name in labels[:-1]), reverse=True)
    assert [folded for _, folded in found.labels] == [place >= 4 for place in places[:-1]] + [False]
    shades = {}
    for row in found.rows:
        for name, cell in zip(names, row.cells, strict=True):
            assert cell.times == counts[labels.index(row.gold)][labels.index(name)]
            assert cell.predicted == name
            assert cell.right == (row.gold == name != "none")
            if not cell.right:
                assert shades.setdefault(cell.times, cell.shade) == cell.shade
    assert shades.get(0, 0) == 0
    ordered = [shade for _, shade in sorted(shades.items())]
    assert ordered == sorted(ordered)
    assert max(ordered) <= confusions.SHADES
    assert shades.get(1, 1) > 0


# Charts


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.sampled_from([0, 0.1, 1]), st.booleans())
def test_ticks_are_round_and_in_the_drawing(low, width, least, outwards):
    found = charts.axis(low, low + width, 10, 110, least=least, outwards=outwards)
    assert found.step >= least
    digits = found.step / 10 ** math.floor(math.log10(found.step) + 1e-9)
    assert min(abs(digits - round_) for round_ in (1, 2, 5, 10)) < 1e-6
    places = [place for place, _ in found.ticks]
    assert places == sorted(places)
    assert all(10 <= place <= 110 for place in places)
    assert len(places) <= 8
    assert 10 <= found.place(low) <= found.place(low + width) <= 110
    if outwards:
        assert (places[0], places[-1]) == (10, 110)


def test_the_best_epoch_is_marked():
    log = [{"epoch": number, "f1": f1, "loss": 1.0 / number} for number, f1 in enumerate([10, 80, 80, 70], 1)]
    assert [row["kept"] for row in charts.learning(log).rows] == [False, True, False, False]
    for line, best in zip(log, [True, True, True, False], strict=True):  # of equal F1 the accuracy decides
        line["best"] = best
    found = charts.learning(log)
    assert [row["kept"] for row in found.rows] == [False, False, True, False]
    assert [chart.note for chart in found.charts] == ["best: 80.00 in epoch 3", "0.3333 in epoch 3"]
    assert found.charts[0].lines[0].best == found.charts[0].lines[0].points[2]


def test_a_curve_leaves_out_what_is_no_number():
    log = [
        {"epoch": 1, "f1": 1.0, "loss": math.nan},
        {"epoch": 2, "f1": None, "loss": 2.0},
        {"epoch": 3, "loss": math.inf},
    ]
    f1, loss = charts.learning(log).charts
    assert [len(chart.lines[0].points) for chart in (f1, loss)] == [1, 1]
    assert [chart.name for chart in charts.learning([*log[2:], {"epoch": 4, "f1": 2.0}]).charts] == ["by-epoch-f1"]
    assert charts.learning(log[2:]) is None
    assert charts.learning([]) is None
    page.render({**NOTHING, "curve": log})


def test_several_runs_are_several_lines():
    log = [{"run": run, "epoch": each, "f1": 10 * run + each, "loss": 1.0} for each in (1, 2) for run in (1, 2)]
    found = charts.learning(log)
    assert found.runs
    assert [len(line.points) for line in found.charts[0].lines] == [2, 2]
    assert [hit.text for hit in found.charts[0].hits] == ["epoch 1: 11.00 to 21.00", "epoch 2: 12.00 to 22.00"]
    assert found.charts[0].note == "best: 22.00 in epoch 2"
    assert '<th scope="col" class="number">run</th>' in page.render({**NOTHING, "curve": log})


@given(st.lists(st.floats(0, 300), max_size=5))
def test_names_at_the_ends_of_lines_do_not_overlap(places):
    found = charts.apart({str(number): place for number, place in enumerate(places)}, 14)
    moved = list(found.values())
    assert all(after - before >= 14 - 1e-9 for before, after in pairwise(moved))
    assert all(found[str(number)] >= place for number, place in enumerate(places))
    assert [places[int(name)] for name in found] == sorted(places)


def test_a_dot_lies_where_its_bin_does():
    (dot,) = charts.reliability(
        {"bins": [{"low": 0.5, "high": 0.75, "count": 4, "confidence": 0.6, "accuracy": 0.25}], "thresholds": []}
    ).dots
    x, y = charts.axis(0, 1, charts.LEFT, charts.RIGHT), charts.axis(0, 1, charts.BOTTOM + 80, charts.TOP)
    assert (dot.x, dot.y, dot.ideal) == (x.place(0.6), y.place(0.25), y.place(0.6))
    assert (dot.radius, dot.height) == (charts.DOTS[1], charts.STRIP)


# In a browser

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome", "chromium-browser"))), None)
FLAGS = """
    --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --hide-scrollbars --virtual-time-budget=20000
"""
LISTEN = """
window.heard = [];
addEventListener("error", (event) => heard.push("error: " + event.message));
addEventListener("securitypolicyviolation", (event) => heard.push("policy: " + event.blockedURI));
for (const name of ["error", "warn"]) console[name] = (...words) => heard.push(name + ": " + words.join(" "));
"""
TELL = """
addEventListener("load", async () => {
  const find = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const choose = (id, value) => { find(id).value = value; find(id).dispatchEvent(new Event("input")); };
  const places = () => all("#list > .error").map((each) => each.querySelector(".place").textContent);
  let told;
  try { told = await (async () => { PROBE })(); } catch (error) { told = "failed: " + error.stack; }
  const requests = performance.getEntriesByType("resource").map((each) => each.name);
  parent.postMessage(encodeURIComponent(JSON.stringify({ told, heard, requests })), "*");
});
"""
# No window is as narrow as a frame can be.
FRAME = """<!DOCTYPE html>
<html style="color-scheme: light dark"><meta charset="utf-8"><title>told by the page</title><body>
<script>onmessage = (event) => { document.body.innerHTML = `<pre id="told">${event.data}</pre>`; };</script>
<iframe src="page.html" width="WIDTH" height="800" style="border: 0"></iframe>
"""


@pytest.fixture
def browse(tmp_path):
    """Opens a page in a browser, runs a probe in it and returns what that returns; nothing else may be heard of."""
    if BROWSER is None:
        pytest.skip("there is no browser")

    def opened(html, probe, *flags, width=1200):
        tell = TELL.replace("PROBE", probe)
        allowed = "script-src " + " ".join(f"'{page._hash(text)}'" for text in (LISTEN, tell)) + " "
        html = html.replace("script-src ", allowed, 1).replace("<title>", f"<script>{LISTEN}</script><title>", 1)
        html = html.removesuffix("</body>\n</html>").rstrip() + f"<script>{tell}</script></body></html>"
        (tmp_path / "page.html").write_text(html, "utf-8")
        frame = tmp_path / "frame.html"
        frame.write_text(FRAME.replace("WIDTH", str(width)), "utf-8")
        command = [
            BROWSER,
            *FLAGS.split(),
            *flags,
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            frame.as_uri(),
        ]
        out = subprocess.run(command, capture_output=True, check=True, timeout=90).stdout.decode()
        found = json.loads(unquote(re.search(r'id="told">([^<]*)<', out)[1]))
        assert (found["heard"], found["requests"]) == ([], [])
        assert "failed: " not in str(found["told"])[:8], found["told"]
        return found["told"]

    return opened


def numbered(words):
    """The sample, in which each sentence has a place of its own."""
    facts = sample(words)
    for number, each in enumerate(facts["sentences"]):
        each["where"] = f"dev:{number}"
    return facts


def matching(facts, kind="", type_=None, pair=None, words=""):
    """The places of the sentences that filters leave."""

    def meant(each):
        found = [(one["kind"], one["gold"], one["predicted"]) for one in each["mistakes"]]
        if sentences.shown(each).intent_differs:
            found.append(("intent", None, None))
        return any(
            (not kind or kind == its)
            and (type_ is None or type_ in (gold, predicted))
            and (pair is None or pair == (gold, predicted))
            for its, gold, predicted in found
        )

    return [each["where"] for each in facts["sentences"] if meant(each) and words in joined(each["tokens"])[0]]


def test_the_first_page_is_what_the_script_draws(browse):
    html = page.render(sample(NASTY))
    probe = """
      const before = find("list").innerHTML.trim();
      choose("kind", "");
      return [before === find("list").innerHTML.trim(), places().length, all("script").length, all("img").length];
    """
    assert browse(html, probe) == [True, 50, 4, 0]


def test_filters_leave_what_they_say(browse):
    facts = numbered(TAME)
    told = browse(
        page.render(facts),
        """
        const found = {};
        const look = (name) => { while (!find("more").hidden) find("more").click(); found[name] = places(); };
        for (const kind of all("#kind option").map((each) => each.value))
          for (const type of all("#type option").map((each) => each.value)) {
            choose("kind", kind);
            choose("type", type);
            look(kind + "|" + type);
          }
        find("reset").click();
        await new Promise((resolve) => setTimeout(resolve, 50));
        look("reset");
        choose("search", " W3 w4 ");
        look("words");
        found.status = find("status").textContent;
        choose("search", "not there at all");
        look("nothing");
        found.told = [find("status").textContent, find("nothing").hidden, find("more").hidden];
        return found;
        """,
    )
    everything = [each["where"] for each in facts["sentences"]]
    assert told.pop("reset") == everything
    assert told.pop("words") == matching(facts, words="w3 w4")
    assert told.pop("status") == f"{len(matching(facts, words='w3 w4'))} of {len(matching(facts, words='w3 w4'))} " + (
        "sentences with mistakes (121 in all)"
    )
    assert told.pop("nothing") == []
    assert told.pop("told") == ["no sentence (121 in all)", False, True]
    assert len(told) > 200
    for name, found in told.items():
        kind, _, type_ = name.partition("|")
        gold, tab, predicted = type_.partition("\t")
        choice = {"pair": (gold or None, predicted or None)} if tab else {"type_": type_} if type_ else {}
        assert found == matching(facts, kind, **choice), name


def test_pages_links_and_folds(browse):
    facts = numbered(TAME)
    told = browse(
        page.render(facts),
        """
        const found = [];
        const clicked = (each) => { each.click(); return each; };
        found.push(places().length, find("status").textContent);
        clicked(find("more"));
        found.push(places().length, places().indexOf(document.activeElement.querySelector(".place").textContent));
        clicked(find("more"));
        found.push(places().length, find("more").hidden);
        const link = clicked(all("[data-pair]").find((each) => each.dataset.pair === "w8\\tw16"));
        found.push(find("type").value, places());
        clicked(all("[data-kind=missed]")[0]);
        found.push(find("type").value, find("kind").value, places().length);
        const seen = () => all("#types-table tbody tr").filter((each) => each.offsetParent).length;
        const columns = () => all("#matrix thead th").filter((each) => each.offsetParent).length;
        for (const [name, count] of [["types-table", seen], ["matrix", columns]]) {
          const button = all(`[aria-controls=${name}]`)[0];
          found.push([count(), button.textContent, clicked(button).textContent, count(), button.ariaExpanded]);
          found.push([clicked(button).textContent, count(), button.ariaExpanded]);
        }
        return found;
        """,
    )
    assert told[:6] == [50, "50 of 121 sentences with mistakes", 100, 50, 121, True]
    assert told[6:8] == ["w8\tw16", matching(facts, pair=("w8", "w16"))]
    assert told[7]
    assert told[8:11] == ["", "missed", min(50, len(matching(facts, "missed")))]
    assert told[11:] == [
        [20, "Show all 24 types", "Show fewer", 24, "true"],
        ["Show all 24 types", 20, "false"],
        [21, "Show all 24 types", "Show fewer", 25, "true"],  # and that of no type
        ["Show all 24 types", 21, "false"],
    ]


def test_tables_can_be_sorted(browse):
    facts = sample(TAME)
    for number, each in enumerate(facts["types"]):
        each["f1"] = number * 7 % 24
    told = browse(
        page.render(facts),
        """
        const rows = () => all("#types-table tbody tr").map((each) => each.cells[0].textContent.trim());
        const heads = all("#types-table thead th");
        const press = (name) => heads.find((each) => each.textContent === name).querySelector("button").click();
        const sorted = () => heads.filter((each) => each.ariaSort).map((each) => each.textContent + each.ariaSort);
        const found = [[rows(), sorted()]];
        for (const name of ["gold", "F1", "F1", "type", "type"]) { press(name); found.push([rows(), sorted()]); }
        return found;
        """,
    )
    by_gold = [each["label"] for each in facts["types"]]
    by_f1 = [each["label"] for each in sorted(facts["types"], key=lambda each: each["f1"])]
    named = sorted(by_gold, key=lambda label: int(label[1:]))
    assert told == [
        [by_gold[::-1], ["golddescending"]],
        [by_gold, ["goldascending"]],
        [by_f1[::-1], ["F1descending"]],
        [by_f1, ["F1ascending"]],
        [named, ["typeascending"]],
        [named[::-1], ["typedescending"]],
    ]


CONTRAST = """
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  const light = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = [...canvas.getImageData(0, 0, 1, 1).data].map((each) => each / 255);
    const linear = [r, g, b].map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return a < 1 ? null : 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ground = (each) => {
    for (; each; each = each.parentElement) {
      const found = light(getComputedStyle(each).backgroundColor);
      if (found !== null) return found;
    }
  };
  const poorest = () => {
    let least = [21, ""];
    for (const each of all("body *")) {
      const text = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!text || each.matches("script, style, option, desc, title, .unseen, .unseen *, i")) continue;
      const style = getComputedStyle(each);
      const ink = light(each.namespaceURI.endsWith("svg") ? style.fill : style.color);
      const [low, high] = [ink, ground(each)].sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < least[0]) least = [contrast, each.outerHTML.slice(0, 200)];
    }
    return least;
  };
  const themes = [];
  for (const click of [0, 1, 1]) {
    if (click) find("theme").click();
    themes.push([find("theme").ariaPressed, getComputedStyle(document.documentElement).backgroundColor, poorest()]);
  }
  return themes;
"""


def test_the_theme_button_turns_the_theme_and_all_text_can_be_read(browse):
    facts = sample(TAME)
    size = len(facts["confusions"]["labels"])
    facts["confusions"]["counts"] = [[(row * size + column) % 60 for column in range(size)] for row in range(size)]
    themes = browse(page.render(facts), CONTRAST, "--blink-settings=preferredColorScheme=1")
    assert [pressed for pressed, _, _ in themes] == ["false", "true", "false"]
    light, dark, again = (colour for _, colour, _ in themes)
    assert light == again != dark
    for _, _, (contrast, element) in themes:
        assert contrast >= 4.5, element  # WCAG 2.2, 1.4.3


def test_the_theme_is_that_of_the_system_at_first(browse):
    probe = "return [find('theme').ariaPressed, getComputedStyle(document.documentElement).backgroundColor];"
    found = [browse(page.render(NOTHING), probe, f"--blink-settings=preferredColorScheme={each}") for each in (0, 1)]
    assert [pressed for pressed, _ in found] == ["true", "false"]
    assert found[0][1] != found[1][1]


@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_never_scrolls_sideways(browse, width):
    probe = """
      while (!find("more").hidden) find("more").click();
      for (const each of all(".unfold")) each.click();
      for (const each of all("details")) each.open = true;
      await new Promise((resolve) => setTimeout(resolve, 100));
      for (const each of all(".error")) each.style.contentVisibility = "visible";
      const right = (each) => each.getBoundingClientRect().right;
      const outside = all(".error *, .card *, .filters *, .top *, footer *")
        .filter((each) => !each.matches(".unseen, i, option, optgroup") && right(each) > innerWidth + 1);
      return [innerWidth, document.documentElement.scrollWidth, outside.map((each) => each.outerHTML.slice(0, 200))];
    """
    assert browse(page.render(sample(NASTY)), probe, width=width) == [width, width, []]
