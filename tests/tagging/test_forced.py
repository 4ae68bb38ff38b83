"""Tags that stand, and what follows for the others."""

import pytest

import rnntag
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.model.record import Temperatures
from rnntag.tagging.forced import with_forced_spans

WORDS = ["wake", "me", "at", "seven", "tomorrow"]


@pytest.fixture(scope="module")
def tagger(trained):
    return rnntag.load(trained.path)


def test_forced_tags_stand_and_the_rest_follows(tagger):
    free = next(iter(tagger.tag([WORDS])))
    assert free.tags == ["O", "O", "O", "B-time", "B-date"]
    [found] = tagger.tag([Sentence(WORDS, ["?", "?", "?", "?", "I-time"])], forced=True)
    assert found.tags == ["O", "O", "O", "B-time", "I-time"]
    assert next(iter(tagger.tag([Sentence(WORDS, ["?"] * 5)], forced=True))).tags == free.tags
    assert next(iter(tagger.tag([Sentence(WORDS)], forced=True))).tags == free.tags


def test_probabilities_under_force_are_conditional(tagger):
    [found] = tagger.tag([Sentence(WORDS, ["?", "?", "?", "?", "I-time"])], forced=True, certain=True)
    assert found.certainty.tags[3:] == pytest.approx([1.0, 1.0], abs=1e-5)
    [found] = tagger.tag([Sentence(WORDS, free := ["O", "O", "O", "B-time", "B-date"])], forced=True, certain=True)
    assert found.tags == free
    # e to the difference of two float32 sums of about thirty: ten additions, each of which rounds by up to 1e-6.
    assert found.certainty.tagging == pytest.approx(1.0, abs=1e-5)


def test_forced_tags_that_cannot_stand(tagger):
    source = {"source": "given.conll", "line": 7, "rows": WORDS}
    with pytest.raises(CorpusError) as caught:
        list(tagger.tag([Sentence(WORDS, ["?", "X", "?", "?", "?"], **source)], forced=True))
    assert str(caught.value) == (
        "given.conll:8: tag 'X' is to stand here, but the model has no such tag\nhint: ? lets the model choose"
    )
    with pytest.raises(CorpusError) as caught:
        list(tagger.tag([Sentence(WORDS, ["I-time", "?", "?", "?", "?"], **source)], forced=True))
    assert str(caught.value) == (
        "given.conll:7: tag 'I-time' cannot stand here: BIO has no way through it\nhint: ? lets the model choose"
    )


def test_sentences_that_are_from_no_file_are_called_by_their_number(tagger):
    with pytest.raises(CorpusError) as caught:
        list(tagger.tag([WORDS, Sentence(WORDS, ["?", "X", "?", "?", "?"])], forced=True))
    assert str(caught.value).startswith("sentence 2: tag 'X' is to stand here, ")


def test_a_forced_tag_is_certain_however_unlikely_it_was(tagger):
    """What leads up to it is closed as well, or the sums would lose it below the smallest float32."""
    model = tagger.model
    before, model.temperatures = model.temperatures, Temperatures(0.05)
    try:
        for tag in model.tags:
            given = ["?", "?", "?", tag, "?"]
            [found] = tagger.tag([Sentence(WORDS, given)], forced=True, certain=True)
            assert found.tags[3] == tag
            assert found.certainty.tags[3] == pytest.approx(1.0, abs=1e-5)
    finally:
        model.temperatures = before


def test_forced_tags_are_as_many_as_tokens(tagger):
    with pytest.raises(CorpusError) as caught:
        list(tagger.tag([Sentence(["a", "b"], ["O"], source="x", line=3)], forced=True))
    assert str(caught.value) == "x:3: 2 tokens, but 1 tags to stand"


@pytest.mark.parametrize(
    ("scheme", "tags"),
    [("bio", ["?", "B-time", "I-time", "?"]), ("bioes", ["?", "B-time", "E-time", "?"])],
)
def test_spans_of_text_stand_in_the_notation_of_the_model_and_the_rest_is_free(scheme, tags):
    given = Sentence(["at", "seven", "sharp", "please"], ["O", "B-time", "I-time", "O"], text="at seven sharp please")
    assert with_forced_spans(given, SCHEMES[scheme]).tags == tags
    assert with_forced_spans(Sentence(["at"], text="at"), SCHEMES[scheme]).tags == ["?"]


def test_columns_say_themselves_what_is_free():
    for given in (Sentence(["at"], ["O"]), Sentence(["at"], ["O"], rows=["at\tO"], text="at")):
        assert with_forced_spans(given, SCHEMES["bio"]) is given
