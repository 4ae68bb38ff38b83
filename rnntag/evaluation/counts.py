"""Scores as counts: gold, predicted and correct spans, tokens, sentences and intents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

MEASURES = {  # the name of each in JSON, and in text
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


@dataclass(frozen=True, repr=False)
class Counts:
    """How many spans are in the gold tags, in the predicted ones, and in both."""

    gold: int
    predicted: int
    correct: int

    def fractions(self) -> dict[str, tuple[int, int]]:
        """Each measure as part and whole, which both add up over sentences."""
        return {
            "precision": (self.correct, self.predicted),
            "recall": (self.correct, self.gold),
            # 2 P R / (P + R), with the counts put in: no rounding on the way.
            "f1": (2 * self.correct, self.gold + self.predicted),
        }

    @property
    def precision(self) -> float:
        """Correct spans among the predicted ones, in percent."""
        return percent(*self.fractions()["precision"])

    @property
    def recall(self) -> float:
        """Correct spans among the gold ones, in percent."""
        return percent(*self.fractions()["recall"])

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, in percent."""
        return percent(*self.fractions()["f1"])

    def as_dict(self) -> dict[str, float]:
        """For JSON: percentages with two decimals, and the counts."""
        return {
            "precision": round(self.precision, 2),
            "recall": round(self.recall, 2),
            "f1": round(self.f1, 2),
            "gold": self.gold,
            "predicted": self.predicted,
            "correct": self.correct,
        }

    def __repr__(self) -> str:
        shares = f"F1 {self.f1:.2f}, precision {self.precision:.2f}, recall {self.recall:.2f}"
        return f"Counts({shares}, gold {self.gold}, predicted {self.predicted}, correct {self.correct})"


def by_label(gold: Counter[str], predicted: Counter[str], correct: Counter[str]) -> dict[str, Counts]:
    """The counts of each label that is in gold or predicted, sorted by name."""
    labels = sorted(gold.keys() | predicted.keys())
    return {label: Counts(gold[label], predicted[label], correct[label]) for label in labels}


class Macro(NamedTuple):
    """The means of precision, recall and F1 over labels, each of which counts as much as the others, in percent."""

    precision: float
    recall: float
    f1: float

    def as_dict(self) -> dict[str, float]:
        """For JSON: percentages with two decimals."""
        return {name: round(value, 2) for name, value in self._asdict().items()}


