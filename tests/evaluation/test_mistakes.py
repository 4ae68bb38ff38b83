"""Mistakes: matched by hand, and what holds of any; groups, worst sentences, words and values that are new."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence, Span
from rnntag.evaluation.compare import compare, score
from rnntag.evaluation.mistakes import KINDS, Known, Mistake, Share, group, known_from, mistakes, shares

BIO, TOKENS = SCHEMES["bio"], SCHEMES["tokens"]


def spans(text):
    """``0-2 city, 3-4 time`` as spans."""
    parted = [item.replace("-", " ").split() for item in text.split(",") if item.strip()]
    return [Span(int(start), int(end), label) for start, end, label in parted]


def span(text):
    return spans(text)[0] if text else None


# Gold and predicted spans, and the mistakes: kind, gold, predicted.
BY_HAND = [
    ("0-2 x", "0-2 x", []),
    ("0-2 x", "0-2 y", [("type", "0-2 x", "0-2 y")]),
    ("0-2 x", "0-1 x", [("boundary", "0-2 x", "0-1 x")]),
    ("0-2 x", "1-3 y", [("both", "0-2 x", "1-3 y")]),
    ("0-2 x", "", [("missed", "0-2 x", None)]),
    ("", "0-2 x", [("invented", None, "0-2 x")]),
    ("0-2 x", "2-3 x", [("missed", "0-2 x", None), ("invented", None, "2-3 x")]),  # beside each other is no overlap
    # what is correct is nobody's partner
    ("0-1 x, 1-3 y", "0-1 x", [("missed", "1-3 y", None)]),
    # two predicted ones in place of one: the larger overlap is its partner
    ("0-3 x", "0-1 x, 1-3 y", [("invented", None, "0-1 x"), ("both", "0-3 x", "1-3 y")]),
    ("0-3 x", "0-2 y, 2-3 x", [("both", "0-3 x", "0-2 y"), ("invented", None, "2-3 x")]),
    # of as large ones that of the same type, else the first
    ("0-2 x", "0-1 y, 1-2 x", [("invented", None, "0-1 y"), ("boundary", "0-2 x", "1-2 x")]),
    ("0-2 x", "0-1 y, 1-2 z", [("both", "0-2 x", "0-1 y"), ("invented", None, "1-2 z")]),
    # one predicted in place of two
    ("0-1 x, 1-4 x", "0-4 x", [("missed", "0-1 x", None), ("boundary", "1-4 x", "0-4 x")]),
    # largest overlaps first: 2-5 with 2-6, so 5-7, of which 2-6 has less, is left
    (
        "2-5 x, 5-7 y",
        "0-2 x, 2-6 y",
        [("invented", None, "0-2 x"), ("both", "2-5 x", "2-6 y"), ("missed", "5-7 y", None)],
    ),
    # a partner that is taken is left for the next
    ("0-4 x, 4-6 x", "1-5 x, 5-6 x", [("boundary", "0-4 x", "1-5 x"), ("boundary", "4-6 x", "5-6 x")]),
]


def test_mistakes_matched_by_hand():
    for gold, predicted, expected in BY_HAND:
        found = mistakes(spans(gold), spans(predicted))
        assert found == [Mistake(span(ours), span(theirs)) for _, ours, theirs in expected], (gold, predicted)
        assert [mistake.kind for mistake in found] == [kind for kind, _, _ in expected]


def test_a_mistake_has_both_types():
    assert Mistake(span("0-2 x"), span("1-2 y")).labels == ("x", "y")
    assert Mistake(span("0-2 x"), None).labels == ("x", None)
    assert Mistake(None, span("0-2 x")).labels == (None, "x")


TAGGING = st.lists(st.sampled_from(["O", "B-x", "I-x", "B-y", "I-y"]), min_size=8, max_size=8)


@settings(max_examples=300, deadline=None)
@given(TAGGING, TAGGING)
def test_each_span_that_is_not_correct_is_in_one_mistake(ours, theirs):
    gold, predicted = BIO.spans(ours), BIO.spans(theirs)
    found = mistakes(gold, predicted)
    assert found == mistakes(reversed(gold), reversed(predicted))
    both = set(gold) & set(predicted)
    assert sorted(mistake.gold for mistake in found if mistake.gold) == sorted(set(gold) - both)
    assert sorted(mistake.predicted for mistake in found if mistake.predicted) == sorted(set(predicted) - both)
    for mistake in found:
        one, other = mistake
        if one and other:
            same = one[:2] == other[:2], one.label == other.label
            assert mistake.kind == {(True, False): "type", (False, True): "boundary", (False, False): "both"}[same]
            assert range(max(one.start, other.start), min(one.end, other.end))
    # What has no partner overlaps nothing that has none either.
    for one in (mistake.gold for mistake in found if mistake.kind == "missed"):
        for other in (mistake.predicted for mistake in found if mistake.kind == "invented"):
            assert not range(max(one.start, other.start), min(one.end, other.end))


def test_the_swapped_sides_have_the_same_kinds_in_a_sentence_with_one_mistake():
    for gold, predicted, expected in BY_HAND:
        if len(expected) == 1:
            (kind,) = (mistake.kind for mistake in mistakes(spans(predicted), spans(gold)))
            assert kind == {"missed": "invented", "invented": "missed"}.get(expected[0][0], expected[0][0])


# Groups


def sentence(words, tags, line=0, intent=None):
    return Sentence(words.split(), tags.split(), [], source="a.conll", line=line, intent=intent)


def under(sentence, tags, intent=None):
    return sentence.with_tags(tags.split(), intent)


GOLD = [
    sentence("to new york at noon", "O B-city I-city O B-time", 3, "flight"),
    sentence("to Oslo", "O B-city", 9, "flight"),
    sentence("at 7:30 or 9:15", "O B-time O B-time", 12, "fare"),
    sentence("seven", "B-time", 17),
    sentence("wake me now please", "O O B-time O", 19, "alarm"),
]
PREDICTED = [
    under(GOLD[0], "O O B-city O B-date"),  # other borders of a city, and a time taken for a date
    under(GOLD[1], "O O", "fare"),  # a city missed, and the wrong intent
    GOLD[2],
    under(GOLD[3], "B-date"),  # a time taken for a date
    under(GOLD[4], "O B-date B-time O"),  # a date invented
]


def compared(scheme=BIO, rule="any"):
    return list(compare(GOLD, PREDICTED, scheme, rule))


def test_kinds_and_confusions_are_counted():
    found = group(compared())
    assert found.kinds == {"type": 2, "boundary": 1, "both": 0, "missed": 1, "invented": 1}
    assert list(found.kinds) == list(KINDS)
    assert list(found.confusions.items()) == [(("time", "date"), 2), ((None, "date"), 1), (("city", None), 1)]
    assert found.seen == []


def test_counts_of_mistakes_are_those_of_the_scores():
    overall = score(GOLD, PREDICTED, BIO).overall
    kinds = group(compared()).kinds
    paired = kinds["type"] + kinds["boundary"] + kinds["both"]
    assert overall.gold - overall.correct == paired + kinds["missed"]
    assert overall.predicted - overall.correct == paired + kinds["invented"]


def test_the_worst_sentences_come_first():
    found = group(compared())
    # two mistakes each, the first is longer; then one each, the last is longer
    assert [wrong.compared.gold.where() for wrong in found.sentences] == [f"a.conll:{n}" for n in (3, 9, 19, 17)]
    assert [wrong.wrong_intent for wrong in found.sentences] == [False, True, False, False]
    without = group(compared(rule=None))
    assert [wrong.compared.gold.line for wrong in without.sentences] == [3, 19, 9, 17]


def test_a_sentence_whose_intent_alone_is_wrong_is_wrong():
    gold = [Sentence(["hi"], ["O"], intent="greet"), Sentence(["ho"], ["O"], intent="greet")]
    predicted = [gold[0].with_tags(["O"], "alarm"), gold[1]]
    (wrong,) = group(list(compare(gold, predicted, BIO))).sentences
    assert wrong.wrong_intent
    assert wrong.as_dict() == {
        "where": "a sentence",
        "tokens": ["hi"],
        "gold": [],
        "predicted": [],
        "intent": {"gold": "greet", "predicted": "alarm"},
        "mistakes": [],
    }


def test_all_of_it_goes_into_json():
    found = group(compared(), Known({"to"}))
    told = json.loads(json.dumps(found.as_dict(2)))
    assert told["kinds"] == found.kinds
    assert told["confusions"][1:] == [
        {"gold": None, "predicted": "date", "count": 1},
        {"gold": "city", "predicted": None, "count": 1},
    ]
    assert told["seen"][0] == {"name": "words known", "right": 2, "all": 2}
    assert len(told["sentences"]) == 2
    assert told["sentences"][0] == {
        "where": "a.conll:3",
        "tokens": ["to", "new", "york", "at", "noon"],
        "gold": [[1, 3, "city"], [4, 5, "time"]],
        "predicted": [[2, 3, "city"], [4, 5, "date"]],
        "intent": {"gold": "flight", "predicted": "flight"},
        "mistakes": [
            {"kind": "boundary", "gold": "city", "predicted": "city"},
            {"kind": "type", "gold": "time", "predicted": "date"},
        ],
    }


def test_where_tags_mark_tokens_tags_are_taken_for_others():
    gold = [sentence("the cat sleeps .", "DT NN VB O")]
    predicted = [under(gold[0], "DT VB O X")]
    found = group(list(compare(gold, predicted, TOKENS)))
    assert found.kinds == {"type": 1, "boundary": 0, "both": 0, "missed": 1, "invented": 1}
    assert found.confusions == {("NN", "VB"): 1, ("VB", None): 1, (None, "X"): 1}


# What training has shown

TRAIN = [sentence("To OSLO at 5:45", "O B-city O B-time"), sentence("9:15 seven", "B-time O")]


def test_training_shows_words_as_the_feature_makes_them_and_values_in_small_letters():
    known = known_from(TRAIN, BIO)
    assert known.words == {"to", "oslo", "at", "0:00", "seven"}
    assert known.values == {("city", ("oslo",)), ("time", ("5:45",)), ("time", ("9:15",))}


def test_known_words_and_values_against_new_ones():
    # Words that are known: to at, to Oslo, at 7:30 9:15, seven; all right but Oslo and seven.
    # Those that are not: new york noon, or, wake me now please; all right but new, york, noon and me.
    # Values that were seen: Oslo, missed, and 9:15. Those that were not: 7:30 and now, new york, noon and seven wrong.
    assert shares(compared(), known_from(TRAIN, BIO)) == [
        Share("words known", 6, 8),
        Share("words unknown", 4, 8),
        Share("values seen", 1, 2),
        Share("values unseen", 2, 5),
    ]


def test_where_values_are_not_known_only_words_are_told_of():
    assert shares(compared(), Known({"to": 1})) == [Share("words known", 2, 2), Share("words unknown", 8, 14)]


def test_shares_add_up_to_the_scores():
    scores = score(GOLD, PREDICTED, BIO)
    known, unknown, seen, unseen = shares(compared(), known_from(TRAIN, BIO))
    assert (known.right + unknown.right, known.all + unknown.all) == (scores.correct_tokens, scores.tokens)
    assert (seen.right + unseen.right, seen.all + unseen.all) == (scores.overall.correct, scores.overall.gold)
