"""Which sentences train, which are held back and how text is cut."""

import pytest
from cut_texts import text

from rnntag.corpora.splits import cut_by_characters
from rnntag.data.sentence import Sentence


@pytest.mark.parametrize("characters", [True, False])
def test_texts_tell_how_they_were_cut(characters):
    corpus = [
        text("go to Rome, now", (6, 10, "city"), characters=characters),
        text("go home, now", characters=characters),
        text("stop. Here.", characters=characters),
    ]
    assert cut_by_characters(corpus) is characters


def test_tokens_tell_by_being_characters():
    assert cut_by_characters([Sentence(list("我要去北京"))])
    assert not cut_by_characters([Sentence(["to", "Oslo"]), Sentence(["at", "ten"])])
