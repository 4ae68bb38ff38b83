"""What is a token of a stream, and when."""

import pytest

from rnntag.data.detokeniser import as_written
from rnntag.data.tokenisation import Cut, located
from rnntag.data.tokeniser import Tokeniser
from rnntag.punctuation.task import WORDS
from rnntag.tagging.streaming.cutter import Cutter

TEXTS = [
    "well i don't know, it's 3.5 o'clock e-mail me at once",
    "我们今天学习《红楼梦》然后去北京大学 他说App很好用",
    "naïve café e\u0301 👩\u200d👧 🇬🇧🇫🇷 ที่นี่ नमस्ते",
    "a\n\nb\r\n\r\nc\n \n\n d",
    "",
    " \n ",
]
TREEBANK = [[*["the", "river", "did", "n't", "see", "the", "stone", "'s", "paper", ",", "Mr.", "Smith"]]]
LEARNED = Tokeniser.learn(map(as_written, TREEBANK), TREEBANK)
WAYS = {"marks out": WORDS, "characters": Cut(characters=True), "spaces": Cut(characters=False), "learned": LEARNED}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("text", TEXTS)
def test_letter_by_letter_the_tokens_are_those_of_the_whole(way, text):
    cutter = Cutter(way)
    found = [piece for letter in text for piece in cutter.feed(letter)] + cutter.close()
    tokens, offsets = way.arriving(text)
    assert [piece.token for piece in found] == tokens
    assert "".join(piece.gap + piece.token for piece in found) + cutter.rest == text
    places = [(end, end + 1) for _, end in offsets or located(tokens, text)]
    assert [piece.following for piece in found] == [text[start:end] for start, end in places]


def test_a_token_comes_once_something_follows_it():
    cutter = Cutter(WORDS)
    assert cutter.feed("well") == []
    assert [piece.token for piece in cutter.feed(" i don")] == ["well", "i"]
    assert cutter.feed("'") == []
    assert [piece.token for piece in cutter.feed("t ")] == ["don't"]
    assert [piece.token for piece in cutter.feed("你好")] == ["你"]
    assert [piece.token for piece in cutter.feed("吗")] == ["好"]


def test_lines_are_counted_as_far_as_tokens_were_made():
    cutter = Cutter(WORDS)
    cutter.feed("one\ntwo\n\nthr")
    assert (cutter.lines, cutter.rest) == (1, "\n\nthr")
    cutter.close()
    assert (cutter.lines, cutter.rest) == (3, "")
