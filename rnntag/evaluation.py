"""How good tags are: the counts of conlleval, and accuracy of tokens and of whole sentences.

A span counts as correct if start, end and type are those of a span in the gold tags. Percentages, and the
value 0 for what is undefined, are conlleval's. Ill-formed tags are read as conlleval reads them or, by the mode
``strict``, as seqeval's strict mode does. A score is nothing without how it came about: `signature` says so in one
line.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from rnntag.errors import CorpusError
from rnntag.scheme import OPEN, Scheme, split
from rnntag.sentence import Sentence, Span

MEASURES = {  # as JSON calls them, and as a person does
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "accuracy": "token accuracy",
    "sentence_accuracy": "sentence accuracy",
    "intent_accuracy": "intent accuracy",
    "utterance_accuracy": "utterance accuracy",
}


def percent(part: int, whole: int) -> float:
    """A share in percent; 0 of nothing."""
    return 100.0 * part / whole if whole else 0.0


@dataclass(frozen=True)
class Counts:
    """Spans in the gold tags, spans found, and those that are both."""

    gold: int
    predicted: int
    correct: int

    def fractions(self) -> dict[str, tuple[int, int]]:
        """Part and whole of each measure: both of them add up over sentences."""
        return {
            "precision": (self.correct, self.predicted),
            "recall": (self.correct, self.gold),
            # 2 P R / (P + R), with the counts put in: no rounding on the way.
            "f1": (2 * self.correct, self.gold + self.predicted),
        }

    @property
    def precision(self) -> float:
        return percent(*self.fractions()["precision"])

    @property
    def recall(self) -> float:
        return percent(*self.fractions()["recall"])

    @property
    def f1(self) -> float:
        return percent(*self.fractions()["f1"])

    def as_dict(self) -> dict[str, float]:
        return {
            "precision": round(self.precision, 2),
            "recall": round(self.recall, 2),
            "f1": round(self.f1, 2),
            "gold": self.gold,
            "predicted": self.predicted,
            "correct": self.correct,
        }


@dataclass(frozen=True)
class Intents:
    """Utterances whose gold intent is known, those whose intent is right, and those whose tags are all right as well.

    rule  which intent is right where the gold one is several joined by ``#``: ``any`` of them, or ``exact``, all
    """

    utterances: int
    correct: int
    whole: int
    rule: str

    @property
    def accuracy(self) -> float:
        """Utterances whose intent is right."""
        return percent(self.correct, self.utterances)

    @property
    def whole_accuracy(self) -> float:
        """Utterances whose intent and tags are all right."""
        return percent(self.whole, self.utterances)

    def as_dict(self) -> dict[str, object]:
        return {
            "intent_accuracy": round(self.accuracy, 2),
            "utterance_accuracy": round(self.whole_accuracy, 2),
            "intent_rule": self.rule,
        }


def right_intent(gold: str, predicted: str | None, rule: str) -> bool:
    """Whether an intent is right: all that ``#`` joins, in any order; by the rule ``any``, nothing but some of it."""
    if predicted is None:
        return False
    wanted, given = set(gold.split("#")), set(predicted.split("#"))
    return given <= wanted if rule == "any" else given == wanted


