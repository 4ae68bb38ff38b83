"""What goes wrong where tags are wrong: kinds of mistakes, types taken for others, the worst sentences, new words.

Each gold and each predicted span that is not correct is in exactly one mistake, of one of five kinds: a gold span and a
predicted one that overlap, or one of them that has no partner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
Value = tuple[str, tuple[str, ...]]  # a type, and words in small letters


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
        """The gold and the predicted type."""
        return self.gold and self.gold.label, self.predicted and self.predicted.label


def mistakes(gold: Iterable[Span], predicted: Iterable[Span]) -> list[Mistake]:
    """The mistakes of a sentence, in its order.

    Partners are those that share most tokens; of as many, spans of one type, then the first. Two of the same borders
    overlap no others, so they are always partners.
    """
    ours, theirs = set(gold), set(predicted)
    ours, theirs = ours - theirs, theirs - ours
    pairs = [(one, other) for one in ours for other in theirs if _shared(one, other) > 0]
    pairs.sort(key=lambda pair: (-_shared(*pair), pair[0].label != pair[1].label, pair))
    found = []
    for one, other in pairs:
        if one in ours and other in theirs:
            found.append(Mistake(one, other))
            ours.remove(one)
            theirs.remove(other)
    found += [Mistake(span, None) for span in ours]
    found += [Mistake(None, span) for span in theirs]
    return sorted(found, key=lambda mistake: next(filter(None, mistake)))


def _shared(one: Span, other: Span) -> int:
    """How many tokens are in both."""
    return min(one.end, other.end) - max(one.start, other.start)


class Known(NamedTuple):
    """What training has shown: words as the feature ``word`` makes them and, if they are known, values of spans."""

    words: Collection[str]
    values: Collection[Value] | None = None


def shown(sentences: Iterable[Sentence], scheme: Scheme) -> Known:
    """What a training set shows."""
    words: set[str] = set()
    values: set[Value] = set()
    for sentence in sentences:
        words.update(map(word, sentence.tokens))
        values.update(_value(sentence, span) for span in scheme.spans(sentence.tags or []))
    return Known(words, values)


def _value(sentence: Sentence, span: Span) -> Value:
    return span.label, tuple(token.lower() for token in sentence.tokens[span.start : span.end])


class Share(NamedTuple):
    """How many of some tokens or spans are right."""

    name: str
    right: int
    all: int


def shares(compared: Iterable[Compared], known: Known) -> list[Share]:
    """Tokens whose tag is right and gold spans that are found, by whether training has shown the word or the value."""
    words: Counter[tuple[bool, bool]] = Counter()  # shown, right
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


class Wrong(NamedTuple):
    """A sentence that is not all right: its spans or its intent."""

    compared: Compared
    mistakes: list[Mistake]

    @property
    def wrong_intent(self) -> bool:
        return self.compared.right_intent is False

    def as_dict(self) -> dict[str, object]:
        """For JSON: tokens, spans as (start, end, type), and each mistake as its kind and both types."""
        gold, predicted = self.compared.gold, self.compared.predicted
        told = self.compared.right_intent is not None
        return {
            "where": gold.where(),
            "tokens": gold.tokens,
            "gold": [list(span) for span in self.compared.gold_spans],
            "predicted": [list(span) for span in self.compared.predicted_spans],
            "intent": {"gold": gold.intent, "predicted": predicted.intent} if told else None,
            "mistakes": [
                {"kind": mistake.kind, "gold": mistake.labels[0], "predicted": mistake.labels[1]}
                for mistake in self.mistakes
            ],
        }


@dataclass(frozen=True)
class Mistakes:
    """All mistakes of a test set, grouped.

    kinds       how many there are of each of `KINDS`
    confusions  how often a type was predicted in place of another, most often first; None: nothing was there
    sentences   those that are not all right, the most mistakes first, then the longest
    seen        what training has shown against what it has not; empty where that is not known
    """

    kinds: dict[str, int]
    confusions: dict[tuple[str | None, str | None], int]
    sentences: list[Wrong]
    seen: list[Share]

    def as_dict(self, most: int) -> dict[str, object]:
        """For JSON, with so many sentences at most."""
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
    """Find the mistakes of a test set and group them."""
    wrong = [Wrong(each, mistakes(each.gold_spans, each.predicted_spans)) for each in compared]
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
