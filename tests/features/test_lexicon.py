"""The lexicon: letters, types, and the ids of positional features."""

import numpy as np
import pytest

from rnntag.data.sentence import Sentence
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.lexicon import LETTERS, Lexicon
from rnntag.features.neighbours import frequent_bigrams
from rnntag.features.table import BIGRAMS
from rnntag.features.vocabulary import Vocabulary

# Letters


def letters_of(lexicon, numbers):
    """The letters of some types, as words again."""
    found = lexicon.spelled(np.array(numbers))
    rows = [[found.batch.offsets[step] + place for step in range(found.batch.lengths[place])] for place in found.place]
    strings = lexicon.vocabularies["char"].strings
    return ["".join(strings[number] for number in found.ids[row, 0]) for row in rows]


def test_words_are_spelled_letter_by_letter():
    lexicon = Lexicon({"char": Vocabulary(), "word": Vocabulary()})
    words = ["Oslo", "a", "上海", "o'clock", "a", "Łódź"]
    numbers = lexicon.numbers(words)
    assert letters_of(lexicon, numbers) == words
    assert letters_of(lexicon, numbers[[3, 0]]) == ["o'clock", "Oslo"]
    found = lexicon.spelled(numbers)
    assert (np.diff(found.batch.lengths) <= 0).all()
    assert sorted(found.place) == [0, 1, 2, 3, 4, 4]  # a word that is named twice is there once
    assert not lexicon.types[:, 0].any()  # the column is filled by whoever knows the batch
    assert lexicon.types[:, 1].tolist() == [1, 2, 3, 4, 5]


def test_of_a_long_word_the_first_and_the_last_letters_are_looked_at():
    lexicon = Lexicon({"char": Vocabulary()})
    half = LETTERS // 2
    longest, longer = "x" * half + "y" * half, "a" * half + "bcd" + "e" * half
    assert letters_of(lexicon, lexicon.numbers([longest, longer])) == [longest, "a" * half + "e" * half]


def test_a_letter_that_was_not_seen_before_freezing_is_unknown():
    lexicon = Lexicon({"char": Vocabulary("abc", frozen=True)})
    found = lexicon.spelled(lexicon.numbers(["cab", "cub"]))
    assert found.ids[:, 0].tolist() == [3, 3, 1, 0, 2, 2]


def test_a_word_without_letters_is_a_sequence_all_the_same():
    lexicon = Lexicon({"char": Vocabulary("abc", frozen=True)})
    found = lexicon.spelled(lexicon.numbers(["", "ab"]))
    assert found.batch.lengths.tolist() == [2, 1]
    assert found.ids[:, 0].tolist() == [1, 0, 2]


def test_without_the_feature_nothing_is_spelled():
    lexicon = Lexicon({"word": Vocabulary()})
    assert lexicon.spelled(lexicon.numbers(["to", "Oslo"])) is None


def test_letters_stay_with_their_words_as_the_table_grows_and_starts_anew(monkeypatch):
    lexicon = Lexicon({"word": Vocabulary(), "char": Vocabulary()})
    words = [f"{'abcdefghij'[number % 10] * (number % 23)}{number}" for number in range(3000)]
    numbers = lexicon.numbers(words)
    assert numbers.tolist() == list(range(3000))
    assert letters_of(lexicon, numbers) == words
    monkeypatch.setattr(Lexicon, "LIMIT", 2999)
    again = lexicon.numbers(words[:1:-1])
    assert lexicon.emptied == 1
    assert again.tolist() == list(range(2998))
    assert letters_of(lexicon, again) == words[:1:-1]


# Types


def test_equal_keys_are_one_type_and_unequal_columns_are_two():
    lexicon = Lexicon({"word": Vocabulary(), "column:2": Vocabulary(), "char": Vocabulary()})
    rows = ["saw\tNN", "saw\tVB", "saw\tNN", "Saw\tVB"]
    keys = lexicon.shown.keys(Sentence([row.split("\t")[0] for row in rows], rows=rows))
    assert lexicon.numbers(keys).tolist() == [0, 1, 0, 2]
    assert lexicon.types[:, :2].tolist() == [[1, 1], [1, 2], [1, 2]]
    assert letters_of(lexicon, [0, 1, 2]) == ["saw", "saw", "Saw"]


def test_a_token_within_a_match_is_a_type_of_its_own():
    lexicon = Lexicon({"word": Vocabulary(), "gazetteer:cities": Gazetteer.of(["New York", "York"])})
    keys = lexicon.shown.keys(Sentence(["York", "new", "York", "new", "new"]))
    assert lexicon.numbers(keys).tolist() == [0, 1, 2, 3, 3]
    assert lexicon.types.tolist() == [[1, 2], [2, 1], [1, 4], [2, 0]]


# Positional features

SENTENCES = [["A", "b", "a"], ["a", "b"], ["b"], ["a", "b", "c"], []]


def test_a_bigram_reaches_over_no_border_of_a_sentence():
    lexicon = Lexicon(
        {name: Vocabulary(frequent_bigrams(SENTENCES), frozen=True) for name in BIGRAMS} | {"word": Vocabulary()}
    )
    flat = [token for tokens in SENTENCES for token in tokens]
    numbers = lexicon.numbers(flat)
    ids = lexicon.positional_ids(numbers, np.array([len(tokens) for tokens in SENTENCES]))
    strings = lexicon.vocabularies["before"].strings
    found = [(token, strings[before], strings[after]) for token, (before, after) in zip(flat, ids, strict=True)]
    assert found == [
        ("A", "\ta", "a\tb"),
        ("b", "a\tb", ""),
        ("a", "", ""),
        ("a", "\ta", "a\tb"),
        ("b", "a\tb", ""),
        ("b", "", ""),
        ("a", "\ta", "a\tb"),
        ("b", "a\tb", ""),
        ("c", "", ""),
    ]


@pytest.mark.parametrize("known", [[], ["a\tb"], ["\t"]])
def test_few_bigrams_or_none_are_looked_up_all_the_same(known):
    lexicon = Lexicon({"after": Vocabulary(known, frozen=True)})
    ids = lexicon.positional_ids(lexicon.numbers(["a", "b", "c"]), np.array([2, 0, 1]))
    assert ids.tolist() == ([[0, 1], [1, 0], [0, 0]] if known == ["a\tb"] else [[0, 0]] * 3)
    assert lexicon.positional_ids(lexicon.numbers([]), np.array([0])).shape == (0, 2)


def test_without_the_features_there_are_none():
    assert Lexicon({"word": Vocabulary()}).positional_ids(np.zeros(1, np.int32), np.ones(1, np.int64)) is None


def test_what_stands_so_many_tokens_before_is_shown_in_its_own_sentence():
    words = Vocabulary(["a", "b", "c"])
    known = Vocabulary(["\ta", "a\tb", "c\t"], frozen=True)
    lexicon = Lexicon({"word": words, "before": known, "after": known, "own": words})
    tokens, lengths = ["a", "b", "c", "\n", "c", "\n"], np.array([4, 2])
    at_once = lexicon.positional_ids(lexicon.numbers(tokens), lengths)
    assert at_once.tolist() == [[1, 2, 1], [2, 0, 2], [0, 3, 3], [3, 0, 4], [0, 3, 3], [3, 0, 4]]
    later = lexicon.positional_ids(lexicon.numbers(tokens), lengths, delay=1)
    assert later.tolist() == [[0, 0, 0], [1, 2, 1], [2, 0, 2], [0, 3, 3], [0, 0, 0], [0, 3, 3]]
