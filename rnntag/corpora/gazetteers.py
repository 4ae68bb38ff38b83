"""Lists of names: their files, and how much of a training set they cover."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rnntag.corpora.splits import Tell, discard
from rnntag.data.bio import Scheme, detect
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError, SpecError
from rnntag.features.gazetteer import Finder, Gazetteer
from rnntag.features.table import GAZETTEER, gazetteer
from rnntag.files.sources import lines_of

Names = str | os.PathLike[str] | Iterable[str]  # of a list: its file, or the names themselves
COMMENT = "# "


def read_gazetteers(given: Mapping[str, Names]) -> dict[str, Gazetteer]:
    """Lists by their names, each read from its file.

    Raises SpecError for what cannot be the name of a list, CorpusError for a file that cannot be read or is empty.
    """
    return {name: Gazetteer.of(names) for name, names in _read(given).items()}


def _read(given: Mapping[str, Names]) -> dict[str, list[str]]:
    """The names that each list holds, as often as it does. Raises what `read_gazetteers` does."""
    for name in given:
        if gazetteer(f"{GAZETTEER}{name}") is None:
            fact = f"'{name}' cannot be the name of a gazetteer"
            raise SpecError(fact, hint="letters, digits, '_', '-' and '.' can: --gazetteer cities=FILE")
    return {name: _names(names) for name, names in given.items()}


def _names(given: Names) -> list[str]:
    """The names of a list, a line each of its file; blank lines and comments are none."""
    if not isinstance(given, (str, os.PathLike)):
        names = list(given)
        if not all(isinstance(name, str) for name in names):
            raise CorpusError("a gazetteer is a file or names, and some of these are no strings")
        return names
    names = [line for line in lines_of(os.fspath(given)) if line.strip() and not line.startswith(COMMENT)]
    if not names:
        raise CorpusError("there is no name in it", where=os.fspath(given), hint="a list has a name a line")
    return names


class Coverage(NamedTuple):
    """How much of a training set a list covers.

    name     that of the list
    names    how many it has
    again    how many more lines say one of them again
    matches  how often one stands in the training set
    found    how many of those are spans
    spans    how many spans there are; None where tags are of single tokens
    """

    name: str
    names: int
    again: int
    matches: int
    found: int
    spans: int | None

    def __str__(self) -> str:
        names = f"{self.names:,} names" + (f" ({self.again:,} again)" if self.again else "")
        if self.spans is None:
            return f"gazetteer {self.name}: {self.matches:,} matches in TRAIN, {names}"
        share = 100 * self.found / max(self.spans, 1)
        covered = f"{self.found:,} of {self.spans:,} spans in TRAIN ({share:.1f} %)"
        return f"gazetteer {self.name}: {covered}, {self.matches - self.found:,} other matches, {names}"


def coverage(name: str, names: list[str], train: Iterable[Sentence], scheme: Scheme) -> Coverage:
    """How much of a training set a list of these names covers."""
    known = Gazetteer.of(names)
    finder = Finder([known])
    matches = found = spans = 0
    for sentence in train:
        here = [match[:2] for match in finder.matches(sentence.tokens)]
        own = {span[:2] for span in scheme.spans(sentence.tags or [])} if scheme.prefixes else set()
        matches, spans, found = matches + len(here), spans + len(own), found + len(own.intersection(here))
    count = len(known.phrases)
    return Coverage(name, count, len(names) - count, matches, found, spans if scheme.prefixes else None)


def trained_on(
    given: Mapping[str, Names], train: list[Sentence], scheme: Scheme | None = None, tell: Tell = discard
) -> dict[str, Gazetteer]:
    """Lists by their names, read as `read_gazetteers` does; ``tell`` gets a sentence about what each covers of train.

    scheme  what tags mean; None is to recognise it
    """
    lists = _read(given)
    if lists:
        scheme = scheme or detect(sentence.tags or () for sentence in train)
    for name, names in lists.items():
        assert scheme
        tell(str(coverage(name, names, train, scheme)))
    return {name: Gazetteer.of(names) for name, names in lists.items()}


def without_match(lists: Mapping[str, Gazetteer], train: list[Sentence]) -> list[str]:
    """A warning for each list of which no name stands in the training set."""
    finder = Finder(list(lists.values()))
    matched = {match.list for sentence in train for match in finder.matches(sentence.tokens)} if lists else set()
    return [
        f"gazetteer {name}: no name in it stands in TRAIN, so nothing is learned of it"
        for number, name in enumerate(lists)
        if number not in matched
    ]
