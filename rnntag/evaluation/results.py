"""The result of an evaluation: scores, their signature, and what else was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

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


class Part(NamedTuple):
    """The scores of one of several files, and the line that makes them reproducible."""

    name: str
    scores: Scores
    signature: str

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {"file": self.name, **self.scores.as_dict(), "signature": self.signature}


@dataclass(frozen=True)
class Result:
    """Scores, how they came about, and all that they follow from.

    provenance   the signature of the scores alone
    compared     the sentences, gold beside predicted
    warnings     what looks wrong
    notes        what was made of the files, and what to bear in mind
    known        words and values of the training set; None where they are not known
    intervals    confidence intervals of the scores; None until asked for
    mistakes     the mistakes in groups; None until asked for
    reliability  how far probabilities can be trusted; None until asked for
    parts        the scores of each file, where there are several
    """

    scores: Scores
    provenance: str
    compared: Sequence[Compared]
    warnings: Sequence[str] = ()
    notes: Sequence[str] = ()
    known: Known | None = None
    intervals: Intervals | None = None
    mistakes: Mistakes | None = None
    reliability: Reliability | None = None
    parts: Sequence[Part] = ()

    @property
    def signature(self) -> str:
        """The line that makes scores and intervals reproducible."""
        return f"{self.provenance} | {signature(intervals=self.intervals)}" if self.intervals else self.provenance

    @property
    def gold(self) -> list[Sentence]:
        """The sentences with their gold tags."""
        return [each.gold for each in self.compared]

    @property
    def predicted(self) -> list[Sentence]:
        """The sentences with their predicted tags."""
        return [each.predicted for each in self.compared]

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        found: dict[str, object] = {**self.scores.as_dict(), "signature": self.signature}
        if self.parts:
            found["files"] = [part.as_dict() for part in self.parts]
        if self.intervals:
            found["intervals"] = self.intervals.as_dict()
        if self.mistakes:
            found["errors"] = self.mistakes.as_dict(SHOWN)
        if self.reliability:
            found["calibration"] = self.reliability.as_dict()
        return found


class Sections(NamedTuple):
    """Which parts of a result are asked for besides its scores."""

    intervals: bool = False
    mistakes: bool = False
    reliability: bool = False

    def of(self, result: Result) -> Result:
        """The result without the parts that are not asked for."""
        return replace(
            result,
            intervals=result.intervals if self.intervals else None,
            mistakes=result.mistakes if self.mistakes else None,
            reliability=result.reliability if self.reliability else None,
        )


ALL = Sections(True, True, True)


def with_sections(
    result: Result,
    sections: Sections,
    train: str | None = None,
    scheme: Scheme | None = None,
    read: Read = formats.read_corpus,
) -> Result:
    """The result with its intervals and its mistakes if they are asked for; the rest is as in `with_mistakes`."""
    if sections.intervals:
        result = with_intervals(result)
    return with_mistakes(result, train, scheme, read) if sections.mistakes else result


def with_intervals(result: Result) -> Result:
    """The result with the confidence intervals of its scores."""
    return replace(result, intervals=significance.intervals(result.compared))


def with_mistakes(
    result: Result, train: str | None = None, scheme: Scheme | None = None, read: Read = formats.read_corpus
) -> Result:
    """The result with its mistakes in groups.

    train   a training file, whose words and values are known ones; None: those that the model knows
    scheme  what the tags of that file mean; None: what they look like
    read    reads the sentences of a file
    """
    known = result.known
    if train is not None:
        sentences = read(train)
        known = mistakes.known_from(sentences, scheme or detect(sentence.tags or () for sentence in sentences))
    return replace(result, known=known, mistakes=mistakes.group(result.compared, known))


def provenance(scores: Scores, **parts: object) -> str:
    """The signature of scores: version and rules, then what else made them."""
    intents = scores.intents and scores.intents.rule
    return signature(rnntag=__version__, rule=scores.rule, intents=intents, **parts)
