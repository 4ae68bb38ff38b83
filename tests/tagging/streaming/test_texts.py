"""Sentences of running text: one text, given back sentence by sentence."""

import pytest
from running import AHEAD, FORWARD, alone, model, sentences, text

from rnntag.data.sentence import Sentence
from rnntag.tagging.tagger import LAG, Tagger


@pytest.mark.parametrize("spec", [FORWARD, AHEAD, {}], ids=str)
def test_sentences_are_one_text_and_come_back_as_they_were(spec):
    found = model(**spec)
    given = sentences([4, 1, 7, 3])
    words = [word for sentence in given for word in sentence.tokens]
    tagged = Tagger(found).tagged(given)
    assert [sentence.tokens for sentence in tagged] == [sentence.tokens for sentence in given]
    whole = Tagger(found, context=100).stream(LAG).feed(words, ends=True)
    assert [tag for sentence in tagged for tag in sentence.tags] == whole
    assert whole != [tag for sentence in given for tag in alone(found, sentence.tokens)]


@pytest.mark.parametrize("border", [Sentence([]), "comment"])
@pytest.mark.parametrize("spec", [AHEAD, {}], ids=str)
def test_a_text_ends_at_a_sentence_without_words_and_before_a_document(spec, border):
    found = model(**spec)
    one, two = sentences([6, 5]), [Sentence(text(8, 9), comments=("# doc = two",) if border == "comment" else ())]
    given = [*one, *([border] if border != "comment" else []), *two]
    tagged = Tagger(found).tagged(given)
    assert len(tagged) == len(given)
    assert tagged[-1].tags == Tagger(found).tagged(two)[0].tags == alone(found, two[0].tokens)
    assert [each.tags for each in tagged[:2]] == [each.tags for each in Tagger(found).tagged(one)]


def test_a_burst_gives_back_what_is_ready(monkeypatch):
    found = model(**AHEAD)
    run = Tagger(found).running_text()
    ready = [len(run.feed([sentence])) for sentence in sentences([80, 80, 80])]
    assert ready[0] == 0
    assert sum(ready) + len(run.close()) == 3
