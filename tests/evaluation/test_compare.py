"""Scores against a table worked by hand and seqeval."""

import json
import random

import pytest
from answers import UTTERANCES, scores, tagged
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import accuracy_score, f1_score, precision_score, recall_score
from seqeval.scheme import BILOU, IOB1, IOB2, IOBES, Tokens

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.evaluation.compare import score, strict_spans
from rnntag.evaluation.counts import Counts, right_intent

# Worked by hand by the rules of conlleval.pl: above each pair the gold spans, and what is found of them.
BY_HAND = [
    # PER 0-2, LOC 3-4            all found
    ("B-PER I-PER O B-LOC", "B-PER I-PER O B-LOC"),
    # LOC 1-3                     found LOC 1-2, one token short
    ("O B-LOC I-LOC O", "O B-LOC O O"),
    # PER 0-2                     the orphan opens it all the same: a correct span with a wrong tag
    ("B-PER I-PER", "I-PER I-PER"),
    # LOC 0-1, LOC 1-2            found LOC 0-2
    ("B-LOC B-LOC", "B-LOC I-LOC"),
    # ORG 0-2                     a change of type opens a span: ORG 0-1, MISC 1-2
    ("B-ORG I-ORG", "B-ORG I-MISC"),
]


def test_a_table_worked_by_hand():
    result = scores(BY_HAND)
    assert result.overall == Counts(gold=7, predicted=7, correct=3)
    assert list(result.types.items()) == [
        ("LOC", Counts(4, 3, 1)),
        ("MISC", Counts(0, 1, 0)),
        ("ORG", Counts(1, 1, 0)),
        ("PER", Counts(2, 2, 2)),
    ]
    assert (result.tokens, result.correct_tokens) == (14, 10)
    assert (result.sentences, result.correct_sentences) == (5, 1)
    assert result.rule == "conlleval"
    assert json.loads(json.dumps(result.as_dict())) == {
        "precision": 42.86,
        "recall": 42.86,
        "f1": 42.86,
        "accuracy": 71.43,
        "sentence_accuracy": 20.0,
        "macro": {"precision": 33.33, "recall": 31.25, "f1": 32.14},
        "types": {
            "LOC": {"precision": 33.33, "recall": 25.0, "f1": 28.57, "gold": 4, "predicted": 3, "correct": 1},
            "MISC": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 0, "predicted": 1, "correct": 0},
            "ORG": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 1, "predicted": 1, "correct": 0},
            "PER": {
                "precision": 100.0,
                "recall": 100.0,
                "f1": 100.0,
                "gold": 2,
                "predicted": 2,
                "correct": 2,
            },
        },
        "tokens": 14,
        "sentences": 5,
        "phrases": {"gold": 7, "predicted": 7, "correct": 3},
    }


def test_tokens_are_scored_one_by_one():
    result = scores([("O COMMA O PERIOD", "COMMA COMMA O O")], "tokens")
    assert result.rule == "tokens"
    assert result.overall == Counts(gold=2, predicted=2, correct=1)
    assert result.types == {"COMMA": Counts(1, 2, 1), "PERIOD": Counts(1, 0, 0)}
    assert result.accuracy == 50.0


@pytest.mark.parametrize(("rule", "correct", "whole"), [("any", 5, 3), ("exact", 4, 2)])
def test_intents_worked_by_hand(rule, correct, whole):
    gold = [Sentence(["a"] * len(row[0].split()), row[0].split(), intent=row[1]) for row in UTTERANCES]
    predicted = [Sentence(["a"] * len(row[2].split()), row[2].split(), intent=row[3]) for row in UTTERANCES]
    verdicts = [row[4 if rule == "any" else 5] for row in UTTERANCES if row[1] is not None]
    found = [
        right_intent(right.intent, given.intent, rule)
        for right, given in zip(gold, predicted, strict=True)
        if right.intent is not None
    ]
    assert found == verdicts
    assert verdicts.count(True) == correct
    result = score(gold, predicted, SCHEMES["bio"], rule)
    intents = result.intents
    assert (intents.utterances, intents.correct, intents.whole, intents.rule) == (10, correct, whole, rule)
    assert result.intents.accuracy == 100 * correct / 10
    assert result.intents.whole_accuracy == 100 * whole / 10
    assert result.overall == Counts(gold=4, predicted=2, correct=2)
    assert result.correct_sentences == 9
    told = result.as_dict()
    assert (told["intent_accuracy"], told["utterance_accuracy"]) == {"any": (50.0, 30.0), "exact": (40.0, 20.0)}[rule]
    assert (told["intent_rule"], told["sentence_accuracy"]) == (rule, 81.82)
    assert result.quality == pytest.approx((200 / 3 + 100 * correct / 10 + 100 * whole / 10) / 3)


def test_where_there_are_no_intents_to_compare_nothing_is_told_of_them():
    known = [Sentence(["a"], ["B-x"], intent="flight")]
    for gold, rule in ((tagged([["B-x"]]), "any"), (known, None), ([], "any")):
        result = score(gold, gold, SCHEMES["bio"], rule)
        assert result.intents is None
        assert not [name for name in result.as_dict() if "intent" in name or "utterance" in name]
        assert result.quality == result.overall.f1


