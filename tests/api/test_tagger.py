"""The tagger that Python is given."""

import warnings

import pytest
import running

import rnntag
from rnntag.api.tagger import Tagger
from rnntag.errors import CorpusError, RnntagError
from rnntag.model.file import load_model
from rnntag.model.record import Record
from rnntag.punctuation.task import Task
from rnntag.tagging.request import ALONE

ASKED = "wake me at seven tomorrow"


@pytest.fixture(scope="module")
def tagger(trained):
    return rnntag.load(trained.path)


def test_text_is_tagged_and_its_tokens_and_spans_are_located(tagger):
    text = f"{ASKED}\n\n  at seven"
    found = tagger.tag_text(text)
    assert [(span.text, span.label) for span in found.spans] == [
        ("seven", "time"),
        ("tomorrow", "date"),
        ("seven", "time"),
    ]
    assert [text[start:end] for start, end, *_ in found.spans] == ["seven", "tomorrow", "seven"]
    assert [sentence.tokens for sentence in found.sentences] == [ASKED.split(), [], ["at", "seven"]]
    assert [sentence.where() for sentence in found.sentences] == ["<text>:1", "<text>:2", "<text>:3"]
    assert [token.tag for token in found.tokens][:5] == ["O", "O", "O", "B-time", "B-date"]
    assert [token.probability for token in found.tokens] == [None] * 7


def test_text_is_tagged_with_probabilities(tagger):
    found = tagger.tag_text(ASKED, certain=True)
    [sure] = tagger.tag([ASKED.split()], certain=True)
    assert [span.probability for span in found.spans] == sure.certainty.spans
    assert [token.probability for token in found.tokens] == sure.certainty.tags


def test_text_is_cut_as_that_of_the_training_was_unless_it_is_said_how():
    text = "wake me, at seven."
    for record, given, tokens in (
        (Record(), None, text.split()),
        (Record(), True, ["wake", "me", ",", "at", "seven", "."]),
        (Record(characters=True), None, ["wake", "me", ",", "at", "seven", "."]),
        (Record(characters=True), False, text.split()),
        (Record(task=Task("punctuation")), None, ["wake", "me", "at", "seven"]),
        (Record(task=Task("punctuation")), False, text.split()),
    ):
        found = Tagger(running.model(record=record)).tag_text(text, characters=given)
        assert [token.text for token in found.tokens] == tokens
        assert all(text[token.start : token.end] == token.text for token in found.tokens)


def test_lines_of_running_text_are_one_text():
    model = running.model()
    words = running.text(20)
    text = f"{' '.join(words[:10])}\n{' '.join(words[10:])}"
    found = [token.tag for token in Tagger(model).tag_text(text).tokens]
    lines = [words[:10], words[10:]]
    assert found == [tag for sentence in Tagger(model).tag(lines) for tag in sentence.tags]
    assert found != [tag for line in lines for tag in running.alone(model, line)]


@pytest.mark.parametrize("text", [b"seven", ["seven"], None])
def test_text_is_a_string(tagger, text):
    with pytest.raises(CorpusError) as caught:
        tagger.tag_text(text)
    assert str(caught.value) == f"a text is a string: {text!r} is not\nhint: tagger.tag takes lists of words"


def test_what_the_command_warns_of_the_library_warns_of():
    model, words = running.model(), running.text(5)
    with pytest.warns(rnntag.RnntagWarning) as caught:
        list(Tagger(model).tag([words], certain=True))
    assert [str(each.message) for each in caught] == [ALONE]
    assert caught[0].filename == __file__
    with pytest.warns(rnntag.RnntagWarning) as caught:
        Tagger(model).tag_text('{"text": "a b"}')
    assert [str(each.message) for each in caught] == ["the text looks like jsonl: it is tagged as it stands"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        list(Tagger(model).tag([words]))
        list(Tagger(model, context=0).tag([words], certain=True))
        Tagger(model).tag_text("a b")


def test_a_tagger_is_saved(tagger, trained, tmp_path):
    tagger.save(tmp_path / "again.rnntag")
    assert (tmp_path / "again.rnntag").read_bytes() == trained.path.read_bytes()
    with pytest.raises(RnntagError, match="cannot be written"):
        tagger.save(tmp_path / "no" / "m.rnntag")


def test_a_tagger_shows_what_it_is_in_a_line(tagger):
    f1 = tagger.model.record.figures["f1"]
    assert repr(tagger) == f"Tagger({len(tagger.labels)} labels, F1 {f1:.2f} on dev)"
    assert repr(Tagger(running.model())) == "Tagger(2 labels)"
    assert repr(rnntag.load()).startswith(f"Tagger({len(rnntag.load().labels)} labels, 18 intents, F1 ")
    assert "time" in tagger.labels
    assert tagger.intents == []


def test_what_a_tagger_offers_is_for_users(tagger):
    offered = "context intents labels model spans tag tag_text tags threads save"
    assert {name for name in dir(tagger) if not name.startswith("_")} == set(offered.split())
    assert {name for name in dir(Tagger) if not name.startswith("_")} <= set(offered.split())


def test_it_tags_as_the_one_that_the_commands_use(tagger, trained):
    from rnntag.tagging import tagger as inner

    other = inner.Tagger(load_model(trained.path))
    for options in ({}, {"certain": True}, {"best": 2}):
        found, expected = (list(each.tag([ASKED.split()], **options)) for each in (tagger, other))
        assert found == expected
        assert [each.certainty for each in found] == [each.certainty for each in expected]
    assert tagger.tags([ASKED.split()]) == other.tags([ASKED.split()])
    assert tagger.spans(found[0]) == other.spans(found[0])
