"""A model at work: sentences in, sentences out."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import rnntag
from rnntag import formats
from rnntag.errors import CorpusError
from rnntag.model import inference
from rnntag.tagging import scorer
from rnntag.tagging import tagger as tagging
from rnntag.tagging.tagger import Tagger


@pytest.fixture(scope="module")
def sentences(trained):
    return [sentence.tokens for sentence in formats.read_corpus(trained.dev)]


def test_threads_may_share_a_tagger(trained, kernels, sentences):
    tagger = Tagger(rnntag.load(trained.path).model, 2, engine=kernels)
    alone = tagger.tags(sentences)
    shares = [sentences[place:] for place in range(24)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(tagger.tags, shares))
    assert found == [alone[place:] for place in range(24)]


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_the_number_of_threads_does_not_matter(trained, sentences, threads):
    assert Tagger(rnntag.load(trained.path).model, threads).tags(sentences) == rnntag.load(trained.path).tags(sentences)


def test_kernels_and_twins_give_the_same_tags_before_and_after_the_change(
    trained, kernels, plain, sentences, monkeypatch
):
    model = rnntag.load(trained.path).model
    expected = Tagger(model, engine=plain).tags(sentences)
    assert Tagger(model, engine=kernels).tags(sentences) == expected
    monkeypatch.setattr(scorer, "PATIENCE", sum(map(len, sentences)) // 3)
    monkeypatch.setattr(tagging, "BURST", 7)
    changing = Tagger(model)
    assert [sentence.tags for sentence in changing.tag(sentences)] == expected
    assert changing.scorer.engine is kernels


def test_a_type_that_finds_no_room_in_the_table_is_projected_when_it_comes(trained, sentences, monkeypatch):
    expected = rnntag.load(trained.path).tags(sentences)
    model = rnntag.load(trained.path).model
    first = model.network.layers[0]
    row = 4 * len(first.places) * first.cell.gates * first.units
    for room in (1, 20):
        monkeypatch.setattr(inference, "TABLE", room * row)
        tagger = Tagger(model, 2)
        assert tagger.tags(sentences) == expected
        assert [tagger.tags([sentence])[0] for sentence in sentences] == expected


def test_a_string_is_not_a_list_of_words(trained):
    with pytest.raises(CorpusError) as caught:
        list(rnntag.load(trained.path).tag(["wake me"]))
    told = "a sentence is a list of words, not a string\nhint: tagger.tag([line.split()])"
    assert str(caught.value) == told


@pytest.mark.parametrize("words", [[1], ["at", None], [["at"]]])
def test_words_are_strings(trained, words):
    with pytest.raises(CorpusError) as caught:
        list(rnntag.load(trained.path).tag([["at"], words]))
    assert str(caught.value) == f"a sentence is a list of words: {words} is not"


def test_empty_sentences_keep_their_places(trained):
    tagger = rnntag.load(trained.path)
    assert tagger.tags([]) == []
    assert tagger.tags([[], []]) == [[], []]
    assert [len(tags) for tags in tagger.tags([[], ["seven"], [], ["at", "seven"]])] == [0, 1, 0, 2]


def test_the_table_of_words_is_bounded(trained, sentences, monkeypatch):
    expected = rnntag.load(trained.path).tags(sentences)
    tagger = rnntag.load(trained.path)
    monkeypatch.setattr(type(tagger.model.lexicon), "LIMIT", 50)
    assert [tagger.tags([sentence])[0] for sentence in sentences] == expected
    assert len(tagger.model.lexicon.types) < 50 + max(map(len, sentences)) + 1
