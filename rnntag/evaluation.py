"""How good tags are: the counts of conlleval, and accuracy of tokens and of whole sentences.

A span counts as correct if start, end and type are those of a span in the gold tags. Percentages, and the
value 0 for what is undefined, are conlleval's. A score is nothing without how it came about: `signature` says
so in one line.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from rnntag.errors import CorpusError
from rnntag.scheme import Scheme
from rnntag.sentence import Sentence


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 0.0


@dataclass(frozen=True)
class Counts:
    """Spans in the gold tags, spans found, and those that are both."""

    gold: int
    predicted: int
    correct: int

    @property
    def precision(self) -> float:
        return _percent(self.correct, self.predicted)

    @property
    def recall(self) -> float:
        return _percent(self.correct, self.gold)

    @property
    def f1(self) -> float:
        # 2 P R / (P + R), with the counts put in: no rounding on the way.
        return _percent(2 * self.correct, self.gold + self.predicted)

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
        return _percent(self.correct, self.utterances)

    @property
    def whole_accuracy(self) -> float:
        """Utterances whose intent and tags are all right."""
        return _percent(self.whole, self.utterances)

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
    rule     what was compared: ``conlleval`` spans, or the ``tokens`` that are not O
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
        return _percent(self.correct_tokens, self.tokens)

    @property
    def sentence_accuracy(self) -> float:
        """Sentences whose tags are all right."""
        return _percent(self.correct_sentences, self.sentences)

    @property
    def quality(self) -> float:
        """One figure to choose by: F1, or the mean of F1 and of the accuracies of intents and of whole utterances."""
        if self.intents is None:
            return self.overall.f1
        return (self.overall.f1 + self.intents.accuracy + self.intents.whole_accuracy) / 3

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


def score(gold: Iterable[Sentence], predicted: Iterable[Sentence], scheme: Scheme, rule: str | None = "any") -> Scores:
    """Compare the predicted tags of sentences with the gold ones, and intents wherever the gold one is known.

    ``rule``: which intents are right (see `Intents`); None: intents are not compared.
    """
    in_gold: Counter[str] = Counter()
    in_predicted: Counter[str] = Counter()
    in_both: Counter[str] = Counter()
    tokens = correct_tokens = sentences = correct_sentences = utterances = correct_intents = whole = 0
    for right, given in _pairs(gold, predicted):
        right_tags, given_tags = right.tags or [], given.tags or []
        right_spans, given_spans = scheme.spans(right_tags), scheme.spans(given_tags)
        in_gold.update(span.label for span in right_spans)
        in_predicted.update(span.label for span in given_spans)
        in_both.update(span.label for span in set(right_spans).intersection(given_spans))
        same = sum(map(str.__eq__, right_tags, given_tags))
        tokens += len(right)
        correct_tokens += same
        sentences += 1
        correct_sentences += same == len(right)
        if rule and right.intent is not None:
            meant = right_intent(right.intent, given.intent, rule)
            utterances += 1
            correct_intents += meant
            whole += meant and same == len(right)
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
        rule="conlleval" if scheme.prefixes else "tokens",
        intents=Intents(utterances, correct_intents, whole, rule) if rule and utterances else None,
    )


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
