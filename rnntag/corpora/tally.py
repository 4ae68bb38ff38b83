"""Counts what stands in a training or dev set, for the warnings about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import chain, pairwise

from rnntag.data.bio import Scheme, split
from rnntag.data.sentence import Sentence

NAMES = 5  # of many labels or intents
BLOCKS = 10  # train is cut into, to see how much a tenth differs from the rest
DOCUMENT = 1000  # tokens; the longest sentence of the corpora has 159
TORN = 0.1  # of repeated sentences that are tagged in several ways: 0 to 1 % in the corpora
FEW = 5  # sentences or spans: with fewer a share says nothing
ENOUGH = 30  # tokens: with fewer a share says nothing


def openings(pairs: Iterable[tuple[str, str]], scheme: Scheme) -> dict[tuple[str, str], str]:
    """The label of each pair of neighbours whose second tag opens a span; the head of a sentence counts as O."""
    spans = {pair: scheme.spans(pair) for pair in pairs}
    return {pair: span.label for pair, found in spans.items() for span in found if span.start == 1}


class Tally:
    """Train or dev, and what is counted in it."""

    def __init__(self, name: str, sentences: list[Sentence], scheme: Scheme) -> None:
        self.name, self.sentences, self.scheme = name, sentences, scheme
        self.lengths = [len(sentence) for sentence in sentences]
        self.tokens = sum(self.lengths)

    def where(self, number: int = 0, index: int = 0) -> str:
        """The place of a token; Sentences made in Python have no file."""
        sentence = self.sentences[number]
        return sentence.where(index) if sentence.source else f"{self.name}, sentence {number + 1}"

    def first(self, field: str, wanted: str) -> str:
        """The place where a token (``tokens``) or tag (``tags``) stands first."""
        rows = (getattr(sentence, field) or () for sentence in self.sentences)
        number, row = next((number, row) for number, row in enumerate(rows) if wanted in row)
        return self.where(number, row.index(wanted))

    @cached_property
    def blocks(self) -> list[list[Sentence]]:
        """The sentences in ten stretches, so that documents and sources stay together."""
        count = len(self.sentences)
        cuts = [count * number // BLOCKS for number in range(BLOCKS + 1)]
        return [self.sentences[start:end] for start, end in pairwise(cuts) if start < end]

    @cached_property
    def words(self) -> list[Counter[str]]:
        """How often each token stands in each block."""
        return [Counter(chain.from_iterable(sentence.tokens for sentence in block)) for block in self.blocks]

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """How often each token stands in the whole."""
        counts: Counter[str] = Counter()
        for block in self.words:
            counts.update(block)
        return counts

    @cached_property
    def tags(self) -> Counter[str]:
        """How often each tag stands in the whole."""
        return Counter(chain.from_iterable(sentence.tags or () for sentence in self.sentences))

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """How often each tag stands behind each other one; the head of a sentence counts as O."""
        rows = chain.from_iterable(("", *(sentence.tags or ())) for sentence in self.sentences)
        counts: Counter[tuple[str, str]] = Counter()
        for (before, tag), count in Counter(pairwise(rows)).items():
            if tag:
                counts[before or "O", tag] += count
        return counts

    @cached_property
    def opened(self) -> dict[tuple[str, str], str]:
        """The label of each pair whose second tag opens a span."""
        return openings(self.pairs, self.scheme)

    @cached_property
    def holders(self) -> dict[str, int]:
        """How many sentences have a span of each label, which are in order of appearance."""
        labels = {tag: self.label(tag) for tag in self.tags if tag != "O"}
        rows = ({labels[tag] for tag in set(sentence.tags or ()) - {"O"}} for sentence in self.sentences)
        counts = Counter(chain.from_iterable(rows))
        return {label: counts[label] for label in labels.values()}

    @cached_property
    def copies(self) -> dict[tuple[str, ...], list[int]]:
        """The numbers of all sentences that have these tokens."""
        places: dict[tuple[str, ...], list[int]] = {}
        for number, sentence in enumerate(self.sentences):
            places.setdefault(tuple(sentence.tokens), []).append(number)
        return places

    def label(self, tag: str) -> str:
        """What the spans of this tag are called."""
        return split(tag)[1] if self.scheme.prefixes else tag


def listed(names: list[str]) -> str:
    """The first few."""
    more = len(names) - NAMES
    return ", ".join(names[:NAMES]) + (f" and {more} more" if more > 0 else "")


def and_more(count: int) -> str:
    return f", and {count} more like it" if count else ""


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"
