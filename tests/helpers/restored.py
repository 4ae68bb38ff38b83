"""Texts whose marks and capitals are restored."""

from hypothesis import strategies as st

from rnntag.punctuation.restorer import Restorer
from rnntag.punctuation.task import WORDS


def pieces(text, tags, restorer, ahead=None):
    """What is written for each token of a text, and at its end; ``ahead`` is how far the restorer sees."""
    tokens, offsets = WORDS(text)
    starts = [*[start for start, _ in offsets[1:]], len(text)]
    end = 0
    for token, (start, stop), tag, after in zip(tokens, offsets, tags, starts, strict=False):
        following = text[stop : stop + ahead] if ahead else text[stop : after + 1]
        yield text[end:start], token, restorer.token(text[end:start], token, tag, following)
        end = stop
    yield text[end:], "", restorer.end(text[end:])


def restored(text, tags, marks=None, sentences=False, ahead=None):
    """A text as it is written with marks and capitals."""
    tags = tags.split() if isinstance(tags, str) else tags
    return "".join(written for *_, written in pieces(text, tags, Restorer(marks, sentences), ahead))


TEXTS = st.text(st.sampled_from("abiЯσßİ1 \n.,;:?!-–—…¿\"'“”()«»\xa0你是。，、；：？！《》「」かナक।؟א👍"), max_size=40)

TAGS = st.sampled_from(
    ["O", "COMMA", "PERIOD", "QUESTION", "PAUSE", "COLON", "DASH", "END", "CAP", "CAPS", "COMMA+CAP", "PERIOD+CAPS"]
)
