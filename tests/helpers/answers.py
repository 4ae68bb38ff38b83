"""Gold and predicted taggings whose scores are known."""

from pathlib import Path

import pytest

from rnntag import formats
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.evaluation.compare import score


def tagged(taggings):
    """Sentences with these tags."""
    return [Sentence(["a"] * len(tags), tags) for tags in taggings]


def scores(pairs, scheme="bio"):
    """The scores of (gold, predicted) tags."""
    gold, predicted = (tagged(pair[side].split() for pair in pairs) for side in (0, 1))
    return score(gold, predicted, SCHEMES[scheme])


# Utterances: gold tags and intent, what is found of them, and whether the intent is right under any and under exact.
UTTERANCES = [
    ("B-x O", "flight", "B-x O", "flight", True, True),  # all right
    ("B-x O", "flight", "O O", "flight", True, True),  # the tags are wrong
    ("O O", "fare", "O O", "flight", False, False),
    ("O", "flight#fare", "O", "fare", True, False),  # one of the two
    ("B-x", "flight#fare", "O", "flight#fare", True, True),
    ("O", "flight#fare", "O", "fare#flight", True, True),  # in another order
    ("O", "flight#fare", "O", "fare#meal", False, False),  # one of the two, and one that is none of them
    ("O", "flight#airfare", "O", "fare", False, False),
    ("O", "flight", "O", None, False, False),
    ("O", "flight", "O", "flight#fare", False, False),
    ("B-x", None, "B-x", "flight", None, None),  # what is not known is not counted
]


GOLD = """\
# intent = flight
to\tO
new\tB-city
york\tI-city
at\tO
noon\tB-time

# intent = fare
to\tO
oslo\tB-city

# intent = alarm
seven\tB-time

"""
TAGGED = (
    GOLD.replace("new\tB-city\nyork\tI-city", "new\tO\nyork\tB-city")
    .replace("noon\tB-time", "noon\tB-date")
    .replace("fare", "flight")
)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """gold.conll, and tagged.conll with two mistakes and a wrong intent."""
    monkeypatch.chdir(tmp_path)
    Path("gold.conll").write_text(GOLD, "utf-8")
    Path("tagged.conll").write_text(TAGGED, "utf-8")
    return formats.read_corpus("gold.conll")
