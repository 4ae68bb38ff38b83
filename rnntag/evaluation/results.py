"""The result of an evaluation: scores, their signature, and what else was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rnntag import formats
from rnntag.data.bio import Scheme, detect
from rnntag.data.sentence import Sentence
from rnntag.evaluation import mistakes, significance
from rnntag.evaluation.compare import Compared
from rnntag.evaluation.counts import Scores
from rnntag.evaluation.mistakes import Known, Mistakes
from rnntag.evaluation.reliability import Reliability
from rnntag.evaluation.signature import signature
from rnntag.evaluation.significance import Intervals
from rnntag.version import __version__

Read = Callable[[str], list[Sentence]]
SHOWN = 2_000  # sentences that are not all right, in JSON


@dataclass(frozen=True)
class Result:
    """Scores, the line that makes them reproducible, and all that they follow from.

    compared   the sentences, gold beside predicted
    warnings   what looks wrong
    known      what training has shown; None where that is not known
    intervals  of the scores, and
    mistakes   grouped, and
    reliable   how far probabilities can be trusted: None until asked for
    """

    scores: Scores
    signature: str
    compared: Sequence[Compared]
    warnings: Sequence[str] = ()
    known: Known | None = None
    intervals: Intervals | None = None
    mistakes: Mistakes | None = None
    reliable: Reliability | None = None

    @property
    def gold(self) -> list[Sentence]:
        return [each.gold for each in self.compared]

    @property
    def predicted(self) -> list[Sentence]:
        return [each.predicted for each in self.compared]

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        found: dict[str, object] = {**self.scores.as_dict(), "signature": self.signature}
        if self.intervals:
            found["intervals"] = self.intervals.as_dict()
        if self.mistakes:
            found["errors"] = self.mistakes.as_dict(SHOWN)
        if self.reliable:
            found["calibration"] = self.reliable.as_dict()
        return found


def with_intervals(result: Result) -> Result:
    """The same with the intervals of its scores, and in its signature how they came about."""
    found = significance.intervals(result.compared)
    return replace(result, intervals=found, signature=f"{result.signature} | {signature(intervals=found)}")


def with_mistakes(
    result: Result, train: str | None = None, scheme: Scheme | None = None, read: Read = formats.read_corpus
) -> Result:
    """The same with its mistakes; what is known is told by a training file, or else by the model."""
    known = result.known
    if train is not None:
        sentences = read(train)
        known = mistakes.shown(sentences, scheme or detect(sentence.tags or () for sentence in sentences))
    return replace(result, known=known, mistakes=mistakes.group(result.compared, known))


def signature_of(scores: Scores, **parts: object) -> str:
    intents = scores.intents and scores.intents.rule
    return signature(rnntag=__version__, rule=scores.rule, intents=intents, **parts)