def macro(labels: Collection[Counts]) -> Macro:
    """The macro averages over labels, those that were only predicted among them; 0 where there are none."""
    rows = [(counts.precision, counts.recall, counts.f1) for counts in labels] or [(0.0, 0.0, 0.0)]
    return Macro(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


@dataclass(frozen=True)
class IntentCounts:
    """How many intents are right, and which are taken for which.

    pairs  how many utterances count under each gold and predicted intent (see `counted_intents`), right ones among
           them; None where no intent was predicted
    whole  how many of them have the right intent and all tags right
    rule   by which an intent is right (see `right_intent`)
    """

    pairs: Mapping[tuple[str, str | None], int]
    whole: int
    rule: str

    @property
    def utterances(self) -> int:
        """Sentences whose gold intent is known."""
        return sum(self.pairs.values())

    @property
    def correct(self) -> int:
        """Utterances whose intent is right."""
        return sum(count for (gold, predicted), count in self.pairs.items() if gold == predicted)

    @property
    def types(self) -> dict[str, Counts]:
        """How often each intent is in gold, predicted, and both, sorted by name."""
        in_gold: Counter[str] = Counter()
        in_predicted: Counter[str] = Counter()
        in_both: Counter[str] = Counter()
        for (gold, predicted), count in self.pairs.items():
            in_gold[gold] += count
            if predicted is not None:
                in_predicted[predicted] += count
            if gold == predicted:
                in_both[gold] += count
        return by_label(in_gold, in_predicted, in_both)

    @property
    def confusions(self) -> dict[tuple[str, str | None], int]:
        """How often each intent was predicted in place of another, most often first."""
        wrong = [(pair, count) for pair, count in self.pairs.items() if pair[0] != pair[1]]
        return dict(sorted(wrong, key=lambda each: (-each[1], each[0][0], each[0][1] or "")))

    @property
    def accuracy(self) -> float:
        """Utterances whose intent is right, in percent."""
        return percent(self.correct, self.utterances)

    @property
    def whole_accuracy(self) -> float:
        """Utterances whose intent and tags are all right, in percent."""
        return percent(self.whole, self.utterances)

    def as_dict(self) -> dict[str, object]:
        """For JSON: percentages with two decimals, the rule, and the counts of each intent."""
        types = self.types
        return {
            "intent_accuracy": round(self.accuracy, 2),
            "utterance_accuracy": round(self.whole_accuracy, 2),
            "intent_rule": self.rule,
            "intents": {label: counts.as_dict() for label, counts in types.items()},
            "intent_macro": macro(types.values()).as_dict(),
            "intent_confusions": [
                {"gold": gold, "predicted": predicted, "count": count}
                for (gold, predicted), count in self.confusions.items()
            ],
        }

    def stored(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return vars(self) | {"pairs": [[*pair, count] for pair, count in self.pairs.items()]}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> IntentCounts:
        """What `stored` gave. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(**{**stored, "pairs": {(gold, predicted): count for gold, predicted, count in stored["pairs"]}})


def right_intent(gold: str, predicted: str | None, rule: str) -> bool:
    """Whether a predicted intent is right.

    Either may be several intents joined by ``#``, in any order. By the rule ``exact`` both are the same ones; by
    ``any`` the predicted ones are some of the gold ones, and none besides.
    """
    if predicted is None:
        return False
    wanted, given = set(gold.split("#")), set(predicted.split("#"))
    return given <= wanted if rule == "any" else given == wanted


def counted_intents(gold: str, predicted: str | None, rule: str) -> tuple[str, str | None]:
    """Under which gold and which predicted intent an utterance counts: the same one if and only if it is right.

    Of several intents joined by ``#`` the order does not matter. By the rule ``any`` a right prediction counts as gold,
    and where it is wrong the first of the gold ones does; by ``exact`` joined intents are one of their own.
    """
    given = None if predicted is None else "#".join(sorted(set(predicted.split("#"))))
    if given is not None and right_intent(gold, given, rule):
        return given, given
    wanted = gold.split("#")
    return (wanted[0] if rule == "any" else "#".join(sorted(set(wanted)))), given


@dataclass(frozen=True, repr=False)
class Scores:
    """The scores of predicted tags: all counts of one comparison with gold tags.

    overall  spans of all types
    types    the same for each type, sorted by name
    rule     what was counted: spans as ``conlleval`` or ``strict`` reads them, or the ``tokens`` that are not O
    intents  None where there are none to compare
    """

    overall: Counts
    types: dict[str, Counts]
    tokens: int
    correct_tokens: int
    sentences: int
    correct_sentences: int
    rule: str
    intents: IntentCounts | None = None

    @property
    def macro(self) -> Macro:
        """The means over types."""
        return macro(self.types.values())

    @property
    def accuracy(self) -> float:
        """Tokens whose tag is right, O included, in percent."""
        return percent(self.correct_tokens, self.tokens)

    @property
    def sentence_accuracy(self) -> float:
        """Sentences whose tags are all right, in percent."""
        return percent(self.correct_sentences, self.sentences)

    @property
    def quality(self) -> float:
        """One figure to choose by: F1, or the mean of F1 and of the accuracies of intents and of whole utterances."""
        if self.intents is None:
            return self.overall.f1
        return (self.overall.f1 + self.intents.accuracy + self.intents.whole_accuracy) / 3

    def fractions(self) -> dict[str, tuple[int, int]]:
        """Each of `MEASURES` that there is as part and whole, which both add up over sentences."""
        fractions = self.overall.fractions() | {
            "accuracy": (self.correct_tokens, self.tokens),
            "sentence_accuracy": (self.correct_sentences, self.sentences),
        }
        if intents := self.intents:
            fractions["intent_accuracy"] = intents.correct, intents.utterances
            fractions["utterance_accuracy"] = intents.whole, intents.utterances
        return fractions

    def in_words(self) -> str:
        """The measures that matter most, in a line."""
        fractions = self.fractions()
        names = [name for name in ("f1", "precision", "recall", "intent_accuracy") if name in fractions]
        figures = [f"{MEASURES[name]} {percent(*fractions[name]):.2f}" for name in names]
        return ", ".join([*figures, f"{self.sentences} sentences"])

    def __repr__(self) -> str:
        return f"Scores({self.in_words()})"

    def figures(self) -> dict[str, float]:
        """The figures that training reports after each epoch, in percent."""
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
            "macro": self.macro.as_dict(),
            "types": {label: counts.as_dict() for label, counts in self.types.items()},
            "tokens": self.tokens,
            "sentences": self.sentences,
            "phrases": {name: overall[name] for name in ("gold", "predicted", "correct")},
        }

    def stored(self) -> dict[str, Any]:
        """All counts, as JSON can hold them."""
        return vars(self) | {
            "overall": vars(self.overall),
            "types": {label: vars(counts) for label, counts in self.types.items()},
            "intents": self.intents.stored() if self.intents else None,
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Scores:
        """What `stored` gave. Raises KeyError, TypeError or ValueError for anything else."""
        types = {label: Counts(**counts) for label, counts in stored["types"].items()}
        intents = stored["intents"] and IntentCounts.from_stored(stored["intents"])
        return cls(**{**stored, "overall": Counts(**stored["overall"]), "types": types, "intents": intents})
