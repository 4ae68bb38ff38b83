"""How raw text is to be cut so that a model sees what its corpus had: by a rule, or by a tokeniser that is learned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rnntag.data.detokeniser import as_written
from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut, located
from rnntag.data.tokeniser import Lesson, Tokeniser
from rnntag.features.table import WORDS, fitting

MOST = 400_000  # tokens that are learned from
ALIKE = 0.0005  # share of tokens by which a tokeniser must be better than the best rule
FEW = 100  # tokens of dev, below which nothing can be said of how text would be cut


class Cutting(NamedTuple):
    """How raw text is cut.

    characters  by the rule of `rnntag.data.tokenisation`, at white space alone or not, unless there is a
    tokeniser   that was learned
    right       percent of the tokens of dev that are found in their text; None where there is nothing to find
    """

    characters: bool
    tokeniser: Tokeniser | None = None
    right: float | None = None


def cutting(train: Sequence[Sentence], dev: Sequence[Sentence]) -> Cutting:
    """What cuts text most as these corpora are cut.

    Text that came without tokens was cut by a rule, and that is read off it. Where tokens are characters, so are those
    of raw text. All others teach a tokeniser, from their text or, where that is not known, from a text that they may
    have come from; if a rule does as well on dev, it stays with that.
    """
    own = [sentence for sentence in train if sentence.text is not None and sentence.rows is None]
    if own:
        ways = {way: sum(each.tokens == Cut(way)(each.text or "")[0] for each in own) for way in (True, False)}
        return Cutting(ways[True] >= ways[False])
    if fitting(train) != WORDS:
        return Cutting(True)
    stride = -(-sum(map(len, train)) // MOST)
    some = train[::stride]
    learned = Tokeniser.learn(map(_lesson, some), (sentence.tokens for sentence in some))
    lessons = [_lesson(sentence) for sentence in dev]
    count = sum(map(len, dev))
    shares = {way: _found(Cut(way), lessons) / count for way in (True, False)}
    share = _found(learned, lessons) / count
    rule = shares[True] >= shares[False]
    told = count >= FEW
    if shares[rule] > share - ALIKE:
        return Cutting(rule, right=round(100 * shares[rule], 2) if told else None)
    return Cutting(False, learned, round(100 * share, 2) if told else None)


def cut_as_before(characters: bool, tokeniser: Tokeniser | None, dev: Sequence[Sentence]) -> Cutting:
    """The way in which text was cut so far, and how many tokens of dev it finds."""
    count = sum(map(len, dev))
    right = 100 * _found(tokeniser or Cut(characters), list(map(_lesson, dev))) / count if count >= FEW else None
    return Cutting(characters, tokeniser, None if right is None else round(right, 2))


def _lesson(sentence: Sentence) -> Lesson:
    """A text, and where its tokens begin."""
    if sentence.text is not None and sentence.offsets is not None:
        return sentence.text, [start for start, _ in sentence.offsets]
    return as_written(sentence.tokens)


def _found(cut: Cut, lessons: Sequence[Lesson]) -> int:
    """How many tokens of texts are found from the first to the last character."""
    cut.prepare(text for text, _ in lessons)
    found = 0
    for text, starts in lessons:
        tokens, _ = cut(text)
        right = set(zip(starts, (*starts[1:], len(text)), strict=True))
        own = [start for start, _ in located(tokens, text)]
        found += len(right.intersection(zip(own, (*own[1:], len(text)), strict=True)))
    return found
