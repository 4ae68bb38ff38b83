"""What a token shows: keys and what is read off them, faults to the letter, and the lexicon that numbers it all."""

import numpy as np
import pytest
from trainings import trainer

from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, SpecError
from rnntag.features.keys import Shown
from rnntag.features.lexicon import LETTERS, Lexicon
from rnntag.features.table import FEATURES, check, column
from rnntag.features.vocabulary import Vocabulary
from rnntag.network.spec import Spec
from rnntag.tagging.tagger import Tagger


def sentence(*rows, line=7):
    """Rows of columns as a reader hands them on: without the tag."""
    return Sentence([row.split("\t")[0] for row in rows], rows=list(rows), source="a.conll", line=line)


# Features of a word


@pytest.mark.parametrize(
    ("token", "word", "shape", "prefix", "suffix"),
    [
        ("Boeing747", "boeing000", "Xx0", "boe", "000"),
        ("NASA", "nasa", "X", "nas", "asa"),
        ("o'clock", "o'clock", "x-x", "o'c", "ock"),
        ("7:30", "0:00", "0-0", "0:0", ":00"),
        ("上海", "上海", "c", "上海", "上海"),
        ("aB1-cD2", "ab0-cd0", "xX0-", "ab0", "cd0"),
        ("", "", "", "", ""),
    ],
)
def test_what_is_read_off_a_word(token, word, shape, prefix, suffix):
    expected = {"word": word, "shape": shape, "prefix": prefix, "suffix": suffix}
    readers = Shown([*expected, "char"]).readers
    assert {name: readers[name](token) for name in expected} == expected
    assert readers["char"](token) == token


# Keys


def test_without_columns_a_token_is_its_own_key():
    tokens = ["to", "Oslo"]
    assert Shown(["word", "char"]).keys(Sentence(tokens)) is tokens


def test_a_key_holds_the_columns_that_are_asked_for_in_their_order():
    shown = Shown(["column:4", "word", "char", "column:2"])
    keys = shown.keys(sentence("Oslo\tNNP\tx\tcity", "2\tCD\tx\t"))
    assert keys == ["Oslo\tcity\tNNP", "2\t\tCD"]
    assert [shown.readers["column:4"](key) for key in keys] == ["city", ""]
    assert [shown.readers["column:2"](key) for key in keys] == ["NNP", "CD"]
    assert [shown.readers["word"](key) for key in keys] == ["oslo", "0"]
    assert [shown.readers["char"](key) for key in keys] == ["Oslo", "2"]
    assert shown.keys(Sentence([], rows=[])) == []


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("column:2", 2),
        ("column:17", 17),
        ("column:1", None),  # the word itself
        ("column:0", None),
        ("column:-2", None),
        ("column:", None),
        ("column:²", None),
        ("column:x", None),
        ("column", None),
        ("2", None),
    ],
)
def test_which_names_are_columns(name, number):
    assert column(name) == number
    if number is None:
        with pytest.raises(SpecError):
            check([name])
    else:
        check([name])


HINT = "hint: give the columns that training has; rnntag tag wants --from conll"
ONE = f"the features name column 3, but there is 1 beside the tag\n{HINT}"
MISSING = {
    "plain text": (Sentence(["to"], source="in.txt", line=4), f"in.txt:4: {ONE}"),
    "words and tags": ("tagged", f"a.conll:7: {ONE}"),
    "one column": (sentence("to", "Oslo"), f"a.conll:7: {ONE}"),
    "two columns": (
        sentence("to\tTO", "Oslo\tNNP"),
        f"a.conll:7: the features name column 3, but there are 2 beside the tag\n{HINT}",
    ),
}


@pytest.mark.parametrize("name", MISSING)
def test_a_column_that_is_not_there_is_told(name):
    given, told = MISSING[name]
    if given == "tagged":  # a reader gives the tokens themselves for rows where nothing lies between them and the tags
        tokens = ["to", "Oslo"]
        given = Sentence(tokens, ["O", "O"], tokens, source="a.conll", line=7)
    with pytest.raises(CorpusError) as caught:
        Shown(["word", "column:3", "column:2"]).keys(given)
    assert str(caught.value) == told


# Faults

KNOWN = "hint: there are: word, shape, prefix, suffix, char, before, after, own, and column:2 for the second column"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["word", "lemma"], f"'lemma' is not a feature\n{KNOWN}"),
        (["column:1"], f"'column:1' is not a feature\n{KNOWN}"),
        ([""], f"'' is not a feature\n{KNOWN}"),
        (["word", "Shape"], f"'Shape' is not a feature\n{KNOWN}"),
        ([], "features is empty\nhint: --features word,char,shape"),
        (["word", "char", "word"], "features names one twice: word,char,word"),
        (["column:2", "column:2"], "features names one twice: column:2,column:2"),
    ],
)
def test_features_that_cannot_be_are_told(names, told):
    for refuse in (check, Shown, lambda names: Spec(features=names)):
        with pytest.raises(SpecError) as caught:
            refuse(names)
        assert str(caught.value) == told


def test_every_feature_may_be_asked_for():
    check([*FEATURES, "char", "column:2", "column:3"])
    assert Spec(features=["char", "column:2"]).features == ("char", "column:2")


# The lexicon


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


def test_equal_keys_are_one_type_and_unequal_columns_are_two():
    lexicon = Lexicon({"word": Vocabulary(), "column:2": Vocabulary(), "char": Vocabulary()})
    keys = lexicon.shown.keys(sentence("saw\tNN", "saw\tVB", "saw\tNN", "Saw\tVB"))
    assert lexicon.numbers(keys).tolist() == [0, 1, 0, 2]
    assert lexicon.types[:, :2].tolist() == [[1, 1], [1, 2], [1, 2]]
    assert letters_of(lexicon, [0, 1, 2]) == ["saw", "saw", "Saw"]


# At work


def test_what_only_a_column_tells_is_learnt_from_it_and_asked_for():
    rng = np.random.default_rng(1)

    def made(count):
        for _ in range(count):
            words, kinds = list("abcd"), rng.choice(["N", "V"], 4).tolist()
            yield Sentence(words, [f"T{kind}" for kind in kinds], list(map("\t".join, zip(words, kinds, strict=True))))

    train, dev = list(made(60)), list(made(20))
    spec = Spec(hidden=8, embedding=8, features=("word", "column:2"))
    one = trainer(train, dev, spec, epochs=6, batch=8, learning_rate=0.05)
    for _ in one.run():
        pass
    tagger = Tagger(one.model)
    assert [found.tags for found in tagger.tagged(dev)] == [right.tags for right in dev]
    with pytest.raises(CorpusError, match="the features name column 2, but there is 1 beside the tag"):
        tagger.tags([["a", "b"]])