@dataclass(frozen=True)
class Scores:
    """All that one comparison of gold and predicted tags gives.

    overall  spans of all types
    types    the same for each type, sorted by name
    rule     what was compared: spans read by ``conlleval`` or ``strict``, or the ``tokens`` that are not O
    intents  None where there are none to compare
    """

    overall: Counts
    types: dict[str, Counts]
    tokens: int
    correct_tokens: int
    sentences: int
    correct_sentences: int
    rule: str
    intents: Intents | None = None

    @property
    def accuracy(self) -> float:
        """Tokens whose tag is right, O included."""
        return percent(self.correct_tokens, self.tokens)

    @property
    def sentence_accuracy(self) -> float:
        """Sentences whose tags are all right."""
        return percent(self.correct_sentences, self.sentences)

    @property
    def quality(self) -> float:
        """One figure to choose by: F1, or the mean of F1 and of the accuracies of intents and of whole utterances."""
        if self.intents is None:
            return self.overall.f1
        return (self.overall.f1 + self.intents.accuracy + self.intents.whole_accuracy) / 3

    def fractions(self) -> dict[str, tuple[int, int]]:
        """Part and whole of each of `MEASURES` that there is: both of them add up over sentences."""
        fractions = self.overall.fractions() | {
            "accuracy": (self.correct_tokens, self.tokens),
            "sentence_accuracy": (self.correct_sentences, self.sentences),
        }
        if intents := self.intents:
            fractions["intent_accuracy"] = intents.correct, intents.utterances
            fractions["utterance_accuracy"] = intents.whole, intents.utterances
        return fractions

    def figures(self) -> dict[str, float]:
        """The few figures a training is followed by."""
        figures = {"f1": self.overall.f1, "accuracy": self.accuracy}
        if self.intents:
            figures |= {"intent_accuracy": self.intents.accuracy, "utterance_accuracy": self.intents.whole_accuracy}
        return figures | {"quality": self.quality}

    def as_dict(self) -> dict[str, object]:
        """For JSON: percentages with two decimals, as conlleval prints them."""
        overall = self.overall.as_dict()
        return {
            **{name: overall[name] for name in ("precision", "recall", "f1")},
            "accuracy": round(self.accuracy, 2),
            "sentence_accuracy": round(self.sentence_accuracy, 2),
            **(self.intents.as_dict() if self.intents else {}),
            "types": {label: counts.as_dict() for label, counts in self.types.items()},
            "tokens": self.tokens,
            "sentences": self.sentences,
            "phrases": {name: overall[name] for name in ("gold", "predicted", "correct")},
        }


def strict_spans(tags: Sequence[str], scheme: Scheme) -> list[Span]:
    """The spans that are written down by the letter of the scheme; an ill-formed one is none.

    As the strict mode of seqeval (Nakayama 2018): a span opens with a tag that may open one, goes on with I and E of
    its type, and counts if it may end there. In IOB1 a span that is a single B does not end before a B of another type.
    """
    if not scheme.prefixes:
        return scheme.spans(tags)
    found = []
    start = None  # None while no span is open
    before, before_kind = "O", ""
    for index, tag in enumerate((*tags, "O")):
        after, kind = split(tag) if scheme.knows(tag) else ("O", "")
        same = before in OPEN and kind == before_kind
        if start is not None and not (same and after in ("I", "E")):
            lone = before == after == "B" and after in scheme.carrying and not same
            if before not in scheme.unfinished and not lone:
                found.append(Span(start, index, before_kind))
            start = None
        if start is None and (after not in (*scheme.carrying, "O") or (same and after == "B")):
            start = index
        before, before_kind = after, kind
    return found


def spans(tags: Sequence[str], scheme: Scheme, mode: str = "conlleval") -> list[Span]:
    """The spans that tags write down, by the mode ``conlleval`` or ``strict``."""
    return strict_spans(tags, scheme) if mode == "strict" else scheme.spans(tags)


def counting(scheme: Scheme, mode: str = "conlleval") -> str:
    """By which rule spans are counted (see `Scores`)."""
    return mode if scheme.prefixes else "tokens"


class Compared(NamedTuple):
    """A sentence's gold and predicted tags side by side.

    gold, predicted              the sentence under either
    gold_spans, predicted_spans  what these tags write down
    correct_tokens               tokens whose tag is right
    right_intent                 None where intents are not compared
    """

    gold: Sentence
    predicted: Sentence
    gold_spans: list[Span]
    predicted_spans: list[Span]
    correct_tokens: int
    right_intent: bool | None

    @property
    def correct(self) -> bool:
        """Whether all tags are right."""
        return self.correct_tokens == len(self.gold)

    @property
    def correct_spans(self) -> set[Span]:
        return set(self.gold_spans).intersection(self.predicted_spans)


