"""Facts of pages, and pages taken apart."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

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


def scores_of(label, place):
    return {"label": label, "precision": 50.0, "recall": 25.0, "f1": 33.3, "gold": place, "predicted": 2, "correct": 1}


NOTHING = {
    "title": "an empty one",
    "version": "1.2.3",
    "signature": "rnntag 1.2.3 | rule conlleval",
    "rule": "conlleval",
    "cards": [{"name": "F1", "value": 100.0, "low": None, "high": None, "note": "0 spans"}],
    "files": [],
    "types": [],
    "macro": dict.fromkeys(("precision", "recall", "f1"), 0.0),
    "intents": [],
    "intent_macro": dict.fromkeys(("precision", "recall", "f1"), 0.0),
    "intent_confusions": [],
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
        "files": [
            {"name": name, "figures": {"F1": 50.0, "intent accuracy": None if name == words[9] else 25.0}}
            for name in words[9:12]
        ],
        "macro": {"precision": 50.0, "recall": 25.0, "f1": 33.3},
        "intents": [scores_of(label, place) for place, label in enumerate(labels)],
        "intent_macro": {"precision": 50.0, "recall": 25.0, "f1": 33.3},
        "intent_confusions": [
            {"gold": one, "predicted": two, "count": 3},
            {"gold": two, "predicted": None, "count": 1},
        ],
        "types": [scores_of(label, place) for place, label in enumerate(labels)],
        "confusions": {"labels": [*labels, "none"], "counts": counts},
        "kinds": {"type": 12, "boundary": 3, "both": 0, "missed": 4, "invented": 1},
        "seen": [{"name": words[8], "right": 9, "all": 10}, {"name": words[9], "right": 0, "all": 0}],
        "curve": [{"epoch": n, "loss": 4 / n, "f1": 90 - 30 / n, "seconds": n * 1.5} for n in range(1, 13)],
        "reliability": {
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
