"""The rules of scoring: which spans and which intents are right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rnntag.corpora.schemes import well_formed
from rnntag.data.bio import Scheme, detect
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError

MODES = ("conlleval", "strict")
INTENT_RULES = ("any", "exact")


@dataclass(frozen=True)
class Scoring:
    """By which rules predicted tags are scored.

    scheme       what the tags mean; None: what the gold tags look like (`rnntag.data.bio.detect`)
    intent_rule  one of `INTENT_RULES` (see `rnntag.evaluation.counts.right_intent`); None: intents are not compared
    mode         one of `MODES`: how ill-formed tags are read (see `rnntag.evaluation.compare.spans`)
    strict       ill-formed gold tags are refused, however they would be read

    Raises SpecError for other rules.
    """

    scheme: Scheme | None = None
    intent_rule: str | None = "any"
    mode: str = "conlleval"
    strict: bool = False

    def __post_init__(self) -> None:
        rules = {"mode": (self.mode, MODES), "intent-rule": (self.intent_rule, (*INTENT_RULES, None))}
        for name, (given, known) in rules.items():
            if given not in known:
                raise SpecError(f"{name} is {given!r}, but must be one of {', '.join(filter(None, known))}")

    def scheme_of(self, sentences: Iterable[Sentence]) -> Scheme:
        """What the tags of these sentences mean."""
        return self.scheme or detect(sentence.tags or () for sentence in sentences)

    def read_gold(self, gold: list[Sentence]) -> tuple[Scheme, list[str]]:
        """What gold tags mean, and a warning if some are ill-formed. Raises CorpusError for these where ``strict``."""
        scheme, way = self.scheme_of(gold), "as no span" if self.mode == "strict" else "as conlleval does"
        return scheme, well_formed(gold, scheme, self.strict, way=way)[1]


CONLLEVAL = Scoring()
