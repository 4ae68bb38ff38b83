"""The rules of scoring."""

import pytest
from answers import tagged

from rnntag.data.bio import SCHEMES
from rnntag.errors import SpecError
from rnntag.evaluation.compare import spans
from rnntag.evaluation.counts import right_intent
from rnntag.evaluation.scoring import CONLLEVAL, INTENT_RULES, MODES, Scoring


def test_the_scheme_is_that_of_the_tags_unless_it_is_given():
    sentences = tagged([["O", "S-x"], ["B-x", "E-x"]])
    assert CONLLEVAL.scheme_of(sentences) is SCHEMES["bioes"]
    assert Scoring(SCHEMES["tokens"]).scheme_of(sentences) is SCHEMES["tokens"]


def test_each_rule_makes_a_difference():
    assert [len(spans(["I-x"], SCHEMES["bio"], mode)) for mode in MODES] == [1, 0]
    assert [right_intent("a#b", "a", rule) for rule in INTENT_RULES] == [True, False]


def test_without_being_told_it_is_as_conlleval_does():
    assert (CONLLEVAL.scheme, CONLLEVAL.intent_rule, CONLLEVAL.mode) == (None, INTENT_RULES[0], MODES[0])
    with pytest.raises(AttributeError):
        CONLLEVAL.mode = "strict"


def test_a_rule_that_is_none_is_told():
    for rules, told in (
        ({"mode": "lenient"}, "mode is 'lenient', but must be one of conlleval, strict"),
        ({"intent_rule": "all"}, "intent-rule is 'all', but must be one of any, exact"),
    ):
        with pytest.raises(SpecError) as caught:
            Scoring(**rules)
        assert str(caught.value) == told
    assert Scoring(intent_rule=None).intent_rule is None
