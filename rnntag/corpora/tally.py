"""Counts words, tags and labels of a training or dev set, for the warnings about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import chain, pairwise

from rnntag.data.bio import Scheme, split
from rnntag.data.sentence import Sentence

NAMES = 5  # of many labels or intents
BLOCKS = 10  # into which a set is cut, to see how much its tenths differ
DOCUMENT = 1000  # tokens; the longest sentence of the corpora has 159
TORN = 0.1  # of repeated sentences that are tagged in several ways: 0 to 1 % in the corpora
FEW = 5  # sentences or spans: with fewer a share says nothing
ENOUGH = 30  # tokens: with fewer a share says nothing


def opening_labels(transitions: Iterable[tuple[str, str]], scheme: Scheme) -> dict[tuple[str, str], str]:
    """The label of each transition whose second tag opens a span; the head of a sentence counts as O."""
    spans = {pair: scheme.spans(pair) for pair in transitions}
    return {pair: span.label for pair, found in spans.items() for span in found if span.start == 1}


class Tally:
    """The sentences of train or dev, and what is counted in them, each count made when it is first asked for.

    name       train or dev, for messages
    sentences  tagged, in the scheme
    """

    def __init__(self, name: str, sentences: list[Sentence], scheme: Scheme) -> None:
        self.name, self.sentences, self.scheme = name, sentences, scheme
        self.lengths = [len(sentence) for sentence in sentences]
        self.tokens = sum(self.lengths)

    def where(self, number: int = 0, index: int = 0) -> str:
        """The place of a token; Sentences made in Python have no file."""
        sentence = self.sentences[number]
        return sentence.where(index) if sentence.source else f"{self.name}, sentence {number + 1}"

    def first_token(self, token: str) -> str:
        """The place where a token stands first."""
        return self._first([sentence.tokens for sentence in self.sentences], token)

    def first_tag(self, tag: str) -> str:
        """The place where a tag stands first."""
        return self._first([sentence.tags or [] for sentence in self.sentences], tag)

    def _first(self, rows: list[list[str]], wanted: str) -> str:
        number, row = next((number, row) for number, row in enumerate(rows) if wanted in row)
        return self.where(number, row.index(wanted))

    @cached_property
    def blocks(self) -> list[list[Sentence]]:
        """The sentences in ten stretches, so that documents and sources stay together."""
        count = len(self.sentences)
        cuts = [count * number // BLOCKS for number in range(BLOCKS + 1)]
        return [self.sentences[start:end] for start, end in pairwise(cuts) if start < end]

    @cached_property
    def block_words(self) -> list[Counter[str]]:
        """How often each token stands in each block."""
        return [Counter(chain.from_iterable(sentence.tokens for sentence in block)) for block in self.blocks]

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """How often each token stands in all sentences."""
        counts: Counter[str] = Counter()
        for block in self.block_words:
            counts.update(block)
        return counts

    @cached_property
    def tags(self) -> Counter[str]:
        """How often each tag stands in all sentences."""
        return Counter(chain.from_iterable(sentence.tags or () for sentence in self.sentences))

    @cached_property
    def transitions(self) -> Counter[tuple[str, str]]:
        """How often each tag follows each other one; the head of a sentence counts as O."""
        rows = chain.from_iterable(("", *(sentence.tags or ())) for sentence in self.sentences)
        counts: Counter[tuple[str, str]] = Counter()
        for (before, tag), count in Counter(pairwise(rows)).items():
            if tag:
                counts[before or "O", tag] += count
        return counts

    @cached_property
    def opened(self) -> dict[tuple[str, str], str]:
        """The label of each transition whose second tag opens a span."""
        return opening_labels(self.transitions, self.scheme)

    @cached_property
    def label_counts(self) -> dict[str, int]:
        """How many sentences have a span of each label, which are in order of appearance."""
        labels = {tag: self.label(tag) for tag in self.tags if tag != "O"}
        rows = ({labels[tag] for tag in set(sentence.tags or ()) - {"O"}} for sentence in self.sentences)
        counts = Counter(chain.from_iterable(rows))
        return {label: counts[label] for label in labels.values()}

    @cached_property
    def duplicates(self) -> dict[tuple[str, ...], list[int]]:
        """The numbers of the sentences that have the same tokens, by these tokens."""
        places: dict[tuple[str, ...], list[int]] = {}
        for number, sentence in enumerate(self.sentences):
            places.setdefault(tuple(sentence.tokens), []).append(number)
        return places

    def label(self, tag: str) -> str:
        """The label of the spans of a tag."""
        return split(tag)[1] if self.scheme.prefixes else tag


def listed(names: list[str]) -> str:
    """The first few names, and the number of the rest."""
    more = len(names) - NAMES
    return ", ".join(names[:NAMES]) + (f" and {more} more" if more > 0 else "")


def and_more(count: int) -> str:
    """What is said of so many others."""
    return f", and {count} more like it" if count else ""


def percent(share: float) -> str:
    """A share of one as messages show it."""
    return f"{100 * share:.1f} %"
