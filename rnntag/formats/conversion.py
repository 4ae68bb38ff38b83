"""Converts sentences from one scheme to another as they come, once what their tags mean is seen from the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from rnntag.data.bio import Scheme
from rnntag.data.bio_check import check_known
from rnntag.data.sentence import Sentence

ENOUGH = 10_000  # sentences that are read to see what tags mean


def looked_ahead(bursts: Iterable[list[Sentence]]) -> tuple[list[Sentence], Iterator[list[Sentence]]]:
    """The first sentences, up to a burst with a tag that says something, and all of them; a stream is read but once."""
    rest = iter(bursts)
    first: list[Sentence] = []
    for burst in rest:
        first += burst
        if len(first) >= ENOUGH or any(tag != "O" for sentence in burst for tag in sentence.tags or ()):
            break
    return first, chain([first], rest)


def converted(bursts: Iterable[list[Sentence]], own: Scheme, target: Scheme) -> Iterator[list[Sentence]]:
    """Sentences with tags of one scheme in another; those without tags stay as they are.

    Raises CorpusError at the first tag that is none of the first scheme: whatever it means would be lost.
    """
    for burst in bursts:
        check_known(own, burst)
        yield burst if target is own else [rewritten(sentence, own, target) for sentence in burst]


def rewritten(sentence: Sentence, own: Scheme, target: Scheme) -> Sentence:
    """A sentence with its tags, if it has any, in another scheme."""
    return sentence if sentence.tags is None else sentence.with_tags(own.rewritten(sentence.tags, target))