def compare(
    gold: Iterable[Sentence],
    predicted: Iterable[Sentence],
    scheme: Scheme,
    rule: str | None = "any",
    mode: str = "conlleval",
) -> Iterator[Compared]:
    """Lay the predicted tags of sentences beside the gold ones, and intents wherever the gold one is known.

    rule  which intents are right (see `Intents`); None: intents are not compared
    mode  how ill-formed tags are read (see `spans`)
    """
    for right, given in _pairs(gold, predicted):
        right_tags, given_tags = right.tags or [], given.tags or []
        meant = right_intent(right.intent, given.intent, rule) if rule and right.intent is not None else None
        same = sum(map(str.__eq__, right_tags, given_tags))
        yield Compared(right, given, spans(right_tags, scheme, mode), spans(given_tags, scheme, mode), same, meant)


def total(compared: Iterable[Compared], counted: str = "conlleval", rule: str = "any") -> Scores:
    """The scores of sentences that lie side by side; by which rules they were compared is only noted."""
    in_gold: Counter[str] = Counter()
    in_predicted: Counter[str] = Counter()
    in_both: Counter[str] = Counter()
    tokens = correct_tokens = sentences = correct_sentences = utterances = correct_intents = whole = 0
    for each in compared:
        in_gold.update(span.label for span in each.gold_spans)
        in_predicted.update(span.label for span in each.predicted_spans)
        in_both.update(span.label for span in each.correct_spans)
        tokens += len(each.gold)
        correct_tokens += each.correct_tokens
        sentences += 1
        correct_sentences += each.correct
        if each.right_intent is not None:
            utterances += 1
            correct_intents += each.right_intent
            whole += each.right_intent and each.correct
    types = {
        label: Counts(in_gold[label], in_predicted[label], in_both[label])
        for label in sorted(in_gold.keys() | in_predicted.keys())
    }
    return Scores(
        overall=Counts(in_gold.total(), in_predicted.total(), in_both.total()),
        types=types,
        tokens=tokens,
        correct_tokens=correct_tokens,
        sentences=sentences,
        correct_sentences=correct_sentences,
        rule=counted,
        intents=Intents(utterances, correct_intents, whole, rule) if utterances else None,
    )


def score(
    gold: Iterable[Sentence],
    predicted: Iterable[Sentence],
    scheme: Scheme,
    rule: str | None = "any",
    mode: str = "conlleval",
) -> Scores:
    """Compare (see `compare`) and count."""
    return total(compare(gold, predicted, scheme, rule, mode), counting(scheme, mode), rule or "any")


def _pairs(gold: Iterable[Sentence], predicted: Iterable[Sentence]) -> Iterable[tuple[Sentence, Sentence]]:
    """Sentence by sentence; tags that do not lie side by side cannot be compared."""
    for number, (right, given) in enumerate(zip_longest(gold, predicted), 1):
        if right is None or given is None:
            which = "gold" if right is None else "predicted"
            raise CorpusError(f"sentence {number} has no {which} tags", hint="both need the same sentences")
        if len(right.tags or ()) != len(given.tags or ()):
            fact = (
                f"sentence {number} has {len(right.tags or ())} gold tags, but {len(given.tags or ())} predicted ones"
            )
            raise CorpusError(fact, hint="both need the same tokens")
        yield right, given


def fingerprint(sentences: Iterable[Sentence]) -> str:
    """Eight hex digits of SHA-256 over tokens, tags and intents: white space and other comments change nothing."""
    digest = hashlib.sha256()
    for sentence in sentences:
        columns = (sentence.tokens, sentence.tags) if sentence.tags is not None else (sentence.tokens,)
        lines = [*map("\t".join, zip(*columns, strict=True))]
        if sentence.intent is not None:
            lines.append(f"# {sentence.intent}")
        digest.update("\n".join((*lines, "", "")).encode())
    return digest.hexdigest()[:8]


def signature(**parts: object) -> str:
    """The parts in their order, as ``rnntag 0.1.0 | rule conlleval | seed 1``; what is None is left out."""
    return " | ".join(f"{name} {value}" for name, value in parts.items() if value is not None)
