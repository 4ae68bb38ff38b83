"""Text under its tags."""

import pytest

from rnntag.api.text import TaggedText, TextSpan, TextToken, located
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Certainty, Sentence

BIO = SCHEMES["bio"]


def test_places_are_those_in_the_whole_text():
    text = "to  New York\n\n 飞 北京"
    lines = [
        Sentence(["to", "New", "York"], ["O", "B-city", "I-city"], text="to  New York", intent="go"),
        Sentence([], [], text=""),
        Sentence(["飞", "北", "京"], ["O", "B-city", "I-city"], text=" 飞 北京"),
    ]
    found = located(text, lines, BIO)
    assert found.spans == [TextSpan(4, 12, "city", "New York"), TextSpan(17, 19, "city", "北京")]
    assert found.tokens[1] == TextToken(4, 7, "B-city", "New")
    for token in found.tokens:
        assert text[token.start : token.end] == token.text
    assert [token.text for token in found.tokens] == [token for line in lines for token in line.tokens]
    assert found.intents == ["go", None, None]
    assert (found.text, found.sentences) == (text, lines)


def test_what_is_known_of_probabilities_is_told():
    sure = Certainty(0.5, [0.9, 0.8], [0.7])
    line = Sentence(["to", "Oslo"], ["O", "B-city"], text="to Oslo", certainty=sure)
    found = located("to Oslo", [line], BIO)
    assert [token.probability for token in found.tokens] == [0.9, 0.8]
    assert [span.probability for span in found.spans] == [0.7]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "TaggedText(0 lines)"),
        (1, "TaggedText(1 line, 'Oslo' city)"),
        (5, "TaggedText(5 lines, 'Oslo' city, 'Oslo' city, 'Oslo' city, 'Oslo' city, … 5 spans)"),
    ],
)
def test_it_shows_what_was_found_in_a_line(count, shown):
    span = TextSpan(0, 4, "city", "Oslo")
    assert repr(TaggedText("", [Sentence(["Oslo"])] * count, [], [span] * count)) == shown