def slip(rng, tagging, tags):
    """The same tags with about one in four drawn anew: ill-formed ones among them."""
    return [rng.choice(tags) if rng.random() < 0.25 else tag for tag in tagging]


@pytest.mark.parametrize(("scheme", "prefixes"), [("bio", "BI"), ("iob1", "BI"), ("bioes", "BIES")])
def test_against_seqeval(scheme, prefixes):
    rng = random.Random(3)
    tags = ["O", "O", *(f"{prefix}-{kind}" for prefix in prefixes for kind in ("a", "b"))]
    for _ in range(25):
        gold = [rng.choices(tags, k=rng.randint(1, 9)) for _ in range(100)]
        predicted = [slip(rng, tagging, tags) for tagging in gold]
        result = score(tagged(gold), tagged(predicted), SCHEMES[scheme])
        ours = (result.overall.precision, result.overall.recall, result.overall.f1, result.accuracy)
        theirs = [measure(gold, predicted) for measure in (precision_score, recall_score, f1_score, accuracy_score)]
        assert ours == pytest.approx([100 * value for value in theirs])
        f1_by_type = f1_score(gold, predicted, average=None)
        assert [counts.f1 for counts in result.types.values()] == pytest.approx(list(100 * f1_by_type))


STRICT = {"bio": (IOB2, "BI"), "iob1": (IOB1, "BI"), "bioes": (IOBES, "BIES"), "bilou": (BILOU, "BILU")}


def tags_of(name):
    """A tag set of two types; most sequences of such tags are ill-formed."""
    return ["O", *(f"{prefix}-{kind}" for prefix in STRICT[name][1] for kind in ("a", "b"))]


@pytest.mark.parametrize("name", STRICT)
def test_strict_spans_are_those_of_seqeval(name):
    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.sampled_from(tags_of(name)), max_size=12))
    def same(tags):
        theirs = [(span.start, span.end, span.tag) for span in Tokens(tags, STRICT[name][0]).entities]
        assert strict_spans(tags, SCHEMES[name]) == theirs

    same()


@pytest.mark.parametrize("name", STRICT)
def test_strict_scores_are_those_of_seqeval(name):
    rng = random.Random(4)
    gold = [rng.choices(tags_of(name), k=rng.randint(1, 9)) for _ in range(300)]
    predicted = [slip(rng, tagging, tags_of(name)) for tagging in gold]
    result = score(tagged(gold), tagged(predicted), SCHEMES[name], mode="strict")
    strict = {"mode": "strict", "scheme": STRICT[name][0]}
    theirs = [measure(gold, predicted, **strict) for measure in (precision_score, recall_score, f1_score)]
    ours = (result.overall.precision, result.overall.recall, result.overall.f1)
    assert ours == pytest.approx([100 * value for value in theirs])
    f1_by_type = f1_score(gold, predicted, average=None, **strict)
    assert [counts.f1 for counts in result.types.values()] == pytest.approx(list(100 * f1_by_type))
    lenient = score(tagged(gold), tagged(predicted), SCHEMES[name])
    assert (result.rule, lenient.rule) == ("strict", "conlleval")
    assert result.overall != lenient.overall
    assert result.accuracy == lenient.accuracy


# Tags, and the spans written by the letter.
BY_THE_LETTER = [
    ("bio", "I-a I-a O B-a I-a", [(3, 5, "a")]),  # what nothing opens is none
    ("bio", "B-a I-b I-b", [(0, 1, "a")]),
    ("bio", "B-a E-a I-a", [(0, 1, "a")]),  # what is no tag of the scheme ends a span
    ("bioes", "B-a I-a O S-a", [(3, 4, "a")]),  # what nothing ends is none
    ("bioes", "B-a B-a E-a", [(1, 3, "a")]),
    ("bmes", "B-a M-a E-a B-a I-a E-a", [(0, 3, "a")]),
    ("iob1", "O B-a I-a", [(2, 3, "a")]),  # B opens nothing where there is nothing to part
    ("iob1", "I-a B-a B-b", [(0, 1, "a")]),
    ("tokens", "DT O B-a", [(0, 1, "DT"), (2, 3, "B-a")]),
]


@pytest.mark.parametrize(("name", "tags", "spans"), BY_THE_LETTER)
def test_strict_spans_by_hand(name, tags, spans):
    assert strict_spans(tags.split(), SCHEMES[name]) == spans


def test_where_tags_mark_tokens_both_modes_count_alike():
    result = score(tagged([["X", "O"]]), tagged([["X", "X"]]), SCHEMES["tokens"], mode="strict")
    assert result == score(tagged([["X", "O"]]), tagged([["X", "X"]]), SCHEMES["tokens"])
    assert result.rule == "tokens"


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        (
            [["O"], ["O", "B-a"]],
            [["O"], ["O"]],
            "sentence 2 has 2 gold tags, but 1 predicted ones\nhint: both need the same tokens",
        ),
        (
            [["O"], ["O"]],
            [["O"]],
            "sentence 2 has no predicted tags\nhint: both need the same sentences",
        ),
        ([], [["O"]], "sentence 1 has no gold tags\nhint: both need the same sentences"),
    ],
)
def test_tags_that_do_not_lie_side_by_side(gold, predicted, message):
    with pytest.raises(CorpusError) as caught:
        score(tagged(gold), tagged(predicted), SCHEMES["bio"])
    assert str(caught.value) == message
