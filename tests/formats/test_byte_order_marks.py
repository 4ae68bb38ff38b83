"""Texts that hold U+FEFF, the character that a file begins with as a byte order mark: what is written is read back."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from readers import BIO, read_folder

from rnntag import formats
from rnntag.data.sentence import Sentence
from rnntag.formats.charspans import char_spans, text_of
from rnntag.formats.output import Output

FORMATS = [name for name in formats.WRITABLE if name in formats.READABLE and name not in ("text", "sentences")]
OF_TEXT = ("inline", "doccano", "label-studio", "brat")  # tokens are cut anew
MARK = "\ufeff"
WORD = st.text(st.sampled_from([MARK, "a", "b"]), min_size=1, max_size=3)
SENTENCE = st.lists(st.tuples(WORD, st.sampled_from(["O", "B-x", f"B-{MARK}x"])), min_size=1, max_size=3)


def through(name, sentences):
    """Sentences written and read again."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "there"
        with Output(name, BIO, str(place)) as out:
            for sentence in sentences:
                out.write([sentence])
        return read_folder(place, name, tagged=True, tag="Tag" if name == "conllu" else None)


def facts(sentence, name):
    text, spans = char_spans(sentence, BIO)
    return (text, spans) if name in OF_TEXT else (sentence.tokens, sentence.tags)


@pytest.mark.parametrize("name", FORMATS)
@given(st.lists(SENTENCE, min_size=1, max_size=3), st.none() | WORD)
@example([[(MARK, "O")]], None)
@example([[("a", f"B-{MARK}"), (MARK, "O")]], MARK)
@settings(max_examples=40)
def test_tokens_come_back(name, pairs, intent):
    sentences = [Sentence([word for word, _ in pair], [tag for _, tag in pair], intent=intent) for pair in pairs]
    back = through(name, sentences)
    assert [facts(sentence, name) for sentence in back] == [facts(sentence, name) for sentence in sentences]
    if name not in ("brat", "csv"):
        assert {sentence.intent for sentence in back} == {intent}


@pytest.mark.parametrize("text", [MARK, f"{MARK}a b", f"a{MARK}", f"{MARK}{MARK}", f" {MARK}a", f"{MARK} a"])
@pytest.mark.parametrize("name", [*OF_TEXT, "jsonl", "conllu"])
def test_a_text_comes_back(name, text):
    tokens = text.split()
    places = [text.index(token) for token in tokens]
    offsets = [(place, place + len(token)) for place, token in zip(places, tokens, strict=True)]
    given = Sentence(tokens, ["B-x", "O"][: len(tokens)], text=text, offsets=offsets)
    (back,) = through(name, [given])
    assert (text_of(back)[0].strip(), char_spans(back, BIO)[1]) == (text.strip(), char_spans(given, BIO)[1])


@pytest.mark.parametrize("format", ["text", "sentences"])
def test_running_text_keeps_its_beginning(format, tmp_path):
    place = tmp_path / "out.txt"
    with Output(format, BIO, str(place)) as out:
        out.write([Sentence([f"{MARK}a", "b"], ["O", "O"])])
    text = place.read_text("utf-8")
    assert text.startswith(f"{MARK}{MARK}a") == (text[0] == MARK)
