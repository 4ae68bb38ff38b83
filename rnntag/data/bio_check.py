"""Checks tags against their scheme: the first fault, or all of them, each with its place and a hint; and mends them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rnntag.data.bio import Scheme, Transition, split, transitions
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError


def check(scheme: Scheme, sentence: Sentence) -> None:
    """Raise CorpusError at the first tag of the sentence that breaks the scheme."""
    for fault in faults(scheme, sentence):
        raise fault


def faults(scheme: Scheme, sentence: Sentence) -> Iterator[CorpusError]:
    """Yield what is wrong at each tag of the sentence that breaks the scheme."""
    for index, (previous, following) in enumerate(transitions(sentence.tags or ())):
        if not _allowed(scheme, previous, following):
            yield _fault(scheme, sentence, index, previous, following)


def check_known(scheme: Scheme, sentences: Sequence[Sentence]) -> None:
    """Raise CorpusError at the first tag that is none of the scheme, wherever it stands."""
    distinct = {tag for sentence in sentences for tag in sentence.tags or ()}
    if foreign := {tag for tag in distinct if not scheme.knows(tag)}:
        raise next(faults(scheme, next(each for each in sentences if foreign.intersection(each.tags or ()))))


def ill_formed(scheme: Scheme, sentences: Sequence[Sentence]) -> list[int]:
    """The numbers of the sentences, counted from 0, with a tag that breaks the scheme."""
    if not scheme.prefixes:
        return []
    pairs: set[Transition] = set()
    for sentence in sentences:
        pairs.update(transitions(sentence.tags or ()))
    broken = {pair for pair in pairs if not scheme.allowed(*pair)}
    if not broken:
        return []
    return [
        number for number, sentence in enumerate(sentences) if not broken.isdisjoint(transitions(sentence.tags or ()))
    ]


def number_of_faults(scheme: Scheme, sentence: Sentence) -> int:
    """How many faults `faults` finds."""
    return sum(not _allowed(scheme, *pair) for pair in transitions(sentence.tags or ()))


def mended(scheme: Scheme, tags: Sequence[str]) -> list[str]:
    """Well-formed tags for the spans that conlleval sees in any tags; one that is no tag of a span is as O."""
    return scheme.tags([span for span in scheme.spans(tags) if span.label], len(tags))


@lru_cache(maxsize=1 << 16)
def _allowed(scheme: Scheme, previous: str | None, following: str | None) -> bool:
    return scheme.allowed(previous, following)


def _fault(scheme: Scheme, sentence: Sentence, index: int, previous: str | None, following: str | None) -> CorpusError:
    """What is wrong between tags ``index - 1`` and ``index``, and what the scheme expects there."""
    if following is None:
        fact, index = f"tag '{previous}' cannot close a sentence", index - 1
    elif not scheme.knows(following):
        fact = f"tag '{following}' is not a tag of {scheme.name.upper()}"
    elif previous is None:
        fact = f"tag '{following}' cannot open a sentence"
    else:
        fact = f"tag '{following}' cannot follow '{previous}'"
    return CorpusError(
        fact,
        where=sentence.where(index),
        quote=_quote(sentence, max(index - 1, 0)),
        hint=_hint(scheme, previous, following),
    )


def _hint(scheme: Scheme, previous: str | None, following: str | None) -> str:
    """A way out of the fault between two tags."""
    if following is not None and not scheme.knows(following):
        forms = ", ".join(f"'{scheme.tag(prefix, 'TYPE')}'" for prefix in "BIES" if prefix in scheme.prefixes)
        return f"its tags are 'O', {forms}; if tags stand for single tokens, add --scheme tokens"
    before, kind = split(previous or "O")
    if before not in scheme.unfinished:
        kind = split(following or "O")[1]
    inside, last, single = (scheme.tag(prefix, kind) for prefix in "IES")
    if before in scheme.unfinished and following is None:
        return f"a span ends with '{last}'; one of a single token is '{single}'"
    if before in scheme.unfinished:
        return f"'{previous}' goes on with '{inside}' or '{last}'; a span of a single token is '{single}'"
    if "E" in scheme.prefixes:
        return f"a span opens with 'B-{kind}'; one of a single token is '{single}'"
    if scheme.name == "iob1":
        return f"in IOB1 a span opens with 'I-{kind}'; if the file is BIO, add --scheme bio"
    return f"a span opens with 'B-{kind}'; if the file is IOB1, add --scheme iob1"


def _quote(sentence: Sentence, first: int) -> list[tuple[int, str]]:
    """Tokens ``first`` and ``first + 1`` with their tags, in two columns, under their line numbers."""
    tokens, tags = sentence.tokens[first : first + 2], (sentence.tags or [])[first : first + 2]
    width = max(map(len, tokens)) + 4
    return [
        (sentence.line_of(place), f"{token:<{width}}{tag}")
        for place, (token, tag) in enumerate(zip(tokens, tags, strict=True), first)
    ]
