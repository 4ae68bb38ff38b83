"""How raw text is to be cut to be like a corpus."""

import pytest
from cut_texts import text

from rnntag.corpora.cutting import Cutting, cut_as_before, cutting
from rnntag.data.sentence import Sentence

WORDS = ["river", "stone", "paper", "window", "garden", "letter", "summer", "winter", "morning", "evening"]


def corpus(pattern):
    """Sentences of a pattern whose two places are filled with words."""
    return [Sentence(pattern.format(one, two).split()) for one in WORDS for two in WORDS]


@pytest.mark.parametrize("characters", [True, False])
def test_texts_tell_how_they_were_cut(characters):
    sentences = [
        text("go to Rome, now", (6, 10, "city"), characters=characters),
        text("go home, now", characters=characters),
        text("stop. Here.", characters=characters),
    ]
    assert cutting(sentences, sentences) == (characters, None, None)


def test_tokens_tell_by_being_characters():
    sentences = [Sentence(list("我要去北京"))]
    assert cutting(sentences, sentences) == (True, None, None)


def test_a_rule_that_does_as_well_is_kept():
    assert cutting(corpus("the {} , ( a {} )"), corpus("the {} , ( a {} )")) == (True, None, 100.0)


def test_what_no_rule_does_is_learned():
    train, dev = corpus("{} 's {} did n't come"), corpus("{} {} 's oil did n't go")
    found = cutting(train, dev)
    assert found.tokeniser is not None
    assert found.tokeniser("a lamp's oil didn't")[0] == ["a", "lamp", "'s", "oil", "did", "n't"]
    assert found.right == 100.0


def test_of_a_small_dev_nothing_is_said():
    train = corpus("{} 's {} did n't come")
    assert cutting(train, train[:3]).right is None


def test_a_cut_that_is_kept_is_measured_on_dev():
    train, dev = corpus("{} 's {} did n't come"), corpus("{} {} 's oil did n't go")
    learned = cutting(train, dev).tokeniser
    assert cut_as_before(False, learned, dev) == (False, learned, 100.0)
    rule = cut_as_before(True, None, dev)
    assert (rule.tokeniser, rule.right) == (None, 42.86)
    assert cut_as_before(True, None, dev[:2]) == Cutting(True)


def test_text_teaches_better_than_tokens_alone():
    """Columns with their text, as CoNLL-U has them: whether a dash has spaces is not guessed there."""

    def with_text(pattern, written):
        for one in WORDS:
            for two in WORDS:
                tokens, line = pattern.format(one, two).split(), written.format(one, two)
                places, end = [], 0
                for token in tokens:
                    start = line.index(token, end)
                    end = start + len(token)
                    places.append((start, end))
                yield Sentence(tokens, rows=tokens, text=line, offsets=places)

    train = list(with_text("{} zu dem {}", "{} zudem {}"))
    found = cutting(train, train)
    assert found.tokeniser is not None
    assert found.tokeniser("lamp zudem oil")[0] == ["lamp", "zu", "dem", "oil"]
    assert cutting([Sentence(each.tokens) for each in train], train).tokeniser is None  # tokens alone do not tell
