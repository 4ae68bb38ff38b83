"""Scores as counts: gold, predicted and correct spans, tokens, sentences and intents."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class IntentCounts:
    """How many intents are right.

    utterances  sentences whose gold intent is known
    correct     those of them whose intent is right
    whole       those of them whose intent and tags are all right
    rule        by which an intent is right (see `right_intent`)
    """

    utterances: int
    correct: int
    whole: int
    rule: str

    @property
    def accuracy(self) -> float:
        """Utterances whose intent is right, in percent."""
        return percent(self.correct, self.utterances)

    @property
    def whole_accuracy(self) -> float:
        """Utterances whose intent and tags are all right, in percent."""
        return percent(self.whole, self.utterances)

    def as_dict(self) -> dict[str, object]:
        """For JSON: percentages with two decimals, and the rule."""
        return {
            "intent_accuracy": round(self.accuracy, 2),
            "utterance_accuracy": round(self.whole_accuracy, 2),
            "intent_rule": self.rule,
        }


def right_intent(gold: str, predicted: str | None, rule: str) -> bool:
    """Whether a predicted intent is right.

    Either may be several intents joined by ``#``, in any order. By the rule ``exact`` both are the same ones; by
    ``any`` the predicted ones are some of the gold ones, and none besides.
    """
    if predicted is None:
        return False
    wanted, given = set(gold.split("#")), set(predicted.split("#"))
    return given <= wanted if rule == "any" else given == wanted


@dataclass(frozen=True)
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
            "types": {label: counts.as_dict() for label, counts in self.types.items()},
            "tokens": self.tokens,
            "sentences": self.sentences,
            "phrases": {name: overall[name] for name in ("gold", "predicted", "correct")},
        }
