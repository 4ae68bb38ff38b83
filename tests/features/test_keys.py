"""Keys: what features read of a token, and columns that are not there, to the letter."""

import numpy as np
import pytest
from trainings import trainer

from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.keys import Shown
from rnntag.network.spec import Spec
from rnntag.tagging.tagger import Tagger


def sentence(*rows, line=7):
    """Rows of columns as a reader hands them on: without the tag."""
    return Sentence([row.split("\t")[0] for row in rows], rows=list(rows), source="a.conll", line=line)


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


def test_a_token_in_a_match_has_in_its_key_where_it_stands_of_each_list():
    lists = {"gazetteer:cities": Gazetteer.of(["New York", "Rome"]), "gazetteer:songs": Gazetteer.of(["york", "Go to"])}
    shown = Shown(["word", "gazetteer:cities", "char", "gazetteer:songs"], lists)
    keys = shown.keys(Sentence(["to", "New", "York", "Rome"]))
    assert keys == ["to", "New\tB\t", "York\tE\tS", "Rome\tS\t"]
    assert [shown.readers["gazetteer:cities"](key) for key in keys] == ["", "B", "E", "S"]
    assert [shown.readers["gazetteer:songs"](key) for key in keys] == ["", "", "S", ""]
    assert [shown.readers["word"](key) for key in keys] == ["to", "new", "york", "rome"]
    assert [shown.readers["char"](key) for key in keys] == ["to", "New", "York", "Rome"]
    assert shown.readers["gazetteer:cities"](shown.end()) == ""
    tokens = ["no", "name"]
    assert shown.keys(Sentence(tokens)) is tokens


def test_matches_stand_behind_columns_and_are_found_in_words_as_they_are_written():
    shown = Shown(["word", "column:3", "gazetteer:a"], {"gazetteer:a": Gazetteer.of(["İo"])})
    keys = shown.keys(sentence("İo\tx\tNN", "b\tx\tVB"), lower=True)
    assert keys == [f"{'İo'.lower()}\tNN\tS", "b\tVB"]
    assert [shown.readers["column:3"](key) for key in keys] == ["NN", "VB"]
    assert [shown.readers["gazetteer:a"](key) for key in keys] == ["S", ""]
    assert shown.readers["column:3"](shown.end()) == "\n"


HINT = "hint: give the columns that training has; rnntag tag wants --from conll"
ONE = f"the features name column 3, but there is 1 beside the tag\n{HINT}"
MISSING = {
    "plain text": (Sentence(["to"], source="in.txt", line=4), f"in.txt:4: {ONE}"),
    "no file": (Sentence(["to"], line=4), f"sentence 4: {ONE}"),
    "no place": (Sentence(["to"]), ONE),
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
