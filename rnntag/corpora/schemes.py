"""Corpora brought into one well-formed scheme: what breaks it is read as conlleval reads it, told, or refused.

Public corpora of tens of thousands of spans have a few tags that cannot stand where they do. To refuse them would help
nobody, and what they mean is settled by conlleval, which counts them.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import NamedTuple

from rnntag.data.bio import Scheme, detect
from rnntag.data.bio_check import check, check_known, faults, ill_formed, mended, number_of_faults
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats import guess, source_name

MENDING = "rnntag check --fix"
LIMIT = 0.01  # of the spans of a training set; with more of them its scheme is not what it is taken for


class Slips(NamedTuple):
    """Ill-formed tags of a corpus.

    number     how many there are
    first      the first as a fault
    sentences  the numbers of their sentences, counted from 0
    """

    number: int
    first: CorpusError
    sentences: list[int]

    @classmethod
    def of(cls, sentences: Sequence[Sentence], scheme: Scheme) -> Slips | None:
        """Those of some sentences, if there are any."""
        numbers = ill_formed(scheme, sentences)
        if not numbers:
            return None
        count = sum(number_of_faults(scheme, sentences[number]) for number in numbers)
        return cls(count, next(faults(scheme, sentences[numbers[0]])), numbers)

    def told(self, way: str) -> str:
        """A sentence with the place of the first, their number and the way in which they are read."""
        others = f", the first of {self.number:,} ill-formed tags" if self.number > 1 else ""
        return f"{self.first.where}: {self.first.fact}{others}; read {way} (--strict refuses)"


def well_formed(
    sentences: list[Sentence],
    scheme: Scheme,
    strict: bool = False,
    limit: float | None = None,
    way: str = "as conlleval does",
) -> tuple[list[Sentence], list[str]]:
    """The sentences with tags that keep to the scheme, for the spans that conlleval sees in theirs; and a warning.

    strict  nothing is mended
    limit   ill-formed tags, as a share of the spans, above which they are no slips
    way     how they are read, for the warning

    Raises CorpusError for what is not mended.
    """
    slips = Slips.of(sentences, scheme)
    if slips is None:
        return sentences, []
    if strict or limit is not None:
        spans = sum(len(scheme.spans(sentence.tags or ())) for sentence in sentences)
        if strict or slips.number > (limit or 0.0) * spans:
            raise _too_many(slips, spans, sentences, scheme)
    found = list(sentences)
    for number in slips.sentences:
        sentence = sentences[number]
        found[number] = sentence.with_tags(mended(scheme, sentence.tags or ()))
    return found, [slips.told(way)]


def _too_many(slips: Slips, spans: int, sentences: Sequence[Sentence], scheme: Scheme) -> CorpusError:
    """The first fault with a way out for all of them: the command that mends its file, if there is one.

    Raises CorpusError itself where most are no tags of the scheme at all.
    """
    sound = [number for number in slips.sentences if all(map(scheme.knows, sentences[number].tags or ()))]
    if 2 * len(sound) < len(slips.sentences):  # what is no tag of the scheme, only a person can mend
        check_known(scheme, sentences)
    first, source = next(faults(scheme, sentences[sound[0]])), sentences[sound[0]].source
    if not source or guess(source, "conll") != "conll":
        return first
    name = "-o mended.conll" if source == source_name("-") else shlex.quote(source)
    ill = f"{slips.number:,} tag{'s are' if slips.number > 1 else ' is'} ill-formed"
    share = f"{ill}, for {spans:,} span{'s' * (spans > 1)}"
    hint = f"{share}; this writes a mended copy: {MENDING} {name}"
    return CorpusError(first.fact, where=first.where, quote=first.quote, hint=hint)


def gathered(sentences: list[Sentence], scheme: Scheme) -> tuple[list[Sentence], list[str]]:
    """A corpus in one scheme: those of its files that are written in another are converted, each with a note."""
    if not ill_formed(scheme, sentences):
        return sentences, []
    numbers: dict[str, list[int]] = {}  # of the sentences of each file
    for number, sentence in enumerate(sentences):
        numbers.setdefault(sentence.source, []).append(number)
    found, notes = list(sentences), list[str]()
    for source, own_numbers in numbers.items():
        part = [sentences[number] for number in own_numbers]
        own = scheme_beside(part, scheme)
        if own is not scheme and own.prefixes:
            converted = _converted(part, own, scheme)
            notes.append(_conversion(source, own, scheme))
            for number, sentence in zip(own_numbers, converted, strict=True):
                found[number] = sentence
    return found, notes


def beside(
    sentences: list[Sentence], scheme: Scheme, own: Scheme | None = None, strict: bool = False
) -> tuple[list[Sentence], list[str], list[str]]:
    """A corpus in the scheme of another one, with warnings and notes.

    scheme  that of the other, to which a training set keeps
    own     that of the sentences; None: what they look like, unless they keep to the other just as well

    Raises CorpusError for ill-formed tags where ``strict``, and for tags of tokens beside spans.
    """
    own = own or scheme_beside(sentences, scheme)
    if scheme.prefixes and not own.prefixes:
        for sentence in sentences:
            check(scheme, sentence)
    sentences, warnings = well_formed(sentences, own, strict)
    if own is scheme or not (own.prefixes and scheme.prefixes):
        return sentences, warnings, []
    return _converted(sentences, own, scheme), warnings, [_conversion(sentences[0].source or "dev", own, scheme)]


def _converted(sentences: list[Sentence], own: Scheme, scheme: Scheme) -> list[Sentence]:
    return [each.with_tags(own.rewritten(each.tags or (), scheme)) for each in sentences]


def _conversion(source: str, own: Scheme, scheme: Scheme) -> str:
    return f"{source}: {own.name.upper()} beside {scheme.name.upper()}: its tags are converted"


def scheme_beside(sentences: Sequence[Sentence], scheme: Scheme) -> Scheme:
    """The scheme of a corpus that goes with another one: the same, unless it breaks that more often than its own."""
    slips = Slips.of(sentences, scheme)
    if slips is None:
        return scheme
    own = detect(sentence.tags or () for sentence in sentences)
    better = Slips.of(sentences, own) if own is not scheme else slips
    return own if better is None or better.number < slips.number else scheme
