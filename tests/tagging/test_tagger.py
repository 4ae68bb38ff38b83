"""A model at work: sentences in, sentences out."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest
from running import AHEAD, FORWARD, alone, model, text
from running import sentences as some_sentences

import rnntag
from rnntag import formats
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, SpecError
from rnntag.model import inference
from rnntag.model.record import Record
from rnntag.tagging import scorer
from rnntag.tagging import tagger as tagging
from rnntag.tagging.request import Request
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


# Running text


@pytest.mark.parametrize("spec", [AHEAD, {}], ids=str)
def test_without_context_each_sentence_stands_alone(spec):
    found, given = model(**spec), some_sentences([4, 1, 7, 3])
    assert [each.tags for each in Tagger(found, context=0).tagged(given)] == [alone(found, s.tokens) for s in given]
    assert not Tagger(found, context=0).runs_on
    assert not Tagger(model(record=Record(), **spec)).runs_on


def test_probabilities_are_of_sentences_alone():
    found, given = model(), some_sentences([4, 3])
    certain = list(Tagger(found).tag(given, certain=True))
    assert [each.tags for each in certain] == [alone(found, sentence.tokens) for sentence in given]


def test_sentences_taken_from_an_iterator_are_one_text_as_well(monkeypatch):
    monkeypatch.setattr("rnntag.tagging.tagger.BURST", 2)
    found, given = model(), some_sentences([4, 1, 7, 3, 5])
    assert [each.tags for each in Tagger(found).tag(given)] == [each.tags for each in Tagger(found).tagged(given)]


@pytest.mark.parametrize("spec", [FORWARD, AHEAD], ids=str)
def test_forced_tags_stand_with_those_that_wait(spec):
    found = model(**spec)
    free = [Sentence(text(length, length), ["?"] * length) for length in (3, 5, 2)]
    expected = [alone(found, sentence.tokens) for sentence in free]
    assert [each.tags for each in Tagger(found).tag(free, forced=True)] == expected
    free[1].tags[2] = "X"
    assert next(islice(Tagger(found).tag(free, forced=True), 1, None)).tags[2] == "X"


def test_spans_and_intents_stay_within_their_sentence():
    with pytest.raises(SpecError, match="this model finds spans, each within its sentence"):
        rnntag.load(context=4)


# Bursts


@pytest.mark.parametrize("spec", [AHEAD, {}], ids=str)
def test_of_one_text_each_burst_gives_what_is_ready_and_the_end_the_rest(spec):
    found, given = model(**spec), some_sentences([80, 80, 80])
    bursts = list(Tagger(found).tag_bursts(iter([given[:1], given[1:]])))
    assert len(bursts) == 3
    assert [each.tags for burst in bursts for each in burst] == [each.tags for each in Tagger(found).tagged(given)]


@pytest.mark.parametrize("context", [0, 5])
def test_what_came_before_a_fault_comes_out_before_it(context):
    given = some_sentences([4, 3])

    def bursts():
        yield given
        raise CorpusError("torn")

    tagged = []
    with pytest.raises(CorpusError, match="torn"):
        tagged.extend(each for burst in Tagger(model(), context=context).tag_bursts(bursts()) for each in burst)
    assert [each.tokens for each in tagged] == [each.tokens for each in given]


def test_a_burst_is_cut_where_many_taggings_are_asked_for(monkeypatch):
    monkeypatch.setattr(tagging, "BURST", 6)
    found, given = model(), some_sentences([4, 3, 2, 5])
    bursts = list(Tagger(found).tag_bursts([given], Request(best=3)))
    assert [len(burst) for burst in bursts] == [6, 6]


def test_a_sentence_that_would_fill_the_memory_is_refused(trained, monkeypatch):
    monkeypatch.setattr(tagging, "LONGEST", 3)
    tagger = Tagger(rnntag.load(trained.path).model)
    assert tagger.tags([["at", "seven", "tomorrow"]])
    with pytest.raises(CorpusError) as caught:
        tagger.tagged([Sentence(["at"]), Sentence(["at"] * 4, source="a.txt", line=7)])
    assert str(caught.value) == (
        "a.txt:7: a sentence of 4 words is too long to be seen as a whole\nhint: break it into lines: fold -s -w 1000"
    )


def test_running_text_has_no_longest_sentence(monkeypatch):
    monkeypatch.setattr(tagging, "LONGEST", 3)
    reader = Tagger(model(**FORWARD), context=5)
    assert len(reader.tagged([Sentence(["a"] * 9)])[0].tags) == 9
