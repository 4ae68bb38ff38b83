"""Sentences to keys: all that features read of a token, as one string."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.features.gazetteer import Finder, Gazetteer, places
from rnntag.features.table import END, FEATURES, check, column


class Shown:
    """Sentences to keys, and keys to the strings of features.

    gazetteers  the lists of those features that ask for one

    readers  of each feature, what turns a key into its string

    Raises SpecError for a name that is not that of a feature.
    """

    def __init__(self, names: Sequence[str], gazetteers: Mapping[str, Gazetteer] | None = None) -> None:
        check(names)
        self._columns = [number for number in map(column, names) if number is not None]
        self._lists = list(gazetteers or {})
        self._finder = Finder(list((gazetteers or {}).values()))
        self.readers = {name: self._reader(name) for name in names}

    def keys(self, sentence: Sentence, lower: bool = False) -> list[str]:
        """The key of each token, its word in small letters if ``lower``.

        Raises CorpusError where a feature asks for a column that is not there.
        """
        tokens = [token.lower() for token in sentence.tokens] if lower else sentence.tokens
        keys = self._with_columns(tokens, sentence) if self._columns else tokens
        return self._with_matches(keys, sentence.tokens) if self._lists else keys

    def _with_columns(self, tokens: Sequence[str], sentence: Sentence) -> list[str]:
        """The tokens, each with its further columns. Raises CorpusError where one is not there."""
        if sentence.rows is None:
            raise self._missing(sentence, 1)
        keys = []
        for token, row in zip(tokens, sentence.rows, strict=True):
            cells = row.split("\t")
            if len(cells) < max(self._columns):
                raise self._missing(sentence, len(cells))
            keys.append("\t".join([token, *(cells[number - 1] for number in self._columns)]))
        return keys

    def _with_matches(self, keys: list[str], tokens: Sequence[str]) -> list[str]:
        """The keys; those of tokens in a match have where they stand in it, of each list."""
        found: dict[int, list[str]] = {}
        for start, end, number in self._finder.matches(tokens):
            for token, place in enumerate(places(end - start), start):
                found.setdefault(token, [""] * len(self._lists))[number] = place
        if not found:  # as in most sentences: nothing is copied
            return keys
        return [key if token not in found else "\t".join([key, *found[token]]) for token, key in enumerate(keys)]

    def end(self) -> str:
        """The key of the token that stands for the end of a text, where a network looks ahead."""
        return "\t".join([END, *(END for _ in self._columns)])

    def _missing(self, sentence: Sentence, found: int) -> CorpusError:
        fact = f"the features name column {max(self._columns)}, but there is {found} beside the tag"
        fact = fact if found == 1 else fact.replace("there is", "there are")
        where = sentence.where() if sentence.source or sentence.line else None
        return CorpusError(fact, where=where, hint="give the columns that training has; rnntag tag wants --from conll")

    def _reader(self, name: str) -> Callable[[str], str]:
        if (number := column(name)) is not None:
            place = 1 + self._columns.index(number)
            return lambda key: key.split("\t")[place]
        if name in self._lists:
            behind = 1 + len(self._columns) + self._lists.index(name)
            return lambda key: "".join(key.split("\t")[behind : behind + 1])  # nothing where no list has a match
        read = FEATURES[name].read if name in FEATURES else str
        return (lambda key: read(key.partition("\t")[0])) if self._columns or self._lists else read
