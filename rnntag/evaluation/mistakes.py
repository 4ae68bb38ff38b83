"""What goes wrong where tags are wrong: kinds of mistakes, types taken for others, the worst sentences, new words.

Each gold and each predicted span that is not correct is in exactly one mistake, of one of five kinds: a gold span and a
predicted one that overlap, or one of them alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypedDict

from rnntag.data.bio import Scheme
from rnntag.data.sentence import Sentence, Span
from rnntag.evaluation.compare import Compared
from rnntag.features.table import word

KINDS = {
    "type": "right borders, another type",
    "boundary": "right type, other borders",
    "both": "another type, other borders",
    "missed": "in the gold tags alone",
    "invented": "in the predicted tags alone",
}
Value = tuple[str, tuple[str, ...]]  # of a span: its type, and its words in small letters


class Mistake(NamedTuple):
    """A gold and a predicted span that stand for each other, or one of them alone."""

    gold: Span | None
    predicted: Span | None

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        if self.gold is None:
            return "invented"
        if self.predicted is None:
            return "missed"
        if self.gold[:2] == self.predicted[:2]:
            return "type"
        return "boundary" if self.gold.label == self.predicted.label else "both"

    @property
    def labels(self) -> tuple[str | None, str | None]:
        """The gold and the predicted type; None where that span is missing."""
        return self.gold and self.gold.label, self.predicted and self.predicted.label


def mistakes(gold: Iterable[Span], predicted: Iterable[Span]) -> list[Mistake]:
    """Match the gold spans of a sentence with its predicted ones, and return the mistakes in its order.

    Each span has one partner at most. Those that share most tokens are matched first; of pairs that share as many,
    spans of one type, then those that come first. Two spans of the same borders overlap no others, so they are always
    partners.
    """
    ours, theirs = set(gold), set(predicted)
    ours, theirs = ours - theirs, theirs - ours
    pairs = [(one, other) for one in ours for other in theirs if _overlap(one, other) > 0]
    pairs.sort(key=lambda pair: (-_overlap(*pair), pair[0].label != pair[1].label, pair))
    found = []
    for one, other in pairs:
        if one in ours and other in theirs:
            found.append(Mistake(one, other))
            ours.remove(one)
            theirs.remove(other)
    found += [Mistake(span, None) for span in ours]
    found += [Mistake(None, span) for span in theirs]
    return sorted(found, key=lambda mistake: next(filter(None, mistake)))


def _overlap(one: Span, other: Span) -> int:
    """How many tokens are in both; below 1 if none is."""
    return min(one.end, other.end) - max(one.start, other.start)


class Known(NamedTuple):
    """What occurs in a training set.

    words   as the feature ``word`` makes them
    values  of spans; None where only the words are known
    """

    words: Collection[str]
    values: Collection[Value] | None = None


def known_from(sentences: Iterable[Sentence], scheme: Scheme) -> Known:
    """The words and the values of the spans of a training set."""
    words: set[str] = set()
    values: set[Value] = set()
    for sentence in sentences:
        words.update(map(word, sentence.tokens))
        values.update(_value(sentence, span) for span in scheme.spans(sentence.tags or []))
    return Known(words, values)


def _value(sentence: Sentence, span: Span) -> Value:
    return span.label, tuple(token.lower() for token in sentence.tokens[span.start : span.end])


class Share(NamedTuple):
    """How many of all tokens or spans of a sort are right."""

    name: str
    right: int
    all: int


def shares(compared: Iterable[Compared], known: Known) -> list[Share]:
    """Count right tags and correct gold spans, apart for words and values that training has shown and for new ones."""
    words: Counter[tuple[bool, bool]] = Counter()  # whether known, whether right
    values: Counter[tuple[bool, bool]] = Counter()
    for each in compared:
        tags = zip(each.gold.tokens, each.gold.tags or [], each.predicted.tags or [], strict=True)
        words.update((word(token) in known.words, right == given) for token, right, given in tags)
        if known.values is not None:
            correct = each.correct_spans
            values.update((_value(each.gold, span) in known.values, span in correct) for span in each.gold_spans)
    named = {"words known": (words, True), "words unknown": (words, False)}
    if known.values is not None:
        named |= {"values seen": (values, True), "values unseen": (values, False)}
    return [
        Share(name, counts[seen, True], counts[seen, True] + counts[seen, False])
        for name, (counts, seen) in named.items()
    ]


class MistakeFacts(TypedDict):
    """A mistake in JSON: one of `KINDS`, and both types."""

    kind: str
    gold: str | None
    predicted: str | None


class IntentFacts(TypedDict):
    """The intents of a sentence in JSON."""

    gold: str | None
    predicted: str | None


class WrongFacts(TypedDict):
    """A sentence with mistakes in JSON; spans are [start, end, type], intents None where they are not compared."""

    where: str | None
    tokens: list[str]
    gold: list[list[int | str]]
    predicted: list[list[int | str]]
    intent: IntentFacts | None
    mistakes: list[MistakeFacts]


class Wrong(NamedTuple):
    """A sentence with mistakes in its spans, or with a wrong intent."""

    compared: Compared
    mistakes: list[Mistake]

    @classmethod
    def of(cls, compared: Compared) -> Wrong:
        """A sentence with its mistakes, if there are any."""
        return cls(compared, mistakes(compared.gold_spans, compared.predicted_spans))

    @property
    def wrong_intent(self) -> bool:
        """Whether intents are compared and the predicted one is wrong."""
        return self.compared.right_intent is False

    def as_dict(self) -> WrongFacts:
        """For JSON."""
        gold, predicted = self.compared.gold, self.compared.predicted
        intents = self.compared.right_intent is not None
        return {
            "where": gold.where(),
            "tokens": gold.tokens,
            "gold": [list(span) for span in self.compared.gold_spans],
            "predicted": [list(span) for span in self.compared.predicted_spans],
            "intent": {"gold": gold.intent, "predicted": predicted.intent} if intents else None,
            "mistakes": [
                {"kind": mistake.kind, "gold": mistake.labels[0], "predicted": mistake.labels[1]}
                for mistake in self.mistakes
            ],
        }


@dataclass(frozen=True)
class Mistakes:
    """All mistakes of a test set, grouped.

    kinds       how many there are of each of `KINDS`
    confusions  how often each type was predicted in place of another, most often first; None stands for no span
    sentences   those with mistakes, the most mistakes first, then the longest
    seen        how much is right of what training has shown, and of what is new; empty where that is not known
    """

    kinds: dict[str, int]
    confusions: dict[tuple[str | None, str | None], int]
    sentences: list[Wrong]
    seen: list[Share]

    def as_dict(self, most: int) -> dict[str, object]:
        """For JSON, with at most ``most`` sentences."""
        return {
            "kinds": self.kinds,
            "confusions": [
                {"gold": gold, "predicted": predicted, "count": count}
                for (gold, predicted), count in self.confusions.items()
            ],
            "seen": [share._asdict() for share in self.seen],
            "sentences": [wrong.as_dict() for wrong in self.sentences[:most]],
        }


def group(compared: Sequence[Compared], known: Known | None = None) -> Mistakes:
    """Find the mistakes of a test set and group them; ``known`` is what training has shown."""
    wrong = [Wrong.of(each) for each in compared]
    wrong = [each for each in wrong if each.mistakes or each.wrong_intent]
    found = [mistake for each in wrong for mistake in each.mistakes]
    kinds = Counter(mistake.kind for mistake in found)
    confusions = Counter(mistake.labels for mistake in found if mistake.kind != "boundary")
    wrong.sort(key=lambda each: (-len(each.mistakes) - each.wrong_intent, -len(each.compared.gold)))
    return Mistakes(
        {kind: kinds[kind] for kind in KINDS},
        dict(sorted(confusions.items(), key=lambda pair: (-pair[1], [label or "" for label in pair[0]]))),
        wrong,
        shares(compared, known) if known else [],
    )
