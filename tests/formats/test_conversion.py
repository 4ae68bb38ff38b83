"""What tags mean is seen from the first sentences, none is lost on the way, and no tag changes its meaning unseen."""

import pytest

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats import conversion
from rnntag.formats.conversion import converted, looked_ahead, rewritten

BIO, BIOES = SCHEMES["bio"], SCHEMES["bioes"]


def tagged(*tags):
    return Sentence([f"w{index}" for index in range(len(tags))], list(tags), source="case", line=1)


def test_as_much_is_read_ahead_as_it_takes_to_see_a_tag():
    bursts = [[tagged("O")], [tagged("O", "B-x"), tagged("B-y")], [tagged("B-z")]]
    read = []

    def reading():
        for burst in bursts:
            read.append(burst)
            yield burst

    first, rest = looked_ahead(reading())
    assert first == bursts[0] + bursts[1]
    assert len(read) == 2
    assert [sentence for burst in rest for sentence in burst] == [sentence for burst in bursts for sentence in burst]


def test_where_no_tag_says_anything_there_is_an_end_to_reading_ahead(monkeypatch):
    monkeypatch.setattr(conversion, "ENOUGH", 3)
    bursts = [[tagged("O")] for _ in range(9)]
    first, rest = looked_ahead(bursts)
    assert len(first) == 3
    assert sum(map(len, rest)) == 9
    assert looked_ahead([])[0] == []


def test_sentences_keep_all_but_their_tags():
    sentence = Sentence(["a", "b"], ["B-x", "I-x"], comments=("# c",), source="case", line=7, intent="go")
    (found,) = next(converted([[sentence]], BIO, BIOES))
    assert found.tags == ["B-x", "E-x"]
    assert (found.tokens, found.comments, found.where(), found.intent) == (["a", "b"], ("# c",), "case:7", "go")
    assert rewritten(Sentence(["a"]), BIO, BIOES).tags is None
    assert next(converted([[sentence]], BIO, BIO)) == [sentence]


@pytest.mark.parametrize("target", [BIO, BIOES])
def test_a_tag_of_another_scheme_is_a_fault_and_what_stands_above_it_comes_out(target):
    bursts = converted([[tagged("B-x")], [tagged("O"), tagged("O", "S-x")]], BIO, target)
    assert len(next(bursts)) == 1
    with pytest.raises(CorpusError) as caught:
        next(bursts)
    assert str(caught.value).startswith("case:1: tag 'S-x' is not a tag of BIO\n")
